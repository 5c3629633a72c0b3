package org.qexit.nn.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Json;
import org.qexit.common.UserError;

class CoupledLossTest {
    private static final double STEP = 1e-6;
    private static final LossTerm.Path PATH = new LossTerm.Path(1.0);

    /** Each term alone and together, in both margins, with both constraints: logits, l and u against central differences. */
    @ParameterizedTest
    @CsvSource({
        "cross_entropy, PROBABILITY",
        "path, PROBABILITY",
        "path, LOGIT",
        "published, PROBABILITY",
        "cross_entropy path, LOGIT",
        "cross_entropy published, PROBABILITY",
        "path published, PROBABILITY",
        "distillation cross_entropy path, LOGIT",
    })
    void gradientsAgreeWithFiniteDifferences(String kinds, Margin margin) {
        SplittableRandom random = new SplittableRandom(7);
        for (int trial = 0; trial < 40; trial++) {
            int exits = 1 + random.nextInt(4);
            int batch = 1 + random.nextInt(9);
            Objective pair = objective(random, kinds, margin, exits);
            Objective objective = trial % 2 == 0 ? pair : pair.with(perExit(random, pair.rule(), exits));
            double[] logits = normals(random, 2 * batch * exits);
            byte[] labels = labels(random, batch);
            CoupledLoss loss = new CoupledLoss();
            loss.evaluate(objective, logits, labels, batch);
            double[] gradient = loss.gradient().clone();
            for (int i = 0; i < logits.length; i++) {
                if (kinds.contains("distillation") && i / 2 % exits == exits - 1) {
                    continue; // The teacher is detached: see the test below.
                }
                int at = i;
                double[] moved = logits.clone();
                double numeric = slope(logits[i], x -> {
                    moved[at] = x;
                    return value(objective, moved, labels);
                });
                assertEquals(numeric, gradient[i], 1e-7 * (1 + Math.abs(numeric)), kinds + ": logit " + i);
            }
            assertEquals(0, Arrays.stream(gradient).sum(), 1e-12, "adding to both logits changes nothing");
            SoftRule rule = objective.rule();
            if (trial % 2 == 1) {
                checkExits(objective, exits, logits, labels, loss);
                continue;
            }
            double byLower = slope(
                    rule.lower(),
                    l -> value(
                            objective.with(new SoftRule(margin, rule.steepness(), l, rule.upper())), logits, labels));
            double byUpper = slope(
                    rule.upper(),
                    u -> value(
                            objective.with(new SoftRule(margin, rule.steepness(), rule.lower(), u)), logits, labels));
            assertEquals(byLower, loss.lowerGradient(), 1e-6 * (1 + Math.abs(byLower)));
            assertEquals(byUpper, loss.upperGradient(), 1e-6 * (1 + Math.abs(byUpper)));
        }
    }

    /** Every exit's own thresholds against central differences; a test that never or always fires has no gradient. */
    private static void checkExits(Objective objective, int exits, double[] logits, byte[] labels, CoupledLoss loss) {
        SoftRule rule = objective.rule();
        for (int i = 0; i < 2 * exits; i++) {
            int q = i / 2;
            boolean isLower = i % 2 == 0;
            double at = isLower ? rule.lower(q) : rule.upper(q);
            double found = isLower ? loss.lowerGradient(q) : loss.upperGradient(q);
            if (Double.isInfinite(at)) {
                assertEquals(0, found);
                continue;
            }
            double numeric = slope(at, x -> {
                double[] lower = new double[exits];
                double[] upper = new double[exits];
                for (int t = 0; t < exits; t++) {
                    lower[t] = isLower && t == q ? x : rule.lower(t);
                    upper[t] = !isLower && t == q ? x : rule.upper(t);
                }
                SoftRule moved = SoftRule.of(rule.margin(), rule.steepness(), lower, upper);
                return value(objective.with(moved), logits, labels);
            });
            assertEquals(numeric, found, 1e-6 * (1 + Math.abs(numeric)), (isLower ? "l" : "u") + " of exit " + q);
        }
    }

    /** Thresholds of their own for every exit, some of which never or always fire. */
    private static SoftRule perExit(SplittableRandom random, SoftRule like, int exits) {
        double[] lower = new double[exits];
        double[] upper = new double[exits];
        for (int q = 0; q < exits; q++) {
            int kind = random.nextInt(8);
            lower[q] = 0.05 + random.nextDouble() * 0.5;
            upper[q] = lower[q] + 0.01 + random.nextDouble() * (0.98 - lower[q]);
            lower[q] = kind <= 1 ? Double.NEGATIVE_INFINITY : kind == 2 ? Double.POSITIVE_INFINITY : lower[q];
            upper[q] =
                    kind == 2 || kind == 3 ? Double.POSITIVE_INFINITY : kind == 0 ? Double.NEGATIVE_INFINITY : upper[q];
        }
        return SoftRule.of(like.margin(), like.steepness(), lower, upper);
    }

    /** At a great steepness the surrogate counts what thresholds per exit do. */
    @ParameterizedTest
    @EnumSource(Margin.class)
    void tendsToTheRuleOfThresholdsPerExit(Margin margin) {
        SplittableRandom random = new SplittableRandom(11);
        for (int trial = 0; trial < 30; trial++) {
            int exits = 1 + random.nextInt(4);
            int batch = 50;
            SoftRule like = new SoftRule(margin, 1e7, 0, 1);
            SoftRule rule = perExit(random, like, exits);
            double[] logits = normals(random, 2 * batch * exits);
            byte[] labels = labels(random, batch);
            int offloaded = 0;
            int found = 0;
            for (int k = 0; k < batch; k++) {
                for (int q = 0; q < exits; q++) {
                    double c = CoupledLoss.confidence(logits, 2 * (k * exits + q));
                    if (c <= rule.lower(q) || c >= rule.upper(q)) {
                        offloaded += c > rule.lower(q) ? 1 : 0;
                        found += c > rule.lower(q) ? labels[k] : 0;
                        break;
                    }
                }
            }
            CoupledLoss loss = new CoupledLoss();
            Objective objective = Objective.of(exits, List.of(PATH)).with(rule);
            loss.evaluate(objective, logits, labels, batch);
            int positives = 0;
            for (byte label : labels) {
                positives += label;
            }
            assertEquals((double) offloaded / batch, loss.offload(), 1e-3);
            if (positives > 0) {
                assertEquals((double) found / positives, loss.utility(), 1e-3);
            }
        }
    }

    /** The last exit teaches and does not learn from it. */
    @Test
    void distillationLeavesTheTeacherAlone() {
        double[] logits = {0.3, -0.2, 1.5, 2.5, -1, 0.7};
        CoupledLoss loss = new CoupledLoss();
        double temperature = 2.5;
        Objective objective = Objective.of(3, List.of(new LossTerm.Distillation(0.7, temperature)));
        loss.evaluate(objective, logits, new byte[] {1}, 1);
        double teacher = 1 / (1 + Math.exp(-1.7 / temperature));
        double expected = 0;
        for (double margin : new double[] {-0.5, 1.0}) {
            double student = 1 / (1 + Math.exp(-margin / temperature));
            expected += teacher * Math.log(teacher / student) + (1 - teacher) * Math.log((1 - teacher) / (1 - student));
        }
        assertEquals(0.7 * temperature * temperature * expected, loss.loss(), 1e-12);
        assertEquals(0, loss.gradient()[4]);
        assertEquals(0, loss.gradient()[5]);
        assertTrue(Math.abs(loss.gradient()[1]) > 0.01);
    }

    /**
     * Where exits tie, max has one-sided derivatives only: in every direction d that of −λ ln max is at most g · d for a subgradient g of
     * max, since −λ ln falls. All ties are treated alike.
     */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void gradientAtTiesOfThePublishedMaximumIsASubgradient(int exits) {
        double[] logits = new double[2 * exits];
        for (int q = 0; q < exits; q++) {
            logits[2 * q + 1] = -0.3;
        }
        double[] accuracies = new double[exits];
        Arrays.fill(accuracies, 0.9);
        Objective objective = new Objective(
                exits,
                List.of(new LossTerm.Published(0.8)),
                new SoftRule(Margin.PROBABILITY, 9, 0.3, 0.7),
                0,
                0.1,
                0,
                1,
                accuracies);
        byte[] labels = {1};
        CoupledLoss loss = new CoupledLoss();
        loss.evaluate(objective, logits, labels, 1);
        double[] g = loss.gradient().clone();
        double at = loss.loss();
        double lower = loss.lowerGradient();
        double upper = loss.upperGradient();
        for (int q = 1; q < exits; q++) {
            assertEquals(g[1], g[2 * q + 1], 1e-15, "ties are treated alike");
        }
        assertTrue(Math.abs(g[1]) > 1e-3);
        SplittableRandom random = new SplittableRandom(exits);
        for (int trial = 0; trial < 50; trial++) {
            double[] direction = normals(random, logits.length);
            double[] moved = logits.clone();
            double along = 0;
            for (int i = 0; i < moved.length; i++) {
                moved[i] += STEP * direction[i];
                along += g[i] * direction[i];
            }
            double oneSided = (value(objective, moved, labels) - at) / STEP;
            assertTrue(oneSided <= along + 1e-4, oneSided + " > " + along);
        }
        // l and u move all tied exits alike: there the derivative exists.
        assertEquals(
                slope(0.3, l -> value(objective.with(new SoftRule(Margin.PROBABILITY, 9, l, 0.7)), logits, labels)),
                lower,
                1e-7);
        assertEquals(
                slope(0.7, u -> value(objective.with(new SoftRule(Margin.PROBABILITY, 9, 0.3, u)), logits, labels)),
                upper,
                1e-7);
    }

    /** What the implicit multiplier is made of: derivatives where both thresholds move together in the margin's unit. */
    @ParameterizedTest
    @EnumSource(Margin.class)
    void shiftsAgreeWithFiniteDifferences(Margin margin) {
        SplittableRandom random = new SplittableRandom(3);
        double[] logits = normals(random, 2 * 3 * 20);
        byte[] labels = labels(random, 20);
        Objective objective = objective(random, "path", margin, 3);
        CoupledLoss loss = new CoupledLoss();
        loss.evaluate(objective, logits, labels, 20);
        assertEquals(slope(0, by -> shifted(objective, by, logits, labels).offload()), loss.offloadShift(), 1e-8);
        assertEquals(slope(0, by -> shifted(objective, by, logits, labels).utility()), loss.utilityShift(), 1e-8);
    }

    private static CoupledLoss shifted(Objective objective, double by, double[] logits, byte[] labels) {
        SoftRule rule = objective.rule();
        CoupledLoss loss = new CoupledLoss();
        loss.evaluate(
                objective.with(new SoftRule(
                        rule.margin(),
                        rule.steepness(),
                        moved(rule.margin(), rule.lower(), by),
                        moved(rule.margin(), rule.upper(), by))),
                logits,
                labels,
                labels.length);
        return loss;
    }

    private static double moved(Margin margin, double threshold, double by) {
        return margin == Margin.PROBABILITY
                ? threshold + by
                : 1 / (1 + Math.exp(-(Math.log(threshold / (1 - threshold)) + by)));
    }

    /** For scores away from the thresholds, s tends to the hard decision: the utility to TPR, the offload to OFR, F̃ to FPR. */
    @ParameterizedTest
    @CsvSource({"1, PROBABILITY", "2, LOGIT", "3, PROBABILITY", "5, LOGIT"})
    void pathSurrogateTendsToTheDecisionRule(int exits, Margin margin) {
        SplittableRandom random = new SplittableRandom(exits);
        int batch = 200;
        double lower = 0.3;
        double upper = 0.6;
        double[] logits = normals(random, 2 * batch * exits);
        byte[] labels = labels(random, batch);
        int found = 0;
        int offloaded = 0;
        int positives = 0;
        for (int k = 0; k < batch; k++) {
            boolean critical = false;
            for (int q = 0; q < exits; q++) {
                double c = CoupledLoss.confidence(logits, 2 * (k * exits + q));
                if (Math.min(Math.abs(c - lower), Math.abs(c - upper)) < 1e-3) {
                    logits[2 * (k * exits + q)] += 0.1;
                    c = CoupledLoss.confidence(logits, 2 * (k * exits + q));
                }
                if (c <= lower || c >= upper) {
                    critical = c >= upper;
                    break;
                }
            }
            positives += labels[k];
            offloaded += critical ? 1 : 0;
            found += critical && labels[k] == 1 ? 1 : 0;
        }
        CoupledLoss loss = new CoupledLoss();
        loss.evaluate(path(exits, new SoftRule(margin, 2e5, lower, upper), 0), logits, labels, batch);
        assertEquals((double) found / positives, loss.utility(), 1e-9);
        assertEquals((double) offloaded / batch, loss.offload(), 1e-9);
        assertEquals((double) (offloaded - found) / (batch - positives), loss.falsePositives(), 1e-9);
    }

    /** The published form rewards critical events that stay undecided, which the rule calls normal in the end. */
    @Test
    void publishedSurrogateDoesNotTendToTheDecisionRule() {
        CoupledLoss loss = new CoupledLoss();
        loss.evaluate(
                new Objective(
                        1,
                        List.of(new LossTerm.Published(1.0)),
                        new SoftRule(Margin.PROBABILITY, 1e5, 0.3, 0.6),
                        0,
                        0.1,
                        0,
                        1,
                        new double[] {1}),
                new double[] {0, 0},
                new byte[] {1},
                1);
        assertEquals(1, loss.utility(), 1e-9);
        assertEquals(0, loss.offload(), 1e-9);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 2})
    void crossEntropyAndFocalLossAreTheTextbooks(double gamma) {
        double[] logits = {0.3, -0.2, 1.5, 2.5};
        byte[] labels = {1, 0};
        CoupledLoss loss = new CoupledLoss();
        loss.evaluate(Objective.of(1, List.of(new LossTerm.CrossEntropy(0.5, null, 3.0, gamma))), logits, labels, 2);
        double critical = Math.exp(-0.2) / (Math.exp(0.3) + Math.exp(-0.2));
        double normal = Math.exp(1.5) / (Math.exp(1.5) + Math.exp(2.5));
        double expected = (-3 * Math.pow(1 - critical, gamma) * Math.log(critical)
                        - Math.pow(1 - normal, gamma) * Math.log(normal))
                / 4;
        assertEquals(expected, loss.crossEntropies()[0], 1e-12);
        assertEquals(0.5 * expected, loss.loss(), 1e-12);
        assertTrue(Double.isNaN(loss.utility()));
    }

    @ParameterizedTest
    @EnumSource(Margin.class)
    void extremeLogitsStayFinite(Margin margin) {
        double[] logits = {-800, 800, 800, -800, 0, 0, -1e-300, 1e-300};
        byte[] labels = {1, 1, 0, 0};
        for (double[] thresholds : new double[][] {{1, Double.POSITIVE_INFINITY}, {0, 1}, {0, 0}, {0.5, 0.5}}) {
            CoupledLoss loss = new CoupledLoss();
            Objective objective = path(1, new SoftRule(margin, 1e6, thresholds[0], thresholds[1]), 2);
            List<LossTerm> terms = new ArrayList<>(objective.terms());
            terms.add(new LossTerm.CrossEntropy(1.0, null, null, 2.0));
            loss.evaluate(objective.with(terms), logits, labels, 4);
            assertTrue(Double.isFinite(loss.loss()));
            assertTrue(Double.isFinite(loss.lowerGradient()) && Double.isFinite(loss.upperGradient()));
            for (double g : loss.gradient()) {
                assertTrue(Double.isFinite(g));
            }
        }
    }

    @Test
    void aBatchOfOneKindHasNoRateOfTheOther() {
        SoftRule rule = new SoftRule(Margin.PROBABILITY, 10, 0.2, 0.5);
        CoupledLoss loss = new CoupledLoss();
        loss.evaluate(path(1, rule, 0.5), new double[] {0, 0.5}, new byte[] {0}, 1);
        assertTrue(Double.isNaN(loss.utility()));
        assertTrue(loss.offload() > 0);
        assertTrue(Double.isFinite(loss.loss()));
        loss.evaluate(path(1, rule, 0.5), new double[] {0, 0.5}, new byte[] {1}, 1);
        assertTrue(Double.isNaN(loss.falsePositives()));
        assertTrue(Double.isFinite(loss.loss()));
    }

    @Test
    void objectiveRefusesWhatMakesNoSense() {
        assertThrows(IllegalArgumentException.class, () -> new SoftRule(Margin.LOGIT, 1, 0.5, 0.4));
        assertThrows(IllegalArgumentException.class, () -> new SoftRule(Margin.LOGIT, Double.NaN, 0.1, 0.4));
        assertThrows(IllegalArgumentException.class, () -> new SoftRule(Margin.LOGIT, 1, Double.NaN, 0.4));
        LossTerm two = new LossTerm.CrossEntropy(1.0, List.of(1.0, 1.0), null, null);
        assertThrows(IllegalArgumentException.class, () -> Objective.of(3, List.of(two)));
        assertThrows(IllegalArgumentException.class, () -> new LossTerm.CrossEntropy(1.0, List.of(0.0), null, null));
        assertThrows(IllegalArgumentException.class, () -> new LossTerm.Distillation(1.0, 0.0));
        assertThrows(IllegalArgumentException.class, () -> new LossTerm.Path(-1.0));
    }

    @Test
    void termsSurviveJsonAndUnknownKindsAreNamed() {
        for (LossTerm term : List.of(
                new LossTerm.CrossEntropy(0.5, List.of(1.0, 0.5), 3.0, 2.0),
                PATH,
                new LossTerm.Published(0.25),
                new LossTerm.Distillation(null, null))) {
            assertEquals(term, Json.parse("term", Json.compact(term), LossTerm.class));
        }
        assertEquals(new LossTerm.Path(0.5), Json.parse("term", "{\"kind\":\"path\"}", LossTerm.class));
        UserError unknown =
                assertThrows(UserError.class, () -> Json.parse("term", "{\"kind\":\"hinge\"}", LossTerm.class));
        assertTrue(unknown.getMessage().contains("'hinge'; expected one of: cross_entropy, "), unknown.getMessage());
        UserError missing = assertThrows(UserError.class, () -> Json.parse("term", "{}", LossTerm.class));
        assertTrue(missing.getMessage().contains("kind"), missing.getMessage());
    }

    @Test
    void evaluatingTwiceGivesTheSame() {
        SplittableRandom random = new SplittableRandom(5);
        Objective objective = objective(random, "cross_entropy path published", Margin.PROBABILITY, 3);
        double[] logits = normals(random, 2 * 3 * 7);
        byte[] labels = labels(random, 7);
        CoupledLoss loss = new CoupledLoss();
        loss.evaluate(objective, logits, labels, 7);
        double[] first = loss.gradient().clone();
        loss.evaluate(objective(random, "path", Margin.LOGIT, 2), normals(random, 2 * 2 * 9), labels(random, 9), 9);
        loss.evaluate(objective, logits, labels, 7);
        assertArrayEquals(first, loss.gradient());
    }

    private static Objective path(int exits, SoftRule rule, double multiplier) {
        return new Objective(exits, List.of(PATH), rule, multiplier, 0.1, multiplier, 0.05, new double[exits]);
    }

    private static Objective objective(SplittableRandom random, String kinds, Margin margin, int exits) {
        double lower = 0.05 + random.nextDouble() * 0.5;
        List<Double> weights = new ArrayList<>();
        double[] accuracies = new double[exits];
        for (int q = 0; q < exits; q++) {
            weights.add(0.1 + random.nextDouble() * 2);
            accuracies[q] = 0.5 + random.nextDouble() / 2;
        }
        List<LossTerm> terms = new ArrayList<>();
        for (String kind : kinds.split(" ")) {
            terms.add(
                    switch (kind) {
                        case "cross_entropy" ->
                            new LossTerm.CrossEntropy(
                                    0.5 + random.nextDouble(),
                                    weights,
                                    0.5 + random.nextDouble() * 3,
                                    random.nextBoolean() ? 0 : 3 * random.nextDouble());
                        case "path" -> new LossTerm.Path(0.2 + random.nextDouble());
                        case "published" -> new LossTerm.Published(0.2 + random.nextDouble());
                        default -> new LossTerm.Distillation(0.2 + random.nextDouble(), 0.5 + 3 * random.nextDouble());
                    });
        }
        return new Objective(
                exits,
                terms,
                new SoftRule(
                        margin,
                        (margin == Margin.LOGIT ? 0.3 : 1) * (1 + random.nextDouble() * 15),
                        lower,
                        lower + 0.01 + random.nextDouble() * (0.98 - lower)),
                random.nextDouble(),
                0.12,
                random.nextDouble(),
                0.05,
                accuracies);
    }

    private static double value(Objective objective, double[] logits, byte[] labels) {
        CoupledLoss loss = new CoupledLoss();
        loss.evaluate(objective, logits, labels, labels.length);
        return loss.loss();
    }

    private static double slope(double x, DoubleUnaryOperator f) {
        return (f.applyAsDouble(x + STEP) - f.applyAsDouble(x - STEP)) / (2 * STEP);
    }

    private static double[] normals(SplittableRandom random, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }

    /** At least one critical event. */
    private static byte[] labels(SplittableRandom random, int count) {
        byte[] labels = new byte[count];
        for (int k = 0; k < count; k++) {
            labels[k] = (byte) random.nextInt(2);
        }
        labels[random.nextInt(count)] = 1;
        return labels;
    }
}
