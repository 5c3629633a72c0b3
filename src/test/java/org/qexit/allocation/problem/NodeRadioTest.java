package org.qexit.allocation.problem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.RandomStreams;
import org.qexit.edge.DeadlineCurve;
import org.qexit.edge.SecrecyLink;

class NodeRadioTest {
    private static final int GRID = 400;

    private static DeadlineCurve curve(SplittableRandom random) {
        double gain = Math.pow(10, random.nextDouble(7, 10));
        SecrecyLink link = new SecrecyLink(gain, gain * random.nextDouble(0, 0.3));
        double rate = 1e6;
        double least = link.leastBandwidthHz(rate, 0.2) * (1 + 1e-12);
        return DeadlineCurve.of(link, rate, least, Math.max(least, 2e7), 0.2);
    }

    private static DeadlineCurve[] curves(SplittableRandom random, int count) {
        DeadlineCurve[] curves = new DeadlineCurve[count];
        for (int n = 0; n < count; n++) {
            do {
                curves[n] = null;
                try {
                    curves[n] = curve(random);
                } catch (IllegalArgumentException e) {
                    // The limit lies below the rate: draw again.
                }
            } while (curves[n] == null);
        }
        return curves;
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }

    private static double cost(NodeRadio radio, double[] costs) {
        double sum = 0;
        for (int n = 0; n < costs.length; n++) {
            sum += costs[n] * radio.watts()[n];
        }
        return sum;
    }

    /** Two devices: the first one's bandwidth on a fine grid, the second one gets what is left. */
    private static double grid(DeadlineCurve[] curves, double[] costs, double bandwidth, double budget) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i <= GRID * GRID; i++) {
            double share = (double) i / (GRID * GRID);
            double b0 = curves[0].leastHz() * Math.pow(curves[0].mostHz() / curves[0].leastHz(), share);
            double b1 = Math.min(curves[1].mostHz(), bandwidth - b0);
            if (b1 >= curves[1].leastHz()) {
                double p0 = curves[0].watts(b0);
                double p1 = curves[1].watts(b1);
                if (p0 + p1 <= budget) {
                    best = Math.min(best, costs[0] * p0 + costs[1] * p1);
                }
            }
        }
        return best;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void twoDevicesAgreeWithAFineGrid(long seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("pairs");
        int budgets = 0;
        for (int i = 0; i < 6; i++) {
            DeadlineCurve[] curves = curves(random, 2);
            double[] costs = {random.nextDouble(0.02, 3), random.nextDouble(0.02, 3)};
            double bandwidth = (curves[0].leastHz() + curves[1].leastHz()) * random.nextDouble(1, 4);
            double free = sum(NodeRadio.solve(curves, costs, bandwidth, Double.POSITIVE_INFINITY)
                    .watts());
            double fewest = sum(NodeRadio.solve(curves, new double[] {1, 1}, bandwidth, Double.POSITIVE_INFINITY)
                    .watts());
            // From below what is possible to above what is wanted.
            double budget = fewest + (free - fewest) * random.nextDouble(-0.2, 1.2);
            double oracle = grid(curves, costs, bandwidth, budget);
            NodeRadio radio = NodeRadio.solve(curves, costs, bandwidth, budget);
            if (oracle == Double.POSITIVE_INFINITY) {
                // A grid may miss a sliver: then what was found must at least fit.
                assertTrue(radio == null || sum(radio.watts()) <= budget * (1 + 1e-9));
                continue;
            }
            assertNotNull(radio);
            budgets += radio.powerPrice() > 0 ? 1 : 0;
            assertTrue(sum(radio.hz()) <= bandwidth * (1 + 1e-10));
            assertTrue(sum(radio.watts()) <= budget * (1 + 1e-10));
            assertTrue(cost(radio, costs) <= oracle * (1 + 1e-10), "the grid is better");
            assertEquals(oracle, cost(radio, costs), 1e-3 * oracle);
            assertTrue(radio.residual() < 1e-6, "residual " + radio.residual());
        }
        assertTrue(budgets > 0, "no case has a binding budget");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void noFeasibleExchangeIsBetterAndTheDualAgrees(long seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("fleets");
        for (int i = 0; i < 40; i++) {
            int count = random.nextInt(1, 30);
            DeadlineCurve[] curves = curves(random, count);
            double[] costs = random.doubles(count, 1e-3, 1).toArray();
            double least =
                    Arrays.stream(curves).mapToDouble(DeadlineCurve::leastHz).sum();
            double bandwidth = least * random.nextDouble(1, 3);
            NodeRadio free = NodeRadio.solve(curves, costs, bandwidth, Double.POSITIVE_INFINITY);
            double[] equal = new double[count];
            Arrays.fill(equal, 1);
            double fewest = sum(NodeRadio.solve(curves, equal, bandwidth, Double.POSITIVE_INFINITY)
                    .watts());
            double budget = i % 2 == 0
                    ? Double.POSITIVE_INFINITY
                    : fewest + (sum(free.watts()) - fewest) * random.nextDouble(-0.1, 1);
            NodeRadio radio = NodeRadio.solve(curves, costs, bandwidth, budget);
            if (radio == null) {
                assertTrue(budget <= fewest * (1 + 1e-9));
                continue;
            }
            assertTrue(radio.residual() < 1e-6, "residual " + radio.residual());
            double dual = -radio.bandwidthPrice() * bandwidth;
            if (budget < Double.POSITIVE_INFINITY) {
                dual -= radio.powerPrice() * budget;
            }
            for (int n = 0; n < count; n++) {
                double perWatt = costs[n] + radio.powerPrice();
                double b = curves[n].bestHz(radio.bandwidthPrice() / perWatt);
                dual += radio.bandwidthPrice() * b + perWatt * curves[n].watts(b);
            }
            double primal = cost(radio, costs);
            assertTrue(dual <= primal * (1 + 1e-9));
            assertEquals(primal, dual, 1e-6 * primal * (1 + radio.powerPrice()));
        }
    }

    @Test
    void withoutCostAndBudgetItIsTheProjection() {
        DeadlineCurve[] curves = curves(RandomStreams.of(3).stream("free"), 5);
        double[] least =
                Arrays.stream(curves).mapToDouble(DeadlineCurve::leastHz).toArray();
        NodeRadio radio = NodeRadio.solve(curves, new double[5], sum(least), Double.POSITIVE_INFINITY);
        assertArrayEquals(least, radio.hz());
        assertArrayEquals(new double[] {0.2, 0.2, 0.2, 0.2, 0.2}, radio.watts());
        assertEquals(0, radio.residual());
        assertNull(NodeRadio.solve(curves, new double[5], sum(least) * (1 - 1e-6), Double.POSITIVE_INFINITY));
    }

    @Test
    void aTighterBudgetNeedsMoreBandwidthUntilNoneSuffices() {
        DeadlineCurve[] curves = curves(RandomStreams.of(4).stream("budget"), 4);
        double before = 0;
        double smallest =
                Arrays.stream(curves).mapToDouble(DeadlineCurve::leastWatts).sum();
        for (double budget = 0.8; budget > smallest; budget *= 0.8) {
            NodeRadio radio = NodeRadio.leastBandwidth(curves, budget);
            assertTrue(sum(radio.hz()) >= before);
            assertTrue(sum(radio.watts()) <= budget * (1 + 1e-10));
            assertTrue(radio.residual() < 1e-6);
            before = sum(radio.hz());
        }
        assertNull(NodeRadio.leastBandwidth(curves, smallest * 0.999));
    }
}
