package org.qexit.experiment.tabular;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.qexit.common.ThreadClock;

/**
 * How long fits will take on this machine: the time of a step of each circuit, measured once, times the steps that fits of this model and
 * learning rate took before, or usually take.
 */
final class Costs {
    private static final double MLP_SECONDS = 1;
    private static final double SVC_SECONDS = 0.02;
    /** A model whose steps have not got faster for as long is compiled; before, a circuit may be a hundred times slower. */
    private static final long COMPILED_NANOS = 1_500_000_000;

    /** As long for a further shape of the same model. */
    private static final long WARM_NANOS = 30_000_000;

    private static final long SLICE_NANOS = 1_000_000;

    private static final long MOST_NANOS = 30_000_000_000L;

    private static final List<String> RATES = List.of("0.001", "0.01", "0.1");

    private static final int USUAL_ELSE = 1500;

    private final Map<String, Double> stepSeconds = new HashMap<>();
    private final Map<String, double[]> steps = new HashMap<>();
    private final Set<Contender> known = EnumSet.noneOf(Contender.class);

    /** Learns from fits that are there. */
    void learn(Contender contender, FitTable table) {
        for (FitTable.Row row : table.rows()) {
            double[] seen =
                    steps.computeIfAbsent(contender + "/" + rate(row.key().point()), key -> new double[2]);
            seen[0] += row.fit().steps();
            seen[1]++;
        }
    }

    private static String rate(String point) {
        return point.replaceFirst(".*" + Contender.RATE + "=([^;]*).*", "$1");
    }

    /** Steps until the losses settle, means on the published sets. */
    private static int usual(Contender contender, String rate) {
        int[] steps = switch (contender) {
            case DRESSED, DRESSED_SEPARABLE -> new int[] {3200, 2600, 2200};
            case RE_UPLOADING, RE_UPLOADING_SEPARABLE -> new int[] {1800, 1250, 670};
            case SEPARABLE -> new int[] {1350, 900, 680};
            case IQP, IQP_ONCE, IQP_SEPARABLE -> new int[] {950, 600, 500};
            default -> new int[] {2700, 2400, 1600};
        };
        int at = RATES.indexOf(rate);
        return at < 0 ? USUAL_ELSE : steps[at];
    }

    /** Seconds of one fit. */
    double seconds(Contender contender, int width, Point point) {
        return seconds(contender, width, point, Machine.exact());
    }

    /** Seconds of one fit on a machine. */
    double seconds(Contender contender, int width, Point point, Machine machine) {
        if (!contender.isDifferentiable()) {
            return contender == Contender.MLP ? MLP_SECONDS : SVC_SECONDS;
        }
        double[] seen = steps.get(contender + "/" + point.text(Contender.RATE));
        double count = seen != null ? seen[0] / seen[1] : usual(contender, point.text(Contender.RATE));
        Map<String, String> shape = new LinkedHashMap<>(point.values());
        shape.remove(Contender.RATE);
        return count
                * stepSeconds.computeIfAbsent(
                        contender + "/" + width + "/" + shape + "/" + machine.word(),
                        key -> measured(
                                contender.model(width, point, machine, new SplittableRandom(0)),
                                width,
                                known.add(contender) ? COMPILED_NANOS : WARM_NANOS));
    }

    private static double measured(Differentiable model, int width, long steadyNanos) {
        SplittableRandom random = new SplittableRandom(1);
        double[] weights = new double[model.parameters()];
        model.initialise(weights, random);
        double[] gradient = new double[weights.length];
        double[] rows = new double[SmallBatches.BATCH * width];
        Arrays.setAll(rows, i -> random.nextDouble());
        int[] labels = new int[SmallBatches.BATCH];
        Arrays.setAll(labels, i -> i % 2 * 2 - 1);
        // Processor time: on a busy machine others' turns are neither steps nor patience. Its clock may stand still for
        // a short step.
        long begin = ThreadClock.nanos();
        long wallBegin = System.nanoTime();
        double least = Double.MAX_VALUE;
        long leastAt = begin;
        for (long now = begin; now - leastAt < steadyNanos && System.nanoTime() - wallBegin < MOST_NANOS; ) {
            long end;
            int steps = 0;
            do {
                model.loss(rows, labels, SmallBatches.BATCH, weights, gradient);
                steps++;
                end = ThreadClock.nanos();
            } while (end - now < SLICE_NANOS);
            double step = (double) (end - now) / steps;
            leastAt = 1.1 * step < least ? end : leastAt;
            least = Math.min(least, step);
            now = end;
        }
        return least / 1e9;
    }
}
