package org.qexit.data.bowles;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.qexit.common.Hashing;

/** Against what NumPy 2.4 makes of the same recipes: hashes, labels and weighted sums of all 228 files. */
class SyntheticSetsTest {
    private static Map<String, String[]> numpy() throws IOException {
        Map<String, String[]> lines = new HashMap<>();
        try (InputStream in = SyntheticSetsTest.class.getResourceAsStream("/bowles/numpy.csv")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .forEach(line -> lines.put(line.substring(0, line.indexOf(',')), line.split(",")));
        }
        return lines;
    }

    @Test
    void allSetsAreThePublishedOnes() throws Exception {
        Map<String, String[]> numpy = numpy();
        List<String> seen = new ArrayList<>();
        SyntheticSets.published(set -> {
            compare(numpy, set, "_train.csv", set.train(), seen);
            compare(numpy, set, "_test.csv", set.test(), seen);
        });
        assertEquals(228, seen.size());
        assertEquals(numpy.keySet(), java.util.Set.copyOf(seen));
    }

    private static void compare(
            Map<String, String[]> numpy, SyntheticSet set, String ending, int[] rows, List<String> seen) {
        String name = set.name() + ending;
        String[] right = numpy.get(name);
        seen.add(name);
        if (!right[1].isEmpty()) {
            String text = SyntheticFiles.text(set, rows);
            assertEquals(right[1], Hashing.sha256Hex(text.getBytes(StandardCharsets.UTF_8)), name);
        }
        long labels = 0;
        double weighted = 0;
        for (int i = 0; i < rows.length; i++) {
            labels += (i + 1L) * set.labels()[rows[i]];
            for (int j = 0; j < set.width(); j++) {
                weighted += ((31 * i + 7 * j) % 97 - 48) * set.features()[rows[i]][j];
            }
        }
        assertEquals(Integer.parseInt(right[2]), rows.length, name);
        assertEquals(Long.parseLong(right[3]), labels, name);
        assertEquals(Double.parseDouble(right[4]), weighted, 1e-8, name);
    }

    @Test
    void anotherSeedGivesOtherSets() {
        Map<String, SyntheticSet> published = new HashMap<>();
        Map<String, SyntheticSet> other = new HashMap<>();
        SyntheticSets.published(set -> published.put(set.name(), set));
        SyntheticSets.seeded(7, set -> other.put(set.name(), set));
        assertEquals(published.keySet(), other.keySet());
        for (SyntheticSet set : other.values()) {
            SyntheticSet before = published.get(set.name());
            assertTrue(set.features()[0][0] != before.features()[0][0], set.name());
            assertEquals(before.width(), set.width());
            assertEquals(240, set.train().length);
            assertEquals(60, set.test().length);
        }
        assertThrows(IllegalArgumentException.class, () -> new LegacyRandom(-1));
    }

    @Test
    void drawsAreNumPys() {
        // numpy.random.RandomState(42).rand(3), .normal(size=3), .permutation(8)
        LegacyRandom random = new LegacyRandom(42);
        assertArrayEquals(new double[] {0.3745401188473625, 0.9507143064099162, 0.7319939418114051}, random.uniform(3));
        random = new LegacyRandom(42);
        assertArrayEquals(
                new double[] {0.4967141530112327, -0.13826430117118466, 0.6476885381006925}, random.normal(3));
        random = new LegacyRandom(42);
        assertArrayEquals(new int[] {1, 5, 0, 7, 2, 4, 3, 6}, random.permutation(8));
        assertArrayEquals(new int[] {0}, random.permutation(1));
    }

    @Test
    void logarithmsAreCorrectlyRounded() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 300; i++) {
            double x = i % 3 == 0 ? 1 + (random.nextDouble() - 0.5) * 1e-6 : Math.scalb(random.nextDouble(), -(i % 40));
            assertEquals(rounded(x), Logarithm.of(x), String.valueOf(x));
        }
        assertEquals(0.0, Logarithm.of(1));
        assertEquals(rounded(Double.MIN_NORMAL), Logarithm.of(Double.MIN_NORMAL));
        assertEquals(rounded(Double.MAX_VALUE), Logarithm.of(Double.MAX_VALUE));
    }

    /** ln x to 50 digits: y with exp(y) = x by Newton's steps from a double. */
    private static double rounded(double x) {
        MathContext context = new MathContext(60);
        BigDecimal exact = new BigDecimal(x);
        BigDecimal y = new BigDecimal(Math.log(x));
        for (int step = 0; step < 3; step++) {
            y = y.add(exact.multiply(exp(y.negate(), context), context).subtract(BigDecimal.ONE), context);
        }
        return y.doubleValue();
    }

    private static BigDecimal exp(BigDecimal y, MathContext context) {
        // exp(y) = exp(y / 2^k)^(2^k)
        int halvings = 16;
        BigDecimal small = y.divide(BigDecimal.valueOf(1L << halvings), context);
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ONE;
        for (int k = 1; k < 40; k++) {
            term = term.multiply(small, context).divide(BigDecimal.valueOf(k), context);
            sum = sum.add(term, context);
        }
        for (int k = 0; k < halvings; k++) {
            sum = sum.multiply(sum, context);
        }
        return sum;
    }

    @Test
    void numbersAreWrittenAsByC() {
        assertEquals("1.000000000000000000e+00", SyntheticFiles.number(1));
        assertEquals("-1.000000000000000000e+00", SyntheticFiles.number(-1));
        assertEquals("1.000000000000000056e-01", SyntheticFiles.number(0.1));
        assertEquals("-0.000000000000000000e+00", SyntheticFiles.number(-0.0));
        assertEquals("1.797693134862315708e+308", SyntheticFiles.number(Double.MAX_VALUE));
        assertEquals("4.940656458412465442e-324", SyntheticFiles.number(Double.MIN_VALUE));
        assertEquals("1.250000000000000000e+02", SyntheticFiles.number(125));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertEquals(value, Double.parseDouble(SyntheticFiles.number(value)));
            }
        }
    }
}
