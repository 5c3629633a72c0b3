package org.qexit.experiment.bench;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.qexit.common.Checks;
import org.qexit.common.Progress;
import org.qexit.common.RandomStreams;
import org.qexit.common.task.TaskRunner;
import org.qexit.common.task.TaskSet;
import org.qexit.simulation.Replications;
import org.qexit.threshold.BudgetSearch;
import org.qexit.threshold.CrossFit;
import org.qexit.threshold.Frontier;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rate;
import org.qexit.trace.Thresholds;

/**
 * What thresholds that are chosen on a device's events are worth on fresh ones: how far the promise in sample and the cross-fitted one
 * are from what comes, and which of the {@linkplain TieRules ways to choose among equals} carries over best. Devices draw their events from
 * one law, and all are judged on the same many fresh events. A rule's loss is how many true positives it lacks against the best pair of
 * the fresh events at the rule's own offload rate there, so that offloading more is no merit.
 */
public final class TieStudy {
    /** Fresh events by default: few enough, and their own chance is a thousandth of a rate. */
    public static final int FRESH = 400_000;

    private TieStudy() {}

    /**
     * How often, on how many events, and at which budget.
     *
     * @param fresh events that all devices' thresholds are judged on
     */
    public record Setting(
            Law law, int devices, int events, int exits, double critical, double maxOffloadRate, int fresh)
            implements Serializable {}

    /** How the confidences of an event's exits hang together. */
    public enum Law {
        /** Independent given the label, {@link SyntheticEvents} of skill 4. */
        INDEPENDENT,
        /** The logistic of ±q/L − 0.8, a noise of 0.4 that an event's exits share and one of 0.8 for each. */
        CORRELATED;

        DeviceTrace draw(Setting setting, int n, SplittableRandom random) {
            if (this == INDEPENDENT) {
                return new SyntheticEvents(setting.exits(), setting.critical(), 4).draw(n, random);
            }
            byte[] labels = new byte[n];
            long[] events = new long[n];
            float[][] scores = new float[setting.exits()][n];
            for (int k = 0; k < n; k++) {
                events[k] = k;
                labels[k] = (byte) (random.nextDouble() < setting.critical() ? 1 : 0);
                double own = 0.4 * random.nextGaussian();
                for (int q = 0; q < scores.length; q++) {
                    double signal = (labels[k] == 1 ? 1 : -1) * (q + 1.0) / scores.length;
                    double z = signal - 0.8 + own + 0.8 * random.nextGaussian();
                    scores[q][k] = (float) (1 / (1 + Math.exp(-z)));
                }
            }
            return new DeviceTrace("synthetic", events, labels, scores);
        }
    }

    private enum Choice {
        TODAY("highest u, first met (as chosen)"),
        WIDEST("widest gap"),
        CENTRE("centre of the region, confidences"),
        RANKS("centre of the region, ranks"),
        LOWEST("lowest u"),
        MAJORITY("bootstrap majority");

        private final String title;

        Choice(String title) {
            this.title = title;
        }

        Thresholds of(TieRules rules, long budget, SplittableRandom random) {
            return switch (this) {
                case TODAY -> rules.today();
                case WIDEST -> rules.widest();
                case CENTRE -> rules.centre(false);
                case RANKS -> rules.centre(true);
                case LOWEST -> rules.lowest();
                case MAJORITY -> rules.majority(budget, random);
            };
        }
    }

    /**
     * A mean over the devices with its 95 % interval.
     *
     * @param value mean
     * @param half half of the interval's width
     */
    public record Mean(double value, double half) {
        static Mean of(List<Double> values) {
            int n = values.size();
            double mean = values.stream().mapToDouble(x -> x).sum() / n;
            double squares =
                    values.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
            return new Mean(mean, n < 2 ? Double.POSITIVE_INFINITY : Rate.Z * Math.sqrt(squares / (n - 1) / n));
        }
    }

    /**
     * One way to choose among equals, on fresh events.
     *
     * @param tpr mean true-positive rate
     * @param ofr mean offload rate
     * @param loss mean true-positive rate lacking against the best pair at the same offload rate
     * @param gain how much less it loses than the first, device by device
     */
    public record Arm(String name, double tpr, double ofr, double loss, Mean gain) {}

    /**
     * All of it.
     *
     * @param equalPairs mean number of cells that are equal in sample
     * @param inSample promised true-positive rate less the one on fresh events
     * @param crossFitted the same of the cross-fitted promise
     */
    public record Found(Setting setting, double equalPairs, Mean inSample, Mean crossFitted, List<Arm> arms) {}

    /** Runs it in this thread. */
    public static Found run(Setting setting, long seed) {
        return run(setting, seed, TaskRunner.here(1));
    }

    /** The same, to the byte, wherever its tasks are run. */
    public static Found run(Setting setting, long seed, TaskRunner runner) {
        Checks.within("devices", setting.devices(), 2, 1_000_000);
        Checks.within("events", setting.events(), 10, 20_000);
        Checks.within("fresh", setting.fresh(), 1000, 10_000_000);
        Devices tasks = new Devices(setting, seed);
        Fresh here = tasks.prepare();
        List<Judged> all;
        try (Progress progress = Progress.start("ties", setting.devices())) {
            all = Replications.run(setting.devices(), runner.atATime(), d -> {
                Judged judged = runner.run(tasks, here, d, () -> false);
                progress.step();
                return judged;
            });
        }
        List<Judged> judged = all.stream().filter(Objects::nonNull).toList();
        double cells = 0;
        for (Judged device : judged) {
            cells += device.cells();
        }
        List<Arm> arms = new ArrayList<>();
        for (Choice choice : Choice.values()) {
            arms.add(arm(choice.title, of(judged, choice), of(judged, Choice.TODAY)));
        }
        return new Found(
                setting,
                cells / judged.size(),
                Mean.of(judged.stream().map(Judged::inSample).toList()),
                Mean.of(judged.stream().map(Judged::crossFitted).toList()),
                arms);
    }

    private static List<double[]> of(List<Judged> judged, Choice choice) {
        return judged.stream().map(device -> device.rates()[choice.ordinal()]).toList();
    }

    /**
     * A device's thresholds on the fresh events.
     *
     * @param rates {@code [choice]}: true-positive rate, offload rate and loss
     */
    private record Judged(double cells, double[][] rates, double inSample, double crossFitted)
            implements Serializable {}

    /** Events that all devices are judged on. */
    private record Fresh(DeviceTrace events, Frontier best) {
        double[] judged(Thresholds pair) {
            Confusion counts = Confusion.of(events, pair);
            double tpr = counts.tpr().orThrow();
            double most = (double) best.within(counts.offloads()).truePositives() / best.positives();
            return new double[] {tpr, counts.ofr().orThrow(), most - tpr};
        }
    }

    /** Devices by their number; null for one of which nothing can be found within the budget. */
    private record Devices(Setting setting, long seed) implements TaskSet<Fresh, Integer, Judged> {
        private String name() {
            return "ties/" + setting.law();
        }

        @Override
        public Fresh prepare() {
            DeviceTrace events =
                    setting.law().draw(setting, setting.fresh(), RandomStreams.of(seed).stream(name() + "/fresh"));
            return new Fresh(events, Frontier.of(events));
        }

        @Override
        public Judged run(Fresh fresh, Integer d, BooleanSupplier stopped) {
            RandomStreams streams = RandomStreams.of(seed);
            DeviceTrace trace = setting.law().draw(setting, setting.events(), streams.stream(name() + "/" + d));
            long budget = (long) (setting.maxOffloadRate() * trace.size());
            if (BudgetSearch.of(trace).within(budget).truePositives() == 0) {
                return null;
            }
            TieRules rules = TieRules.of(trace, budget);
            Choice[] choices = Choice.values();
            double[][] rates = new double[choices.length][];
            for (Choice choice : choices) {
                Thresholds pair = choice.of(rules, budget, streams.stream(name() + "/bootstrap/" + d));
                rates[choice.ordinal()] = fresh.judged(pair);
            }
            double came = rates[Choice.TODAY.ordinal()][0];
            CrossFit fit = CrossFit.of(
                    trace,
                    some -> BudgetSearch.of(some)
                            .within(CrossFit.share(budget, trace.size(), some.size()))
                            .thresholds(),
                    RandomStreams.of(streams.seed(name() + "/folds/" + d)),
                    CrossFit.REPEATS);
            return new Judged(
                    rules.cells(), rates, (double) rules.truePositives() / trace.positives() - came, fit.tpr() - came);
        }
    }

    private static Arm arm(String name, List<double[]> own, List<double[]> first) {
        List<Double> gains = new ArrayList<>();
        double[] sums = new double[3];
        for (int i = 0; i < own.size(); i++) {
            gains.add(first.get(i)[2] - own.get(i)[2]);
            for (int j = 0; j < sums.length; j++) {
                sums[j] += own.get(i)[j] / own.size();
            }
        }
        return new Arm(name, sums[0], sums[1], sums[2], Mean.of(gains));
    }
}
