package org.qexit.allocation.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.allocation.Exhaustive;
import org.qexit.allocation.Instance;
import org.qexit.allocation.MoveFacts;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.edge.EdgeNode;

class ReoptimisationTest {
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 60);
    }

    /** One of: a device gone, a device new, a node with other capacities, another trace. */
    private static Instance changed(Instance fleet, long seed) {
        List<Instance.Device> devices = new ArrayList<>(fleet.devices());
        List<EdgeNode> nodes = new ArrayList<>(fleet.nodes());
        switch ((int) (seed % 4)) {
            case 0 -> devices.remove(devices.size() - 1);
            case 1 -> {
                EdgeNode node = nodes.get(0);
                nodes.set(
                        0,
                        new EdgeNode(
                                node.id(),
                                node.bandwidthHz() * 0.7,
                                Math.floor(node.computeUnits() * 0.7),
                                node.securityLevel(),
                                null));
            }
            case 2 -> devices.set(0, devices.get(0).withTrace(devices.get(1).trace()));
            default -> {
                EdgeNode node = nodes.get(nodes.size() - 1);
                nodes.set(
                        nodes.size() - 1,
                        new EdgeNode(
                                node.id(),
                                node.bandwidthHz() * 1.5,
                                node.computeUnits() + 4,
                                node.securityLevel(),
                                null));
            }
        }
        var links = fleet.links().stream()
                .filter(link -> devices.stream().anyMatch(d -> d.id().equals(link.device())))
                .toList();
        return new Instance(
                Instance.FORMAT, fleet.name() + "-changed", fleet.radio(), devices, nodes, links, null, null);
    }

    private static double net(PlanningProblem problem, Plan previous, double cost) {
        Map<String, String> before = new LinkedHashMap<>();
        previous.devices().forEach(device -> before.put(device.id(), device.node()));
        return Exhaustive.best(problem, (n, j, s) -> {
            String old = before.get(problem.user(n).id());
            boolean moves =
                    old != null && !old.equals(problem.instance().nodes().get(j).id());
            return problem.user(n).weight() * Math.log(problem.staircase(n).utility(s)) - (moves ? cost : 0);
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void findsTheNetOptimumThatTryingAllFinds(long seed) {
        Instance fleet = Exhaustive.fleet(seed, 4, 2 + (int) (seed % 2));
        Plan previous = Planner.of(fleet).plan("exact", SolveOptions.defaults());
        if (!previous.isFeasible()) {
            return;
        }
        Instance after = changed(fleet, seed);
        PlanningProblem problem = PlanningProblem.of(after);
        for (double cost : new double[] {0, 0.1, 5}) {
            double oracle = net(problem, previous, cost);
            Plan plan = Planner.of(problem.instance()).replanned(previous, cost, SolveOptions.defaults());
            assertEquals(oracle > Double.NEGATIVE_INFINITY, plan.isFeasible());
            if (plan.isFeasible()) {
                MoveFacts moves = plan.moves();
                assertEquals(Plan.Status.OPTIMAL, plan.status());
                assertEquals(oracle, moves.netObjective(), 1e-9);
                assertTrue(moves.netBound() >= oracle - 1e-9);
                assertEquals(plan.objective() - cost * moves.moved().size(), moves.netObjective(), 1e-9);
                assertTrue(moves.stayObjective() == null || moves.stayObjective() <= moves.netObjective() + 1e-9);
                PlanCheck.Report report = PlanCheck.check(after, Json.parse("plan", Json.pretty(plan), Plan.class));
                assertEquals(List.of(), report.violations());
            }
        }
    }

    @Test
    void newDevicesAreFreeAndNobodyMovesAtAHighCost() {
        int tried = 0;
        for (long seed = 1; seed <= 40; seed++) {
            Instance whole = Exhaustive.fleet(seed, 4, 2);
            Instance part = changed(whole, 0);
            Plan previous = Planner.of(part).plan("exact", SolveOptions.defaults());
            PlanningProblem problem = PlanningProblem.of(whole);
            if (!previous.isFeasible() || !problem.unservable().isEmpty()) {
                continue;
            }
            double oracle = net(problem, previous, 100);
            if (oracle < -90) {
                continue;
            }
            tried++;
            Plan plan = Planner.of(problem.instance()).replanned(previous, 100, SolveOptions.defaults());
            assertEquals(List.of("ue3"), plan.moves().free());
            assertEquals(List.of(), plan.moves().moved());
            assertEquals(oracle, plan.moves().netObjective(), 1e-9);
        }
        assertTrue(tried > 5);
    }

    @Test
    void falseMovesAreFound() {
        Instance fleet = Exhaustive.fleet(7, 4, 2);
        PlanningProblem problem = PlanningProblem.of(fleet);
        Plan previous = Planner.of(problem.instance()).plan("exact", SolveOptions.defaults());
        assertTrue(previous.isFeasible());
        Plan plan = Planner.of(problem.instance()).replanned(previous, 0.1, SolveOptions.defaults());
        MoveFacts m = plan.moves();
        String id = plan.devices().get(0).id();
        List<MoveFacts> lies = List.of(
                new MoveFacts(
                        m.previous(),
                        0.1,
                        List.of(new MoveFacts.Move(id, "en0", "en1", 1.0, "")),
                        List.of(),
                        m.netObjective() + (plan.devices().get(0).node().equals("en1") ? 0 : 1),
                        m.netBound(),
                        m.netGap(),
                        null,
                        m.multipliers(),
                        m.tree()),
                new MoveFacts(
                        m.previous(),
                        0.1,
                        m.moved(),
                        m.free(),
                        m.netObjective() + 0.01,
                        m.netBound() + 0.01,
                        m.netGap(),
                        null,
                        m.multipliers(),
                        m.tree()),
                new MoveFacts(
                        m.previous(),
                        0.1,
                        m.moved(),
                        m.free(),
                        m.netObjective(),
                        m.netObjective() - 0.01,
                        -0.01,
                        null,
                        m.multipliers(),
                        m.tree()));
        assertEquals(List.of(), PlanCheck.check(fleet, plan).violations());
        for (MoveFacts lie : lies) {
            assertFalse(
                    PlanCheck.check(fleet, plan.withMoves(lie, plan.status())).isClean(), lie.toString());
        }
    }

    @Test
    void plansOfOtherFleetsAreRefused() {
        Instance fleet = Exhaustive.fleet(7, 4, 2);
        Plan previous = Planner.of(fleet).plan("exact", SolveOptions.defaults());
        Plan foreign = Json.parse(
                "plan", Json.pretty(previous).replace("\"en0\"", "\"x0\"").replace("\"en1\"", "\"x1\""), Plan.class);
        String message = assertThrows(
                        UserError.class, () -> Planner.of(fleet).replanned(foreign, 0.1, SolveOptions.defaults()))
                .getMessage();
        assertTrue(message.contains("another fleet"), message);
    }
}
