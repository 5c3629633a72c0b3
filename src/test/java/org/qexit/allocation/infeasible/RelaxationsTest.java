package org.qexit.allocation.infeasible;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.Relaxation;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Planner;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.common.RandomStreams;
import org.qexit.edge.EdgeNode;

class RelaxationsTest {
    private static final SolveOptions OPTIONS = SolveOptions.defaults().withSeconds(20);

    private static Plan solve(Instance fleet) {
        Planner planner = Planner.of(fleet);
        return planner.explained(planner.plan("exact", OPTIONS), OPTIONS, 0);
    }

    /** Random fleets with node capacities scaled down, so that most do not fit. */
    private static Instance tight(long seed, int devices, int nodes) {
        SplittableRandom random = RandomStreams.of(seed).stream("tight");
        Instance fleet = Fleets.random(seed, devices, nodes);
        double hz = random.nextDouble(0.3, 1);
        double units = random.nextDouble(0.2, 0.8);
        return withNodes(
                fleet,
                fleet.nodes().stream()
                        .map(j -> new EdgeNode(
                                j.id(),
                                j.bandwidthHz() * hz,
                                Math.floor(j.computeUnits() * units),
                                j.securityLevel(),
                                null))
                        .toList());
    }

    private static Instance withNodes(Instance fleet, List<EdgeNode> nodes) {
        return new Instance(
                fleet.format(), fleet.name(), fleet.radio(), fleet.devices(), nodes, fleet.links(), null, null);
    }

    /** The least value of one number over all placements of the devices, by trying every one; +∞ if no value suffices. */
    private static double enumerate(FitProblem fit, Relaxation.Kind kind, int index) {
        int nodes = fit.nodes.size();
        double best = Double.POSITIVE_INFINITY;
        for (int code = 0; code < Math.pow(nodes, fit.devices()); code++) {
            double[] hz = new double[nodes];
            double[] units = new double[nodes];
            int rest = code;
            int at = -1;
            for (int n = 0; n < fit.devices(); n++, rest /= nodes) {
                int j = rest % nodes;
                units[j] += fit.load[n];
                if (kind == Relaxation.Kind.DEADLINE && n == index) {
                    at = j;
                } else {
                    hz[j] += fit.need[n][j];
                }
            }
            double needed = 0;
            for (int j = 0; j < nodes; j++) {
                EdgeNode node = fit.nodes.get(j);
                boolean hzFree = kind == Relaxation.Kind.BANDWIDTH && j == index;
                boolean unitsFree = kind == Relaxation.Kind.COMPUTE && j == index;
                if (!hzFree && hz[j] > node.bandwidthHz() || !unitsFree && units[j] > node.computeUnits()) {
                    needed = Double.POSITIVE_INFINITY;
                } else if (hzFree || unitsFree) {
                    needed = Math.max(needed, hzFree ? hz[j] : units[j]);
                }
            }
            if (at >= 0 && needed == 0) {
                var user = fit.users.get(index);
                double free = Math.min(fit.nodes.get(at).bandwidthHz() - hz[at], user.bandwidthMaxHz());
                boolean level = fit.nodes.get(at).securityLevel() <= user.securityLevel();
                double rate = level ? fit.link(index, at).bitsPerSecond(free, user.powerMaxWatts()) : 0;
                needed = rate > 0 ? user.featureBits() / rate : Double.POSITIVE_INFINITY;
            }
            best = Math.min(best, needed);
        }
        return best;
    }

    private static Double found(Plan plan, Relaxation.Kind kind, String id) {
        return plan.relaxations().stream()
                .filter(r -> r.changes().size() == 1)
                .map(r -> r.changes().get(0))
                .filter(c -> c.kind() == kind && c.id().equals(id))
                .map(Relaxation.Change::to)
                .findFirst()
                .orElse(null);
    }

    private static void assertLeast(FitProblem fit, Plan plan, Relaxation.Kind kind, int index, String id) {
        double oracle = enumerate(fit, kind, index);
        Double found = found(plan, kind, id);
        // Only deadlines up to a million times the present one are proposed.
        if (oracle == Double.POSITIVE_INFINITY || kind == Relaxation.Kind.DEADLINE && oracle > 9e4) {
            assertNull(found, () -> kind + " " + id + " cannot help");
        } else {
            assertEquals(oracle, found, 3e-5 * oracle, () -> kind + " " + id);
        }
    }

    @Test
    void everySingleChangeIsTheLeastThatEnumerationFinds() {
        int infeasible = 0;
        int several = 0;
        for (long seed = 1; seed <= 60; seed++) {
            Instance fleet = tight(seed, 2 + (int) (seed % 4), 1 + (int) (seed % 3));
            Plan plan = solve(fleet);
            if (plan.status() != Plan.Status.INFEASIBLE) {
                assertNull(plan.relaxations());
                continue;
            }
            infeasible++;
            FitProblem fit = FitProblem.of(PlanningProblem.of(fleet));
            if (fit == null) {
                assertEquals(List.of(), plan.relaxations(), "no capacity gives a device a true positive");
                continue;
            }
            for (int j = 0; j < fit.nodes.size(); j++) {
                String id = fit.nodes.get(j).id();
                assertLeast(fit, plan, Relaxation.Kind.BANDWIDTH, j, id);
                assertLeast(fit, plan, Relaxation.Kind.COMPUTE, j, id);
            }
            for (int n = 0; n < fit.devices(); n++) {
                assertLeast(
                        fit, plan, Relaxation.Kind.DEADLINE, n, fit.users.get(n).id());
            }
            for (Relaxation relaxation : plan.relaxations()) {
                several += relaxation.changes().size() > 1 ? 1 : 0;
                Instance changed = RelaxedInstance.of(fleet, relaxation.changes());
                assertTrue(Planner.of(changed).plan("exact", OPTIONS).isFeasible());
                assertTrue(relaxation.changes().size() > 1 || relaxation.proved());
            }
        }
        assertTrue(infeasible >= 20, infeasible + " fleets are infeasible");
        assertTrue(several > 0, "no fleet needs several changes");
    }

    @Test
    void theConflictIsIrreducible() {
        int conflicts = 0;
        for (long seed = 1; seed <= 60; seed++) {
            PlanningProblem problem = PlanningProblem.of(tight(seed, 5, 2));
            if (!problem.unservable().isEmpty()) {
                continue;
            }
            FitProblem fit = FitProblem.of(problem);
            Deadline deadline = Deadline.after(60, OPTIONS.stop());
            if (!FitSearch.solve(fit, OPTIONS, deadline).fits()) {
                Infeasibility.Conflict conflict = Infeasibility.conflict(fit, OPTIONS, deadline);
                assertTrue(conflict.irreducible());
                assertFalse(fits(fit.only(conflict.devices())));
                for (Integer n : conflict.devices()) {
                    List<Integer> others = conflict.devices().stream()
                            .filter(d -> !d.equals(n))
                            .toList();
                    assertTrue(others.isEmpty() || fits(fit.only(others)));
                }
                conflicts++;
            }
        }
        assertTrue(conflicts > 3, conflicts + " conflicts");
    }

    /** Plain enumeration: no value is changed, and one that is never short stands for it. */
    private static boolean fits(FitProblem fit) {
        return enumerate(fit, Relaxation.Kind.COMPUTE, 0) <= fit.nodes.get(0).computeUnits();
    }

    @Test
    void aPowerBudgetIsRelaxedToo() {
        int budgets = 0;
        for (long seed = 1; seed <= 30; seed++) {
            Instance fleet = roomy(Fleets.random(seed, 3, 1), 0.004);
            if (fleet.devices().stream().anyMatch(device -> device.maxFalsePositiveRate() != null)) {
                continue;
            }
            Plan free = solve(roomy(fleet, 1));
            Plan plan = solve(fleet);
            if (free.isFeasible() && !plan.isFeasible()) {
                assertEquals(Plan.Status.INFEASIBLE, plan.status());
                Double watts = found(plan, Relaxation.Kind.POWER, "en0");
                assertTrue(watts != null && watts > 0.004, "no power in " + plan.relaxations());
                Instance less = roomy(fleet, watts * 0.9999);
                assertFalse(solve(less).isFeasible());
                budgets++;
            }
        }
        assertTrue(budgets > 0);
    }

    /** One node that everybody may use, with room for all but the power given. */
    private static Instance roomy(Instance fleet, double watts) {
        return withNodes(fleet, List.of(new EdgeNode("en0", 5e6, 50, 1, watts)));
    }
}
