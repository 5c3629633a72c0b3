package org.qexit.tier.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptanceTest {
    private static AcceptanceRules rules(double delta, double margin, double tolerance) {
        return new AcceptanceRules(delta, margin, tolerance, null);
    }

    /** Binomial coefficients as whole numbers, added up. */
    private static double atLeast(int won, int m) {
        BigInteger sum = BigInteger.ZERO;
        BigInteger choose = BigInteger.ONE;
        for (int k = 0; k <= m; k++) {
            sum = k >= won ? sum.add(choose) : sum;
            choose = choose.multiply(BigInteger.valueOf(m - k)).divide(BigInteger.valueOf(k + 1L));
        }
        return sum.doubleValue() / BigInteger.TWO.pow(m).doubleValue();
    }

    @Test
    void theTestIsMcNemarsExactOne() {
        for (int m = 0; m <= 30; m++) {
            for (int won = 0; won <= m; won++) {
                assertEquals(atLeast(won, m), new PairedTest(won, m - won, 100).pBetter(), 1e-12);
            }
        }
    }

    private static double binomial(int n, double p, int from, int to) {
        double sum = 0;
        for (int k = from; k <= to; k++) {
            double log = k * Math.log(p) + (n - k) * Math.log1p(-p);
            for (int i = 1; i <= k; i++) {
                log += Math.log(n - k + i) - Math.log(i);
            }
            sum += Math.exp(log);
        }
        return sum;
    }

    /** The limit by bisection of sums of binomial probabilities. */
    @ParameterizedTest
    @CsvSource({"0, 0, 10, 0.05", "3, 1, 20, 0.05", "10, 12, 60, 0.01", "0, 5, 5, 0.1", "5, 0, 5, 0.1"})
    void theLimitOfTheLossIsThatOfTheBinomialSums(int won, int lost, int n, double alpha) {
        double high = 1;
        if (lost < n) {
            double low = 0;
            for (int i = 0; i < 60; i++) {
                double p = (low + high) / 2;
                if (binomial(n, p, 0, lost) > alpha / 2) {
                    low = p;
                } else {
                    high = p;
                }
            }
        }
        double least = 0;
        if (won > 0) {
            double most = 1;
            for (int i = 0; i < 60; i++) {
                double p = (least + most) / 2;
                if (binomial(n, p, won, n) > alpha / 2) {
                    most = p;
                } else {
                    least = p;
                }
            }
        }
        assertEquals(high - least, new PairedTest(won, lost, n).upperLoss(alpha), 1e-9);
    }

    @Test
    void levelsAddUpToDelta() {
        Acceptance acceptance = new Acceptance(rules(0.05, 0, 1));
        double sum = 0;
        for (int i = 1; i <= 100_000; i++) {
            sum += acceptance.level(i);
        }
        assertEquals(0.05, sum, 1e-6);
        assertEquals(0.025, acceptance.level(1), 1e-15);
    }

    /** Many servers, each with many candidates that are not to be accepted: the share that ever accepts one is below delta. */
    @ParameterizedTest
    @CsvSource({
        "0, 0.15, 0.15, 0.2",
        "0, 0.02, 0.02, 0.2",
        "0.05, 0.10, 0.15, 0.2",
        "0.1, 0.01, 0.11, 0.2",
        "0.3, 0.1, 0.4, 0.5"
    })
    void theErrorOverAllCandidatesIsBelowDelta(double margin, double win, double lose, double delta) {
        Acceptance acceptance = new Acceptance(rules(delta, margin, 1));
        SplittableRandom random = new SplittableRandom(3);
        int servers = 1500;
        int wrong = 0;
        for (int s = 0; s < servers; s++) {
            boolean ever = false;
            for (int i = 1; i <= 12 && !ever; i++) {
                int n = 20 + random.nextInt(200);
                int won = 0;
                int lost = 0;
                for (int k = 0; k < n; k++) {
                    double x = random.nextDouble();
                    won += x < win ? 1 : 0;
                    lost += x >= win && x < win + lose ? 1 : 0;
                }
                ever = acceptance
                        .judged(i, new PairedTest(won, lost, n), List.of())
                        .verdict()
                        .accepted();
            }
            wrong += ever ? 1 : 0;
        }
        double limit = servers * delta + 3 * Math.sqrt(servers * delta * (1 - delta));
        assertTrue(wrong <= limit, wrong + " of " + servers + "; expected at most " + limit);
    }

    private static List<Example> events(int n) {
        List<Example> events = new ArrayList<>();
        for (int k = 0; k < n; k++) {
            events.add(new Example("e" + k, "e" + k, "ue" + k % 2, k % 3, 0));
        }
        return events;
    }

    @Test
    void whatIsBetterIsAccepted() {
        Acceptance.Result result = new Acceptance(rules(0.05, 0, 0))
                .test(1, events(60), one -> one.classId() > 0, one -> false, one -> one.classId() == 1);
        assertEquals(Verdict.BETTER, result.verdict());
        assertEquals(new PairedTest(20, 0, 60), result.pair());
        assertEquals(Math.pow(0.5, 20), result.pBetter(), 1e-18);
        assertNull(result.upperLoss());
        assertEquals(
                List.of(new Acceptance.Device("ue0", 20, 0, 10), new Acceptance.Device("ue1", 20, 0, 10)),
                result.devices());
    }

    @Test
    void whatIsAlikeIsAcceptedWithAMarginOnly() {
        List<Example> events = events(300);
        assertEquals(
                Verdict.NON_INFERIOR,
                new Acceptance(rules(0.05, 0.05, 0))
                        .test(1, events, one -> true, one -> true, one -> true)
                        .verdict());
        assertEquals(
                Verdict.NOT_SHOWN,
                new Acceptance(rules(0.05, 0, 0))
                        .test(1, events, one -> true, one -> true, one -> true)
                        .verdict());
        assertEquals(
                Verdict.NOT_SHOWN,
                new Acceptance(rules(0.05, 0.05, 0))
                        .test(1, List.of(), one -> true, one -> true, one -> true)
                        .verdict());
    }

    /** Better on the whole, worse for one device: its tolerance decides. */
    @Test
    void noDeviceLosesMoreThanItMay() {
        List<Example> events = new ArrayList<>(events(80));
        for (int k = 0; k < 10; k++) {
            events.add(new Example("x" + k, "x" + k, "ue9", 1, 0));
        }
        for (Map.Entry<Double, Verdict> each :
                Map.of(0.25, Verdict.DEVICE_WORSE, 0.3, Verdict.BETTER).entrySet()) {
            AcceptanceRules rules = new AcceptanceRules(0.05, 0, 0, Map.of("ue9", each.getKey()));
            Acceptance.Result result = new Acceptance(rules)
                    .test(
                            1,
                            events,
                            one -> one.classId() == 1,
                            one -> one.device().equals("ue9"),
                            one -> !one.device().equals("ue9") || one.event().compareTo("x3") >= 0);
            assertEquals(each.getValue(), result.verdict());
        }
    }

    @Test
    void refusesRulesThatAreNone() {
        assertThrows(IllegalArgumentException.class, () -> rules(0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> rules(1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> rules(0.1, -1, 0));
        assertThrows(IllegalArgumentException.class, () -> rules(0.1, 0, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new PairedTest(3, 3, 5));
        assertThrows(IllegalArgumentException.class, () -> new Acceptance(rules(0.1, 0, 0)).level(0));
    }
}
