package org.qexit.threshold;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.BinomialTest;
import org.apache.commons.statistics.inference.FisherExactTest;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.apache.commons.statistics.inference.PValueMethod;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rate;
import org.qexit.trace.Rule;

/**
 * Compares new events with those that a device's thresholds were chosen on, without looking at labels, and says whether to
 * choose anew. Three tests of drift share the level &alpha; equally, so that thresholds fixed beforehand are flagged with
 * probability about &alpha; at most while nothing drifts:
 *
 * <ul>
 *   <li>offload rate: Fisher's exact test of equal rates, since the old rate is itself an estimate;
 *   <li>scores: two-sample Kolmogorov-Smirnov test at each exit, Bonferroni over the exits;
 *   <li>sequence: an e-value that may be looked at after every event (Ville's inequality), against offload rates outside the
 *       95 % interval of the old rate; it also says after which event the alarm came.
 * </ul>
 *
 * <p>Apart from drift, an exact binomial test at level &alpha; says whether the new offload rate exceeds the budget. A plain choice
 * fills its budget on the old events, so about half of such choices exceed it a little on any fresh ones
 * ({@link RiskControl} is the remedy); enough events make that significant.
 */
public final class DriftMonitor {
    private static final int TESTS = 3;
    /** Stakes of the bets that the e-value averages over: what is lost at an event that speaks for the null. */
    private static final double[] STAKES = {0.01, 0.03, 0.1, 0.3};
    /** Beyond this many pairs the exact Kolmogorov-Smirnov distribution takes seconds and equals the limit to three digits. */
    private static final double MOST_EXACT_PAIRS = 1e6;

    private DriftMonitor() {}

    /**
     * The comparison for one device.
     *
     * @param id the device
     * @param thresholds compared at: l and u
     * @param oldOffloadRate on the events the thresholds were chosen on
     * @param newOffloadRate on the new events
     * @param budgetPValue of "the offload rate is at most the budget's"
     * @param offloadPValue of "the offload rate is the old one"
     * @param scores one comparison per exit
     * @param eValue greatest e-value met
     * @param alarmAfter number of new events after which the e-value reached its level, or null
     * @param drifted whether a test of drift rejects
     * @param overBudget whether the new offload rate exceeds the budget
     * @param reoptimise drifted or over budget: choose thresholds anew
     * @param reasons what rejects, in words
     */
    public record Drift(
            String id,
            List<Object> thresholds,
            Rate oldOffloadRate,
            Rate newOffloadRate,
            double budgetPValue,
            double offloadPValue,
            List<ScoreShift> scores,
            double eValue,
            Integer alarmAfter,
            boolean drifted,
            boolean overBudget,
            boolean reoptimise,
            List<String> reasons) {}

    /** Greatest difference of the two empirical distribution functions at an exit, and its p-value. */
    public record ScoreShift(int exit, double statistic, double pValue) {}

    /**
     * Compares.
     *
     * @param budgetRate the offload rate allowed, 0 to 1
     * @param alpha level of the tests of drift together, and of the budget's, in (0, 1)
     * @throws IllegalArgumentException if the traces' numbers of exits differ
     */
    public static Drift compare(DeviceTrace old, DeviceTrace fresh, Rule thresholds, double budgetRate, double alpha) {
        if (old.exits() != fresh.exits()) {
            throw new IllegalArgumentException("device " + fresh.device() + ": the new trace has " + fresh.exits()
                    + " exits; expected " + old.exits());
        }
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha is " + alpha + "; expected between 0 and 1");
        }
        double level = alpha / TESTS;
        List<String> reasons = new ArrayList<>();
        Rate before = Confusion.of(old, thresholds).ofr();
        Rate after = Confusion.of(fresh, thresholds).ofr();
        double offloadP = offloadPValue(before, after);
        if (offloadP <= level) {
            reasons.add(String.format(
                    Locale.ROOT, "the offload rate went from %.4f to %.4f", before.value(), after.value()));
        }
        List<ScoreShift> shifts = new ArrayList<>();
        for (int q = 0; q < old.exits(); q++) {
            ScoreShift shift = shift(q, old.scores()[q], fresh.scores()[q]);
            shifts.add(shift);
            if (shift.pValue() <= level / old.exits()) {
                reasons.add(String.format(
                        Locale.ROOT, "the scores of exit %d moved, D = %.3f", shift.exit(), shift.statistic()));
            }
        }
        Bet bet = new Bet(before, 1 / level);
        for (int k = 0; k < fresh.size(); k++) {
            bet.see(thresholds.decide(fresh.scores(), k).critical());
        }
        if (bet.alarmAfter != null) {
            reasons.add(
                    "the sequence of offloads left the old rate's interval; alarm after " + bet.alarmAfter + " events");
        }
        boolean drifted = !reasons.isEmpty();
        double budgetP = budgetPValue(after, budgetRate);
        boolean overBudget = budgetP <= alpha;
        if (overBudget) {
            reasons.add(String.format(
                    Locale.ROOT, "the offload rate %.4f exceeds the budget's %.4f", after.value(), budgetRate));
        }
        return new Drift(
                fresh.device(),
                List.of(thresholds.lowerEntry(), thresholds.upperEntry()),
                before,
                after,
                budgetP,
                offloadP,
                shifts,
                bet.greatest,
                bet.alarmAfter,
                drifted,
                overBudget,
                drifted || overBudget,
                reasons);
    }

    private static double budgetPValue(Rate after, double budgetRate) {
        return after.of() == 0 || budgetRate >= 1
                ? 1
                : BinomialTest.withDefaults()
                        .with(AlternativeHypothesis.GREATER_THAN)
                        .test((int) after.of(), (int) after.count(), budgetRate)
                        .getPValue();
    }

    private static double offloadPValue(Rate before, Rate after) {
        long offloads = before.count() + after.count();
        long kept = before.of() + after.of() - offloads;
        if (before.of() == 0 || after.of() == 0 || offloads == 0 || kept == 0) {
            return 1;
        }
        int[][] table = {
            {(int) before.count(), (int) (before.of() - before.count())},
            {(int) after.count(), (int) (after.of() - after.count())}
        };
        return FisherExactTest.withDefaults().test(table).getPValue();
    }

    private static ScoreShift shift(int exit, float[] old, float[] fresh) {
        // The test needs two values of each.
        if (old.length < 2 || fresh.length < 2) {
            return new ScoreShift(exit + 1, 0, 1);
        }
        boolean exact = (double) old.length * fresh.length <= MOST_EXACT_PAIRS;
        var result = KolmogorovSmirnovTest.withDefaults()
                .with(exact ? PValueMethod.EXACT : PValueMethod.ASYMPTOTIC)
                .test(doubles(old), doubles(fresh));
        return new ScoreShift(exit + 1, result.getStatistic(), result.getPValue());
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    /**
     * The mean of bets against "rate &le; high" and bets against "rate &ge; low": each stays a supermartingale under its null, so
     * their mean exceeds 1/level ever with probability at most level.
     */
    private static final class Bet {
        private final double low;
        private final double high;
        private final double target;
        private final double[] rise = new double[STAKES.length];
        private final double[] fall = new double[STAKES.length];
        private double greatest = 1;
        private int seen;
        private Integer alarmAfter;

        Bet(Rate before, double target) {
            this.low = before.defined() ? before.low() : 0;
            this.high = before.defined() ? before.high() : 1;
            this.target = target;
        }

        void see(boolean offloaded) {
            seen++;
            double sum = 0;
            for (int i = 0; i < STAKES.length; i++) {
                double stake = STAKES[i];
                rise[i] += Math.log(offloaded ? 1 + stake * (1 - high) / high : 1 - stake);
                fall[i] += Math.log(offloaded ? 1 - stake : 1 + stake * low / (1 - low));
                sum += Math.exp(rise[i]) + Math.exp(fall[i]);
            }
            double value = Math.min(sum / (2 * STAKES.length), Double.MAX_VALUE);
            greatest = Math.max(greatest, value);
            if (alarmAfter == null && value >= target) {
                alarmAfter = seen;
            }
        }
    }
}
