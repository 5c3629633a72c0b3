package org.qexit.allocation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.EnergyFacts;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.energy.EnergySearchTest;
import org.qexit.allocation.method.Planner;
import org.qexit.allocation.problem.PlanningProblem;

/** Any prices at the leaves of a tree give a bound; what proves nothing is refused. */
class PowerProofTest {
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 120);
    }

    private static Instance fleet(long seed) {
        Instance fleet = Fleets.random(seed, 2 + (int) (seed % 3), 1 + (int) (seed % 2));
        return seed % 3 == 0 ? fleet : Fleets.withPowerBudgets(fleet, new double[] {0.3, 0.8, 2}[(int) (seed % 3)]);
    }

    private static PowerProof proof(Instance fleet, double kappa) {
        Map<String, Map<String, Double>> gains = new HashMap<>();
        fleet.links()
                .forEach(link -> gains.computeIfAbsent(link.device(), key -> new HashMap<>())
                        .put(link.node(), link.gain()));
        PlainFrontier[] frontiers = fleet.devices().stream()
                .map(device -> PlainFrontier.of(device, List.of()))
                .toArray(PlainFrontier[]::new);
        return new PowerProof(fleet, gains, frontiers, kappa);
    }

    private static double[] draw(SplittableRandom random, int size, double low, double high) {
        return random.doubles(size)
                .map(x -> Math.exp(Math.log(low) + x * Math.log(high / low)))
                .toArray();
    }

    private static Certificate.ProofStep leaf(double[] devices, Certificate.NodePrices nodes) {
        return new Certificate.ProofStep(null, null, devices, null, nodes);
    }

    private static Certificate.ProofStep decision(Instance fleet, int n, int j) {
        return new Certificate.ProofStep(
                fleet.devices().get(n).id(), fleet.nodes().get(j).id(), null, null, null);
    }

    /** A random tree with random prices at its leaves. */
    private static List<Certificate.ProofStep> tree(Instance fleet, SplittableRandom random, double kappa) {
        int decisions = random.nextInt(3);
        List<Certificate.ProofStep> steps = new ArrayList<>();
        // In preorder: each decision's first part is a leaf, its second part what follows.
        for (int i = 0; i <= decisions; i++) {
            if (i < decisions) {
                int n = random.nextInt(fleet.devices().size());
                steps.add(decision(fleet, n, random.nextInt(fleet.nodes().size())));
            }
            int nodes = fleet.nodes().size();
            double[] none = new double[nodes];
            double[] nu = draw(random, nodes, 1e-3, 1e2);
            double[] rate = draw(random, nodes, 1e3, 1e8);
            for (int j = 0; j < nodes; j++) {
                if (fleet.nodes().get(j).powerWatts() == null) {
                    nu[j] = 0;
                    rate[j] = 0;
                }
            }
            Certificate.NodePrices prices = kappa > 0
                    ? new Certificate.NodePrices(
                            random.nextBoolean() ? none : draw(random, nodes, 1e-9, 1e-4),
                            draw(random, nodes, 1e-3, 1),
                            nu,
                            null,
                            null)
                    : new Certificate.NodePrices(null, null, null, rate, null);
            steps.add(leaf(draw(random, fleet.devices().size(), 1e-2, 10), prices));
        }
        return steps;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noPricesProveLessThanTheOptimum(long seed) {
        Instance fleet = fleet(seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (double kappa : new double[] {0, 0.3, 3}) {
            double optimum =
                    EnergySearchTest.enumerate(PlanningProblem.of(fleet).withEnergyWeight(kappa));
            PowerProof proof = proof(fleet, kappa);
            for (int i = 0; i < 4; i++) {
                double bound = proof.byTree(tree(fleet, random, kappa));
                assertTrue(bound >= optimum - 1e-9 * Math.abs(optimum), "weight " + kappa + ": " + bound);
            }
        }
    }

    /** Good prices prove the optimum: a tree whose leaves place every device is sharp where steps do not matter. */
    @ParameterizedTest
    @MethodSource("seeds")
    void placedDevicesAreBoundedByTheirNodesPrices(long seed) {
        Instance fleet = fleet(seed);
        int devices = fleet.devices().size();
        int nodes = fleet.nodes().size();
        SplittableRandom random = new SplittableRandom(seed);
        for (double kappa : new double[] {0, 0.5}) {
            double optimum =
                    EnergySearchTest.enumerate(PlanningProblem.of(fleet).withEnergyWeight(kappa));
            List<Certificate.ProofStep> steps = new ArrayList<>();
            place(fleet, 0, devices, nodes, random, steps);
            double bound = proof(fleet, kappa).byTree(steps);
            assertTrue(bound >= optimum - 1e-9 * Math.abs(optimum));
        }
    }

    private static void place(
            Instance fleet, int n, int devices, int nodes, SplittableRandom random, List<Certificate.ProofStep> steps) {
        if (n == devices || nodes == 1) {
            double[] nu = draw(random, nodes, 1e-3, 1);
            for (int j = 0; j < nodes; j++) {
                nu[j] = fleet.nodes().get(j).powerWatts() == null ? 0 : nu[j];
            }
            steps.add(leaf(null, new Certificate.NodePrices(draw(random, nodes, 1e-9, 1e-4), null, nu, null, null)));
            return;
        }
        steps.add(decision(fleet, n, 0));
        place(fleet, n + 1, devices, nodes, random, steps);
        place(fleet, n + 1, devices, nodes, random, steps);
    }

    @Test
    void whatProvesNothingIsRefused() {
        Instance fleet = Fleets.withPowerBudgets(Fleets.random(2, 3, 2), 2);
        PowerProof priced = proof(fleet, 1);
        PowerProof free = proof(fleet, 0);
        double[] devices = {1, 1, 1};
        double[] two = {1, 1};
        assertRefused(priced, "without prices of the nodes", leaf(devices, null));
        assertRefused(priced, "a price for each node", leaf(devices, nodes(null, two, two, null, null)));
        assertRefused(priced, ">= 0", leaf(devices, nodes(two, new double[] {-1, 0}, two, null, null)));
        assertRefused(priced, "a price for each of 3", leaf(new double[] {1, 1}, nodes(two, two, two, null, null)));
        assertRefused(
                priced,
                "a price for each of 3",
                leaf(new double[] {1, 1, Double.NaN}, nodes(two, two, two, null, null)));
        assertRefused(
                free,
                "a price for each node",
                leaf(devices, nodes(null, null, null, new double[] {Double.POSITIVE_INFINITY, 0}, null)));
        assertRefused(free, "does not show", leaf(null, nodes(null, null, null, new double[2], "en0")));
        assertRefused(free, "not here", leaf(null, nodes(null, null, null, new double[2], "moon")));
        assertRefused(priced, "several nodes", leaf(null, nodes(two, null, two, null, null)));
        assertThrows(IllegalArgumentException.class, () -> priced.byTree(List.of()));
        Instance open = Fleets.random(2, 3, 2);
        assertRefused(proof(open, 1), "without a power budget", leaf(devices, nodes(two, two, two, null, null)));
        assertRefused(proof(open, 0), "without a power budget", leaf(devices, nodes(null, null, null, two, null)));
    }

    private static Certificate.NodePrices nodes(double[] a, double[] b, double[] v, double[] x, String unfit) {
        return new Certificate.NodePrices(a, b, v, x, unfit);
    }

    private static void assertRefused(PowerProof proof, String words, Certificate.ProofStep... steps) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> proof.byTree(Arrays.asList(steps)));
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }

    /** Of plans of the search with a tree: the check proves what they claim, and finds a tree that proves less. */
    @Test
    void plansProveTheirBoundsAndTamperedTreesDoNot() {
        int trees = 0;
        for (long seed = 1; seed <= 24 && trees < 6; seed++) {
            Instance fleet = Fleets.withPowerBudgets(Fleets.random(seed, 5, 2), seed % 2 == 0 ? 0.6 : 5);
            Plan plan = Planner.of(fleet)
                    .withEnergyWeight((seed + 1) % 3)
                    .plan("exact", SolveOptions.defaults().withSeconds(20));
            if (!plan.isFeasible() || plan.energy().tree() == null) {
                continue;
            }
            trees++;
            PlanCheck.Report report = PlanCheck.check(fleet, plan);
            assertEquals(List.of(), report.violations());
            assertTrue(report.recomputedPenalisedBound()
                    >= plan.energy().penalisedObjective() - 1e-9 * Math.abs(plan.objective()));
            assertTampered(fleet, plan);
        }
        assertTrue(trees > 2, trees + " trees");
    }

    private static void assertTampered(Instance fleet, Plan plan) {
        EnergyFacts energy = plan.energy();
        List<Certificate.ProofStep> cut =
                energy.tree().steps().subList(0, energy.tree().steps().size() - 1);
        assertViolation(fleet, plan, cut);
        List<Certificate.ProofStep> dearer = energy.tree().steps().stream()
                .map(step -> step.devicePrices() == null
                        ? step
                        : new Certificate.ProofStep(
                                null,
                                null,
                                Arrays.stream(step.devicePrices())
                                        .map(y -> y / 3 - 2)
                                        .toArray(),
                                null,
                                step.nodePrices()))
                .toList();
        if (!dearer.equals(energy.tree().steps())) {
            assertViolation(fleet, plan, dearer);
        }
    }

    private static void assertViolation(Instance fleet, Plan plan, List<Certificate.ProofStep> tree) {
        EnergyFacts e = plan.energy();
        EnergyFacts facts = e.withBound(
                e.penalisedBound(), e.prices(), new EnergyFacts.Tree(e.tree().bound(), tree));
        PlanCheck.Report report = PlanCheck.check(fleet, plan.withEnergy(facts, plan.status()));
        assertTrue(
                report.violations().stream().anyMatch(v -> v.contains("tree")),
                "tree accepted: " + report.violations());
    }
}
