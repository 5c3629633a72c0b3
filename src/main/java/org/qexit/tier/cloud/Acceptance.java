package org.qexit.tier.cloud;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.qexit.common.Checks;

/**
 * The test that a candidate must pass on labelled events that nothing was trained, chosen or tested on before.
 *
 * <p>The i-th candidate spends &delta;_i = &delta; / (i (i + 1)); all of them together spend &delta;. Without a margin it must be better by
 * {@linkplain PairedTest#pBetter McNemar's exact test} at level &delta;_i. With a margin it may be that, or {@linkplain PairedTest#upperLoss not worse} by
 * the margin, each at half of the level: then the probability that ever a candidate is accepted that is worse by the margin or more is at most &delta;, too.
 * Besides, no device's utility may fall by more than its tolerance, as counted; a further condition only lessens what is accepted.
 */
public final class Acceptance {
    private final AcceptanceRules rules;

    public Acceptance(AcceptanceRules rules) {
        this.rules = Checks.present("rules", rules);
    }

    /** &delta;_i, i from 1. */
    public double level(int candidate) {
        Checks.within("candidate", candidate, 1, Integer.MAX_VALUE);
        return rules.delta() / ((double) candidate * (candidate + 1.0));
    }

    /**
     * What the test came to.
     *
     * @param pair the counts
     * @param level &delta;_i
     * @param pBetter of McNemar's test
     * @param upperLoss the limit that is compared with the margin, or null without one
     * @param devices those that met critical events, in the order of their ids
     * @param verdict accepted or not, and why
     */
    public record Result(
            PairedTest pair, double level, double pBetter, Double upperLoss, List<Device> devices, Verdict verdict)
            implements Serializable {
        public Result {
            Checks.present("pair", pair);
            Checks.present("verdict", verdict);
            devices = List.copyOf(Checks.present("devices", devices));
        }
    }

    /**
     * The critical events of one device.
     *
     * @param critical tested ones
     * @param before that the model in force named the right class of
     * @param after that the candidate did
     */
    public record Device(String device, int critical, int before, int after) implements Serializable {
        public Device {
            Checks.notBlank("device", device);
            Checks.within("critical", critical, 1, Integer.MAX_VALUE);
            Checks.within("before", before, 0, critical);
            Checks.within("after", after, 0, critical);
        }

        /** How much of its utility, the share of critical events whose class is named, the device loses. */
        double loss() {
            return (double) (before - after) / critical;
        }
    }

    /**
     * Tests.
     *
     * @param candidate i, from 1
     * @param events to test on
     * @param critical which of them are critical
     * @param before on which the model in force is right
     * @param after on which the candidate is
     */
    public Result test(
            int candidate,
            List<Example> events,
            Predicate<Example> critical,
            Predicate<Example> before,
            Predicate<Example> after) {
        int won = 0;
        int lost = 0;
        Map<String, int[]> byDevice = new TreeMap<>();
        for (Example event : events) {
            boolean old = before.test(event);
            boolean fresh = after.test(event);
            won += fresh && !old ? 1 : 0;
            lost += old && !fresh ? 1 : 0;
            if (critical.test(event)) {
                int[] own = byDevice.computeIfAbsent(event.device(), id -> new int[3]);
                own[0]++;
                own[1] += old ? 1 : 0;
                own[2] += fresh ? 1 : 0;
            }
        }
        List<Device> devices = new ArrayList<>();
        byDevice.forEach((id, own) -> devices.add(new Device(id, own[0], own[1], own[2])));
        return judged(candidate, new PairedTest(won, lost, events.size()), devices);
    }

    Result judged(int candidate, PairedTest pair, List<Device> devices) {
        double level = level(candidate);
        boolean bounded = rules.margin() > 0;
        double each = bounded ? level / 2 : level;
        double p = pair.pBetter();
        Double upperLoss = bounded ? (Double) pair.upperLoss(each) : null;
        Verdict verdict = p <= each
                ? Verdict.BETTER
                : bounded && upperLoss < rules.margin() ? Verdict.NON_INFERIOR : Verdict.NOT_SHOWN;
        boolean worse = devices.stream().anyMatch(device -> device.loss() > rules.toleranceOf(device.device()));
        return new Result(
                pair, level, p, upperLoss, devices, verdict.accepted() && worse ? Verdict.DEVICE_WORSE : verdict);
    }
}
