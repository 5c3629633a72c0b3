package org.qexit.allocation.infeasible;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Planner;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.edge.Eavesdropper;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.edge.Radio;

class InfeasibilityTest {
    private static final Instance.Trace TRACE =
            new Instance.Trace(new int[] {1, 0, 1}, new float[][] {{0.9f}, {0.2f}, {0.4f}}, null);

    private static Instance.Device device(String id, int level, double deadlineSeconds, double eveGain, Double hzMax) {
        return new Instance.Device(
                id, 1, level, 1e5, deadlineSeconds, null, hzMax, new Eavesdropper(eveGain, null), TRACE, null, null);
    }

    private static Plan solve(List<Instance.Device> devices, List<EdgeNode> nodes) {
        List<Link> links = devices.stream()
                .flatMap(d -> nodes.stream().map(j -> new Link(d.id(), j.id(), 1e-12)))
                .toList();
        Instance fleet =
                new Instance(Instance.FORMAT, "test", new Radio(2e7, 0.2, 4e-21), devices, nodes, links, null, null);
        return Planner.of(fleet).plan("exact", SolveOptions.defaults());
    }

    private static EdgeNode node(String id, double hz, double units, int level) {
        return new EdgeNode(id, hz, units, level, null);
    }

    private static void assertReason(Plan plan, String... parts) {
        assertEquals(Plan.Status.INFEASIBLE, plan.status());
        for (String part : parts) {
            assertTrue(plan.reasons().get(0).contains(part), part + " not in " + plan.reasons());
        }
    }

    @Test
    void namesDeviceAndConstraint() {
        List<EdgeNode> nodes = List.of(node("en1", 1e6, 10, 2));
        assertReason(
                solve(List.of(device("a", 1, 0.1, 0, null)), nodes),
                "device a",
                "security level 2",
                "is below the device's level 1");
        assertReason(solve(List.of(device("b", 2, 0.1, 1e-12, null)), nodes), "device b", "no secrecy");
        assertReason(
                solve(List.of(device("c", 2, 1e-9, 1e-13, null)), nodes), "device c", "deadline impossible", "bit/s");
        assertReason(
                solve(List.of(device("d", 2, 0.1, 0, 10.0)), nodes), "device d", "above the device's maximum", "Hz");
        assertReason(
                solve(List.of(device("e", 2, 0.1, 0, null)), List.of(node("en1", 1e3, 10, 1))), "is above the node's");
        assertReason(
                solve(List.of(device("f", 2, 0.1, 0, null)), List.of(node("en1", 1e6, 0, 1))),
                "smallest load",
                "compute 0");
    }

    @Test
    void namesASmallConflictingSet() {
        // Two of the three fit into en1; "free" can go to en2 and has no part in the conflict.
        List<Instance.Device> devices = List.of(
                device("x", 1, 0.1, 0, null),
                device("free", 2, 0.1, 0, null),
                device("y", 1, 0.1, 0, null),
                device("z", 1, 0.1, 0, null));
        Plan plan = solve(devices, List.of(node("en1", 1e7, 2, 1), node("en2", 1e7, 5, 2)));
        assertReason(plan, "devices x, y, z", "nodes en1", "3.00000 compute units", "2.00000 units");
    }

    @Test
    void conflictsThatShareNoDeviceAreEachNamedOnce() {
        List<Instance.Device> devices = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        for (String id : List.of("x", "a", "y", "b", "z", "c", "free")) {
            devices.add(device(id, 1, 0.1, 0, null));
            links.add(new Link(id, id.equals("free") ? "en3" : id.compareTo("d") < 0 ? "en2" : "en1", 1e-12));
        }
        List<EdgeNode> nodes = List.of(node("en1", 1e7, 2, 1), node("en2", 1e7, 2, 1), node("en3", 1e7, 2, 1));
        Plan plan = Planner.of(new Instance(
                        Instance.FORMAT, "two", new Radio(2e7, 0.2, 4e-21), devices, nodes, links, null, null))
                .plan("exact", SolveOptions.defaults());
        assertEquals(Plan.Status.INFEASIBLE, plan.status());
        assertEquals(2, plan.reasons().size(), plan.reasons().toString());
        for (String conflict : List.of("devices x, y, z cannot", "devices a, b, c cannot")) {
            assertEquals(
                    1,
                    plan.reasons().stream().filter(r -> r.startsWith(conflict)).count(),
                    conflict);
        }
        plan.reasons().forEach(r -> assertTrue(r.endsWith("without any one of them the others fit"), r));
    }

    /** One conflict over bandwidth and one over compute at once, told alike by every method that proves them. */
    @Test
    void conflictsOfDifferentKindsAreToldTogether() {
        List<Instance.Device> devices = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        for (String id : List.of("x", "a", "y", "b", "c")) {
            devices.add(device(id, 1, 0.1, 0, null));
            links.add(new Link(id, id.compareTo("d") < 0 ? "compute" : "radio", 1e-12));
        }
        Instance wide = new Instance(
                Instance.FORMAT,
                "kinds",
                new Radio(2e7, 0.2, 4e-21),
                devices,
                List.of(node("compute", 1e7, 2, 1), node("radio", 1e7, 10, 1)),
                links,
                null,
                null);
        double need = PlanningProblem.of(wide).needHz(0, 1);
        Instance fleet = new Instance(
                wide.format(),
                wide.name(),
                wide.radio(),
                devices,
                List.of(node("compute", 1e7, 2, 1), node("radio", 1.9 * need, 10, 1)),
                links,
                null,
                null);
        List<String> first = null;
        for (String method : List.of("exact", "benders")) {
            Plan plan = Planner.of(fleet).plan(method, SolveOptions.defaults());
            assertEquals(Plan.Status.INFEASIBLE, plan.status(), method);
            assertEquals(2, plan.reasons().size(), plan.reasons().toString());
            for (String conflict : List.of(
                    "devices a, b, c cannot be served together by nodes compute",
                    "devices x, y cannot be served together by nodes radio")) {
                assertEquals(
                        1,
                        plan.reasons().stream()
                                .filter(r -> r.startsWith(conflict))
                                .count(),
                        conflict + " in " + plan.reasons());
            }
            first = first == null ? plan.reasons() : first;
            assertEquals(first, plan.reasons(), method);
        }
    }

    @Test
    void bandwidthCanConflictToo() {
        List<Instance.Device> devices = List.of(device("x", 1, 0.1, 0, null), device("y", 1, 0.1, 0, null));
        double need = PlanningProblem.of(new Instance(
                        Instance.FORMAT,
                        "one",
                        new Radio(2e7, 0.2, 4e-21),
                        List.of(devices.get(0)),
                        List.of(node("en1", 1e7, 2, 1)),
                        List.of(new Link("x", "en1", 1e-12)),
                        null,
                        null))
                .needHz(0, 0);
        assertReason(solve(devices, List.of(node("en1", 1.9 * need, 10, 1))), "devices x, y", "nodes en1");
        assertEquals(
                Plan.Status.OPTIMAL,
                solve(devices, List.of(node("en1", 2.01 * need, 10, 1))).status());
    }
}
