package org.qexit.allocation.energy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.qexit.allocation.EnergyFacts;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeRadio;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.CapacityPrices;
import org.qexit.allocation.search.ExactSearch;
import org.qexit.allocation.search.Outcome;
import org.qexit.allocation.search.Search;
import org.qexit.common.RandomStreams;

/**
 * The joint problem with an energy weight or power budgets: incumbents and bounds in growing effort. First relaxations that {@link
 * ExactSearch} solves ({@link EnergyModel#relaxed}); where the plan of one breaks a power budget, bandwidth and power are exchanged at the
 * rate at which that node would, and the relaxation is solved again. Then local search with the exact value of every node, prices, and a
 * tree.
 */
public final class EnergySearch {
    private static final int EXCHANGES = 6;
    private static final int ROUNDS = 6;
    /** Beyond this size a tree over pairs closes nothing that prices do not. */
    private static final int TREE_DEVICES = 400;

    /** The gap of a relaxation that only has to give a start. */
    private static final double ROUGH = 0.01;

    private final EnergyModel model;
    private final SolveOptions options;
    private final Deadline deadline;
    private final NodeEnergy nodes;
    private int[] node;
    private double value = Double.NEGATIVE_INFINITY;
    private double bound = Double.POSITIVE_INFINITY;
    private boolean infeasible;
    private EnergyPrices prices;
    private Outcome first;
    private long closed;
    /** Value of the placement under repair: sets that do not fit count as a loss that grows with what they lack. */
    private final double lossScale;

    public EnergySearch(PlanningProblem problem, SolveOptions options, Deadline deadline) {
        this.model = new EnergyModel(problem);
        this.options = options;
        this.deadline = deadline;
        this.nodes = new NodeEnergy(model, deadline);
        this.lossScale = 10 * (1 + Math.abs(model.worstValue()));
    }

    public EnergySearch run() {
        double[] exchange = new double[model.nodes];
        int[] start = null;
        boolean pricesLead = firstPrices();
        // Where energy is the larger part its least power anywhere says little: then the relaxation is for a start
        // only.
        SolveOptions rough = pricesLead ? options.withGap(Math.max(options.gap(), ROUGH)) : options;
        for (int round = 0; round <= EXCHANGES && !done(); round++) {
            JointModel relaxed = model.relaxed(exchange);
            Outcome outcome =
                    ExactSearch.run(new Search(relaxed, rough, deadline.part(round == 0 && !pricesLead ? 0.3 : 0.1)));
            if (outcome instanceof Outcome.Infeasible) {
                infeasible = true;
                bound = Double.NEGATIVE_INFINITY;
                return this;
            }
            first = first == null ? outcome : first;
            bound = Math.min(bound, outcome.bound());
            if (round > 0 && outcome.prices() != null && outcome.bound() < prices.bound) {
                prices = pricesOf(outcome.prices(), exchange);
            }
            if (!(outcome instanceof Outcome.Found found)) {
                break;
            }
            start = found.assignment().node();
            offer(start);
            note("relaxation", bound);
            if (!exchanged(start, exchange)) {
                break;
            }
        }
        if (!done()) {
            prices.run(500, cutoff(), deadline.part(0.2));
            bound = Math.min(bound, prices.bound);
            note("prices", bound);
        }
        if (!done() && start != null) {
            localSearch(start, deadline.part(0.4));
        }
        if (!done() && model.devices <= TREE_DEVICES) {
            EnergyTree tree = new EnergyTree(model, this, deadline);
            double proved = tree.run(prices, bound, (long) (20_000 * options.effort()));
            closed = tree.closed();
            bound = Math.min(bound, proved);
            infeasible = !hasPlan() && bound == Double.NEGATIVE_INFINITY;
        }
        return this;
    }

    private boolean done() {
        return deadline.passed() || hasPlan() && bound <= cutoff();
    }

    /** Prices from those of the relaxation; true if they prove more than it. */
    private boolean firstPrices() {
        JointModel relaxed = model.relaxed(new double[model.nodes]);
        CapacityPrices capacity = new CapacityPrices(relaxed).run(1000, deadline.part(0.1));
        prices = pricesOf(capacity, new double[model.nodes]);
        prices.run(300, cutoff(), deadline.part(0.1));
        double plain = capacity.bound + relaxed.offset;
        bound = Math.min(prices.bound, plain);
        note("prices", bound);
        return model.problem.energyWeight() > 0 && prices.bound < plain - ROUGH * Math.abs(plain);
    }

    /** A start: the bandwidth price of a relaxation buys power at the exchange rate. */
    private EnergyPrices pricesOf(CapacityPrices from, double[] exchange) {
        EnergyPrices start = new EnergyPrices(model);
        double[] nu = new double[model.nodes];
        for (int j = 0; j < nu.length; j++) {
            nu[j] = from.alpha[j] * exchange[j];
        }
        start.start(from.alpha, from.beta, nu);
        return start;
    }

    /** Sets the exchange rate of every node whose devices break its power budget; false if there is none. */
    private boolean exchanged(int[] placement, double[] exchange) {
        boolean changed = false;
        int[][] members = Assignment.members(model.nodes, placement);
        for (int j = 0; j < model.nodes; j++) {
            if (members[j].length == 0 || model.power[j] == Double.POSITIVE_INFINITY || model.fits(j, members[j])) {
                continue;
            }
            var curves = model.curvesAt(j, members[j]);
            NodeRadio least = NodeRadio.leastBandwidth(curves, model.power[j]);
            double flattest = Double.POSITIVE_INFINITY;
            for (var curve : curves) {
                flattest = Math.min(flattest, curve.slopeAtMostHz());
            }
            double rate = least == null ? 1 / flattest : least.powerPrice();
            changed |= rate > 0 && Math.abs(rate - exchange[j]) > 1e-6 * rate;
            exchange[j] = rate;
        }
        return changed;
    }

    /** Moves and swaps of devices with the exact value of each node, from several disturbed starts. */
    private void localSearch(int[] start, Deadline part) {
        SplittableRandom random = RandomStreams.of(options.seed()).stream("energy-local");
        int[] current = start.clone();
        int rounds = (int) Math.max(1, ROUNDS * options.effort());
        for (int round = 0; round < rounds && !part.passed(); round++) {
            descend(current, part);
            offer(current);
            note("local search", bound);
            current = hasPlan() ? node.clone() : current;
            for (int k = 0; k < Math.max(2, model.devices / 8); k++) {
                int n = random.nextInt(model.devices);
                current[n] = model.allowed[n][random.nextInt(model.allowed[n].length)];
            }
        }
    }

    private void descend(int[] placement, Deadline part) {
        int[][] members = Assignment.members(model.nodes, placement);
        double[] score = new double[model.nodes];
        for (int j = 0; j < model.nodes; j++) {
            score[j] = score(j, members[j]);
        }
        boolean better = true;
        while (better) {
            better = false;
            for (int n = 0; n < model.devices; n++) {
                for (int to : model.allowed[n]) {
                    if (part.passed()) {
                        return;
                    }
                    better |= to != placement[n] && move(placement, members, score, n, to);
                }
            }
        }
    }

    /** Tries n alone to its new node, then in exchange for each device there that can go back. */
    private boolean move(int[] placement, int[][] members, double[] score, int n, int to) {
        int from = placement[n];
        double before = score[from] + score[to];
        int[] left = without(members[from], n);
        for (int k = -1; k < members[to].length; k++) {
            int other = k < 0 ? -1 : members[to][k];
            if (k >= 0 && model.linkTo[other][from] < 0) {
                continue;
            }
            int[] there = with(k < 0 ? members[to] : without(members[to], other), n);
            int[] here = k < 0 ? left : with(left, other);
            double newTo = score(to, there);
            double newFrom = newTo + Math.max(0, score[from]) < before - lossScale ? 0 : score(from, here);
            if (newFrom + newTo > before + 1e-9 * Math.max(1, Math.abs(before))) {
                members[from] = here;
                members[to] = there;
                score[from] = newFrom;
                score[to] = newTo;
                placement[n] = to;
                if (other >= 0) {
                    placement[other] = from;
                }
                return true;
            }
        }
        return false;
    }

    private static int[] without(int[] members, int n) {
        return Arrays.stream(members).filter(m -> m != n).toArray();
    }

    private static int[] with(int[] members, int n) {
        int[] more = Arrays.copyOf(members, members.length + 1);
        more[members.length] = n;
        Arrays.sort(more);
        return more;
    }

    private double score(int j, int[] members) {
        NodeEnergy.Choice result = nodes.quick(j, members);
        if (result.fits()) {
            return result.value();
        }
        double hz = 0;
        double watts = 0;
        double units = 0;
        for (int n : members) {
            var curve = model.curves[n][model.linkTo[n][j]];
            hz += curve.leastHz();
            watts += curve.leastWatts();
            units += model.load[n][0];
        }
        double lack = Math.max(0, hz / model.bandwidth[j] - 1)
                + Math.max(0, watts / model.power[j] - 1)
                + Math.max(0, units / model.compute[j] - 1);
        return -lossScale * (1 + lack);
    }

    /** Takes a placement as the incumbent if it fits and is the best so far. */
    void offer(int[] placement) {
        double sum = 0;
        int[][] members = Assignment.members(model.nodes, placement);
        for (int j = 0; j < model.nodes && sum > Double.NEGATIVE_INFINITY; j++) {
            sum += nodes.solve(j, members[j]).value();
        }
        if (sum > value) {
            value = sum;
            node = placement.clone();
        }
    }

    double boundOf(int[] placement) {
        double sum = 0;
        int[][] members = Assignment.members(model.nodes, placement);
        for (int j = 0; j < model.nodes; j++) {
            sum += nodes.solve(j, members[j]).bound();
        }
        return sum;
    }

    public boolean hasPlan() {
        return node != null;
    }

    double value() {
        return value;
    }

    NodeEnergy nodes() {
        return nodes;
    }

    /** A bound of at most this is of no interest. */
    double cutoff() {
        return hasPlan()
                ? value + options.slack(value)
                : model.worstValue() - 1e-6 * (1 + Math.abs(model.worstValue()));
    }

    void note(String phase, double proved) {
        options.listener()
                .accept(new SolveOptions.ProgressNote(deadline.secondsUsed(), phase, value, Math.min(bound, proved)));
    }

    public boolean infeasible() {
        return infeasible;
    }

    /** Σ ρ ln U − κ·energy is at most this for every plan. */
    public double bound() {
        return bound;
    }

    public long closed() {
        return closed;
    }

    /** What the first relaxation gave; with κ = 0 its proof holds for the plan, too. */
    public Outcome first() {
        return first;
    }

    /** The prices with what they prove by themselves, or null. */
    public EnergyFacts.Prices prices() {
        if (prices == null) {
            return null;
        }
        double exact = prices.exactBound();
        return new EnergyFacts.Prices(prices.alpha.clone(), prices.beta.clone(), prices.nu.clone(), exact);
    }

    /** The incumbent with corners of the staircases; its value is Σ ρ ln U without energy. */
    public Assignment assignment() {
        int[] step = new int[model.devices];
        int[][] members = Assignment.members(model.nodes, node);
        double fair = 0;
        for (int j = 0; j < model.nodes; j++) {
            int[] steps = nodes.solve(j, members[j]).steps();
            for (int m = 0; m < members[j].length; m++) {
                step[members[j][m]] = model.corner[members[j][m]][steps[m]];
                fair += model.fair[members[j][m]][steps[m]];
            }
        }
        return new Assignment(node, step, fair);
    }
}
