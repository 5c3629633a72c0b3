package org.qexit.allocation.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.qexit.allocation.SearchPart;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.EveryChoice;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;
import org.qexit.common.RandomStreams;

/**
 * What prices and moves owe, against trying everything on small fleets: any prices give a bound, any run of moves ends with an
 * assignment whose sums stay within the capacities and that is worth no more than the optimum.
 */
class InnerSearchesTest {
    private static final SolveOptions OPTIONS = SolveOptions.defaults();

    private record Case(long seed, JointModel model, double optimum) {
        Search search() {
            return new Search(model, OPTIONS, deadline());
        }
    }

    private static final List<Case> CASES = new ArrayList<>();

    private static Deadline deadline() {
        return Deadline.after(60, OPTIONS.stop());
    }

    @BeforeAll
    static void fleets() {
        for (long seed = 1; seed <= 60; seed++) {
            JointModel model = EveryChoice.model(seed, 4 + (int) (seed % 2), seed % 3 == 0 ? 3 : 2);
            double optimum = model == null ? Double.NEGATIVE_INFINITY : EveryChoice.best(model);
            if (optimum > Double.NEGATIVE_INFINITY) {
                CASES.add(new Case(seed, model, optimum));
            }
        }
        assertTrue(CASES.size() > 25, CASES.size() + " fleets fit");
    }

    /** L(α, β) as it is written, by another loop than the search's. */
    private static double lagrangian(JointModel model, double[] alpha, double[] beta) {
        double total = 0;
        for (int j = 0; j < model.nodes; j++) {
            total += alpha[j] * model.bandwidth[j] + beta[j] * model.compute[j];
        }
        for (int n = 0; n < model.devices; n++) {
            double best = Double.NEGATIVE_INFINITY;
            for (int j : model.allowed[n]) {
                for (int s = 0; s < model.load[n].length; s++) {
                    best = Math.max(best, model.value[n][s] - alpha[j] * model.need[n][j] - beta[j] * model.load[n][s]);
                }
            }
            total += best;
        }
        return total;
    }

    @Test
    void capacityPricesBoundTheOptimumWhereverTheyStop() {
        for (Case c : CASES) {
            for (boolean common : new boolean[] {true, false}) {
                CapacityPrices prices = new CapacityPrices(c.model, common);
                double before = Double.POSITIVE_INFINITY;
                for (int steps : new int[] {1, 3, 20, 300}) {
                    prices.run(steps, deadline());
                    assertTrue(prices.bound >= c.optimum - 1e-9, "seed " + c.seed + ": " + prices.bound);
                    assertTrue(prices.bound <= before);
                    assertEquals(lagrangian(c.model, prices.alpha, prices.beta), prices.bound, 1e-9);
                    before = prices.bound;
                }
            }
        }
    }

    @Test
    void reducedCostsBoundWhatAForcedPairIsWorth() {
        int pairs = 0;
        for (Case c : CASES) {
            CapacityPrices prices = new CapacityPrices(c.model).converge(deadline());
            for (int n = 0; n < c.model.devices; n++) {
                for (int j : c.model.allowed[n]) {
                    double forced = EveryChoice.best(c.model, n, j);
                    assertTrue(prices.bound - prices.reducedCost(n, j) >= forced - 1e-9, "seed " + c.seed);
                    pairs++;
                }
            }
        }
        assertTrue(pairs > 200, pairs + " pairs");
    }

    @Test
    void nodePricesBoundTheOptimumAtAnyPricesAndTheirSetsHold() {
        for (Case c : CASES) {
            SplittableRandom random = RandomStreams.of(c.seed).stream("prices");
            NodePricing pricing = new KnapsackPricing(c.model, true, Deadline.after(60, new AtomicBoolean()));
            Branch root = Branch.root(c.model);
            for (int trial = 0; trial < 10; trial++) {
                double[] y = random.doubles(c.model.devices, 0, 3).toArray();
                List<Column> fresh = new ArrayList<>();
                assertTrue(pricing.bound(y, root, fresh) >= c.optimum - 1e-9, "seed " + c.seed);
                for (Column column : fresh) {
                    double hz = 0;
                    double units = 0;
                    for (int i = 0; i < column.devices().length; i++) {
                        hz += c.model.need[column.devices()[i]][column.node()];
                        units += c.model.load[column.devices()[i]][column.steps()[i]];
                    }
                    assertTrue(hz <= c.model.bandwidth[column.node()] && units <= c.model.compute[column.node()]);
                }
            }
        }
    }

    @Test
    void annealingEndsWithAnAssignmentThatFits() {
        int found = 0;
        int best = 0;
        for (Case c : CASES) {
            CapacityPrices prices = new CapacityPrices(c.model).converge(deadline());
            double scale = Math.max(1e-6, Math.abs(prices.bound) / c.model.devices);
            SplittableRandom random = RandomStreams.of(c.seed).stream("annealing");
            int[] start = anywhere(c.model, random);
            int[] node = new Annealing(c.model, prices, random)
                    .run(start, 4000, new Annealing.Schedule(0.2, 2e-3, 20, 300).times(scale), deadline());
            if (node == null) {
                continue;
            }
            found++;
            Assignment divided = Assignment.divide(c.model, node, new NodeKnapsack(c.model));
            assertNotNull(divided, "seed " + c.seed + ": what it calls fitting does not fit");
            EveryChoice.assertHolds(c.model, divided);
            assertTrue(divided.value() <= c.optimum + 1e-9);
            best += divided.value() >= c.optimum - 1e-9 ? 1 : 0;
        }
        assertTrue(found >= 0.9 * CASES.size(), found + " found");
        assertTrue(best >= 0.5 * CASES.size(), best + " optimal");
    }

    @Test
    void polishingNeverLosesAndItsMovesKeepTheSums() {
        int tried = 0;
        int optimal = 0;
        for (Case c : CASES) {
            SplittableRandom random = RandomStreams.of(c.seed).stream("polishing");
            Assignment start = fitting(c.model, random);
            if (start == null) {
                continue;
            }
            tried++;
            double hot = 0.02 * (1 + Math.abs(c.optimum));
            int[] node = new Polishing(c.search(), random).run(start.node(), hot, Double.POSITIVE_INFINITY);
            Assignment divided = Assignment.divide(c.model, node, new NodeKnapsack(c.model));
            assertNotNull(divided, "seed " + c.seed);
            EveryChoice.assertHolds(c.model, divided);
            boolean whole = wholeLoads(c.model);
            // Loads that are not whole are rounded up to cells: then the start may be worth a little less to it.
            assertTrue(!whole || divided.value() >= start.value() - 1e-9, "seed " + c.seed);
            assertTrue(divided.value() <= c.optimum + 1e-9);
            optimal += divided.value() >= c.optimum - 1e-9 ? 1 : 0;
        }
        assertTrue(tried > 15, tried + " tried");
        assertTrue(optimal >= 0.8 * tried, optimal + " of " + tried + " optimal");
    }

    @Test
    void dealingNodesAnewNeverLosesAndMostlyEndsAtTheOptimum() {
        int tried = 0;
        int optimal = 0;
        int starts = 0;
        for (Case c : CASES) {
            SplittableRandom random = RandomStreams.of(c.seed).stream("exchanges");
            Assignment start = fitting(c.model, random);
            if (start == null || c.model.nodes < 3) {
                continue;
            }
            tried++;
            CapacityPrices prices = new CapacityPrices(c.model).converge(deadline());
            Assignment found = new NodeExchanges(c.search()).improve(start, prices.bound, prices.devicePrices());
            EveryChoice.assertHolds(c.model, found);
            assertTrue(found.value() >= start.value(), "seed " + c.seed);
            assertTrue(found.value() <= c.optimum + 1e-9);
            optimal += found.value() >= c.optimum - 1e-9 ? 1 : 0;
            starts += start.value() >= c.optimum - 1e-9 ? 1 : 0;
            double own = found.value();
            assertEquals(
                    own,
                    new NodeExchanges(c.search())
                            .improve(start, prices.bound, prices.devicePrices())
                            .value(),
                    0);
        }
        assertTrue(tried > 8, tried + " tried");
        assertTrue(optimal >= 0.7 * tried, optimal + " of " + tried + " optimal, " + starts + " at the start");
    }

    @Test
    void nodesAreDealtAnewOnlyWhereTheGapIsLarge() {
        Case c = CASES.stream().filter(one -> one.model.nodes == 3).findFirst().orElseThrow();
        Assignment start = null;
        for (int i = 0; start == null; i++) {
            start = fitting(c.model, RandomStreams.of(i).stream("start"));
        }
        double[] y = new CapacityPrices(c.model).converge(deadline()).devicePrices();
        NodeExchanges exchanges = new NodeExchanges(c.search());
        assertSame(start, exchanges.improve(start, start.value(), y));
        Search without = new Search(c.model, OPTIONS.without(Set.of(SearchPart.EXCHANGES)), deadline());
        assertSame(start, new NodeExchanges(without).improve(start, Double.POSITIVE_INFINITY, y));
    }

    @Test
    void aPartOfAModelHoldsWhatTheWholeHolds() {
        for (Case c : CASES) {
            JointModel whole = c.model;
            int[] devices = {2, 0};
            int[] nodes = {whole.nodes - 1, 0};
            JointModel part = whole.part(devices, nodes);
            for (int i = 0; i < devices.length; i++) {
                int n = devices[i];
                assertEquals(whole.hull[n].length, part.load[i].length);
                for (int s = 0; s < part.load[i].length; s++) {
                    assertEquals(whole.load[n][whole.hull[n][s]], part.load[i][s]);
                    assertEquals(whole.value[n][whole.hull[n][s]], part.value[i][s]);
                }
                for (int k = 0; k < nodes.length; k++) {
                    assertEquals(whole.need[n][nodes[k]], part.need[i][k]);
                    assertEquals(whole.canServe(n, nodes[k]), part.canServe(i, k));
                    assertEquals(whole.penalty(n, nodes[k]), part.penalty(i, k));
                }
                assertTrue(part.bestStep(i, 0) == part.load[i].length - 1);
            }
            assertEquals(whole.top[2] + whole.top[0], part.offset, 1e-12);
        }
    }

    @Test
    void polishingStopsAtOnceWhereTheStartIsEnough() {
        Case c = CASES.get(0);
        Assignment start = null;
        for (int i = 0; start == null; i++) {
            start = fitting(c.model, RandomStreams.of(i).stream("start"));
        }
        int[] node = new Polishing(c.search(), RandomStreams.of(1).stream("none"))
                .run(start.node(), 1, Double.NEGATIVE_INFINITY);
        assertArrayEquals(start.node(), node);
    }

    private static boolean wholeLoads(JointModel model) {
        for (double[] loads : model.load) {
            for (double load : loads) {
                if (load != Math.rint(load)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int[] anywhere(JointModel model, SplittableRandom random) {
        int[] node = new int[model.devices];
        for (int n = 0; n < node.length; n++) {
            node[n] = model.allowed[n][random.nextInt(model.allowed[n].length)];
        }
        return node;
    }

    private static Assignment fitting(JointModel model, SplittableRandom random) {
        for (int i = 0; i < 200; i++) {
            Assignment found = Assignment.divide(model, anywhere(model, random), new NodeKnapsack(model));
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
