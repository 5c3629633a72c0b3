package org.qexit.allocation.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.Relaxation;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.infeasible.RelaxedInstance;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.edge.Eavesdropper;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.edge.Radio;

/** Fleets with numbers at the edge of what the format allows: every method ends with a plan that holds, or with reasons. */
class HostileFleetsTest {
    private static final int FLEETS = 60;

    static List<String> names() {
        return Methods.names();
    }

    static double pick(SplittableRandom random, double... values) {
        return values[random.nextInt(values.length)];
    }

    static Instance fleet(long seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("hostile");
        int count = random.nextInt(1, 6);
        int places = random.nextInt(1, 4);
        List<Instance.Device> devices = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            int events = random.nextInt(1, 12);
            int exits = random.nextInt(1, 4);
            int[] labels = new int[events];
            float[][] scores = new float[events][exits];
            int kind = random.nextInt(8);
            for (int k = 0; k < events; k++) {
                // Now and then all normal or all critical; sometimes all scores are 0, 1 or equal.
                labels[k] = kind == 0 ? 0 : kind == 1 ? 1 : random.nextInt(2);
                for (int q = 0; q < exits; q++) {
                    scores[k][q] = kind == 2 ? 1 : kind == 3 ? 0 : kind == 4 ? 0.5f : random.nextInt(11) / 10f;
                }
            }
            if (kind > 1) {
                labels[0] = 1;
            }
            double heard = random.nextInt(2) == 0 ? 0 : Math.pow(10, random.nextDouble(-20, -6));
            devices.add(new Instance.Device(
                    "ue" + n,
                    Math.pow(10, random.nextDouble(-6, 6)),
                    random.nextInt(1, 3),
                    pick(random, 1, 1e5, 1e9),
                    pick(random, 1e-3, 0.1, 1e4),
                    random.nextInt(3) == 0 ? (Double) pick(random, 1e-6, 1e3) : null,
                    random.nextInt(3) == 0 ? (Double) pick(random, 1, 1e9) : null,
                    new Eavesdropper(heard, random.nextInt(3) == 0 ? (Double) 1e-18 : null),
                    new Instance.Trace(labels, scores, null),
                    random.nextInt(3) == 0 ? (Double) pick(random, 1e-6, 1e6) : null,
                    random.nextInt(4) == 0 ? (Double) pick(random, 0, 0.5, 1) : null));
            for (int j = 0; j < places; j++) {
                if (random.nextInt(8) > 0) {
                    double gain = random.nextInt(12) == 0 ? 0 : Math.pow(10, random.nextDouble(-20, -3));
                    links.add(new Link("ue" + n, "en" + j, gain));
                }
            }
        }
        List<EdgeNode> nodes = new ArrayList<>();
        for (int j = 0; j < places; j++) {
            nodes.add(new EdgeNode(
                    "en" + j,
                    pick(random, 0, 1, 1e6, 1e8, 1e12),
                    pick(random, 0, 0.5, 8, 1e7),
                    random.nextInt(1, 3),
                    random.nextInt(3) == 0 ? (Double) pick(random, 0, 1e-9, 0.1, 1e3) : null));
        }
        return new Instance(
                Instance.FORMAT, "hostile" + seed, new Radio(2e7, 0.2, 4e-21), devices, nodes, links, null, null);
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyMethodEndsWithAPlanThatHoldsOrWithReasons(String name) {
        int feasible = 0;
        for (long seed = 1; seed <= FLEETS; seed++) {
            Instance fleet = fleet(seed);
            double kappa = new double[] {0, 0, 1e-6, 1, 1e6}[(int) (seed % 5)];
            PlanningProblem problem = PlanningProblem.of(fleet).withEnergyWeight(kappa);
            Plan plan = Planner.of(problem.instance())
                    .withEnergyWeight(problem.energyWeight())
                    .plan(name, SolveOptions.defaults().withSeconds(3));
            if (plan.isFeasible()) {
                feasible++;
                assertEquals(List.of(), PlanCheck.check(fleet, plan).violations(), "seed " + seed);
                assertTrue(Double.isFinite(plan.objective())
                        && Double.isFinite(plan.energy().expectedJoules()));
                assertTrue(Json.parse("plan", Json.pretty(plan), Plan.class).isFeasible());
            } else {
                assertFalse(plan.reasons().isEmpty(), "seed " + seed);
            }
        }
        assertTrue(feasible > 0, feasible + " feasible");
    }

    @Test
    void infeasibleOnesGetRemediesThatHold() {
        SolveOptions options = SolveOptions.defaults().withSeconds(3);
        int remedies = 0;
        for (long seed = 1; seed <= FLEETS; seed++) {
            PlanningProblem problem = PlanningProblem.of(fleet(seed));
            Planner planner = Planner.of(problem.instance());
            Plan plan = planner.explained(planner.plan("exact", options), options, 0);
            if (plan.relaxations() != null) {
                for (Relaxation relaxation : plan.relaxations()) {
                    Instance changed = RelaxedInstance.of(problem.instance(), relaxation.changes());
                    Plan now = Planner.of(changed).plan("exact", options);
                    assertTrue(now.isFeasible(), "seed " + seed + ": " + relaxation.inWords());
                    remedies++;
                }
            }
        }
        assertTrue(remedies > 0, remedies + " remedies");
    }
}
