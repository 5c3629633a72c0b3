package org.qexit.threshold;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;

/**
 * Thresholds that keep a rate below its cap on fresh events with probability at least 1 - &delta;, docs/maths.md §5.
 *
 * <p>Learn then Test (Angelopoulos et al. 2021, arXiv 2110.01052) with fixed-sequence testing: the frontier of one half of the
 * events is a path of pairs from strict to loose; on the other half each pair in turn is tested against "its rate exceeds
 * the cap" with the exact binomial p-value P(Bin(n, cap) &le; observed count). The first pair not rejected ends the walk, and the last
 * one rejected is chosen. The chance that any wrongly rejected pair is chosen is at most &delta;. With two caps a pair is rejected
 * when both tests reject, so the larger p-value counts.
 *
 * <p>The path may as well come from another trace's events: then all events of this one calibrate, and more of the cap is used. The walk
 * begins at the strictest pair. A start further on, where it is likely to end, is as valid if it is set beforehand, but only loses: strict pairs
 * hardly ever fail, and a start that fails leaves nothing.
 *
 * @param delta &delta; in (0, 1)
 * @param maxOffloadRate cap on (TP + FP) / |&Phi;|, in (0, 1]
 * @param maxFalsePositiveRate cap on FP / |N|, or null for none
 * @param maxInconsistency cap on the share of events that the exit taken decides otherwise than the last exit alone would, or null for none:
 *     a risk that needs no labels
 */
public record RiskControl(double delta, double maxOffloadRate, Double maxFalsePositiveRate, Double maxInconsistency) {
    /** Pairs tested at most; more would cost time and gain less than one event in a thousand. */
    private static final int LONGEST_PATH = 1000;

    public RiskControl {
        if (!(delta > 0 && delta < 1)) {
            throw new IllegalArgumentException("delta is " + delta + "; expected between 0 and 1");
        }
        Checks.within("maxOffloadRate", maxOffloadRate, 0, 1);
        if (maxFalsePositiveRate != null) {
            Checks.within("maxFalsePositiveRate", maxFalsePositiveRate, 0, 1);
        }
        if (maxInconsistency != null) {
            Checks.within("maxInconsistency", maxInconsistency, 0, 1);
        }
    }

    /** Without a cap on inconsistency. */
    public RiskControl(double delta, double maxOffloadRate, Double maxFalsePositiveRate) {
        this(delta, maxOffloadRate, maxFalsePositiveRate, null);
    }

    /**
     * What was chosen.
     *
     * @param step on the frontier of the path's events; "never" if no pair could be certified
     * @param calibration what its thresholds do on the calibration events
     * @param inconsistent calibration events that the exit taken decides otherwise than the last exit alone would
     * @param tested pairs tested, the last of them without success unless the path ended
     * @param pValue of the chosen pair; 1 for "never", which needs no test
     */
    public record Choice(Frontier.Step step, Confusion calibration, int inconsistent, int tested, double pValue) {}

    /**
     * The events of a trace in two random halves, path and calibration; the calibration half is the larger by one if the
     * number is odd. The events keep their order.
     */
    public static List<DeviceTrace> split(DeviceTrace trace, RandomStreams streams) {
        SplittableRandom random = streams.stream("risk-split/" + trace.device());
        int[] order = new int[trace.size()];
        for (int k = 0; k < order.length; k++) {
            order[k] = k;
        }
        RandomStreams.shuffle(order, random);
        int half = order.length / 2;
        boolean[] first = new boolean[order.length];
        for (int i = 0; i < half; i++) {
            first[order[i]] = true;
        }
        return List.of(trace.only(k -> first[k]), trace.only(k -> !first[k]));
    }

    /**
     * Chooses a pair.
     *
     * @param path events that give the path; none of them may be among the others
     * @param calibration other events, drawn like the fresh ones
     */
    public Choice choose(DeviceTrace path, DeviceTrace calibration) {
        Frontier.Step chosen = Frontier.never();
        double chosenP = 1;
        int tested = 0;
        for (Frontier.Step step : path(path, calibration.size())) {
            tested++;
            double p = pValue(
                    Confusion.of(calibration, step.thresholds()),
                    maxInconsistency == null ? 0 : Consistency.differing(calibration, step.thresholds()));
            if (!(p <= delta)) {
                break;
            }
            chosen = step;
            chosenP = p;
        }
        return new Choice(
                chosen,
                Confusion.of(calibration, chosen.thresholds()),
                Consistency.differing(calibration, chosen.thresholds()),
                tested,
                chosenP);
    }

    private List<Frontier.Step> path(DeviceTrace path, int calibration) {
        List<Frontier.Step> steps = maxInconsistency == null
                ? Frontier.of(path).steps()
                : Consistency.path(
                        path,
                        certifiable(maxOffloadRate, calibration) * path.size(),
                        certifiable(maxInconsistency, calibration) * path.size());
        return thinned(steps.subList(1, steps.size()));
    }

    /** The greatest rate on so many calibration events that shows that a cap is kept. */
    private double certifiable(double cap, int calibration) {
        int most = 0;
        for (int high = calibration; most < high; ) {
            int middle = (most + high + 1) >>> 1;
            if (lowerTail(middle, calibration, cap) <= delta) {
                most = middle;
            } else {
                high = middle - 1;
            }
        }
        return calibration == 0 ? 0 : (double) most / calibration;
    }

    /** The p-value of "a rate exceeds its cap", of those that have one. */
    double pValue(Confusion calibration, int inconsistent) {
        double p = lowerTail(calibration.offloads(), calibration.events(), maxOffloadRate);
        if (maxFalsePositiveRate != null) {
            int normal = calibration.falsePositives() + calibration.trueNegatives();
            p = Math.max(p, lowerTail(calibration.falsePositives(), normal, maxFalsePositiveRate));
        }
        if (maxInconsistency != null) {
            p = Math.max(p, lowerTail(inconsistent, calibration.events(), maxInconsistency));
        }
        return p;
    }

    /** P(Bin(n, cap) <= count); no rate exceeds a cap of 1. */
    private static double lowerTail(int count, int n, double cap) {
        if (cap == 1) {
            return 0;
        }
        return BinomialDistribution.of(n, cap).cumulativeProbability(count);
    }

    /** At most so many steps, evenly; before the calibration events are looked at. */
    private static List<Frontier.Step> thinned(List<Frontier.Step> steps) {
        if (steps.size() <= LONGEST_PATH) {
            return steps;
        }
        List<Frontier.Step> path = new ArrayList<>();
        for (int i = 1; i <= LONGEST_PATH; i++) {
            path.add(steps.get((int) ((long) steps.size() * i / LONGEST_PATH) - 1));
        }
        return path;
    }
}
