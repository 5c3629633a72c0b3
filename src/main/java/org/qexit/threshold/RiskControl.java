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
 */
public record RiskControl(double delta, double maxOffloadRate, Double maxFalsePositiveRate) {
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
    }

    /**
     * What was chosen.
     *
     * @param step on the frontier of the path's events; "never" if no pair could be certified
     * @param calibration what its thresholds do on the calibration events
     * @param tested pairs tested, the last of them without success unless the path ended
     * @param pValue of the chosen pair; 1 for "never", which needs no test
     */
    public record Choice(Frontier.Step step, Confusion calibration, int tested, double pValue) {}

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
        return List.of(part(trace, first, true, half), part(trace, first, false, order.length - half));
    }

    private static DeviceTrace part(DeviceTrace trace, boolean[] marks, boolean wanted, int size) {
        long[] events = new long[size];
        byte[] labels = new byte[size];
        float[][] scores = new float[trace.exits()][size];
        int at = 0;
        for (int k = 0; k < marks.length; k++) {
            if (marks[k] == wanted) {
                events[at] = trace.events()[k];
                labels[at] = trace.labels()[k];
                for (int q = 0; q < scores.length; q++) {
                    scores[q][at] = trace.scores()[q][k];
                }
                at++;
            }
        }
        return new DeviceTrace(trace.device(), events, labels, scores);
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
        for (Frontier.Step step : strictToLoose(Frontier.of(path))) {
            tested++;
            double p = pValue(Confusion.of(calibration, step.thresholds()));
            if (!(p <= delta)) {
                break;
            }
            chosen = step;
            chosenP = p;
        }
        return new Choice(chosen, Confusion.of(calibration, chosen.thresholds()), tested, chosenP);
    }

    /** The p-value of "the offload rate, or the false-positive rate, exceeds its cap". */
    double pValue(Confusion calibration) {
        double p = lowerTail(calibration.offloads(), calibration.events(), maxOffloadRate);
        if (maxFalsePositiveRate != null) {
            int normal = calibration.falsePositives() + calibration.trueNegatives();
            p = Math.max(p, lowerTail(calibration.falsePositives(), normal, maxFalsePositiveRate));
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

    /** The steps after "never", thinned evenly; chosen before the calibration events are looked at. */
    private static List<Frontier.Step> strictToLoose(Frontier frontier) {
        List<Frontier.Step> steps = frontier.steps().subList(1, frontier.steps().size());
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
