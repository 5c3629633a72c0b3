package org.qexit.experiment.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.qexit.allocation.FleetGenerator;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Planner;
import org.qexit.common.statistics.MeanInterval;
import org.qexit.common.statistics.Samples;

/**
 * FREDI's own setting ({@link FleetGenerator#fredi}): how long stage A takes after warm-up, and what deciding counts and thresholds
 * together gains over its two stages.
 */
public final class FrediBench {
    /** Its authors' median time at N = 144, milliseconds. */
    public static final double REPORTED_MILLISECONDS = 59;

    private static final long WARM_UP_NANOS = 3_000_000_000L;

    private FrediBench() {}

    /**
     * Time of stage A.
     *
     * @param devices N
     * @param load offloads wanted over offloads possible
     * @param levels security levels
     * @param fleets number of fleets timed
     * @param medianMilliseconds of building and solving stage A to {@code worstGap}
     * @param p90Milliseconds nine of ten are faster
     * @param worstGap largest (bound − value)/|value| among them
     * @param failures fleets that do not fit
     */
    public record Speed(
            int devices,
            double load,
            int levels,
            int fleets,
            double medianMilliseconds,
            double p90Milliseconds,
            double worstGap,
            int failures) {}

    /**
     * Objective of {@code exact} less that of {@code two-stage} over seeds.
     *
     * @param devices N
     * @param unitsPerNode W
     * @param load offloads wanted over offloads possible
     * @param levels security levels
     * @param fleets number of fleets that fit
     * @param meanGain mean difference
     * @param low lower end of its 95 % interval (Student's t)
     * @param high upper end
     * @param leastGain the smallest difference: never negative
     * @param unproven fleets whose exact plan is not proven optimal
     */
    public record Gain(
            int devices,
            double unitsPerNode,
            double load,
            int levels,
            int fleets,
            double meanGain,
            double low,
            double high,
            double leastGain,
            int unproven) {}

    /** Both. */
    public record PublishedComparison(double reportedMilliseconds, List<Speed> speed, List<Gain> gains) {}

    /** Times sizes 6 … 144 at load 1 and 144 at higher loads; gains at N = 6 and the loads 1.25, 2 and 3.33. */
    public static PublishedComparison run(int fleets, SolveOptions options, Consumer<String> progress) {
        List<Speed> speed = new ArrayList<>();
        warmUp(options);
        for (int levels : new int[] {1, 3}) {
            for (int devices : new int[] {6, 12, 24, 48, 96, 144}) {
                speed.add(speed(devices, 1, levels, fleets, options));
                progress.accept("stage A, N = " + devices);
            }
            for (double load : new double[] {1.25, 2, 10 / 3.0}) {
                speed.add(speed(144, load, levels, fleets, options));
                progress.accept("stage A, N = 144, load " + load);
            }
        }
        List<Gain> gains = new ArrayList<>();
        for (int levels : new int[] {1, 3}) {
            for (double units : new double[] {200, 160, 100, 60}) {
                gains.add(gain(6, units, levels, fleets, options));
                progress.accept("gain, W = " + units);
            }
        }
        return new PublishedComparison(REPORTED_MILLISECONDS, speed, gains);
    }

    private static void warmUp(SolveOptions options) {
        long start = System.nanoTime();
        for (long seed = 1_000_000; System.nanoTime() - start < WARM_UP_NANOS; seed++) {
            for (double load : new double[] {1, 2}) {
                Planner planner = Planner.of(FleetGenerator.fredi(96, load, 3, seed));
                if (planner.unservable().isEmpty()) {
                    planner.offloadStageGap(options);
                }
            }
        }
    }

    private static Speed speed(int devices, double load, int levels, int fleets, SolveOptions options) {
        double[] milliseconds = new double[fleets];
        double worst = 0;
        int count = 0;
        for (int f = 0; f < fleets; f++) {
            Planner planner = Planner.of(FleetGenerator.fredi(devices, load, levels, options.seed() + f));
            if (!planner.unservable().isEmpty()) {
                continue;
            }
            long start = System.nanoTime();
            OptionalDouble gap = planner.offloadStageGap(options);
            double time = (System.nanoTime() - start) * 1e-6;
            if (gap.isPresent()) {
                milliseconds[count++] = time;
                worst = Math.max(worst, gap.getAsDouble());
            }
        }
        double[] times = Arrays.copyOf(milliseconds, count);
        return new Speed(
                devices,
                load,
                levels,
                count,
                Samples.median(times),
                Samples.quantile(times, 0.9),
                worst,
                fleets - count);
    }

    private static Gain gain(int devices, double units, int levels, int fleets, SolveOptions options) {
        double load = 100.0 * devices / 3 / units;
        List<Double> gains = new ArrayList<>();
        int unproven = 0;
        for (int f = 0; f < fleets; f++) {
            Planner planner = Planner.of(FleetGenerator.fredi(devices, load, levels, options.seed() + f));
            Plan exact = planner.plan("exact", options);
            Plan twoStage = planner.plan("two-stage", options);
            if (exact.isFeasible() && twoStage.isFeasible()) {
                gains.add(exact.objective() - twoStage.objective());
                unproven += exact.status() == Plan.Status.OPTIMAL ? 0 : 1;
            }
        }
        int n = gains.size();
        double[] won = gains.stream().mapToDouble(g -> g).toArray();
        double least = Arrays.stream(won).min().orElse(Double.NaN);
        MeanInterval mean =
                n < 2 ? new MeanInterval(n, least, null, Double.NaN, Double.NaN) : MeanInterval.student(won);
        return new Gain(devices, units, load, levels, n, mean.mean(), mean.low(), mean.high(), least, unproven);
    }
}
