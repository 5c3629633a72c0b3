package org.qexit.allocation.search;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;

/**
 * Branch and price: bounds by {@link NodePricing}, prices by {@link CoverMaster} with smoothing, branching on one pair of device
 * and node, best bound first. All decisions depend on the model only, not on time, unless the deadline strikes.
 */
final class BranchAndPrice {
    private static final int ROUNDS = 400;
    private static final int ASCENT = 240;
    private static final int DIVE_EVERY = 25;
    /** A dive's bounds only steer it. */
    private static final double DIVE_TOLERANCE = 1e-3;

    private static final int PIVOTS = 20_000;

    private final Search search;
    private final JointModel model;
    private final NodePricing pricing;
    private final NodeKnapsack knapsack;
    private Assignment incumbent;
    private double globalBound;
    private BoundTree proof;
    private long closed;
    private double big;
    private final double scale;
    private int dives;
    private Supplier<Assignment> primal = () -> null;

    BranchAndPrice(Search search, Assignment start, CapacityPrices prices) {
        this.search = search;
        this.model = search.model();
        this.pricing = new NodePricing(model);
        this.knapsack = new NodeKnapsack(model, NodePricing.LABELS);
        this.globalBound = prices.bound;
        this.scale = Math.max(1e-6, Math.abs(prices.bound) / model.devices);
        improve(start);
    }

    /** A costly search for an incumbent, called once and only if the root's bound and rounding leave it open. */
    void beforeBranching(Supplier<Assignment> search) {
        primal = search;
    }

    Assignment incumbent() {
        return incumbent;
    }

    double bound() {
        return globalBound;
    }

    /** What the tree proved, or null before it began. */
    BoundTree proof() {
        return proof;
    }

    long closed() {
        return closed;
    }

    /** Whether this bound ends the search. */
    boolean closed(double bound) {
        return incumbent != null && bound <= cutoff();
    }

    void improve(Assignment candidate) {
        if (candidate != null && (incumbent == null || candidate.value() > incumbent.value())) {
            incumbent = candidate;
            pricing.offer(candidate);
        }
    }

    /** A subproblem with a bound of at most this is of no interest. */
    private double cutoff() {
        if (incumbent == null) {
            // Every assignment is worth at least this: a smaller bound proves that there is none.
            return model.worstValue() - 1e-6;
        }
        return search.cutoff(incumbent.value());
    }

    /** Searches until the gap is closed or the deadline strikes. The root begins at the better start. */
    void run(double[]... starts) {
        double before = globalBound;
        grow(starts);
        if (globalBound > Double.NEGATIVE_INFINITY) {
            // A subproblem is closed when its bound is within the tolerance: that bound is what is proved, not the
            // incumbent.
            double proven = Math.min(before, proof.provenBound());
            globalBound = incumbent == null ? proven : Math.max(incumbent.value(), proven);
        }
    }

    private void grow(double[]... starts) {
        big = Math.max(1, -2 * model.worstValue() / model.devices);
        Branch root = Branch.root(model);
        root.bound = globalBound;
        proof = root.proof;
        double least = Double.POSITIVE_INFINITY;
        for (double[] start : starts) {
            double value = pricing.bound(start, root, new ArrayList<>());
            if (value < least) {
                least = value;
                root.prices = start;
            }
        }
        PriorityQueue<Branch> open = new PriorityQueue<>(
                (a, b) -> a.bound != b.bound ? Double.compare(b.bound, a.bound) : b.depth - a.depth);
        open.add(root);
        while (!open.isEmpty()) {
            Branch branch = open.poll();
            globalBound = Math.min(
                    globalBound,
                    Math.max(branch.bound, incumbent == null ? Double.NEGATIVE_INFINITY : incumbent.value()));
            if (branch.bound <= cutoff()) {
                if (incumbent == null) {
                    globalBound = Double.NEGATIVE_INFINITY;
                }
                return;
            }
            if (search.deadline().passed()) {
                return;
            }
            List<Branch> children = explore(branch);
            if (children == null) {
                globalBound = Math.min(globalBound, branch.bound);
                for (Branch other : open) {
                    globalBound = Math.max(globalBound, Math.min(other.bound, branch.bound));
                }
                return;
            }
            closed++;
            open.addAll(children);
            if (closed == 1 || closed % 20 == 0) {
                note("search tree, " + open.size() + " open");
            }
        }
        globalBound = incumbent == null ? Double.NEGATIVE_INFINITY : incumbent.value();
    }

    private void note(String phase) {
        search.note(phase, incumbent, globalBound);
    }

    /** Bounds one subproblem; returns its children (none if it is closed), or null if the deadline struck before. */
    private List<Branch> explore(Branch branch) {
        while (true) {
            CoverMaster master = new CoverMaster(model.devices, model.nodes);
            for (int j = 0; j < model.nodes; j++) {
                for (Column column : pricing.pool(j)) {
                    if (branch.admits(column)) {
                        master.add(column);
                    }
                }
            }
            boolean converged = generate(branch, master, 1e-7);
            if (branch.bound <= cutoff()) {
                return List.of();
            }
            if (!converged) {
                return null;
            }
            if (master.uncovered() > 1e-5) {
                if (big > 1e7 * (1 - model.worstValue())) {
                    return List.of();
                }
                big *= 10;
                continue;
            }
            double[][] share = shares(master);
            if (round(branch, share)) {
                if (branch.bound <= cutoff()) {
                    return List.of();
                }
            }
            if (branch.depth == 0) {
                improve(primal.get());
                if (branch.bound <= cutoff()) {
                    return List.of();
                }
            }
            if (closed % DIVE_EVERY == 0) {
                dive(branch, share);
                if (branch.bound <= cutoff()) {
                    return List.of();
                }
            }
            return split(branch, share);
        }
    }

    /** Column generation within a trust region around the best prices; true if it converged or the branch is cut off. */
    private boolean generate(Branch branch, CoverMaster master, double tolerance) {
        double[] centre = branch.prices;
        List<Column> fresh = new ArrayList<>();
        double best = pricing.bound(centre, branch, fresh);
        accept(branch, centre, best);
        double radius = 0.1 * mean(centre);
        if (branch.depth == 0) {
            best = ascend(branch, centre, best, fresh);
            centre = branch.prices;
            radius = 0.02 * mean(centre);
        }
        for (int round = 0; round < ROUNDS; round++) {
            if (branch.bound <= cutoff()) {
                return true;
            }
            if (search.deadline().passed()) {
                return false;
            }
            fresh.forEach(master::add);
            fresh.clear();
            master.box(centre, radius, big);
            master.solve(PIVOTS, search.deadline());
            double[] y = master.devicePrices();
            double predicted = best + master.cost();
            if (predicted <= tolerance + 1e-9 * Math.abs(best)) {
                if (!master.boxed(big)) {
                    return true;
                }
                radius = Math.min(big, radius * 4);
                continue;
            }
            double value = pricing.bound(y, branch, fresh);
            double gained = best - value;
            if (gained > 0) {
                best = value;
                centre = y;
                accept(branch, centre, best);
            }
            if (gained > 0.5 * predicted) {
                radius = Math.min(big, radius * 2);
            } else if (gained < -predicted) {
                radius *= 0.7;
            }
            if (branch.depth == 0 && round % 10 == 9) {
                note("node prices, " + pricing.poolSize() + " sets");
            }
        }
        return true;
    }

    /** Volume steps (Barahona and Anbil) from the centre: cheap progress, and sets from which the master can start. */
    private double ascend(Branch branch, double[] start, double startValue, List<Column> fresh) {
        double[] centre = start;
        double best = startValue;
        double[] missing = new double[model.devices];
        gap(missing, 1);
        double lambda = 0.3;
        int stale = 0;
        double reference = best;
        for (int it = 1; it <= ASCENT && !search.deadline().passed() && branch.bound > cutoff(); it++) {
            double norm = 0;
            for (int n = 0; n < missing.length; n++) {
                norm += missing[n] < 0 && centre[n] == 0 ? 0 : missing[n] * missing[n];
            }
            if (norm < 1e-10) {
                break;
            }
            double aim =
                    incumbent != null ? incumbent.value() : best - 0.03 * Math.max(1e-3, Math.abs(best + model.offset));
            double step = lambda * Math.max(best - aim, 1e-6) / norm;
            double[] trial = new double[missing.length];
            for (int n = 0; n < trial.length; n++) {
                trial[n] = Math.max(0, centre[n] + step * missing[n]);
            }
            double value = pricing.bound(trial, branch, fresh);
            gap(missing, 0.15);
            if (value < best) {
                best = value;
                centre = trial;
                accept(branch, centre, best);
                lambda = Math.min(1.5, lambda * 1.15);
                stale = 0;
            } else if (++stale >= 5) {
                lambda *= 0.66;
                stale = 0;
            }
            if (it % 30 == 0) {
                note("node prices, " + pricing.poolSize() + " sets");
                double floor = incumbent == null ? best - 0.05 * Math.abs(best + model.offset) : incumbent.value();
                if (reference - best < 0.03 * (best - floor)) {
                    break;
                }
                reference = best;
            }
        }
        return best;
    }

    /** Mixes 1 − (how many of the last sets hold each device) into the running mean. */
    private void gap(double[] missing, double share) {
        double[] last = new double[missing.length];
        java.util.Arrays.fill(last, 1);
        for (Column column : pricing.bestColumn) {
            if (column != null) {
                for (int n : column.devices()) {
                    last[n]--;
                }
            }
        }
        for (int n = 0; n < missing.length; n++) {
            missing[n] += share * (last[n] - missing[n]);
        }
    }

    private static double mean(double[] prices) {
        double sum = 0;
        for (double price : prices) {
            sum += price;
        }
        return Math.max(1e-6, sum / prices.length);
    }

    private void accept(Branch branch, double[] prices, double value) {
        branch.prices = prices;
        branch.bound = Math.min(branch.bound, value);
        if (branch.depth == 0) {
            globalBound = Math.min(globalBound, branch.bound);
        }
        if (branch.proof != null) {
            branch.proof.offer(prices, value, pricing.nodeBound);
        }
    }

    /** How much of device n is at node j in the master's solution. */
    private double[][] shares(CoverMaster master) {
        double[][] share = new double[model.devices][model.nodes];
        double[] lambda = master.weights();
        for (int c = 0; c < lambda.length; c++) {
            if (lambda[c] > 1e-7) {
                Column column = master.columns().get(c);
                for (int n : column.devices()) {
                    share[n][column.node()] += lambda[c];
                }
            }
        }
        return share;
    }

    /** Tries the assignment that takes each device's largest share. */
    private boolean round(Branch branch, double[][] share) {
        int[] node = new int[model.devices];
        for (int n = 0; n < model.devices; n++) {
            for (int j = 1; j < model.nodes; j++) {
                if (share[n][j] > share[n][node[n]]) {
                    node[n] = j;
                }
            }
        }
        Assignment rounded = Assignment.divide(model, node, knapsack);
        if (rounded != null && (incumbent == null || rounded.value() > incumbent.value())) {
            improve(rounded);
            return true;
        }
        return false;
    }

    /**
     * Looks for an assignment below a branch: fixes the pairs with the largest shares, a tenth of the devices at a time, and prices
     * again in between; what it ends with is polished.
     */
    private void dive(Branch from, double[][] share) {
        Branch branch = from.child();
        double[][] current = share;
        int[] node = new int[model.devices];
        while (true) {
            int open = fix(branch, current);
            if (open == 0) {
                break;
            }
            CoverMaster master = new CoverMaster(model.devices, model.nodes);
            for (int j = 0; j < model.nodes; j++) {
                pricing.pool(j).stream().filter(branch::admits).forEach(master::add);
            }
            branch.bound = Double.POSITIVE_INFINITY;
            if (!generate(branch, master, DIVE_TOLERANCE) || master.uncovered() > 1e-5 || branch.bound <= cutoff()) {
                break;
            }
            current = shares(master);
        }
        for (int n = 0; n < model.devices; n++) {
            for (int j = 1; j < model.nodes; j++) {
                if (current[n][j] > current[n][node[n]]) {
                    node[n] = j;
                }
            }
        }
        Assignment found = Assignment.divide(model, node, knapsack);
        if (found != null) {
            SplittableRandom random = search.stream("dive/" + dives++);
            improve(found);
            improve(Primal.polish(search, node, Primal.WARM * scale, globalBound, random));
        }
        note("dive");
    }

    /** Fixes what is nearly whole and the largest shares beside; returns how many devices were still open before. */
    private int fix(Branch branch, double[][] share) {
        List<int[]> pairs = new ArrayList<>();
        for (int n = 0; n < model.devices; n++) {
            if (branch.options(n) > 1) {
                int top = -1;
                for (int j = 0; j < model.nodes; j++) {
                    if (branch.allows(n, j) && (top < 0 || share[n][j] > share[n][top])) {
                        top = j;
                    }
                }
                pairs.add(new int[] {n, top});
            }
        }
        pairs.sort((a, b) -> Double.compare(share[b[0]][b[1]], share[a[0]][a[1]]));
        int least = Math.max(1, model.devices / 10);
        for (int i = 0; i < pairs.size(); i++) {
            int[] pair = pairs.get(i);
            if (i < least || share[pair[0]][pair[1]] > 0.99) {
                for (int j = 0; j < model.nodes; j++) {
                    if (j != pair[1]) {
                        branch.forbid(pair[0], j);
                    }
                }
            }
        }
        return pairs.size();
    }

    /** Two children on the pair whose share is nearest to one half. */
    private List<Branch> split(Branch branch, double[][] share) {
        int device = -1;
        int node = -1;
        double best = -1;
        for (int n = 0; n < model.devices; n++) {
            if (branch.options(n) < 2) {
                continue;
            }
            for (int j = 0; j < model.nodes; j++) {
                if (branch.allows(n, j)) {
                    double score = 0.5 - Math.abs(0.5 - Math.min(1, share[n][j]));
                    if (score > best) {
                        best = score;
                        device = n;
                        node = j;
                    }
                }
            }
        }
        if (device < 0) {
            return List.of();
        }
        Branch with = branch.with(device, node);
        Branch without = branch.without(device, node);
        branch.proof.split(device, node);
        with.proof = branch.proof.with();
        without.proof = branch.proof.without();
        return List.of(with, without);
    }
}
