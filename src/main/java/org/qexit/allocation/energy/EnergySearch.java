package org.qexit.allocation.energy;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.EnergyFacts;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeRadio;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.BoundTree;
import org.qexit.allocation.search.BranchAndPrice;
import org.qexit.allocation.search.CapacityPrices;
import org.qexit.allocation.search.ExactSearch;
import org.qexit.allocation.search.Heuristics;
import org.qexit.allocation.search.Outcome;
import org.qexit.allocation.search.Search;
import org.qexit.common.RandomStreams;

/**
 * The joint problem with an energy weight or power budgets: incumbents and bounds in growing effort. First relaxations that {@link
 * ExactSearch} solves ({@link EnergyModel#relaxed}); where the plan of one breaks a power budget, bandwidth and power are exchanged at the
 * rate at which that node would, and the relaxation is solved again. Then local search with the exact value of every node, and branch
 * and price ({@link TreePricing}, {@link ExchangePricing}); for very large fleets prices alone.
 */
public final class EnergySearch {
    private static final int EXCHANGES = 6;
    private static final int ROUNDS = 6;
    /** Of the time that is left: local search before the tree, and after a dive. */
    private static final double LOCAL_SHARE = 0.1;

    private static final double SOME = 0.5;
    private static final double DIVE_SHARE = 0.05;
    private static final int RUNS = 2;
    private static final long MOVES_PER_DEVICE = 1200;
    /** Temperatures, in devices' mean values; a warm start begins cooler. */
    private static final double HOT = 0.3;

    private static final double COLD = 1e-3;
    private static final double COOL = 0.1;

    /** Where energy lowers the bound by more than this, its least power anywhere says too little. */
    private static final double ROUGH = 0.01;

    private final EnergyModel model;
    private final SolveOptions options;
    private final Deadline deadline;
    private final NodeEnergy nodes;
    /** Null without an energy weight, where the exact value is as quick. */
    private final SetValue values;

    private int[] node;
    private double value = Double.NEGATIVE_INFINITY;
    private double bound = Double.POSITIVE_INFINITY;
    private boolean infeasible;
    private EnergyPrices prices;
    private Outcome first;
    private long closed;
    private int annealings;
    private BoundTree proof;
    /** Value of the placement under repair: sets that do not fit count as a loss that grows with what they lack. */
    private final double lossScale;

    public EnergySearch(PlanningProblem problem, SolveOptions options, Deadline deadline) {
        this.model = new EnergyModel(problem);
        this.options = options;
        this.deadline = deadline;
        this.nodes = new NodeEnergy(model, deadline);
        this.values = problem.energyWeight() > 0 ? new SetValue(model, model.hull()) : null;
        this.lossScale = 10 * (1 + Math.abs(model.worstValue()));
    }

    public EnergySearch run() {
        double[] exchange = new double[model.nodes];
        int[] start = null;
        boolean pricesLead = firstPrices();
        if (pricesLead) {
            start = roughStart();
        }
        for (int round = 0; round <= EXCHANGES && !pricesLead && !done(); round++) {
            JointModel relaxed = model.relaxed(exchange);
            Outcome outcome = ExactSearch.run(new Search(relaxed, options, deadline.part(round == 0 ? 0.3 : 0.1)));
            if (outcome instanceof Outcome.Infeasible) {
                infeasible = true;
                bound = Double.NEGATIVE_INFINITY;
                return this;
            }
            first = first == null ? outcome : first;
            boolean tree = outcome instanceof Outcome.Found solved && solved.proof() != null;
            if (tree && model.problem.energyWeight() == 0 && outcome.bound() < bound) {
                proof = ((Outcome.Found) outcome)
                        .proof()
                        .with(new Certificate.NodePrices(null, null, null, exchange.clone(), null));
            }
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
        if (!done() && start != null) {
            localSearch(start, deadline.part(LOCAL_SHARE));
        }
        boolean small = model.devices + model.nodes <= ExactSearch.MAX_ROWS;
        if (!done() && !small) {
            prices.run(500, cutoff(), deadline.part(0.2));
            bound = Math.min(bound, prices.bound);
            note("prices", bound);
            localSearch(start == null ? prices.choice() : start, deadline);
        }
        if (!done() && small) {
            branchAndPrice(exchange);
        }
        return this;
    }

    private void branchAndPrice(double[] exchange) {
        JointModel relaxed = model.relaxed(exchange);
        NodeSets pricing = model.problem.energyWeight() > 0
                ? new TreePricing(model, relaxed, nodes, prices, deadline)
                : new ExchangePricing(model, relaxed, nodes, exchange, deadline);
        BranchAndPrice tree = new BranchAndPrice(
                new Search(relaxed, options, deadline), pricing, new LocalSearch(relaxed), bound - relaxed.offset);
        if (hasPlan()) {
            tree.improve(shifted(relaxed, node));
        }
        tree.run(prices.devicePrices(relaxed));
        closed = tree.closed();
        if (tree.proof() != null && tree.proof().provenBound() + relaxed.offset <= bound) {
            proof = tree.proof();
        }
        if (tree.incumbent() != null) {
            offer(tree.incumbent().node());
        }
        infeasible = !hasPlan() && tree.bound() == Double.NEGATIVE_INFINITY;
        bound = infeasible ? tree.bound() : Math.min(bound, tree.bound() + relaxed.offset);
    }

    /** What branch and price sees of an assignment of devices to nodes; null if it does not fit. */
    private Assignment shifted(JointModel relaxed, int[] placement) {
        int[] step = new int[model.devices];
        int[][] members = Assignment.members(model.nodes, placement);
        double sum = -relaxed.offset;
        for (int j = 0; j < model.nodes; j++) {
            NodeEnergy.Choice choice = nodes.quick(j, members[j]);
            if (!choice.fits()) {
                return null;
            }
            sum += choice.value();
            for (int m = 0; m < members[j].length; m++) {
                step[members[j][m]] = choice.steps()[m];
            }
        }
        return new Assignment(placement.clone(), step, sum);
    }

    /** Moves and swaps from what branch and price proposes. */
    private final class LocalSearch implements Heuristics {
        private final JointModel relaxed;

        LocalSearch(JointModel relaxed) {
            this.relaxed = relaxed;
        }

        @Override
        public Assignment round(int[] placement) {
            return usable(placement) ? shifted(relaxed, placement) : null;
        }

        @Override
        public Assignment dive(int[] placement, int dive, double limit) {
            int[] current = placement.clone();
            for (int n = 0; n < current.length; n++) {
                current[n] = model.linkTo[n][current[n]] < 0 ? model.allowed[n][0] : current[n];
            }
            if (annealed()) {
                int[] best = anneal(current, MOVES_PER_DEVICE / 4, COOL, deadline.part(DIVE_SHARE));
                return best == null ? null : shifted(relaxed, best);
            }
            descend(current, deadline.part(DIVE_SHARE));
            return shifted(relaxed, current);
        }

        private boolean usable(int[] placement) {
            for (int n = 0; n < placement.length; n++) {
                if (model.linkTo[n][placement[n]] < 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Where energy is the larger part its least power anywhere says little: then the relaxation is for a start only. */
    private int[] roughStart() {
        SolveOptions rough = options.withGap(Math.max(options.gap(), ROUGH));
        Outcome outcome =
                ExactSearch.run(new Search(model.relaxed(new double[model.nodes]), rough, deadline.part(LOCAL_SHARE)));
        first = outcome;
        return outcome instanceof Outcome.Found found ? found.assignment().node() : prices.choice();
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
        if (annealed()) {
            anneal(start, MOVES_PER_DEVICE / 2, COOL, part.part(SOME));
            anneal(hasPlan() ? node : start, MOVES_PER_DEVICE, 1, part);
            return;
        }
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

    /** Whether the values of {@link SetValue} lead. */
    private boolean annealed() {
        return values != null && Arrays.stream(model.power).allMatch(watts -> watts == Double.POSITIVE_INFINITY);
    }

    /** Two annealings side by side from {@code heat} times the first temperature. */
    private int[] anneal(int[] start, long movesPerDevice, double heat, Deadline part) {
        double scale = Math.abs(bound) / model.devices;
        int number = annealings++;
        int[][] found = new int[RUNS][];
        IntStream.range(0, RUNS).parallel().forEach(r -> {
            SplittableRandom random = RandomStreams.of(options.seed()).stream("energy-anneal/" + number + "/" + r);
            EnergyAnnealing annealing = new EnergyAnnealing(model, random, scale);
            long moves = (long) (movesPerDevice * model.devices * options.effort());
            found[r] = annealing.run(start, moves, HOT * heat * scale, COLD * scale, part);
        });
        for (int[] placement : found) {
            if (placement != null) {
                offer(placement);
            }
        }
        note("annealing", bound);
        return node;
    }

    private void descend(int[] placement, Deadline part) {
        Placed placed = new Placed(placement, model.nodes);
        for (int j = 0; j < model.nodes; j++) {
            placed.score[j] = score(j, placed.members[j]);
        }
        boolean better = true;
        while (better) {
            better = false;
            for (int n = 0; n < model.devices; n++) {
                for (int to : model.allowed[n]) {
                    if (part.passed()) {
                        return;
                    }
                    better |= to != placement[n] && move(placed, n, to);
                }
            }
        }
    }

    /** Tries n alone to its new node, then in exchange for each device there that can go back. */
    private boolean move(Placed placed, int n, int to) {
        int from = placed.placement[n];
        double before = placed.score[from] + placed.score[to];
        for (int k = -1; k < placed.members[to].length; k++) {
            int other = k < 0 ? -1 : placed.members[to][k];
            if (k >= 0 && model.linkTo[other][from] < 0) {
                continue;
            }
            Placed.Exchange exchange = placed.exchange(n, to, other);
            double newTo = score(to, exchange.there());
            boolean hopeless = newTo + Math.max(0, placed.score[from]) < before - lossScale;
            double newFrom = hopeless ? 0 : score(from, exchange.here());
            if (newFrom + newTo > before + 1e-9 * Math.max(1, Math.abs(before))) {
                placed.take(exchange, newFrom, newTo);
                return true;
            }
        }
        return false;
    }

    private double score(int j, int[] members) {
        if (members.length == 0) {
            return 0;
        }
        if (values != null && model.power[j] == Double.POSITIVE_INFINITY) {
            if (model.fits(j, members)) {
                return values.of(j, members);
            }
        } else {
            NodeEnergy.Choice result = nodes.quick(j, members);
            if (result.fits()) {
                return result.value();
            }
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

    public boolean hasPlan() {
        return node != null;
    }

    double value() {
        return value;
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

    /** What proves {@link #bound} if prices do not, or null. */
    public BoundTree proof() {
        return proof;
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
