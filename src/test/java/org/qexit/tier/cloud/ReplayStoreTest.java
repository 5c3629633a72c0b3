package org.qexit.tier.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;

class ReplayStoreTest {
    private static Example example(int i, String device, int classId) {
        return new Example("e" + i, "e" + i, device, classId, 0);
    }

    private static ReplayStore store(int capacity, int classes, double share, long seed) {
        return new ReplayStore(new ReplayLimits(capacity, classes, share), RandomStreams.of(seed));
    }

    /** Algorithm R: after n examples each is held with probability places / n, the first as well as the last. */
    @Test
    void everyExampleOfAClassIsHeldWithTheSameProbability() {
        int n = 40;
        int runs = 4000;
        int[] held = new int[n];
        for (int run = 0; run < runs; run++) {
            ReplayStore store = store(20, 2, 1, run);
            for (int i = 0; i < n; i++) {
                store.offer(example(i, "ue" + i % 3, 1));
            }
            assertEquals(10, store.size());
            store.examples().forEach(one -> held[Integer.parseInt(one.event().substring(1))]++);
        }
        double expected = runs * 10.0 / n;
        double deviation = Math.sqrt(runs * 0.25 * 0.75);
        for (int i = 0; i < n; i++) {
            assertEquals(expected, held[i], 4.5 * deviation, "example " + i);
        }
    }

    @Test
    void rareClassesStay() {
        ReplayStore store = store(30, 3, 1, 1);
        for (int i = 0; i < 5; i++) {
            store.offer(example(i, "ue1", 2));
        }
        for (int i = 5; i < 5000; i++) {
            store.offer(example(i, "ue" + i % 7, i % 2));
        }
        assertEquals(
                Map.of(0, 10L, 1, 10L, 2, 5L),
                store.examples().stream().collect(Collectors.groupingBy(Example::classId, Collectors.counting())));
    }

    /** A device that floods a class has its share of it, and leaves the others the chance that they had without it. */
    @Test
    void aFloodTakesNoMoreThanItsShare() {
        int runs = 300;
        double[] late = new double[2];
        for (int flood = 0; flood < 2; flood++) {
            for (int run = 0; run < runs; run++) {
                ReplayStore store = store(40, 2, 0.25, run);
                for (int i = 0; i < 200; i++) {
                    store.offer(example(i, "honest" + i % 10, 0));
                    for (int k = 0; flood == 1 && i < 100 && k < 20; k++) {
                        store.offer(example(1000 + 20 * i + k, "hostile", 0));
                        assertTrue(store.examples().stream()
                                        .filter(one -> one.device().equals("hostile"))
                                        .count()
                                <= 5);
                    }
                }
                late[flood] += store.examples().stream()
                        .filter(one -> one.device().startsWith("honest")
                                && Integer.parseInt(one.event().substring(1)) >= 100)
                        .count();
            }
        }
        // Without the flood half of 20 places; with it of those that it does not have, at least 3 in 4, less what it
        // wins by chance.
        assertEquals(10, late[0] / runs, 0.5);
        assertTrue(late[1] / runs > 6, "late honest examples: " + late[1] / runs);
    }

    @Test
    void renewedItTakesNewExamplesInReadily() {
        int after = 0;
        for (int run = 0; run < 200; run++) {
            ReplayStore store = store(20, 2, 1, run);
            for (int i = 0; i < 1000; i++) {
                store.offer(example(i, "ue1", 0));
            }
            store.renew();
            for (int i = 1000; i < 1010; i++) {
                store.offer(example(i, "ue1", 0));
            }
            after += (int) store.examples().stream()
                    .filter(one -> Integer.parseInt(one.event().substring(1)) >= 1000)
                    .count();
        }
        // 10 held and 10 new: each of the 20 stays with probability 1/2.
        assertEquals(5, after / 200.0, 0.4);
    }

    @Test
    void theSameExamplesGiveTheSameStoreAlsoAcrossAFile() {
        ReplayStore whole = store(24, 3, 0.5, 5);
        ReplayStore cut = store(24, 3, 0.5, 5);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 600; i++) {
            Example next = example(i % 400, "ue" + random.nextInt(4), random.nextInt(3));
            assertEquals(whole.offer(next), cut.offer(next));
            if (i % 97 == 0) {
                String text = Json.compact(cut.state());
                cut = ReplayStore.of(Json.parse("replay.json", text, ReplayState.class), RandomStreams.of(5));
                assertEquals(text, Json.compact(cut.state()));
            }
            Set<String> ids = new HashSet<>();
            whole.examples().forEach(one -> assertTrue(ids.add(one.event())));
            assertEquals(ids.size(), whole.size());
        }
        assertEquals(whole.examples(), cut.examples());
        assertFalse(whole.offer(whole.examples().get(0)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"limits\":{\"capacity\":1,\"classes\":2,\"deviceShare\":1},\"offered\":0,\"classes\":[]}",
                "{\"limits\":{\"capacity\":4,\"classes\":2,\"deviceShare\":0},\"offered\":0,\"classes\":[]}",
                "{\"limits\":{\"capacity\":4,\"classes\":2,\"deviceShare\":1},\"offered\":0,\"classes\":[]}",
                "{\"limits\":{\"capacity\":4,\"classes\":2,\"deviceShare\":1},\"offered\":-1,\"classes\":[A,A]}",
                "{\"limits\":{\"capacity\":4,\"classes\":2,\"deviceShare\":1},\"offered\":1,\"classes\":[A]}",
                "{\"limits\":{\"capacity\":4,\"classes\":2,\"deviceShare\":1},\"offered\":1,\"classes\":[A,null]}",
                "{\"limits\":{\"capacity\":4,\"classes\":2,\"deviceShare\":1},\"offered\":9,\"classes\":[A,H]}",
                "{\"limits\":{\"capacity\":4,\"classes\":2,\"deviceShare\":1},\"offered\":0,\"classes\":[H,A]}",
                "{\"limits\":{\"capacity\":4,\"classes\":2,\"deviceShare\":1},\"offered\":9,"
                        + "\"classes\":[{\"seen\":0,\"held\":[E],\"seenOf\":{\"d\":1}},A]}",
                "{\"limits\":{\"capacity\":4,\"classes\":2,\"deviceShare\":1},\"offered\":9,"
                        + "\"classes\":[{\"seen\":1,\"held\":[E],\"seenOf\":{\"d\":0}},A]}",
                "{\"limits\":{\"capacity\":4,\"classes\":2,\"deviceShare\":1},\"offered\":9,"
                        + "\"classes\":[{\"seen\":1,\"held\":[E],\"seenOf\":{}},A]}",
                "{\"limits\":{\"capacity\":4,\"classes\":2,\"deviceShare\":1},\"offered\":9,"
                        + "\"classes\":[{\"seen\":2,\"held\":[E,E],\"seenOf\":{\"d\":2}},A]}",
                "{\"limits\":{\"capacity\":4,\"classes\":2,\"deviceShare\":0.5},\"offered\":9,"
                        + "\"classes\":[{\"seen\":2,\"held\":[E,F],\"seenOf\":{\"d\":2}},A]}",
                "{\"limits\":{\"capacity\":4,\"classes\":2,\"deviceShare\":1},\"offered\":9,"
                        + "\"classes\":[{\"seen\":3,\"held\":[E,F,G],\"seenOf\":{\"d\":3}},A]}",
            })
    void refusesStatesOfNoStore(String template) {
        String one = "{\"event\":\"%s\",\"source\":\"s\",\"device\":\"d\",\"classId\":0,\"version\":0}";
        String text = template.replace("A", "{\"seen\":0,\"held\":[],\"seenOf\":{}}")
                .replace("H", "{\"seen\":1,\"held\":[E],\"seenOf\":{\"d\":1}}")
                .replace("E", one.replace("%s", "a"))
                .replace("F", one.replace("%s", "b"))
                .replace("G", one.replace("%s", "c"));
        RuntimeException refused = assertThrows(
                RuntimeException.class,
                () -> ReplayStore.of(Json.parse("replay.json", text, ReplayState.class), RandomStreams.of(1)));
        assertTrue(refused instanceof UserError || refused instanceof IllegalArgumentException, refused.toString());
    }
}
