package org.qexit.allocation.energy;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.function.ToDoubleFunction;
import org.qexit.allocation.problem.Deadline;

/**
 * The most that a set of devices can earn at a node where energy has a weight, max_S (Σ_S Y_n + V_j(S)), by branch and bound: {@link NodeBounds}
 * bounds each part, which is split on whether a device is in, then on the steps of a device that is. Devices whose gain exceeds what is open are
 * decided without a split, so that of fifty devices about a dozen are left. Exact unless the splits run out. Serves one thread at a time.
 */
final class NodeTree {
    /** Of {@link NodeBounds#lower}: first, and for a part with nothing left to split. */
    private static final double CLOSE = 0.02;

    private static final double CLOSER = 1e-6;
    private static final int PARTS_PER_LOOK = 64;

    private final EnergyModel model;
    private final int j;
    private final int[][] hull;
    private final NodeBounds bounds;
    private final Deadline deadline;
    /** λ, β, ν of the last bound. */
    private double[] price;

    /**
     * @param hull {@code [device][...]}: steps on the upper concave envelope of (load, fair)
     * @param start λ, β, ν
     * @param deadline after it nothing is split
     */
    NodeTree(EnergyModel model, int j, int[][] hull, double[] start, Deadline deadline) {
        this.model = model;
        this.j = j;
        this.hull = hull;
        this.bounds = new NodeBounds(model, j);
        this.deadline = deadline;
        this.price = start.clone();
    }

    double price(int resource) {
        return price[resource];
    }

    /**
     * No set earns more.
     *
     * @param worth Y per device
     * @param floor what is known to be earned: a bound of this is enough
     * @param most so many parts are bounded at most
     * @param profit what a set earns, increasing devices, or −∞; asked of the sets that come up
     */
    double bound(int[] candidates, double[] worth, double floor, int most, ToDoubleFunction<int[]> profit) {
        NodePart all = bounds.begin(
                candidates,
                Arrays.stream(candidates).mapToDouble(n -> worth[n]).toArray(),
                Arrays.stream(candidates).mapToObj(this::steps).toArray(int[][]::new));
        bounds.lower(all, price, floor, CLOSE);
        price = all.trial.price();
        double best = Math.max(floor, attained(all, profit));
        if (all.bound <= best) {
            return best;
        }
        NodePart root = bounds.reduced(all, best);
        bounds.lower(root, price, best, CLOSE);
        price = root.trial.price();
        return grow(root, best, most, profit);
    }

    private double grow(NodePart root, double floor, int most, ToDoubleFunction<int[]> profit) {
        double best = floor;
        PriorityQueue<NodePart> open = new PriorityQueue<>((a, b) -> Double.compare(b.bound, a.bound));
        open.add(root);
        double resolved = Double.NEGATIVE_INFINITY;
        int parts = 0;
        while (!open.isEmpty() && open.peek().bound > best) {
            NodePart part = open.poll();
            if (parts >= most || parts % PARTS_PER_LOOK == 0 && deadline.passed()) {
                return Math.max(resolved, part.bound);
            }
            decide(part, part.bound - best);
            NodePart[] children = split(part);
            if (children.length == 0) {
                bounds.lower(part, part.trial.price(), best, CLOSER);
                resolved = Math.max(resolved, part.bound);
            }
            for (NodePart child : children) {
                parts++;
                bounds.lower(child, part.trial.price(), best, CLOSE);
                if (child.bound > best) {
                    best = Math.max(best, attained(child, profit));
                    open.add(child);
                }
            }
        }
        return Math.max(best, resolved);
    }

    /** Those that can be best: of the envelope alone, unless it is cut off. */
    private int[] steps(int n) {
        double[] load = model.load[n];
        if (load[load.length - 1] <= model.compute[j]) {
            return hull[n];
        }
        int count = 0;
        while (count < load.length && load[count] <= model.compute[j]) {
            count++;
        }
        int[] steps = new int[count];
        Arrays.setAll(steps, s -> s);
        return steps;
    }

    private double attained(NodePart part, ToDoubleFunction<int[]> profit) {
        int[] members = new int[bounds.items()];
        int count = 0;
        for (int k = 0; k < members.length; k++) {
            if (part.trial.chosen()[k] >= 0) {
                members[count++] = bounds.device(k);
            }
        }
        return profit.applyAsDouble(Arrays.copyOf(members, count));
    }

    /** Without it, or with it, no set of the part would earn what is open. */
    private static void decide(NodePart part, double open) {
        for (int k = 0; k < part.mode.length; k++) {
            if (part.mode[k] == NodePart.FREE && Math.abs(part.trial.gain()[k]) > open) {
                part.mode[k] = part.trial.gain()[k] > 0 ? NodePart.IN : NodePart.OUT;
            }
        }
    }

    private NodePart[] split(NodePart part) {
        int item = closest(part, true);
        item = item < 0 ? closest(part, false) : item;
        NodePart one = part.copy();
        NodePart two = part.copy();
        if (item >= 0) {
            one.mode[item] = NodePart.IN;
            two.mode[item] = NodePart.OUT;
            return new NodePart[] {one, two};
        }
        item = widest(part);
        if (item < 0) {
            return new NodePart[0];
        }
        int at = (part.less.chosen()[item] + part.more.chosen()[item]) >>> 1;
        one.high[item] = at;
        two.low[item] = at + 1;
        return new NodePart[] {one, two};
    }

    /** The undecided device with the least to gain or lose, or -1. @param swings only those that are in on one side of the best price */
    private static int closest(NodePart part, boolean swings) {
        int item = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int k = 0; k < part.mode.length; k++) {
            boolean considered = part.mode[k] == NodePart.FREE
                    && (!swings
                            || part.less != null
                                    && part.less.chosen()[k] >= 0 != part.more.chosen()[k] >= 0);
            if (considered && Math.abs(part.trial.gain()[k]) < least) {
                least = Math.abs(part.trial.gain()[k]);
                item = k;
            }
        }
        return item;
    }

    /** The device whose load differs most between the sides of the best price, or -1. */
    private int widest(NodePart part) {
        int item = -1;
        double most = 0;
        for (int k = 0; k < part.mode.length && part.less != null; k++) {
            int a = part.less.chosen()[k];
            int b = part.more.chosen()[k];
            if (part.mode[k] == NodePart.IN && a >= 0 && b >= 0) {
                double wide = Math.abs(bounds.load(k, a) - bounds.load(k, b));
                if (wide > most) {
                    most = wide;
                    item = k;
                }
            }
        }
        return item;
    }
}
