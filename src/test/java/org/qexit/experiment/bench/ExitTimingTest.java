package org.qexit.experiment.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.Golden;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.device.EdgeRuntime;

class ExitTimingTest {
    private static Bundle bundle(String name) {
        return Bundle.open(Path.of("src/test/resources/bundles/" + name + ".zip"));
    }

    /** Layers by hand: what stands in the stages' graphs up to each exit. */
    @ParameterizedTest
    @CsvSource({"per-exit, '2,4,7', 7", "quickstart-hybrid, '9,18,27', 27", "foreign-dense, '5,9,13', 13"})
    void laterStagesAreNotRun(String name, String layers, int all) {
        Bundle bundle = bundle(name);
        ExitTiming timing = ExitTiming.of(bundle);
        Golden golden = Json.parse("golden", bundle.text(Golden.PATH), Golden.class);
        assertTrue(timing.saved());
        assertEquals(all, timing.layers());
        List<Integer> expected = IntStream.of(java.util.Arrays.stream(layers.split(","))
                        .mapToInt(Integer::parseInt)
                        .toArray())
                .boxed()
                .toList();
        assertEquals(
                expected,
                timing.exits().stream().map(ExitTiming.OfExit::layersRun).toList());
        int before = 0;
        for (ExitTiming.OfExit exit : timing.exits()) {
            assertEquals(
                    IntStream.of(golden.exits()).filter(q -> q == exit.exit()).count(), exit.events());
            assertTrue(exit.nodesRun() > before && exit.nodesRun() <= timing.nodes(), timing.toString());
            assertTrue(exit.wholeMicros() > 0 && exit.stagesMicros() > 0);
            before = exit.nodesRun();
        }
    }

    @Test
    void edgeNodesAreRefused() {
        assertThrows(UserError.class, () -> ExitTiming.of(bundle("edge-node")));
    }

    /** The ways agree and a verdict is given; which, depends on the machine. */
    @ParameterizedTest
    @CsvSource({"per-exit, ue1", "quickstart-classical, ue2"})
    void bundlesAreJudged(String name, String device) {
        Bundle bundle = bundle(name);
        SplittableRandom random = new SplittableRandom(2);
        List<float[]> events = IntStream.range(0, 40)
                .mapToObj(k -> {
                    float[] event = new float[784];
                    for (int i = 0; i < event.length; i++) {
                        event[i] = random.nextInt(256);
                    }
                    return event;
                })
                .toList();
        try (EdgeRuntime runtime =
                EdgeRuntime.open(bundle, bundle.device(device).thresholds(), 1)) {
            EarlyExitStudy.Savings result = EarlyExitStudy.run(bundle, runtime, events, 3);
            assertEquals(40, result.agreeing());
            assertNotNull(result.oneCall());
            assertNotNull(result.oneCallEarlyExit());
            EarlyExitStudy.Verdict verdict = result.verdict();
            assertTrue(verdict.speedup() > 0 && verdict.callMicros() >= 0, verdict.toString());
            assertTrue(verdict.macsPerMicro() == null || verdict.macsPerMicro() > 0, verdict.toString());
            assertTrue(verdict.better().matches("stages|whole graph"));
            assertTrue(verdict.pays() == null || verdict.pays() == (verdict.speedup() > 1));
        }
    }
}
