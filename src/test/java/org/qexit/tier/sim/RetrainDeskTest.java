package org.qexit.tier.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.nn.node.ClassTrainingConfig;
import org.qexit.tier.cloud.Evidence;
import org.qexit.tier.cloud.Reason;
import org.qexit.tier.cloud.Verdict;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.result.SimulationText;
import org.qexit.tier.scenario.NodeModel;
import org.qexit.tier.scenario.NodeModels;
import org.qexit.tier.scenario.Scenario;
import org.qexit.tier.scenario.SimulationInputs;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.DeviceTrace;

class RetrainDeskTest {
    private static final int EVENTS = 400;
    private static final int DEVICES = 3;
    private static final double PARAMETER_BITS = 32_000;
    private static final double LINE = 16_000;

    private static DeviceTrace trace(int n) {
        return SmallFleet.trace("ue" + (n + 1), EVENTS, 1);
    }

    /** Right on the events whose row leaves no remainder of less than {@code wrong} in 10, and on none that is disturbed if it is blind. */
    private record Fake(int wrong, boolean blind) implements NodeModels.Version {
        @Override
        public String sha256() {
            return Integer.toHexString(wrong).repeat(64);
        }

        @Override
        public long bits() {
            return (long) PARAMETER_BITS;
        }

        @Override
        public ClassThresholds.Decision[][] decisions(double noise, double darkness) {
            ClassThresholds.Decision[][] all = new ClassThresholds.Decision[DEVICES][EVENTS];
            for (int n = 0; n < DEVICES; n++) {
                int[] classes = trace(n).origins().classes();
                for (int k = 0; k < EVENTS; k++) {
                    int right = classes[k] == 0 ? ClassThresholds.FALSE_ALARM : classes[k];
                    int false_ = classes[k] == 1 ? 2 : 1;
                    boolean fails = k / 5 % 10 < wrong || blind && noise > 0;
                    all[n][k] = new ClassThresholds.Decision(0, fails ? false_ : right);
                }
            }
            return all;
        }
    }

    /** Whose training makes a given version, whatever it is given. */
    private record FakeModels(Fake first, Fake next) implements NodeModels {
        @Override
        public Version deployed() {
            return first;
        }

        @Override
        public Version trainedOn(Version base, List<Sample> events, ClassTrainingConfig training, long seed) {
            assertTrue(events.size() >= 30);
            events.forEach(one -> assertTrue(one.row() < EVENTS && one.device() < DEVICES));
            if (next == null) {
                throw new UserError("training of en diverged");
            }
            return next;
        }
    }

    private static SimulationInputs inputs(Fake first, Fake next, String more) {
        SmallFleet fleet = new SmallFleet().node("en1", 3000).node("en2", 3000);
        for (int n = 0; n < DEVICES; n++) {
            fleet.eager("ue" + (n + 1), n == 0 ? "en1" : "en2", 900, EVENTS);
        }
        NodeModel model =
                new NodeModel(List.of("no", "one", "two"), List.of(1, 2), first.decisions(0, 0), new double[] {1});
        SimulationInputs plain = fleet.inputs("");
        Scenario scenario = SmallFleet.scenario("periodSeconds: 300\nhorizonSeconds: 900\nwarmUp: 0\nreplications: 2\n"
                + "policies: [kept, retrain]\nbackhaul: {delaySeconds: 0.5, bitsPerSecond: " + LINE + "}\n"
                + "monitor: {everySeconds: 20}\n" + more + "\n");
        return new SimulationInputs(
                scenario,
                plain.instance(),
                plain.plans(),
                plain.traces(),
                plain.costs(),
                model,
                (noise, darkness) -> plain.traces(),
                new FakeModels(first, next),
                null);
    }

    private static final String CLOUD =
            "cloud: {newSamples: 60, labels: {share: 0.5, delaySeconds: 30}, trainingSeconds: 50}";

    @Test
    void aBetterModelIsPutInForceAtTheNodes() {
        SimulationInputs inputs = inputs(new Fake(5, false), new Fake(0, false), CLOUD);
        SimulationResult result = Simulation.run(inputs, 1, new AtomicBoolean());
        SimulationResult.Variant kept = result.variants().get(0);
        SimulationResult.Variant retrained = result.variants().get(1);
        assertNull(kept.candidates());
        assertEquals(0.5, kept.figures().classAccuracy().mean(), 0.05);
        assertTrue(retrained.difference().classAccuracy().low() > 0.2);
        // The same world: as many events, and as many offloaded.
        assertEquals(kept.phases().get(0).events(), retrained.phases().get(0).events());
        assertEquals(kept.phases().get(0).offloads(), retrained.phases().get(0).offloads());
        SimulationResult.Candidate first = retrained.candidates().get(0);
        Evidence evidence = first.evidence();
        assertEquals(Verdict.BETTER, evidence.result().verdict());
        assertEquals(Reason.NEW_SAMPLES, evidence.reason());
        assertEquals(0, evidence.result().pair().lost());
        assertEquals(evidence.orderedSeconds() + 50, evidence.decidedSeconds(), 1e-9);
        assertEquals(evidence.decidedSeconds() + 0.5 + PARAMETER_BITS / LINE, first.inForceSeconds(), 1e-9);
        assertTrue(evidence.orderedSeconds() >= 30);
        // From then on all is right: the last bins of the timeline.
        List<Double> after = retrained.classAccuracy().subList(45, 60);
        assertTrue(after.stream().allMatch(share -> share == null || share > 0.95), after.toString());
        String text = SimulationText.of(result);
        assertTrue(text.contains("better") && text.contains("class accuracy"), text);
    }

    @Test
    void aWorseOneIsNotAndNothingChanges() {
        SimulationInputs inputs = inputs(new Fake(2, false), new Fake(6, false), CLOUD);
        SimulationResult result = Simulation.run(inputs, 1, new AtomicBoolean());
        SimulationResult.Variant retrained = result.variants().get(1);
        assertTrue(retrained.candidates().size() >= 2);
        retrained.candidates().forEach(one -> {
            assertEquals(Verdict.NOT_SHOWN, one.evidence().result().verdict());
            assertNull(one.inForceSeconds());
        });
        assertEquals(0, retrained.changes());
        assertEquals(Json.compact(result.variants().get(0).phases()), Json.compact(retrained.phases()));
        assertEquals(result.variants().get(0).classAccuracy(), retrained.classAccuracy());
    }

    @Test
    void anyNumberOfThreadsGivesTheSameBytes() {
        SimulationInputs inputs = inputs(new Fake(4, false), new Fake(1, false), CLOUD);
        assertEquals(
                Json.compact(Simulation.run(inputs, 1, new AtomicBoolean())),
                Json.compact(Simulation.run(inputs, 3, new AtomicBoolean())));
    }

    /** Disturbed images reach the nodes' model, and events that are disturbed are tested as they were. */
    @Test
    void noiseReachesTheNodes() {
        SimulationInputs inputs = inputs(
                new Fake(0, true),
                new Fake(1, false),
                CLOUD.replace("newSamples: 60", "newSamples: 60, leastSeconds: 300")
                        + "\nhappens: [{at: 200, devices: all, noise: 0.5}]");
        SimulationResult result = Simulation.run(inputs, 2, new AtomicBoolean());
        List<SimulationResult.Phase> kept = result.variants().get(0).phases();
        assertEquals(1, kept.get(0).classAccuracy(), 0.05);
        assertEquals(0, kept.get(1).classAccuracy(), 0.05);
        assertTrue(result.variants().get(1).phases().get(1).classAccuracy() > 0.3);
    }

    @Test
    void aTrainingThatFailsChangesNothing() {
        SimulationResult result = Simulation.run(inputs(new Fake(4, false), null, CLOUD), 1, new AtomicBoolean());
        SimulationResult.Variant retrained = result.variants().get(1);
        assertEquals(List.of(), retrained.candidates());
        assertTrue(retrained.withoutPlan() > 1);
    }

    @Test
    void refusesWhatItCannotDo() {
        SimulationInputs inputs = inputs(new Fake(4, false), new Fake(1, false), CLOUD);
        FleetSimulation run = new FleetSimulation(
                new Fleet(inputs),
                new Timeline(inputs.scenario(), 0),
                inputs.plans().get(0).plan(),
                inputs.scenario().policies().get(1),
                0);
        run.runUntil(100, () -> false);
        UserError error = assertThrows(UserError.class, () -> SimulationState.write(run));
        assertTrue(error.getMessage().contains("snapshot"), error.getMessage());
        for (String yaml : Arrays.asList(
                "policies: [retrain]\nbackhaul: {delaySeconds: 0, bitsPerSecond: 1}",
                "policies: [retrain]\ncloud: {newSamples: 5}",
                "cloud: {onAlarm: false}",
                "cloud: {newSamples: 0}",
                "cloud: {heldOut: 1}",
                "cloud: {delta: 0}",
                "cloud: {margin: 1}",
                "cloud: {tolerance: 2}",
                "cloud: {toleranceOf: {ue1: -1}}",
                "cloud: {trainingSeconds: -1}",
                "cloud: {capacity: 1}",
                "cloud: {deviceShare: 0}",
                "cloud: {labels: {share: 2, delaySeconds: 0}}",
                "cloud: {training: {epochs: 0}}",
                "cloud: {color: red}")) {
            UserError refused = assertThrows(UserError.class, () -> SmallFleet.scenario(yaml), yaml);
            assertTrue(refused.getMessage().startsWith("scenario.yaml"), refused.getMessage());
        }
        UserError noRun = assertThrows(
                UserError.class,
                () -> new SmallFleet()
                        .node("en1", 3000)
                        .eager("ue1", "en1", 900, EVENTS)
                        .inputs("policies: [retrain]\nbackhaul: {delaySeconds: 0, bitsPerSecond: 1}\n" + CLOUD));
        assertTrue(noRun.getMessage().contains("edgeNode"), noRun.getMessage());
    }
}
