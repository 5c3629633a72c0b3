package org.qexit.allocation.search;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;

/** Good assignments quickly: a start from the capacity prices, annealing from several streams, exact division of compute. */
public final class Primal {
    /** A warm start of the polishing, as a share of a device's mean value: hot enough to swap, too cold to forget. */
    static final double WARM = 0.02;

    /** Of the work of {@link #polish}. */
    private static final double HARDER = 4;
    /** Runs side by side: one of either schedule. */
    private static final int RUNS = 2;
    /** Looks for value. */
    private static final Annealing.Schedule FOR_VALUE = new Annealing.Schedule(0.2, 2e-3, 20, 300);
    /** Stresses the packing of bandwidth, which alone finds a plan where it is tight. */
    private static final Annealing.Schedule FOR_PACKING = new Annealing.Schedule(50, 0.1, 5000, 5000);
    /** They keep more or less of what they start from. */
    private static final List<Annealing.Schedule> COLD = List.of(
            new Annealing.Schedule(0.02, 2e-3, 20, 1000),
            new Annealing.Schedule(0.05, 2e-3, 20, 1000),
            new Annealing.Schedule(0.1, 2e-3, 20, 1000),
            new Annealing.Schedule(0.2, 2e-3, 20, 1000));

    private static final long REPAIRS_PER_DEVICE = 600;

    private Primal() {}

    /**
     * A start that packs bandwidth: the devices that are hardest to place first, each to the node where it takes the smallest part of
     * bandwidth and compute among those with room; compute is counted at the loads that the market price suggests.
     */
    public static int[] start(JointModel model, CapacityPrices prices) {
        int[] node = new int[model.devices];
        double[] freeB = model.bandwidth.clone();
        double[] freeW = model.compute.clone();
        double[] hardness = new double[model.devices];
        Integer[] order = new Integer[model.devices];
        for (int n = 0; n < model.devices; n++) {
            order[n] = n;
            hardness[n] = Double.POSITIVE_INFINITY;
            for (int j : model.allowed[n]) {
                hardness[n] = Math.min(hardness[n], model.need[n][j] / model.bandwidth[j]);
            }
        }
        Arrays.sort(order, (a, b) -> Double.compare(hardness[b], hardness[a]));
        for (int n : order) {
            int chosen = -1;
            double least = Double.POSITIVE_INFINITY;
            double chosenLoad = 0;
            for (int j : model.allowed[n]) {
                double wanted = model.load[n][model.bestStep(n, prices.beta[j])];
                boolean fits = model.need[n][j] <= freeB[j] && model.load[n][0] <= freeW[j];
                double part = 3 * model.need[n][j] / model.bandwidth[j]
                        + wanted / model.compute[j] * (wanted <= freeW[j] ? 1 : 10)
                        + (fits ? 0 : 1e6);
                if (part < least) {
                    least = part;
                    chosen = j;
                    chosenLoad = wanted;
                }
            }
            node[n] = chosen;
            freeB[chosen] -= model.need[n][chosen];
            freeW[chosen] -= chosenLoad;
        }
        return node;
    }

    /**
     * The best of several annealing runs, each polished with exact values; run side by side, compared in their order.
     *
     * @return null if none found an assignment that fits
     */
    public static Assignment anneal(
            Search search, CapacityPrices prices, int[] start, long movesPerRun, String purpose) {
        double scale = scale(search, prices);
        Assignment[] found = new Assignment[RUNS];
        IntStream.range(0, RUNS).parallel().forEach(r -> {
            Annealing annealing = new Annealing(search.model(), prices, search.stream(purpose + "/" + r));
            Annealing.Schedule schedule = r % 2 == 0 ? FOR_VALUE : FOR_PACKING;
            int[] best = annealing.run(start, movesPerRun, schedule.times(scale), search.deadline());
            if (best != null) {
                found[r] = polish(search, best, scale, prices.bound, search.stream(purpose + "/polish/" + r));
            }
        });
        return best(found);
    }

    /** Short, cold annealings from an assignment that need not fit; null if none finds one that does. */
    static Assignment repair(Search search, CapacityPrices prices, int[] start, String purpose) {
        JointModel model = search.model();
        int[] usable = start.clone();
        for (int n = 0; n < usable.length; n++) {
            usable[n] = model.canServe(n, usable[n]) ? usable[n] : model.allowed[n][0];
        }
        Assignment[] found = new Assignment[COLD.size()];
        IntStream.range(0, found.length).parallel().forEach(r -> {
            Annealing annealing = new Annealing(model, prices, search.stream(purpose + "/" + r));
            Annealing.Schedule schedule = COLD.get(r).times(scale(search, prices));
            int[] best = annealing.run(usable, REPAIRS_PER_DEVICE * model.devices, schedule, search.deadline());
            found[r] = best == null ? null : Assignment.divide(model, best, new NodeKnapsack(model));
        });
        return best(found);
    }

    /** A device's mean value: the unit of temperatures and penalties. */
    private static double scale(Search search, CapacityPrices prices) {
        return Math.max(1e-6, Math.abs(prices.bound) / search.model().devices);
    }

    /** Runs {@link #polish} from one start at several temperatures with more work each; the best of them. */
    static Assignment polishHarder(Search search, int[] start, CapacityPrices prices, int runs) {
        double scale = scale(search, prices);
        Search harder = search.withEffort(HARDER);
        Assignment[] found = new Assignment[runs];
        IntStream.range(0, runs).parallel().forEach(r -> {
            SplittableRandom random = search.stream("polish/" + r);
            found[r] = polish(harder, start, (1 + r % 3) * WARM * scale, prices.bound, random);
        });
        return best(found);
    }

    /** Low-temperature annealing with exact values from temperature {@code hot}, then exact division. */
    static Assignment polish(Search search, int[] start, double hot, double bound, SplittableRandom random) {
        JointModel model = search.model();
        NodeKnapsack knapsack = new NodeKnapsack(model);
        Assignment before = Assignment.divide(model, start, knapsack);
        double enough = bound - search.options().gap() * Math.abs(bound + model.offset);
        int[] polished = new Polishing(search, random).run(start, hot, enough);
        return best(before, Assignment.divide(model, polished, knapsack));
    }

    /** The first of the best; null if there is none. */
    public static Assignment best(Assignment... candidates) {
        Assignment best = null;
        for (Assignment candidate : candidates) {
            if (candidate != null && (best == null || candidate.value() > best.value())) {
                best = candidate;
            }
        }
        return best;
    }
}
