package org.qexit.allocation.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.qexit.allocation.Exhaustive;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.common.RandomStreams;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.edge.Radio;

/** What must hold between the optima of a fleet and of its changed copies, on random small fleets of which some have no plan. */
class MetamorphicTest {
    private static final int FLEETS = 110;

    private static Instance fleet(long seed) {
        int devices = 3 + (int) (seed % 2);
        int nodes = 2 + (int) (seed % 3 % 2);
        return seed % 4 == 0 ? Fleets.random(seed, devices, nodes) : Exhaustive.fleet(seed, devices, nodes);
    }

    private interface Relation {
        void check(Instance fleet, Plan plan, SplittableRandom random);
    }

    private static final List<Plan> PLANS = LongStream.rangeClosed(1, FLEETS)
            .mapToObj(seed -> exact(fleet(seed)))
            .toList();

    private static void holds(String name, Relation relation) {
        int planned = 0;
        for (long seed = 1; seed <= FLEETS; seed++) {
            Instance fleet = fleet(seed);
            Plan plan = PLANS.get((int) seed - 1);
            planned += plan.isFeasible() ? 1 : 0;
            relation.check(fleet, plan, RandomStreams.of(seed).stream(name));
        }
        assertTrue(planned > FLEETS / 2 && planned < FLEETS, planned + " of the fleets have a plan");
    }

    private static Plan exact(Instance fleet) {
        return Planner.of(fleet).plan("exact", SolveOptions.defaults().withEffort(0.02));
    }

    private static void same(Instance fleet, Plan plan, Instance changed, double factor) {
        Plan other = exact(changed);
        assertEquals(plan.status(), other.status(), fleet.name());
        if (plan.isFeasible()) {
            double expected = factor * plan.objective();
            assertEquals(expected, other.objective(), 1e-9 * Math.abs(expected), fleet.name());
        }
    }

    private static void noWorse(Instance fleet, Plan plan, Instance changed) {
        if (plan.isFeasible()) {
            Plan other = exact(changed);
            assertTrue(other.isFeasible(), fleet.name());
            assertTrue(
                    other.objective() >= plan.objective() - 1e-9 * Math.abs(plan.objective()),
                    fleet.name() + ": " + other.objective() + " after " + plan.objective());
        }
    }

    private static Instance with(
            Instance fleet, Radio radio, List<Instance.Device> devices, List<EdgeNode> nodes, List<Link> links) {
        return new Instance(fleet.format(), fleet.name(), radio, devices, nodes, links, null, null);
    }

    private static Instance.Device scaled(Instance.Device d, double weight, double bits, double events) {
        return new Instance.Device(
                d.id(),
                d.weight() * weight,
                d.securityLevel(),
                d.featureBits() * bits,
                d.deadlineSeconds(),
                d.powerMaxWatts(),
                d.bandwidthMaxHz() == null ? null : d.bandwidthMaxHz() * bits,
                d.eavesdropper(),
                d.trace(),
                events * (d.eventsPerPeriod() == null ? d.trace().labels().length : d.eventsPerPeriod()),
                d.maxFalsePositiveRate());
    }

    private static EdgeNode scaled(EdgeNode node, double hertz, double units) {
        return new EdgeNode(
                node.id(), node.bandwidthHz() * hertz, node.computeUnits() * units, node.securityLevel(), null);
    }

    /** A scale between 1e-9 and 1e9 that keeps every number in the format's ranges. */
    private static double magnitude(SplittableRandom random) {
        return Math.pow(10, random.nextDouble(-9, 9));
    }

    @Test
    void theOrderOfDevicesNodesAndLinksIsOfNoMatter() {
        holds("order", (fleet, plan, random) -> {
            Random shuffle = new Random(random.nextLong());
            List<Instance.Device> devices = new ArrayList<>(fleet.devices());
            List<EdgeNode> nodes = new ArrayList<>(fleet.nodes());
            List<Link> links = new ArrayList<>(fleet.links());
            Collections.shuffle(devices, shuffle);
            Collections.shuffle(nodes, shuffle);
            Collections.shuffle(links, shuffle);
            same(fleet, plan, with(fleet, fleet.radio(), devices, nodes, links), 1);
        });
    }

    @Test
    void weightsTimesAFactorScaleTheObjective() {
        holds("weights", (fleet, plan, random) -> {
            double factor = Math.pow(10, random.nextDouble(-25, 25));
            List<Instance.Device> devices =
                    fleet.devices().stream().map(d -> scaled(d, factor, 1, 1)).toList();
            same(fleet, plan, with(fleet, fleet.radio(), devices, fleet.nodes(), fleet.links()), factor);
        });
    }

    @Test
    void unitsOfBitsAndHertzAreOfNoMatter() {
        holds("hertz", (fleet, plan, random) -> {
            double factor = magnitude(random);
            Radio radio = new Radio(
                    fleet.radio().bandwidthMaxHz() * factor,
                    fleet.radio().powerMaxWatts(),
                    fleet.radio().noiseWattsPerHz() / factor);
            List<Instance.Device> devices =
                    fleet.devices().stream().map(d -> scaled(d, 1, factor, 1)).toList();
            List<EdgeNode> nodes =
                    fleet.nodes().stream().map(j -> scaled(j, factor, 1)).toList();
            same(fleet, plan, with(fleet, radio, devices, nodes, fleet.links()), 1);
        });
    }

    @Test
    void unitsOfComputeAreOfNoMatter() {
        holds("units", (fleet, plan, random) -> {
            // Powers of two, as a load that equals a capacity must go on to do so.
            double factor = Math.scalb(1.0, random.nextInt(-25, 26));
            List<Instance.Device> devices =
                    fleet.devices().stream().map(d -> scaled(d, 1, 1, factor)).toList();
            List<EdgeNode> nodes =
                    fleet.nodes().stream().map(j -> scaled(j, 1, factor)).toList();
            same(fleet, plan, with(fleet, fleet.radio(), devices, nodes, fleet.links()), 1);
        });
    }

    @Test
    void moreCapacityIsNeverWorse() {
        holds("capacity", (fleet, plan, random) -> {
            List<EdgeNode> nodes = fleet.nodes().stream()
                    .map(j -> scaled(j, random.nextDouble(1, 1.5), random.nextDouble(1, 1.5)))
                    .toList();
            noWorse(fleet, plan, with(fleet, fleet.radio(), fleet.devices(), nodes, fleet.links()));
        });
    }

    @Test
    void aNodeIsNeverWorseThanItsHalvesAsTwins() {
        holds("twins", (fleet, plan, random) -> {
            EdgeNode first = fleet.nodes().get(0);
            List<EdgeNode> nodes = new ArrayList<>(fleet.nodes());
            List<Link> links = new ArrayList<>(fleet.links());
            double share = random.nextDouble(0.2, 0.8);
            nodes.set(0, scaled(first, share, share));
            nodes.add(new EdgeNode(
                    "twin",
                    first.bandwidthHz() * (1 - share),
                    first.computeUnits() * (1 - share),
                    first.securityLevel(),
                    null));
            fleet.links().stream()
                    .filter(link -> link.node().equals(first.id()))
                    .forEach(link -> links.add(new Link(link.device(), "twin", link.gain())));
            Instance halves = with(fleet, fleet.radio(), fleet.devices(), nodes, links);
            noWorse(halves, exact(halves), fleet);
        });
    }
}
