package org.qexit.allocation;

import java.util.SplittableRandom;
import org.qexit.common.RandomStreams;

/** Good assignments quickly: a start from the capacity prices, annealing from several streams, exact division of compute. */
final class Primal {
    private Primal() {}

    /** The cheapest nodes by the prices, repaired only as far as the penalties of the annealing need. */
    static int[] start(JointModel model, CapacityPrices prices) {
        int[] node = new int[model.devices];
        double[] freeB = model.bandwidth.clone();
        double[] freeW = model.compute.clone();
        for (int n = 0; n < model.devices; n++) {
            int chosen = -1;
            double best = Double.POSITIVE_INFINITY;
            for (int j : model.allowed[n]) {
                boolean fits = model.need[n][j] <= freeB[j] && model.load[n][0] <= freeW[j];
                double lost = prices.reducedCost(n, j) + (fits ? 0 : 1e6);
                if (lost < best) {
                    best = lost;
                    chosen = j;
                }
            }
            node[n] = chosen;
            freeB[chosen] -= model.need[n][chosen];
            freeW[chosen] -= model.load[n][0];
        }
        return node;
    }

    /** The best of several annealing runs, run side by side and compared in their order; null if none is feasible. */
    static Assignment anneal(
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
        java.util.stream.IntStream.range(0, runs).parallel().forEach(r -> {
            SplittableRandom random = RandomStreams.of(options.seed()).stream(purpose + "/" + r);
            Annealing annealing = new Annealing(model, prices, random);
            // Even runs look for value, odd ones stress the packing of bandwidth, which alone finds a plan where it is
            // tight.
            int[] best = r % 2 == 0
                    ? annealing.run(start, movesPerRun, 0.25 * scale, 2e-3 * scale, 20 * scale, 300 * scale, deadline)
                    : annealing.run(start, movesPerRun, 50 * scale, 0.1 * scale, 5000 * scale, 5000 * scale, deadline);
            if (best != null) {
                found[r] = Assignment.divide(model, best, new NodeKnapsack(model, 20_000));
            }
        });
        Assignment best = null;
        for (Assignment candidate : found) {
            if (candidate != null && (best == null || candidate.value() > best.value())) {
                best = candidate;
            }
        }
        return best;
    }
}
