package org.qexit.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.common.Json;
import org.qexit.device.EdgeRuntime;
import org.qexit.device.NodeRuntime;

/**
 * Bundles of every version of the format, as released programs wrote them. They are never written anew: a test that fails here means
 * that devices in the field can no longer read what they have.
 */
class FrozenBundlesTest {
    private static final Path FROZEN = Path.of("src/test/resources/bundles");

    static List<Path> bundles() throws IOException {
        try (Stream<Path> files = Files.list(FROZEN)) {
            return files.filter(f -> f.toString().endsWith(".zip")).sorted().toList();
        }
    }

    /** The list is what was frozen: a bundle that was replaced or lost is noticed. */
    @Test
    void noneIsReplacedOrLost() throws IOException {
        Map<?, ?> expected = Json.read(FROZEN.resolve("manifests-sha256.json"), Map.class);
        assertFalse(expected.isEmpty());
        assertEquals(
                expected.keySet().stream().map(Object::toString).sorted().toList(),
                bundles().stream().map(f -> f.getFileName().toString()).toList());
        for (Path file : bundles()) {
            assertEquals(
                    expected.get(file.getFileName().toString()),
                    Bundle.open(file).sha256());
        }
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void loadsAndVerifies(Path file) {
        BundleVerification.Report report = BundleVerification.verify(Bundle.open(file), "none", null, List.of());
        assertTrue(report.passed(), report.toString());
        assertFalse(report.checks().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("bundles")
    void runsAsItDidWhenItWasMade(Path file) {
        Bundle bundle = Bundle.open(file);
        if (bundle.manifest().forEdgeNode()) {
            nodeRunsAsItDidWhenItWasMade(file, bundle);
            return;
        }
        Golden golden = Json.parse(file.toString(), bundle.text(Golden.PATH), Golden.class);
        int size = bundle.manifest().input().size();
        float[] inputs = Golden.floats(bundle.bytes(golden.inputs()), (long) golden.events() * size);
        try (EdgeRuntime runtime = EdgeRuntime.open(bundle, golden.thresholds(), 1)) {
            for (int k = 0; k < golden.events(); k++) {
                EdgeRuntime.Result result = runtime.classify(Arrays.copyOfRange(inputs, k * size, (k + 1) * size));
                assertEquals(golden.exits()[k], result.exit(), "exit of event " + k);
                assertEquals(golden.decisions()[k] == 1, result.critical(), "decision on event " + k);
                for (int q = 0; q < result.exit(); q++) {
                    assertEquals(golden.confidences()[k][q], result.confidences()[q], golden.tolerance());
                }
            }
        }
        for (String device : bundle.devices()) {
            bundle.device(device).thresholds();
        }
    }

    private static void nodeRunsAsItDidWhenItWasMade(Path file, Bundle bundle) {
        NodeGolden golden = Json.parse(file.toString(), bundle.text(Golden.PATH), NodeGolden.class);
        int size = bundle.manifest().input().size();
        float[] inputs = Golden.floats(bundle.bytes(golden.inputs()), (long) golden.events() * size);
        try (NodeRuntime runtime = NodeRuntime.open(bundle)) {
            for (int k = 0; k < golden.events(); k++) {
                NodeRuntime.Result result = runtime.classify(Arrays.copyOfRange(inputs, k * size, (k + 1) * size));
                assertEquals(golden.exits()[k], result.exit(), "exit of event " + k);
                assertEquals(golden.classes()[k], result.classId(), "class of event " + k);
                for (int q = 0; q < result.exit(); q++) {
                    assertArrayEquals(
                            golden.probabilities()[k][q], result.probabilities()[q], (float) golden.tolerance());
                }
            }
        }
    }
}
