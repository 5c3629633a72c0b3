package org.qexit.allocation.energy;

import java.util.Arrays;
import java.util.PriorityQueue;
import org.qexit.allocation.problem.Deadline;

/**
 * Branch and bound over the nodes of devices for {@link EnergyModel}: bounds by {@link EnergyPrices} and, for the devices already placed,
 * by {@link NodeEnergy}; a pair that its reduced cost or the node's radio rules out is dropped; leaves are solved exactly per node. Best
 * bound first. All decisions depend on the model only, unless the deadline strikes.
 */
final class EnergyTree {
    private static final int ITERATIONS = 40;
    private static final long MAX_BRANCHES = 300_000;

    private final EnergyModel model;
    private final EnergySearch search;
    private final EnergyPrices prices;
    private final Deadline deadline;
    private long closed;

    EnergyTree(EnergyModel model, EnergySearch search, Deadline deadline) {
        this.model = model;
        this.search = search;
        this.deadline = deadline;
        this.prices = new EnergyPrices(model);
    }

    /** {@code open[device]} are links; a device with one link is placed there. */
    private static final class Branch {
        final int[][] open;
        final double[][] price;
        final double bound;
        final int depth;

        Branch(int[][] open, double[][] price, double bound, int depth) {
            this.open = open;
            this.price = price;
            this.bound = bound;
            this.depth = depth;
        }
    }

    long closed() {
        return closed;
    }

    /** Searches from the prices given; returns a bound on every plan, −∞ if there is none. */
    double run(EnergyPrices start, double bound, long most) {
        PriorityQueue<Branch> todo = new PriorityQueue<>(
                (x, y) -> x.bound != y.bound ? Double.compare(y.bound, x.bound) : y.depth - x.depth);
        int[][] open = new int[model.devices][];
        for (int n = 0; n < open.length; n++) {
            open[n] = start.open[n].clone();
        }
        double[][] price = {start.alpha.clone(), start.beta.clone(), start.nu.clone()};
        todo.add(new Branch(open, price, bound, 0));
        double leaves = Double.NEGATIVE_INFINITY;
        while (!todo.isEmpty()) {
            Branch branch = todo.peek();
            if (branch.bound <= search.cutoff()) {
                break;
            }
            if (deadline.passed() || closed >= Math.min(most, MAX_BRANCHES)) {
                return Math.max(leaves, Math.max(branch.bound, search.value()));
            }
            todo.poll();
            leaves = Math.max(leaves, explore(branch, todo));
            closed++;
            if (closed % 50 == 1) {
                double first = todo.isEmpty() ? leaves : Math.max(leaves, todo.peek().bound);
                search.note("search tree, " + todo.size() + " open", Math.max(first, search.value()));
            }
        }
        // What is left is no better than the incumbent by more than the gap asked for.
        double rest = todo.isEmpty() ? Double.NEGATIVE_INFINITY : todo.peek().bound;
        return search.hasPlan() ? Math.max(search.value(), Math.max(leaves, rest)) : leaves;
    }

    /** Bounds a branch and adds its children; returns the bound of what it settles here and now. */
    private double explore(Branch branch, PriorityQueue<Branch> todo) {
        System.arraycopy(branch.open, 0, prices.open, 0, branch.open.length);
        prices.start(branch.price[0], branch.price[1], branch.price[2]);
        prices.run(ITERATIONS, search.cutoff(), deadline);
        double bound = Math.min(branch.bound, prices.bound);
        if (bound <= search.cutoff()) {
            return Double.NEGATIVE_INFINITY;
        }
        int[] choice = prices.choice();
        search.offer(choice);
        int[][] open = reduce(branch.open, bound);
        bound = Math.min(bound, placedBound(open));
        if (bound <= search.cutoff()) {
            return Double.NEGATIVE_INFINITY;
        }
        int device = widest(open);
        if (device < 0) {
            return leaf(open);
        }
        double[][] price = {prices.alpha.clone(), prices.beta.clone(), prices.nu.clone()};
        for (int i : open[device]) {
            int[][] child = open.clone();
            child[device] = new int[] {i};
            double reduced = prices.bound - lost(device, i);
            if (propagate(child, model.allowed[device][i])) {
                todo.add(new Branch(child, price, Math.min(bound, reduced), branch.depth + 1));
            }
        }
        return Double.NEGATIVE_INFINITY;
    }

    private double lost(int n, int i) {
        double best = Double.NEGATIVE_INFINITY;
        double own = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < prices.open[n].length; k++) {
            best = Math.max(best, prices.gain[n][k]);
            own = prices.open[n][k] == i ? prices.gain[n][k] : own;
        }
        return best - own;
    }

    /** Drops pairs whose reduced cost shows that they are in no better plan. */
    private int[][] reduce(int[][] open, double bound) {
        int[][] left = new int[open.length][];
        for (int n = 0; n < open.length; n++) {
            int device = n;
            left[n] = open[n].length == 1
                    ? open[n]
                    : Arrays.stream(open[n])
                            .filter(i -> prices.bound - lost(device, i) > search.cutoff())
                            .toArray();
            if (left[n].length == 0) {
                // Rounding: without any link the branch holds no better plan, which the caller's bound will show.
                left[n] = open[n];
            }
        }
        return left;
    }

    private int[][] placed(int[][] open) {
        int[] node = new int[open.length];
        int[] count = new int[model.nodes];
        for (int n = 0; n < node.length; n++) {
            node[n] = open[n].length == 1 ? model.allowed[n][open[n][0]] : -1;
            if (node[n] >= 0) {
                count[node[n]]++;
            }
        }
        int[][] members = new int[model.nodes][];
        for (int j = 0; j < members.length; j++) {
            members[j] = new int[count[j]];
            count[j] = 0;
        }
        for (int n = 0; n < node.length; n++) {
            if (node[n] >= 0) {
                members[node[n]][count[node[n]]++] = n;
            }
        }
        return members;
    }

    /** Placed devices alone at their nodes, the others as if they were alone: −∞ if the placed ones do not fit. */
    private double placedBound(int[][] open) {
        int[][] members = placed(open);
        double sum = 0;
        for (int j = 0; j < members.length; j++) {
            if (members[j].length > 0 && !model.fits(j, members[j])) {
                return Double.NEGATIVE_INFINITY;
            }
        }
        for (int j = 0; j < members.length; j++) {
            sum += search.nodes().solve(j, members[j]).bound();
        }
        for (int n = 0; n < open.length; n++) {
            if (open[n].length > 1) {
                double best = Double.NEGATIVE_INFINITY;
                for (int i : open[n]) {
                    double watts = model.curves[n][i].leastWatts();
                    for (int s = 0; s < model.fair[n].length; s++) {
                        best = Math.max(best, model.fair[n][s] - model.wattCost[n][s] * watts);
                    }
                }
                sum += best;
            }
        }
        return sum;
    }

    /** Drops pairs that no longer fit beside those placed at {@code node}; false if a device has none left. */
    private boolean propagate(int[][] open, int node) {
        int[] members = placed(open)[node];
        if (!model.fits(node, members)) {
            return false;
        }
        for (int n = 0; n < open.length; n++) {
            int link = model.linkTo[n][node];
            if (open[n].length > 1 && link >= 0 && contains(open[n], link)) {
                int[] more = Arrays.copyOf(members, members.length + 1);
                more[members.length] = n;
                if (!model.fits(node, more)) {
                    open[n] = Arrays.stream(open[n]).filter(i -> i != link).toArray();
                }
            }
        }
        return true;
    }

    private static boolean contains(int[] values, int wanted) {
        for (int value : values) {
            if (value == wanted) {
                return true;
            }
        }
        return false;
    }

    /** The open device whose links are nearest to each other in value; -1 if all are placed. */
    private int widest(int[][] open) {
        int chosen = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int n = 0; n < open.length; n++) {
            if (open[n].length > 1) {
                double second = Double.POSITIVE_INFINITY;
                for (int i : open[n]) {
                    double lost = lost(n, i);
                    if (i != prices.link[n]) {
                        second = Math.min(second, lost);
                    }
                }
                // Where prices tell no difference the larger device comes first.
                double score = second - 1e-9 * model.load[n][0];
                if (score < least) {
                    least = score;
                    chosen = n;
                }
            }
        }
        return chosen;
    }

    private double leaf(int[][] open) {
        int[] node = new int[open.length];
        for (int n = 0; n < node.length; n++) {
            node[n] = model.allowed[n][open[n][0]];
        }
        search.offer(node);
        return search.boundOf(node);
    }
}
