package org.qexit.data.streams;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.GroupedBeats;
import org.qexit.data.LabelledSet;
import org.qexit.data.Split;
import org.qexit.data.Task;
import org.qexit.data.TestData;
import org.qexit.data.catalog.DatasetCatalog;

/** Series of several sources: who owns which sample, and that no source is on both sides. */
class GroupsTest {
    private static final Task TASK = new Task(List.of(1, 2), List.of(0), null, true);

    @TempDir
    private Path folder;

    private DatasetCatalog catalog(List<String> train, List<String> test) throws IOException {
        GroupedBeats.write(folder, train, test);
        return DatasetCatalog.of(List.of(folder));
    }

    private static List<String> repeat(List<String> groups, int times) {
        List<String> all = new ArrayList<>();
        groups.forEach(group -> {
            for (int i = 0; i < times; i++) {
                all.add(group);
            }
        });
        return all;
    }

    /** Whatever the groups' sizes and order: a patient is on one side only, and each device holds its own beats, once, in order. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void patientsAreDevicesAndNeverInTraining(long seed) throws IOException {
        SplittableRandom random = RandomStreams.of(seed).stream("groups");
        List<String> train = new ArrayList<>();
        List<String> test = new ArrayList<>();
        for (int i = 0; i < 1600; i++) {
            train.add("a" + random.nextInt(7));
            test.add("b" + random.nextInt(9));
        }
        DatasetCatalog catalog = catalog(train, test);
        Dataset learning = catalog.load("beats", Split.TRAIN);
        Dataset events = catalog.load("beats", Split.TEST);
        Set<String> shared = new HashSet<>(learning.samplesByGroup().keySet());
        shared.retainAll(events.samplesByGroup().keySet());
        assertTrue(shared.isEmpty());
        FleetStreamSpec spec = new FleetStreamSpec(null, null, null, null, null, null, true);
        List<DeviceStream> devices = FleetStreams.draw(spec, events, TASK, RandomStreams.of(seed), "streams");
        assertEquals(9, devices.size());
        for (DeviceStream device : devices) {
            List<Integer> seen = new ArrayList<>();
            for (LabelledSet split : device.splits()) {
                for (int k = 0; k < split.size(); k++) {
                    seen.add(split.indices()[k]);
                    assertEquals(test.get(split.indices()[k]), device.device());
                    assertNotEquals(3, split.classes()[k]);
                    assertEquals(split.classes()[k] == 0 ? 0 : 1, split.labels()[k]);
                }
            }
            int[] expected = Arrays.stream(events.samplesByGroup().get(device.device()))
                    .filter(i -> events.classOf(i) != 3)
                    .toArray();
            assertArrayEquals(
                    expected, seen.stream().mapToInt(Integer::intValue).toArray());
            assertEquals(0.4, device.validation().size() / (double) device.size(), 1.0 / device.size());
        }
        assertEquals(
                devices.subList(0, 3),
                FleetStreams.draw(
                        new FleetStreamSpec(3, null, null, null, null, null, true),
                        events,
                        TASK,
                        RandomStreams.of(seed + 1),
                        "other"));
    }

    @Test
    void aPatientOnBothSidesIsRefused() throws IOException {
        DatasetCatalog catalog = catalog(repeat(List.of("100", "101"), 8), repeat(List.of("102", "101"), 8));
        for (Split split : Split.values()) {
            UserError error = assertThrows(UserError.class, () -> catalog.load("beats", split));
            assertEquals("data set beats: record 101 is in both splits; expected disjoint groups", error.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sample,patient\\n1,100\\n | no column 'record' in the header",
                "sample,record\\n1,100\\n | 1 rows; expected 8, one for each sample",
                "sample,record\\n1\\n | line 2: 1 columns; expected 2 as before",
                "sample,record\\n1,\\n | line 2, column 2: record has 0 characters; expected 1 to 256",
            })
    void hostileGroupTablesEndInOneLine(String text, String message) throws IOException {
        DatasetCatalog catalog = catalog(repeat(List.of("100"), 8), repeat(List.of("102"), 8));
        Files.writeString(folder.resolve("beats/test.csv"), text.strip().replace("\\n", "\n"));
        UserError error = assertThrows(UserError.class, () -> catalog.load("beats", Split.TEST));
        assertTrue(error.getMessage().contains("test.csv") && error.getMessage().contains(message), error.getMessage());
        assertFalse(error.getMessage().contains("\n"));
    }

    @Test
    void groupsAreAskedForOnlyWhereThereAreSome() throws IOException {
        FleetStreamSpec spec = new FleetStreamSpec(null, null, null, null, null, null, true);
        Dataset blank = TestData.blank(4, 50);
        UserError none = assertThrows(
                UserError.class, () -> FleetStreams.draw(spec, blank, TASK, RandomStreams.of(1), "streams"));
        assertTrue(none.getMessage().contains("has no groups"), none.getMessage());
        Dataset apart = catalog(repeat(List.of("100"), 8), repeat(List.of("102", "103"), 4))
                .load("beats", Split.TEST);
        UserError empty = assertThrows(
                UserError.class, () -> FleetStreams.draw(spec, apart, TASK, RandomStreams.of(1), "streams"));
        assertTrue(empty.getMessage().contains("no group of data set beats"), empty.getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> new FleetStreamSpec(null, 1.0, null, null, null, null, true));
        assertThrows(IllegalArgumentException.class, () -> blank.withGroups(List.of("one")));
        assertNotEquals(
                blank.sha256(), blank.withGroups(repeat(List.of("a", "b"), 100)).sha256());
        assertNotEquals(
                blank.withGroups(repeat(List.of("a"), 200)).sha256(),
                blank.withGroups(repeat(List.of("a", "b"), 100)).sha256());
    }
}
