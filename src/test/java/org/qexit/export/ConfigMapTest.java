package org.qexit.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.allocation.Plan;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.trace.ThresholdsFile;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What is written is read back by a YAML reader that is not ours. */
class ConfigMapTest {
    private static final Path FILE = Path.of("plan.json");

    private static Plan plan(String... ids) {
        String devices = String.join(
                ",",
                List.of(ids).stream()
                        .map(id -> "{\"id\":" + Json.compact(id)
                                + ",\"node\":\"en1\",\"lower\":0.25,\"upper\":\"never\",\"bandwidthHz\":1e6,\"powerWatts\":0.1,"
                                + "\"computeUnits\":2,\"truePositives\":1,\"falsePositives\":0}")
                        .toList());
        return Json.parse(
                "plan",
                "{\"format\":\"qexit.plan/1\",\"instance\":\"i\",\"method\":\"exact\",\"status\":\"optimal\",\"seconds\":3,"
                        + "\"devices\":[" + devices + "]}",
                Plan.class);
    }

    private static Map<?, ?> read(ConfigMap map) {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(map.yaml());
    }

    @Test
    void planAndThresholdsComeBack() {
        String[] ids = {"ue1", "gerät \u2028\u0085\ufeff: - #\"'\\ \t", "1", "x".repeat(500)};
        Plan plan = plan(ids);
        ThresholdsFile node = Json.parse(
                "en",
                "{\"format\":\"qexit.thresholds/1\",\"kind\":\"en\",\"edgeNode\":{\"critical\":[5],\"lower\":0.1,\"upper\":0.9}}",
                ThresholdsFile.class);
        ConfigMap map = ConfigMap.of("fleet.north-1", FILE, plan, node);
        Map<?, ?> read = read(map);
        assertEquals("v1", read.get("apiVersion"));
        assertEquals("ConfigMap", read.get("kind"));
        assertEquals("fleet.north-1", ((Map<?, ?>) read.get("metadata")).get("name"));
        Map<?, ?> data = (Map<?, ?>) read.get("data");
        assertEquals(Set.of("plan.json", "thresholds.json", "edge-node-thresholds.json"), data.keySet());
        assertEquals(plan.withoutSeconds(), Json.parse("plan", (String) data.get("plan.json"), Plan.class));
        ThresholdsFile thresholds = Json.parse("t", (String) data.get("thresholds.json"), ThresholdsFile.class);
        assertEquals(
                List.of(ids),
                thresholds.devices().stream().map(ThresholdsFile.Device::id).toList());
        assertEquals(0.25f, thresholds.devices().get(0).thresholds().lowerEntry());
        assertEquals(node, Json.parse("en", (String) data.get("edge-node-thresholds.json"), ThresholdsFile.class));
        assertTrue(map.yaml().chars().allMatch(c -> c == '\n' || c >= 32 && c < 127));
        // Read by our own strict reader, too.
        assertEquals(read.keySet(), Json.parseYaml("map", map.yaml(), Map.class).keySet());
    }

    @Test
    void numbersAreNoNumbersAsNames() {
        assertEquals(
                "1.5",
                ((Map<?, ?>) read(ConfigMap.of("1.5", FILE, plan("a"), null)).get("metadata")).get("name"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "-a", "a-", "a_b", "a..b", "a.", "ä", "a b", "a\n"})
    void otherNamesAreRefused(String name) {
        assertThrows(UserError.class, () -> ConfigMap.of(name, FILE, plan("a"), null));
        assertThrows(UserError.class, () -> ConfigMap.of("a".repeat(64), FILE, plan("a"), null));
        ConfigMap.of("a".repeat(63) + "." + "b".repeat(63), FILE, plan("a"), null);
    }

    @Test
    void moreThanKubernetesTakesIsTold() {
        String reason = assertThrows(UserError.class, () -> ConfigMap.of("a", FILE, plan("x".repeat(600_000)), null))
                .getMessage();
        assertTrue(reason.contains("at most 1048576"), reason);
        assertThrows(UserError.class, () -> ConfigMap.of("a", FILE, plan(), null));
    }
}
