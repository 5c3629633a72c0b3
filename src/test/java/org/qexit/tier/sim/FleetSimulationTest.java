package org.qexit.tier.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.Json;
import org.qexit.simulation.queue.ClosedForms;
import org.qexit.simulation.queue.Durations;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.scenario.NodeModel;
import org.qexit.tier.scenario.SimulationInputs;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

class FleetSimulationTest {
    private static SimulationResult run(SimulationInputs inputs) {
        return Simulation.run(inputs, 2, new AtomicBoolean());
    }

    private static RunSummary[] runs(SimulationInputs inputs, int count) {
        Fleet fleet = new Fleet(inputs);
        Timeline timeline =
                new Timeline(inputs.scenario(), inputs.scenario().warmUp().seconds());
        RunSummary[] runs = new RunSummary[count];
        for (int r = 0; r < count; r++) {
            FleetSimulation run = new FleetSimulation(
                    fleet,
                    timeline,
                    inputs.plans().get(0).plan(),
                    inputs.scenario().policies().get(0),
                    r);
            assertTrue(run.run(() -> false));
            assertEquals(0, run.underWay());
            runs[r] = RunSummary.of(run);
            run.tallies.checkConservation();
            assertTrue(runs[r].littleGap() < 1e-9, "Little's law: " + runs[r].littleGap());
        }
        return runs;
    }

    /** Mean and its standard error. */
    private static double[] meanAndError(double[] x) {
        double mean = Arrays.stream(x).average().orElseThrow();
        double squares = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
        return new double[] {mean, Math.sqrt(squares / (x.length - 1) / x.length)};
    }

    private static void assertWithinThreeSigma(double expected, double[] x) {
        double[] found = meanAndError(x);
        assertTrue(
                Math.abs(found[0] - expected) <= 3 * found[1],
                "expected " + expected + ", found " + found[0] + " with a standard error of " + found[1]);
        assertTrue(found[1] < 0.03 * expected, "standard error " + found[1]);
    }

    /** One device with all events offloaded and one node: M/D/1, whichever way the node is shared. */
    @ParameterizedTest
    @CsvSource({"reserved", "weighted", "fifo"})
    void aNodeForOneDeviceIsAnMD1(String sharing) {
        // 80 events per period of 100 s, at a node that does 100: load 0.8, service 1 s.
        SimulationInputs inputs = new SmallFleet()
                .node("en1", 100)
                .eager("ue1", "en1", 100, 80)
                .inputs("periodSeconds: 100\nhorizonSeconds: 40000\nwarmUp: 500\nnode: {queue: 100000, sharing: "
                        + sharing + "}");
        RunSummary[] runs = runs(inputs, 20);
        double wait = ClosedForms.waitOfMG1(0.8, new Durations.Constant(1));
        assertWithinThreeSigma(
                0.8 * (wait + 1),
                Arrays.stream(runs)
                        .mapToDouble(run -> run.series().meanPresent()[0])
                        .toArray());
        assertWithinThreeSigma(
                0.8,
                Arrays.stream(runs)
                        .mapToDouble(run -> run.series().utilisation()[0])
                        .toArray());
    }

    /** Several devices at a node that serves who comes first: their sum is Poisson again, and c servers are tried against it. */
    @Test
    void devicesAtOneNodeAddUp() {
        SmallFleet fleet = new SmallFleet().node("en1", 100);
        for (int n = 1; n <= 4; n++) {
            fleet.eager("ue" + n, "en1", 25, 15);
        }
        RunSummary[] runs = runs(
                fleet.inputs(
                        "periodSeconds: 100\nhorizonSeconds: 40000\nwarmUp: 500\nnode: {queue: 100000, sharing: fifo}"),
                20);
        double wait = ClosedForms.waitOfMG1(0.6, new Durations.Constant(1));
        assertWithinThreeSigma(
                0.6 * (wait + 1),
                Arrays.stream(runs)
                        .mapToDouble(run -> run.series().meanPresent()[0])
                        .toArray());
    }

    /** A node's model that is over at its first exit for 3 of 4 events: M/G/1 with two service times. */
    @Test
    void earlyExitAtTheNodeIsAnMG1() {
        SmallFleet fleet = new SmallFleet().node("en1", 100).eager("ue1", "en1", 100, 100);
        ClassThresholds.Decision[] decisions = new ClassThresholds.Decision[100];
        for (int k = 0; k < 100; k++) {
            decisions[k] = new ClassThresholds.Decision(k % 4 == 0 ? 1 : 0, 1);
        }
        NodeModel model = new NodeModel(
                List.of("a", "b", "c"), List.of(1, 2), new ClassThresholds.Decision[][] {decisions}, new double[] {
                    0.25, 1
                });
        RunSummary[] runs = runs(
                fleet.inputs(
                        "periodSeconds: 100\nhorizonSeconds: 40000\nwarmUp: 500\narrivals: {kind: poisson, factor: 1.5}\n"
                                + "node: {queue: 100000, sharing: fifo}",
                        model),
                20);
        // Rows come without repetition, which makes the services a little less variable than independent ones.
        double wait = 1.5 * (0.75 * 0.0625 + 0.25) / (2 * (1 - 1.5 * 0.4375));
        double[] found = meanAndError(Arrays.stream(runs)
                .mapToDouble(run -> run.series().meanPresent()[0])
                .toArray());
        assertEquals(1.5 * (wait + 0.4375), found[0], 0.03 * found[0]);
        assertWithinThreeSigma(
                1.5 * 0.4375,
                Arrays.stream(runs)
                        .mapToDouble(run -> run.series().utilisation()[0])
                        .toArray());
    }

    /** What the node's model says of every event is what the chain comes to: nothing is late, nothing lost. */
    @Test
    void theNodesAnswersAreCountedByClass() {
        DeviceTrace trace = SmallFleet.trace("ue1", 100, 1);
        ClassThresholds.Decision[] decisions = new ClassThresholds.Decision[100];
        for (int k = 0; k < 100; k++) {
            // Right for all of class 1, wrong for class 2, every fourth normal event a false alarm that is not seen as
            // one.
            int truth = trace.origins().classes()[k];
            decisions[k] =
                    new ClassThresholds.Decision(0, truth == 0 ? k % 4 == 3 ? 1 : ClassThresholds.FALSE_ALARM : 1);
        }
        NodeModel model = new NodeModel(
                List.of("a", "b", "c"), List.of(1, 2), new ClassThresholds.Decision[][] {decisions}, new double[] {1});
        SimulationResult result = run(new SmallFleet()
                .node("en1", 1e9)
                .eager("ue1", "en1", 1e9, 100)
                .inputs(
                        "periodSeconds: 100\nhorizonSeconds: 200\nwarmUp: 0\nreplications: 2\narrivals: {kind: periodic}",
                        model));
        assertEquals(
                List.of("a", "b", "c"),
                result.classes().stream()
                        .map(SimulationResult.ClassFigures::name)
                        .toList());
        assertEquals(4 * 60, result.classes().get(0).outcomes().get("rejected"));
        assertEquals(4 * 20, result.classes().get(0).named().get("b"));
        assertEquals(4 * 10, result.classes().get(1).named().get("b"));
        assertEquals(4 * 10, result.classes().get(2).named().get("b"));
        assertEquals(0, result.classes().get(2).named().get("c"));
        assertEquals(0.5, result.system().classAccuracy(), 1e-12);
        assertEquals(4 * 20, result.system().falseAlarms());
    }

    /** The instance says that an event takes a quarter of a unit in the mean: then a node for 100 units does 400 events. */
    @ParameterizedTest
    @CsvSource({"reserved", "fifo"})
    void withoutANodesModelAnEventTakesWhatTheInstanceSays(String sharing) {
        RunSummary[] runs = runs(
                new SmallFleet()
                        .node("en1", 100, 0.25)
                        .eager("ue1", "en1", 100, 320)
                        .inputs(
                                "periodSeconds: 100\nhorizonSeconds: 20000\nwarmUp: 500\nnode: {queue: 100000, sharing: "
                                        + sharing + "}"),
                20);
        double wait = ClosedForms.waitOfMG1(3.2, new Durations.Constant(0.25));
        assertWithinThreeSigma(
                3.2 * (wait + 0.25),
                Arrays.stream(runs)
                        .mapToDouble(run -> run.series().meanPresent()[0])
                        .toArray());
    }

    /** The device's processor with a finite queue: M/D/1/K loses what the embedded chain of M/D/1/2 says. */
    @Test
    void aFullProcessorLosesEvents() {
        SimulationInputs inputs = new SmallFleet()
                .node("en1", 1e9)
                .eager("ue1", "en1", 1e9, 90)
                .inputs(
                        "periodSeconds: 100\nhorizonSeconds: 100000\nwarmUp: 100\ndevice: {exitSeconds: [1], queue: 1}\n"
                                + "link: {fading: none}\nnode: {queue: 1000}");
        // One place, no line: Erlang's loss formula holds for any law of service.
        double loss = 0.9 / 1.9;
        assertWithinThreeSigma(
                loss,
                Arrays.stream(runs(inputs, 10))
                        .mapToDouble(run -> run.metrics().lostShare())
                        .toArray());
    }

    /** As many events as the trace has, and room everywhere: the counts are the plan's own, the energy is the sum over the events. */
    @Test
    void withoutChanceThePlanIsKeptToTheEvent() {
        DeviceTrace trace = SmallFleet.trace("ue1", 200, 3);
        Thresholds pair = new Thresholds(0.2f, 0.6f);
        double bandwidth = SmallFleet.leastBandwidth(0.1);
        SimulationInputs inputs = new SmallFleet()
                .node("en1", 1000)
                .device("ue1", "en1", 200, bandwidth, trace, pair, 0.1)
                .inputs(
                        "periodSeconds: 200\nhorizonSeconds: 200\nwarmUp: 0\nreplications: 3\n"
                                + "arrivals: {kind: periodic}\ndevice: {joulesPerMemoryAccess: 1.0e-6, macsPerSecond: 1000000}");
        SimulationResult result = run(inputs);
        Confusion counts = Confusion.of(trace, pair);
        SimulationResult.Device device = result.devices().get(0);
        assertEquals(600, device.events());
        assertEquals(3L * trace.positives(), device.critical());
        assertEquals(3L * counts.truePositives(), device.truePositives());
        assertEquals(3L * counts.falsePositives(), device.falsePositives());
        assertEquals(3L * counts.truePositives(), device.found());
        assertEquals(0, device.lost() + device.missedDeadlines());
        assertEquals(counts.tpr().value(), device.happened().utility(), 1e-12);
        assertEquals(device.promised(), device.happened());
        double local = 0;
        for (int q = 0; q < 3; q++) {
            local += 3 * counts.exits().get(q) * 1e-6 * 1000 * (q + 1);
        }
        double radio = 3 * counts.offloads() * SmallFleet.POWER * SmallFleet.airSeconds(bandwidth);
        assertEquals(radio, device.radioJoules(), 1e-9 * radio);
        assertEquals(local + radio, device.energyJoules(), 1e-9 * (local + radio));
        assertEquals(result.system().happenedLogUtility(), Math.log(counts.tpr().value()), 1e-12);
    }

    /** Event by event by hand: two devices, a FIFO node, recorded times. */
    @Test
    void equalsARunOnPaper() {
        // Every event is offloaded. Processor 1 s, radio next to nothing, node 4 s per event and room for two.
        SmallFleet fleet =
                new SmallFleet().node("en1", 25).eager("ue1", "en1", 10, 7).eager("ue2", "en1", 10, 7);
        SimulationInputs read = fleet.inputs("periodSeconds: 100\nhorizonSeconds: 100\nwarmUp: 0\nreplications: 1\n"
                + "device: {exitSeconds: [1], queue: 2}\nnode: {sharing: fifo, queue: 2}");
        SimulationInputs inputs = new SimulationInputs(
                read.scenario()
                        .withRecorded(List.of(
                                new org.qexit.tier.scenario.ArrivalFile.DeviceTimes(
                                        "ue1", new double[] {0, 0.5, 0.6, 20}),
                                new org.qexit.tier.scenario.ArrivalFile.DeviceTimes("ue2", new double[] {0.2, 50}))),
                read.instance(),
                read.plans(),
                read.traces(),
                read.costs(),
                null,
                null);
        SimulationResult result = run(inputs);
        // ue1: 0 is sensed at 1 and served 1-5; 0.5 is sensed at 2, finds one served and one in line, is lost; 0.6
        // finds the processor
        // full; 20 is sensed at 21 and served to 25. ue2: 0.2 is sensed at 1.2 and served 5-9; 50 is sensed at 51 and
        // served to 55.
        SimulationResult.Device one = result.devices().get(0);
        SimulationResult.Device two = result.devices().get(1);
        assertEquals(4, one.events());
        assertEquals(1, one.outcomes().get("lost-device"));
        assertEquals(1, one.outcomes().get("lost-node"));
        assertEquals(2, one.outcomes().get("classified"));
        assertEquals(2, two.outcomes().get("classified"));
        assertEquals(5, one.delaySeconds().p50(), 0.03);
        assertEquals(5, two.delaySeconds().p50(), 0.03);
        assertEquals(8.8, two.delaySeconds().p99(), 0.05);
        // Of two answers every share up to a half is the first, every greater one the second.
        for (int i = 0; i < SimulationResult.QUANTILE_SHARES.size(); i++) {
            double expected = SimulationResult.QUANTILE_SHARES.get(i) <= 0.5 ? 5 : 8.8;
            assertEquals(expected, two.answer().seconds().get(i), expected / 256);
        }
        assertEquals(2, two.answer().count());
        assertNull(two.answer().limitSeconds());
    }

    @Test
    void aFullRadioAndLateTransmissionsCount() {
        // 1 s on the air of an allowed 1 s; three events at once: the second and third are late, with room for two the
        // third is lost.
        double bandwidth = SmallFleet.leastBandwidth(1);
        SmallFleet fleet = new SmallFleet()
                .node("en1", 1e6)
                .device("ue1", "en1", 1e6, bandwidth, SmallFleet.trace("ue1", 9, 1), new Thresholds(0, 0), 1);
        SimulationInputs read = fleet.inputs("periodSeconds: 100\nhorizonSeconds: 100\nwarmUp: 0\nreplications: 1\n"
                + "device: {exitSeconds: [0.0001], queue: 2}");
        SimulationInputs inputs = new SimulationInputs(
                read.scenario()
                        .withRecorded(List.of(new org.qexit.tier.scenario.ArrivalFile.DeviceTimes(
                                "ue1", new double[] {1, 1.1, 1.2, 50}))),
                read.instance(),
                read.plans(),
                read.traces(),
                read.costs(),
                null,
                null);
        SimulationResult.Device device = run(inputs).devices().get(0);
        assertEquals(2, device.outcomes().get("classified"));
        assertEquals(1, device.missedDeadlines());
        assertEquals(1, device.outcomes().get("lost-link"));
        // Sent within 1 s, 1.9 s and 1 s.
        assertEquals(3, device.radio().count());
        assertEquals(1, device.radio().late());
        assertEquals(1, device.radio().limitSeconds(), 1e-12);
        for (int i = 0; i < SimulationResult.QUANTILE_SHARES.size(); i++) {
            double expected = SimulationResult.QUANTILE_SHARES.get(i) <= 2.0 / 3 ? 1 : 1.9;
            assertEquals(expected, device.radio().seconds().get(i), expected / 256);
        }
    }

    /** The plan's bandwidth just meets the deadline, so that an event gets through if its gain is at least the mean one. */
    @Test
    void fadingLeavesWhatExponentialGainsLeave() {
        SmallFleet fleet = new SmallFleet()
                .node("en1", 1e6)
                .device(
                        "ue1",
                        "en1",
                        1e6,
                        SmallFleet.leastBandwidth(0.01),
                        SmallFleet.trace("ue1", 100, 1),
                        new Thresholds(0, 0),
                        0.01);
        SimulationInputs inputs = fleet.inputs("periodSeconds: 100\nhorizonSeconds: 20000\nwarmUp: 0\n"
                + "arrivals: {kind: periodic}\nlink: {fading: rayleigh}\nhappens: [{at: 0, eavesdropper: 0}]");
        double[] late = Arrays.stream(runs(inputs, 10))
                .mapToDouble(run -> run.metrics().missedShare())
                .toArray();
        // Without the eavesdropper the rate at the mean gain is a little above the needed one.
        double[] found = meanAndError(late);
        assertEquals(1 - Math.exp(-1), found[0], 0.01 + 3 * found[1]);
    }

    @Test
    void nobodySendsWhatAnEavesdropperHears() {
        SimulationInputs inputs = new SmallFleet()
                .node("en1", 1e6)
                .eager("ue1", "en1", 1e6, 100)
                .inputs(
                        "periodSeconds: 100\nhorizonSeconds: 1000\nwarmUp: 0\nreplications: 2\nhappens: [{at: 500, eavesdropper: 1.0e6}]");
        SimulationResult result = run(inputs);
        List<SimulationResult.Phase> phases = result.variants().get(0).phases();
        long after = phases.get(1).events();
        assertEquals(after, result.devices().get(0).outcomes().get("withheld"));
        assertEquals(phases.get(0).events(), result.devices().get(0).outcomes().get("classified"));
    }

    @Test
    void aNodeThatIsDownLosesWhatReachesIt() {
        SimulationInputs inputs = new SmallFleet()
                .node("en1", 1e6)
                .node("en2", 1e6)
                .eager("ue1", "en1", 1e5, 100)
                .eager("ue2", "en2", 1e5, 100)
                .inputs("periodSeconds: 100\nhorizonSeconds: 900\nwarmUp: 0\nreplications: 3\n"
                        + "happens: [{at: 300, node: en1, down: true}, {at: 600, node: en1, down: false}]");
        SimulationResult result = run(inputs);
        List<SimulationResult.Phase> phases = result.variants().get(0).phases();
        assertEquals(
                List.of("start", "en1 down", "en1 up"),
                phases.stream().map(SimulationResult.Phase::name).toList());
        assertEquals(0, phases.get(0).lost() + phases.get(2).lost(), 1);
        assertTrue(phases.get(1).lost() > 3 * 300 * 0.85 && phases.get(1).lost() < 3 * 300 * 1.15);
        assertEquals(
                result.devices().get(0).lost(),
                result.devices().get(0).outcomes().get("lost-down"));
        assertEquals(0, result.devices().get(1).lost());
        assertNull(phases.get(1).logUtility());
        assertEquals(1, phases.get(1).devicesWithoutUtility());
    }

    @Test
    void weightsShareANodeThatIsTooSmall() {
        SimulationInputs inputs = new SmallFleet()
                .node("en1", 100)
                .eager("ue1", "en1", 25, 200)
                .eager("ue2", "en1", 75, 200)
                .inputs("periodSeconds: 100\nhorizonSeconds: 20000\nwarmUp: 0\nreplications: 1\n"
                        + "node: {sharing: weighted, queue: 1000000}");
        Fleet fleet = new Fleet(inputs);
        FleetSimulation run = new FleetSimulation(
                fleet,
                new Timeline(inputs.scenario(), 0),
                inputs.plans().get(0).plan(),
                inputs.scenario().policies().get(0),
                0);
        run.runUntil(20000, () -> false);
        double one = run.tallies.deviceDelay[0].count();
        double two = run.tallies.deviceDelay[1].count();
        assertEquals(20000, one + two, 200);
        assertEquals(3, two / one, 0.02);
    }

    @Test
    void whatOneDoesNotUseTheOtherMay() {
        SimulationInputs inputs = new SmallFleet()
                .node("en1", 100)
                .eager("ue1", "en1", 50, 1)
                .eager("ue2", "en1", 50, 90)
                .inputs("periodSeconds: 100\nhorizonSeconds: 20000\nwarmUp: 0\nreplications: 1\n"
                        + "node: {sharing: weighted, queue: 100000}");
        assertTrue(run(inputs).devices().get(1).delaySeconds().p99() < 100);
    }

    @Test
    void admissionRefusesWhatIsBeyondThePlan() {
        SimulationInputs inputs = new SmallFleet()
                .node("en1", 1000)
                .eager("ue1", "en1", 50, 100)
                .inputs(
                        "periodSeconds: 100\nhorizonSeconds: 20000\nwarmUp: 0\nreplications: 1\nnode: {admission: true}");
        SimulationResult.Device device = run(inputs).devices().get(0);
        assertEquals(0.5, device.outcomes().get("refused") / (double) device.events(), 0.01);
        assertTrue(device.outcomes().get("classified") <= 50 + 50 * 200);
    }

    @Test
    void batchesTakeTheTimeOfTheirLongest() {
        SimulationInputs inputs = new SmallFleet()
                .node("en1", 100)
                .eager("ue1", "en1", 50, 350)
                .inputs("periodSeconds: 100\nhorizonSeconds: 5000\nwarmUp: 0\nreplications: 1\n"
                        + "node: {sharing: fifo, batch: 4, queue: 100000}");
        SimulationResult result = run(inputs);
        assertTrue(result.devices().get(0).delaySeconds().p99() < 30, "3.5 times the load that it could bear singly");
        assertEquals(0, result.devices().get(0).lost());
    }

    @Test
    void aDeviceThatIsOffSeesNothing() {
        SimulationInputs inputs = new SmallFleet()
                .node("en1", 1e6)
                .eager("ue1", "en1", 1e6, 100)
                .inputs("periodSeconds: 100\nhorizonSeconds: 1000\nwarmUp: 0\nreplications: 2\n"
                        + "happens: [{at: 400, device: ue1, off: true}, {at: 700, device: ue1, off: false}]");
        SimulationResult result = run(inputs);
        assertEquals(
                result.variants().get(0).phases().get(1).events(),
                result.devices().get(0).outcomes().get("lost-off"));
    }

    @Test
    void theServerHearsOverTheBackhaul() {
        SimulationInputs inputs = new SmallFleet()
                .node("en1", 1e9)
                .eager("ue1", "en1", 1e9, 10)
                .inputs(
                        "periodSeconds: 100\nhorizonSeconds: 1000\nwarmUp: 0\nreplications: 1\narrivals: {kind: periodic}\n"
                                + "backhaul: {delaySeconds: 0.5, bitsPerSecond: 1000}");
        assertEquals(1.5, run(inputs).system().serverDelaySeconds().p50(), 0.01);
    }

    @Test
    void theSameBytesForAnyNumberOfThreads() {
        SmallFleet fleet = new SmallFleet().node("en1", 60).node("en2", 60);
        for (int n = 1; n <= 4; n++) {
            fleet.device(
                    "ue" + n,
                    n % 2 == 0 ? "en1" : "en2",
                    25,
                    SmallFleet.leastBandwidth(0.5),
                    SmallFleet.trace("ue" + n, 100, 2),
                    new Thresholds(0.3f, 0.6f),
                    0.5);
        }
        SimulationInputs inputs = fleet.inputs(
                "periodSeconds: 100\nhorizonSeconds: 900\nreplications: 3\nlink: {fading: rayleigh}\n"
                        + "arrivals: {kind: bursts, onSeconds: 10, offSeconds: 30}\n"
                        + "policies: [kept, {replanOnAlarm: {moveCost: 0.001}}, {follower: {eta: 0.05}}]\n"
                        + "happens: [{at: 300, node: en1, down: true}, {at: 600, devices: [ue1, ue2], classMix: {1: 1, 0: 2}}]");
        String one = Json.compact(Simulation.run(inputs, 1, new AtomicBoolean()));
        assertEquals(one, Json.compact(Simulation.run(inputs, 5, new AtomicBoolean())));
    }
}
