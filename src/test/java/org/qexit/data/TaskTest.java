package org.qexit.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;

class TaskTest {
    @ParameterizedTest
    @CsvSource({"0.10, 700, 78", "0.5, 300, 300", "0.001, 700, 1", "0.25, 700, 233", "0.9, 33, 300"})
    void criticalsAreAsRareAsAsked(double fraction, int normals, int criticals) {
        Dataset data = TestData.blank(10, 100);
        LabelledSet set = Task.of(List.of(2, 4, 6), fraction).apply(data, RandomStreams.of(1), "train");
        assertEquals(criticals, set.positives());
        assertEquals(normals, set.size() - set.positives());
        assertEquals(set.size(), Arrays.stream(set.indices()).distinct().count());
        for (int k = 0; k < set.size(); k++) {
            assertEquals(data.classOf(set.indices()[k]), set.classes()[k]);
            assertEquals(Set.of(2, 4, 6).contains(set.classes()[k]) ? 1 : 0, set.labels()[k]);
            assertTrue(k == 0 || set.indices()[k - 1] < set.indices()[k]);
        }
    }

    @Test
    void thinningIsFairToEverySample() {
        Dataset data = TestData.blank(2, 50);
        Task task = Task.of(List.of(0), 1.0 / 6);
        int[] kept = new int[100];
        int rounds = 2000;
        for (int seed = 0; seed < rounds; seed++) {
            for (int index : task.apply(data, RandomStreams.of(seed), "t").indices()) {
                kept[index]++;
            }
        }
        for (int i = 0; i < 100; i++) {
            // 10 of 50 criticals stay: Binomial(2000, 0.2), standard deviation 17.9; normals all stay.
            assertEquals(i % 2 == 0 ? 400 : rounds, kept[i], i % 2 == 0 ? 5 * 17.9 : 0);
        }
    }

    @Test
    void keepsAllOrOnlyTheListedClassesWhereAsked() {
        Dataset data = TestData.blank(5, 10);
        assertEquals(
                50,
                Task.keepingAll(List.of(1))
                        .apply(data, RandomStreams.of(1), "t")
                        .size());
        LabelledSet some = new Task(List.of(1), List.of(0, 2), null, true).apply(data, RandomStreams.of(1), "t");
        assertEquals(30, some.size());
        assertEquals(10, some.positives());
        assertTrue(Arrays.stream(some.classes()).allMatch(c -> c <= 2));
    }

    @Test
    void aClassThatIsNotThereIsNamedWithThoseThatAre() {
        UserError error = assertThrows(
                UserError.class,
                () -> Task.of(List.of(1, 7), 0.1).apply(TestData.blank(3, 10), RandomStreams.of(1), "t"));
        assertEquals(
                "data set blank: no class 7; expected some of: 0 (class0), 1 (class1), 2 (class2)", error.getMessage());
    }

    @Test
    void readsFromConfigurationAndRefusesWhatMakesNoSense() {
        assertEquals(Task.DEFAULT, Json.parse("c", "{\"critical\": [6, 2, 4]}", Task.class));
        for (String bad : List.of(
                "{}",
                "{\"critical\": []}",
                "{\"critical\": [1, 1]}",
                "{\"critical\": [-1]}",
                "{\"critical\": [1], \"normal\": [1]}",
                "{\"critical\": [1], \"criticalFraction\": 1}",
                "{\"critical\": [1], \"criticalFraction\": 0}",
                "{\"critical\": [1], \"criticalFraction\": 0.1, \"keepAll\": true}")) {
            UserError error = assertThrows(UserError.class, () -> Json.parse("c", bad, Task.class), bad);
            assertEquals(1, error.getMessage().lines().count());
        }
    }

    @ParameterizedTest
    @CsvSource({"0.2, 1", "0.15, 2", "0, 3", "1, 4", "0.333, 5"})
    void heldOutPartIsStratifiedByClassAndLosesNothing(double fraction, long seed) {
        Dataset data = TestData.blank(7, 41);
        LabelledSet all = Task.of(List.of(3), 0.1).apply(data, RandomStreams.of(seed), "t");
        LabelledSet.HeldOut parts = all.holdOut(fraction, RandomStreams.of(seed), "held-out");
        assertEquals(Math.round(fraction * all.size()), parts.heldOut().size());
        Set<Integer> union = new HashSet<>();
        IntStream.concat(
                        Arrays.stream(parts.train().indices()),
                        Arrays.stream(parts.heldOut().indices()))
                .forEach(i -> assertTrue(union.add(i)));
        assertEquals(all.size(), union.size());
        for (int c = 0; c < 7; c++) {
            assertEquals(fraction * count(all, c), count(parts.heldOut(), c), 1 - 1e-9);
        }
        assertEquals(parts, all.holdOut(fraction, RandomStreams.of(seed), "held-out"));
        if (fraction > 0 && fraction < 1) {
            assertNotEquals(parts, all.holdOut(fraction, RandomStreams.of(seed + 1), "held-out"));
        }
    }

    private static long count(LabelledSet set, int classId) {
        return Arrays.stream(set.classes()).filter(c -> c == classId).count();
    }

    @Test
    void apportionmentFollowsSharesExactly() {
        assertEquals("[40, 30, 30]", Arrays.toString(Apportion.byWeight(new double[] {0.4, 0.3, 0.3}, 100)));
        assertEquals("[1, 1, 1]", Arrays.toString(Apportion.byWeight(new double[] {0.5, 0.3, 0.2}, 3)));
        assertEquals("[3, 0, 4]", Arrays.toString(Apportion.byWeight(new double[] {1, 0, 1.2}, 7)));
        assertEquals(
                "[2, 3]", Arrays.toString(Apportion.largestRemainder(new double[] {4.9, 0.1}, 5, new int[] {2, 9})));
        assertThrows(
                IllegalArgumentException.class,
                () -> Apportion.largestRemainder(new double[] {1, 1}, 5, new int[] {1, 1}));
    }
}
