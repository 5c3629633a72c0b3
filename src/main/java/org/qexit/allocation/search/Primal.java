package org.qexit.allocation.search;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;
import org.qexit.common.RandomStreams;

/** Good assignments quickly: a start from the capacity prices, annealing from several streams, exact division of compute. */
public final class Primal {
    /** A warm start of the polishing, as a share of a device's mean value: hot enough to swap, too cold to forget. */
    static final double WARM = 0.02;

    private static final double HARDER = 4;

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
            JointModel model,
            CapacityPrices prices,
            int[] start,
            long movesPerRun,
            int runs,
            String purpose,
            SolveOptions options,
            Deadline deadline) {
        double scale = Math.max(1e-6, Math.abs(prices.bound) / model.devices);
        Assignment[] found = new Assignment[runs];
        IntStream.range(0, runs).parallel().forEach(r -> {
            RandomStreams streams = RandomStreams.of(options.seed());
            Annealing annealing = new Annealing(model, prices, streams.stream(purpose + "/" + r));
            // Even runs look for value, odd ones stress the packing of bandwidth, which alone finds a plan where it is
            // tight.
            int[] best = r % 2 == 0
                    ? annealing.run(start, movesPerRun, 0.2 * scale, 2e-3 * scale, 20 * scale, 300 * scale, deadline)
                    : annealing.run(start, movesPerRun, 50 * scale, 0.1 * scale, 5000 * scale, 5000 * scale, deadline);
            if (best != null) {
                found[r] = polish(
                        model, best, scale, prices.bound, streams.stream(purpose + "/polish/" + r), options, deadline);
            }
        });
        return best(found);
    }

    /** Runs {@link #polish} from one start at several temperatures with more work each; the best of them. */
    static Assignment polishHarder(
            JointModel model, int[] start, CapacityPrices prices, int runs, SolveOptions options, Deadline deadline) {
        double scale = Math.max(1e-6, Math.abs(prices.bound) / model.devices);
        Assignment[] found = new Assignment[runs];
        IntStream.range(0, runs).parallel().forEach(r -> {
            SplittableRandom random = RandomStreams.of(options.seed()).stream("polish/" + r);
            SolveOptions harder = options.withEffort(HARDER * options.effort());
            found[r] = polish(model, start, (1 + r % 3) * WARM * scale, prices.bound, random, harder, deadline);
        });
        return best(found);
    }

    /** Low-temperature annealing with exact values from temperature {@code hot}, then exact division. */
    static Assignment polish(
            JointModel model,
            int[] start,
            double hot,
            double bound,
            SplittableRandom random,
            SolveOptions options,
            Deadline deadline) {
        NodeKnapsack knapsack = new NodeKnapsack(model, 20_000);
        Assignment before = Assignment.divide(model, start, knapsack);
        double enough = bound - options.gap() * Math.abs(bound + model.offset);
        long proposals = (long) (options.effort() * Math.min(20_000_000, 10_000L * model.devices));
        int[] polished =
                new Polishing(model, random).run(start, proposals, options.effort(), hot, 0.01 * hot, enough, deadline);
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
