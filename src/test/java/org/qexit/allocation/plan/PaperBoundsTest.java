package org.qexit.allocation.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Planner;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.edge.Eavesdropper;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.edge.Radio;

class PaperBoundsTest {
    /** One exit, scores in falling order: w offloads find the positives among the w first. */
    private static Instance.Device device(String id, int level, int... labels) {
        float[][] scores = new float[labels.length][1];
        for (int k = 0; k < labels.length; k++) {
            scores[k][0] = 0.9f - 0.1f * k;
        }
        return new Instance.Device(
                id,
                1,
                level,
                1e5,
                0.1,
                null,
                null,
                new Eavesdropper(1e-14, null),
                new Instance.Trace(labels, scores, null),
                null,
                null);
    }

    private static Plan solve(List<Instance.Device> devices, List<EdgeNode> nodes) {
        List<Link> links = devices.stream()
                .flatMap(d -> nodes.stream().map(node -> new Link(d.id(), node.id(), 1e-12)))
                .toList();
        Instance fleet =
                new Instance(Instance.FORMAT, "paper", new Radio(2e7, 0.2, 4e-21), devices, nodes, links, null, null);
        return Planner.of(fleet).plan("exact", SolveOptions.defaults());
    }

    private static EdgeNode node(String id, int level, double units) {
        return new EdgeNode(id, 1e8, units, level, null);
    }

    /**
     * Two devices with three critical events each, two nodes of the same level with 1 and 4 units: together 5, so the merged nodes
     * give ln(2/3) + ln(3/3); apart, one device has 1 unit and the other 3, or both share 4: ln(2/3) + ln(2/3) is the best.
     */
    @Test
    void lowerBoundCanLieAboveTheOptimum() {
        Plan plan = solve(
                List.of(device("a", 1, 1, 1, 1, 0), device("b", 1, 1, 1, 1, 0)),
                List.of(node("x", 1, 1), node("y", 1, 4)));
        assertEquals(2 * Math.log(2 / 3.0), plan.objective(), 1e-12);
        assertEquals(Plan.Status.OPTIMAL, plan.status());
        assertEquals(Math.log(2 / 3.0), plan.published().paperLb(), 1e-12);
        assertTrue(plan.published().paperLb() > plan.bound());
        assertTrue(plan.published().note().contains("no lower bound"));
    }

    /** A device of level 2 may use the node of level 1, which its own tier may not: here the bound lies below. */
    @Test
    void lowerBoundCanLieBelowTheOptimumAndUpperBoundAbove() {
        Plan plan = solve(
                List.of(device("a", 1, 1, 1, 1, 0), device("b", 2, 1, 1, 1, 0)),
                List.of(node("x", 1, 6), node("y", 2, 1)));
        assertEquals(0, plan.objective(), 1e-12);
        assertEquals(Math.log(1 / 3.0), plan.published().paperLb(), 1e-12);
        assertEquals(0, plan.published().paperUb(), 1e-12);
        assertEquals(-100, plan.published().paperRelativeGap(), 1e-9);
    }

    @Test
    void aLevelWithoutNodesHasNoLowerBound() {
        Plan plan = solve(List.of(device("a", 2, 1, 1, 0)), List.of(node("x", 1, 2)));
        assertNull(plan.published().paperLb());
        assertNull(plan.published().paperRelativeGap());
        assertTrue(plan.published().note().contains("security level 2"));
    }

    @Test
    void upperBoundHoldsOnRandomFleets() {
        int lowerAbove = 0;
        int checked = 0;
        for (long seed = 1; seed <= 200; seed++) {
            PlanningProblem problem = PlanningProblem.of(Fleets.random(seed, 4, 1 + (int) (seed % 3)));
            double oracle = Fleets.enumerate(problem);
            if (oracle > Double.NEGATIVE_INFINITY) {
                Plan.PublishedBounds published = PaperBounds.of(problem, oracle, oracle);
                assertTrue(published.paperUb() >= oracle - 1e-9);
                lowerAbove += published.paperLb() != null && published.paperLb() > oracle + 1e-9 ? 1 : 0;
                checked++;
            }
        }
        assertTrue(checked > 20 && lowerAbove > 0, checked + " fleets, " + lowerAbove + " above");
    }
}
