package org.qexit.allocation.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.CityGenerator;
import org.qexit.allocation.FleetFile;
import org.qexit.allocation.FleetGenerator;
import org.qexit.allocation.FleetPlan;
import org.qexit.allocation.FleetRows;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.check.FleetCheck;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.CapacityPrices;
import org.qexit.common.UserError;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.trace.Thresholds;

/** Plans made block by block, against the independent check and the bound of the search for fleets that fit into memory. */
class FleetPlanTest {
    /** A plan with all that it is made of. */
    private record Planned(FleetFile fleet, FleetPlan plan, List<FleetRows.Entry> entries) {
        PlanCheck.Report check() {
            Iterator<FleetRows.Entry> rows = entries.iterator();
            return FleetCheck.check(fleet, plan, () -> rows.hasNext() ? rows.next() : null);
        }
    }

    private static Map<String, List<Link>> links(Instance instance) {
        Map<String, List<Link>> links = new HashMap<>();
        instance.links()
                .forEach(link -> links.computeIfAbsent(link.device(), key -> new ArrayList<>())
                        .add(link));
        return links;
    }

    private static Planned plan(Instance instance, int perBlock) {
        Map<String, List<Link>> links = links(instance);
        List<FleetBlock> blocks = new ArrayList<>();
        FleetBlock.Builder builder = new FleetBlock.Builder(instance);
        for (Instance.Device device : instance.devices()) {
            builder.add(device, links.get(device.id()));
            if (builder.size() == perBlock) {
                blocks.add(builder.build());
                builder = new FleetBlock.Builder(instance);
            }
        }
        blocks.add(builder.build());
        List<EdgeNode> nodes = instance.nodes();
        LocalFleetWork work = new LocalFleetWork(blocks, nodes.size());
        NodePrices prices = new NodePrices(work, nodes, (pass, bound) -> {}).run();
        Choice choice = Repair.of(work, nodes, prices);
        Map<Integer, List<Placed>> placed = new TreeMap<>();
        blocks.forEach(block -> block.placed(choice)
                .forEach(own -> placed.computeIfAbsent(own.node(), key -> new ArrayList<>())
                        .add(own)));
        double objective = 0;
        Map<String, Plan.Device> parts = new HashMap<>();
        for (Map.Entry<Integer, List<Placed>> there : placed.entrySet()) {
            EdgeNode node = nodes.get(there.getKey());
            int[] steps = NodeFill.steps(there.getValue(), node.eventsPerPeriod());
            for (int n = 0; n < steps.length; n++) {
                Placed own = there.getValue().get(n);
                int s = steps[n];
                objective += own.value()[s];
                parts.put(
                        own.id(),
                        new Plan.Device(
                                own.id(),
                                node.id(),
                                new Thresholds(own.lower()[s], own.upper()[s]),
                                own.hertz(),
                                own.watts(),
                                node.unitsOf(own.load()[s]),
                                own.truePositives()[s],
                                own.falsePositives()[s],
                                null,
                                null,
                                null,
                                null));
            }
        }
        Prices proving = prices.proving();
        FleetPlan plan = new FleetPlan(
                FleetPlan.FORMAT,
                instance.name(),
                objective,
                prices.bound(),
                100 * (prices.bound() - objective) / Math.abs(objective),
                instance.devices().size(),
                new Certificate.Multipliers(proving.alpha(), proving.beta()));
        List<FleetRows.Entry> entries = new ArrayList<>();
        instance.devices()
                .forEach(device ->
                        entries.add(new FleetRows.Entry(device, links.get(device.id()), parts.get(device.id()))));
        return new Planned(new FleetFile(FleetFile.FORMAT, instance.name(), instance.radio(), nodes), plan, entries);
    }

    @ParameterizedTest
    @CsvSource({"GEO, 900, 6, 400, 0.3", "SCARCE, 400, 4, 150, 1.5", "MID, 300, 4, 1000, 2"})
    void plansPassTheCheckAndAreNearTheirBound(
            FleetGenerator.Family family, int devices, int nodes, int perBlock, double mostPercent) {
        Instance instance = FleetGenerator.fleet(family, devices, nodes, 3);
        Planned planned = plan(instance, perBlock);
        PlanCheck.Report report = planned.check();
        assertEquals(List.of(), report.violations());
        assertTrue(report.boundProven());
        assertEquals(planned.plan().objective(), report.objective(), 1e-9 * Math.abs(report.objective()));
        assertTrue(
                planned.plan().gapPercent() >= 0 && planned.plan().gapPercent() < mostPercent,
                planned.plan().toString());
        CapacityPrices other = new CapacityPrices(
                        PlanningProblem.of(instance).model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS))
                .converge(Deadline.after(60, new AtomicBoolean()));
        assertEquals(other.trueBound(), planned.plan().bound(), 0.003 * Math.abs(other.trueBound()));
        assertTrue(planned.plan().objective() <= other.trueBound());
    }

    @Test
    void theCheckFindsWhatIsWrong() {
        Planned good = plan(FleetGenerator.fleet(FleetGenerator.Family.GEO, 60, 3, 5), 25);
        assertEquals(List.of(), good.check().violations());
        FleetRows.Entry first = good.entries().get(0);
        Plan.Device part = first.part();

        List<FleetRows.Entry> twisted = new ArrayList<>(good.entries());
        twisted.set(0, new FleetRows.Entry(first.device(), first.links(), null));
        found(new Planned(good.fleet(), good.plan(), twisted), ": not in the plan");
        twisted.set(0, new FleetRows.Entry(null, List.of(), part));
        found(new Planned(good.fleet(), good.plan(), twisted), ": unknown");
        twisted.set(0, new FleetRows.Entry(first.device(), first.links(), with(part, 1, part.truePositives() + 1)));
        found(new Planned(good.fleet(), good.plan(), twisted), "claims TP/FP");
        twisted.set(0, new FleetRows.Entry(first.device(), first.links(), with(part, 0.5, part.truePositives())));
        assertFalse(new Planned(good.fleet(), good.plan(), twisted).check().isClean());

        List<EdgeNode> narrow = good.fleet().nodes().stream()
                .map(node -> new EdgeNode(
                        node.id(), node.bandwidthHz() / 3, node.computeUnits(), node.securityLevel(), null))
                .toList();
        FleetFile less = new FleetFile(
                FleetFile.FORMAT, good.fleet().name(), good.fleet().radio(), narrow);
        found(new Planned(less, good.plan(), good.entries()), "bandwidth [Hz]: ");
        FleetPlan plan = good.plan();
        double better = plan.bound() - 0.01;
        FleetPlan sharper = new FleetPlan(
                plan.format(), plan.fleet(), plan.objective(), better, plan.gapPercent(), 60, plan.prices());
        found(new Planned(good.fleet(), sharper, good.entries()), "its prices prove only");
        FleetPlan braggart = new FleetPlan(
                plan.format(), plan.fleet(), plan.objective() / 2, plan.bound(), plan.gapPercent(), 59, plan.prices());
        found(new Planned(good.fleet(), braggart, good.entries()), "objective claimed");
        found(new Planned(good.fleet(), braggart, good.entries()), "claims 59 devices; the fleet has 60");
    }

    private static Plan.Device with(Plan.Device part, double bandwidth, int truePositives) {
        return new Plan.Device(
                part.id(),
                part.node(),
                part.thresholds(),
                bandwidth * part.bandwidthHz(),
                part.powerWatts(),
                part.computeUnits(),
                truePositives,
                part.falsePositives(),
                null,
                null,
                null,
                null);
    }

    private static void found(Planned planned, String violation) {
        List<String> violations = planned.check().violations();
        assertTrue(violations.stream().anyMatch(what -> what.contains(violation)), violations.toString());
    }

    /** By enumeration: no division of a node's compute is better by more than one step of one device. */
    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4", "5", "6", "7", "8"})
    void computeIsDividedWithinAStepOfTheBest(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Placed> devices = new ArrayList<>();
        double largest = 0;
        for (int n = 0; n < 4; n++) {
            int steps = random.nextInt(1, 5);
            double[] load = new double[steps];
            double[] value = new double[steps];
            for (int s = 0; s < steps; s++) {
                load[s] = (s == 0 ? 0 : load[s - 1]) + random.nextInt(1, 6);
                value[s] = (s == 0 ? -5 : value[s - 1]) + random.nextDouble();
                largest = Math.max(largest, s == 0 ? 0 : value[s] - value[0]);
            }
            devices.add(new Placed(
                    "d" + n,
                    0,
                    1,
                    1,
                    1,
                    9,
                    load,
                    value,
                    new int[steps],
                    new int[steps],
                    new float[steps],
                    new float[steps]));
        }
        for (int units = 0; units < 40; units += 3) {
            double best = best(devices, 0, units);
            int[] steps = NodeFill.steps(devices, units);
            if (best == Double.NEGATIVE_INFINITY) {
                assertNull(steps);
                continue;
            }
            double value = 0;
            double load = 0;
            for (int n = 0; n < steps.length; n++) {
                value += devices.get(n).value()[steps[n]];
                load += devices.get(n).load()[steps[n]];
            }
            assertTrue(load <= units);
            assertTrue(value <= best + 1e-12 && value >= best - largest, value + " of " + best);
        }
    }

    private static double best(List<Placed> devices, int from, double units) {
        if (from == devices.size()) {
            return 0;
        }
        double best = Double.NEGATIVE_INFINITY;
        Placed own = devices.get(from);
        for (int s = 0; s < own.load().length && own.load()[s] <= units; s++) {
            best = Math.max(best, own.value()[s] + best(devices, from + 1, units - own.load()[s]));
        }
        return best;
    }

    @Test
    void aCityIsTheSameWhereverItIsMade() {
        CityGenerator one = new CityGenerator(30, 7);
        CityGenerator two = new CityGenerator(30, 7);
        two.device(5);
        CityGenerator.Drawn drawn = one.device(11);
        CityGenerator.Drawn again = two.device(11);
        assertEquals(drawn.links(), again.links());
        assertEquals(drawn.node(), again.node());
        assertEquals(CityGenerator.HEARD, drawn.links().size());
        assertEquals("ue12", drawn.device().id());
    }

    @Test
    void whatThisPlannerDoesNotHeedIsRefused() {
        Instance instance = FleetGenerator.fleet(FleetGenerator.Family.GEO, 5, 2, 1);
        List<EdgeNode> budgeted = instance.nodes().stream()
                .map(node ->
                        new EdgeNode(node.id(), node.bandwidthHz(), node.computeUnits(), node.securityLevel(), 0.5))
                .toList();
        Instance powered = instance.with(instance.devices(), budgeted, instance.links());
        assertThrows(UserError.class, () -> new FleetBlock.Builder(powered));
        FleetBlock.Builder builder = new FleetBlock.Builder(instance);
        UserError error = assertThrows(
                UserError.class,
                () -> builder.add(instance.devices().get(0), List.of(new Link("ue1", "nowhere", 1e-9))));
        assertTrue(error.getMessage().contains("'nowhere' leads nowhere"), error.getMessage());
    }
}
