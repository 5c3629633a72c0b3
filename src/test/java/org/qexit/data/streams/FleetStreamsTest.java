package org.qexit.data.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.Task;
import org.qexit.data.TaskChoice;
import org.qexit.data.TestData;

class FleetStreamsTest {
    private static final Task TASK = Task.of(List.of(1, 3), 0.1);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void noImageIsInTwoSplitsOrAtTwoDevices(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Dataset data = TestData.blank(6, 300);
        FleetStreamSpec spec = FleetStreamSpec.of(
                1 + random.nextInt(8), Math.exp(random.nextDouble(-4, 4)), 40, 40 + random.nextInt(80), 0.1, 0.3);
        List<DeviceStream> fleet = FleetStreams.draw(spec, data, TASK, RandomStreams.of(seed), "fleet");
        assertEquals(spec.count(), fleet.size());
        Set<Integer> seen = new HashSet<>();
        for (DeviceStream device : fleet) {
            assertTrue(device.size() >= 40 && device.size() <= spec.events().get(1));
            double fraction = (double) device.positives() / device.size();
            assertEquals(0.2, fraction, 0.1 + 0.5 / device.size());
            for (LabelledSet split : device.splits()) {
                assertTrue(split.positives() >= 1 && split.positives() < split.size());
                for (int k = 0; k < split.size(); k++) {
                    assertTrue(seen.add(split.indices()[k]), "image given out twice");
                    assertEquals(data.classOf(split.indices()[k]), split.classes()[k]);
                    assertEquals(TASK.critical().contains(split.classes()[k]), split.labels()[k] == 1);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"100, 0.10", "37, 0.11", "50, 0.30"})
    void splitsFollowTheirSharesForEachLabel(int events, double fraction) {
        FleetStreamSpec spec = FleetStreamSpec.of(4, 1, events, events, fraction, fraction);
        for (DeviceStream device : FleetStreams.draw(spec, TestData.blank(6, 300), TASK, RandomStreams.of(3), "f")) {
            int positives = (int) Math.round(events * fraction);
            assertEquals(events, device.size());
            assertEquals(positives, device.positives());
            double[] shares = {0.4, 0.3, 0.3};
            for (int s = 0; s < 3; s++) {
                LabelledSet split = device.splits().get(s);
                assertEquals(shares[s] * positives, split.positives(), 1);
                assertEquals(shares[s] * (events - positives), split.size() - split.positives(), 1);
            }
        }
    }

    @Test
    void aSmallAlphaGivesLopsidedDevicesAndALargeOneEvenOnes() {
        assertTrue(meanLargestShare(0.1) > 0.7);
        assertTrue(meanLargestShare(100) < 0.4);
    }

    /** Mean over devices of the share of the commonest of four normal classes. */
    private static double meanLargestShare(double alpha) {
        FleetStreamSpec spec = FleetStreamSpec.of(20, alpha, 100, 100, 0.1, 0.1);
        double sum = 0;
        for (DeviceStream device :
                FleetStreams.draw(spec, TestData.blank(6, 2000), TASK, RandomStreams.of(5), "fleet")) {
            int[] counts = new int[6];
            for (LabelledSet split : device.splits()) {
                for (int k = 0; k < split.size(); k++) {
                    counts[split.classes()[k]] += 1 - split.labels()[k];
                }
            }
            sum += Arrays.stream(counts).max().orElseThrow() / 90.0;
        }
        return sum / 20;
    }

    @Test
    void sameSeedSameStreamsAndAnExceptionChangesNoOtherDemand() {
        Dataset data = TestData.blank(6, 300);
        FleetStreamSpec spec = FleetStreamSpec.of(5, 1, 40, 80, 0.1, 0.2);
        List<DeviceStream> once = FleetStreams.draw(spec, data, TASK, RandomStreams.of(1), "fleet");
        assertEquals(once, FleetStreams.draw(spec, data, TASK, RandomStreams.of(1), "fleet"));
        FleetStreamSpec with = new FleetStreamSpec(
                5,
                1.0,
                spec.events(),
                spec.criticalFraction(),
                null,
                List.of(new DeviceSpec("ue2", 60, 0.5, Map.of(3, 1.0, 0, 2.0, 5, 2.0))),
                null);
        List<DeviceStream> changed = FleetStreams.draw(with, data, TASK, RandomStreams.of(1), "fleet");
        assertEquals(60, changed.get(1).size());
        assertEquals(30, changed.get(1).positives());
        for (LabelledSet split : changed.get(1).splits()) {
            for (int id : split.classes()) {
                assertTrue(Set.of(0, 3, 5).contains(id));
            }
        }
        for (int n : new int[] {0, 2, 3, 4}) {
            assertEquals(once.get(n).size(), changed.get(n).size());
            assertEquals(once.get(n).positives(), changed.get(n).positives());
        }
    }

    @Test
    void anExhaustedClassGivesWayToTheNextLikely() {
        // 3 normal classes of 20 images; the only device asks for 50 normals, all of class 0 and, less, of class 4.
        Dataset data = TestData.blank(5, 20);
        DeviceSpec device = new DeviceSpec("ue1", 60, 1.0 / 6, Map.of(0, 0.98, 4, 0.02, 1, 1.0));
        FleetStreamSpec spec = new FleetStreamSpec(1, 1.0, null, null, null, List.of(device), null);
        DeviceStream stream = FleetStreams.draw(spec, data, TASK, RandomStreams.of(1), "fleet")
                .get(0);
        int[] counts = new int[5];
        for (LabelledSet split : stream.splits()) {
            for (int id : split.classes()) {
                counts[id]++;
            }
        }
        assertArrayEquals(new int[] {20, 10, 10, 0, 20}, counts);
    }

    /** The YAML of docs/data.md. */
    record Configuration(Data data, FleetStreamSpec streams) {}

    record Data(String dataset, TaskChoice task) {}

    @Test
    void theDocumentedConfigurationIsTheDefault(@TempDir Path folder) throws IOException {
        String yaml = Pattern.compile("(?s)```yaml run\n(data:\n  dataset:.*?|streams:\n.*?)```")
                .matcher(Files.readString(Path.of("docs/data.md")))
                .results()
                .map(block -> block.group(1))
                .collect(Collectors.joining());
        Path file = Files.writeString(folder.resolve("c.yaml"), yaml);
        Configuration read = Json.readYaml(file, Configuration.class);
        List<String> names = List.of(
                "T-shirt/top",
                "Trouser",
                "Pullover",
                "Dress",
                "Coat",
                "Sandal",
                "Shirt",
                "Sneaker",
                "Bag",
                "Ankle boot");
        Dataset images = Dataset.ofBytes("images", new int[] {1, 1, 1}, new byte[][] {{0}}, new int[] {0}, names);
        assertEquals(Task.DEFAULT, read.data().task().on(images));
        FleetStreamSpec defaults = FleetStreamSpec.DEFAULT;
        FleetStreamSpec expected = new FleetStreamSpec(
                defaults.count(),
                defaults.dirichletAlpha(),
                defaults.events(),
                defaults.criticalFraction(),
                defaults.split(),
                List.of(new DeviceSpec("ue3", 500, 0.3, Map.of(0, 3.0, 1, 1.0, 2, 1.0))),
                null);
        assertEquals(expected, read.streams());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "count: 0",
                "dirichletAlpha: 0",
                "events: [1, 5]",
                "events: [5]",
                "events: [9, 5]",
                "events: [9, 2147483647]",
                "criticalFraction: [0, 0.5]",
                "criticalFraction: [0.5, 0.2]",
                "criticalFraction: [0.5, 1]",
                "split: {validation: 0.5, calibration: 0.3, test: 0.3}",
                "split: {validation: 1.5, calibration: -0.5, test: 0}",
                "devices: [{device: ue11}]",
                "devices: [{device: camera}]",
                "devices: [{device: ue1}, {device: ue1}]",
                "devices: [{device: ue1, criticalFraction: 0}]",
                "devices: [{device: ue1, classWeights: {2: -1}}]",
            })
    void badSpecificationsAreUserErrors(String yaml, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), yaml + "\n");
        UserError error = assertThrows(UserError.class, () -> Json.readYaml(file, FleetStreamSpec.class));
        assertTrue(error.getMessage().startsWith(file.toString()), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    @Test
    void saysWhatIsMissing() {
        Dataset data = TestData.blank(6, 30);
        UserError tooMany = assertThrows(
                UserError.class,
                () -> FleetStreams.draw(
                        FleetStreamSpec.of(10, 1, 50, 50, 0.2, 0.2), data, TASK, RandomStreams.of(1), "f"));
        assertTrue(tooMany.getMessage().contains("asks for 100 critical events"), tooMany.getMessage());
        assertTrue(tooMany.getMessage().contains("has 60 critical images"), tooMany.getMessage());
        UserError tooFew = assertThrows(
                UserError.class,
                () -> FleetStreams.draw(
                        FleetStreamSpec.of(2, 1, 20, 20, 0.1, 0.1), data, TASK, RandomStreams.of(1), "f"));
        assertTrue(
                tooFew.getMessage().startsWith("device ue1: no critical events in its test split"),
                tooFew.getMessage());
    }
}
