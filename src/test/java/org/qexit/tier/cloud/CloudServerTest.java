package org.qexit.tier.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.Json;
import org.qexit.common.UserError;

class CloudServerTest {
    private static final String FIRST = "0".repeat(64);
    private static final String SECOND = "1".repeat(64);

    @TempDir
    private Path folder;

    private static CloudRules rules(TriggerRules trigger) {
        return new CloudRules(
                new ReplayLimits(200, 3, 1), trigger, new AcceptanceRules(0.05, 0, 1, null), 0.4, 20, List.of(1, 2), 7);
    }

    private static CloudRules rules() {
        return rules(new TriggerRules(50, true, null, 20, 0));
    }

    private static void send(CloudServer server, int from, int to) {
        for (int i = from; i < to; i++) {
            server.report(new Report("e" + i, "s" + i, "ue" + i % 4, server.version(), 1));
            assertTrue(server.label("e" + i, i % 3));
        }
    }

    @Test
    void onlyLabelledEventsCountAndEachOnce() {
        CloudServer server = new CloudServer(rules(), FIRST);
        assertFalse(server.label("e1", 1));
        for (int i = 0; i < 500; i++) {
            server.report(new Report("e" + i, "s" + i, "ue1", 0, 1));
        }
        assertEquals(0, server.examples() + server.waiting());
        assertTrue(server.due(1).isEmpty());
        send(server, 0, 60);
        assertFalse(server.label("e1", 1));
        assertEquals(60, server.examples() + server.waiting());
        assertThrows(IllegalArgumentException.class, () -> server.label("e70", 3));
    }

    /** Whatever is ordered and tested, no source is tested on that was trained or tested on before. */
    @Test
    void whatIsTestedWasNeverUsedBefore() {
        CloudServer server = new CloudServer(rules(), FIRST);
        Set<String> used = new HashSet<>();
        int tested = 0;
        for (int step = 0; step < 40; step++) {
            // Sources come again and again, as other events.
            for (int i = 0; i < 30; i++) {
                String source = "s" + (step * 17 + i) % 400;
                String event = source + "/" + step;
                server.report(new Report(event, source, "ue" + i % 3, 0, 1));
                server.label(event, i % 3);
            }
            if (step == 20) {
                server.alarm();
            }
            Optional<Order> order = server.due(step);
            if (order.isPresent()) {
                order.get().examples().forEach(example -> used.add(example.source()));
                Set<String> now = new HashSet<>();
                Evidence evidence = server.decide(step, SECOND, example -> true, example -> {
                    assertTrue(now.add(example.source()));
                    assertTrue(used.add(example.source()), example.source());
                    return false;
                });
                tested += evidence.tested();
                assertEquals(now.size(), evidence.tested());
            }
        }
        assertTrue(tested > 60, tested + " tested");
    }

    @Test
    void aBetterCandidateIsInForceAndAWorseOneIsNot() {
        CloudServer server = new CloudServer(rules(), FIRST);
        send(server, 0, 150);
        Order order = server.due(10).orElseThrow();
        assertEquals(Reason.NEW_SAMPLES, order.reason());
        assertEquals(server.examples(), order.examples().size());
        assertTrue(server.due(11).isEmpty());
        Evidence evidence = server.decide(12, SECOND, example -> example.classId() == 0, example -> true);
        assertEquals(Verdict.BETTER, evidence.result().verdict());
        assertEquals(1, server.version());
        assertEquals(FIRST, evidence.baseSha256());
        send(server, 150, 300);
        assertEquals(1, server.due(20).orElseThrow().baseVersion());
        Evidence second = server.decide(22, FIRST, example -> true, example -> example.classId() == 0);
        assertEquals(Verdict.NOT_SHOWN, second.result().verdict());
        assertEquals(SECOND, second.baseSha256());
        assertEquals(1, server.version());
        assertEquals(List.of(evidence, second), server.evidence());
        assertThrows(IllegalStateException.class, () -> server.decide(23, FIRST, example -> true, example -> true));
        String text = Json.compact(evidence);
        assertEquals(evidence, Json.parse("evidence", text, Evidence.class));
        assertTrue(text.contains("\"verdict\":\"better\"") && text.contains("\"won\":"), text);
    }

    @Test
    void triggersWaitForSamplesTimeAndEachOther() {
        RetrainingTrigger trigger = new RetrainingTrigger(new TriggerRules(3, true, 100.0, 2, 10));
        assertTrue(trigger.due(1000).isEmpty());
        trigger.came();
        assertEquals(Optional.of(Reason.SCHEDULE), trigger.due(100));
        assertTrue(trigger.due(99).isEmpty());
        assertTrue(trigger.alarm());
        trigger.came();
        assertFalse(trigger.alarm(), "an alarm that waits is not begun anew");
        assertTrue(trigger.due(50).isEmpty());
        trigger.came();
        assertTrue(trigger.due(9).isEmpty(), "too soon");
        assertEquals(Optional.of(Reason.ALARM), trigger.due(10));
        trigger.ordered(10);
        for (int i = 0; i < 3; i++) {
            trigger.came();
        }
        assertTrue(trigger.due(19).isEmpty());
        assertEquals(Optional.of(Reason.NEW_SAMPLES), trigger.due(20));
        assertFalse(new RetrainingTrigger(new TriggerRules(3, false, null, 2, 0)).alarm());
        assertThrows(IllegalArgumentException.class, () -> new TriggerRules(null, false, null, 1, 0));
    }

    @Test
    void anAlarmDropsWhatWaitsButNotWhatACandidateNeeds() {
        CloudServer server = new CloudServer(rules(), FIRST);
        send(server, 0, 100);
        assertTrue(server.waiting() >= 20);
        server.alarm();
        assertEquals(0, server.waiting());
        send(server, 100, 200);
        int waiting = server.waiting();
        assertEquals(Reason.ALARM, server.due(1).orElseThrow().reason());
        server.alarm();
        assertEquals(waiting, server.decide(2, SECOND, one -> true, one -> true).tested());
        // What was dropped is not used: its sources may wait again.
        send(server, 0, 100);
        assertTrue(server.waiting() >= 20);
    }

    /** Killed at any time it goes on as the one that was not; what was under way is ordered anew. */
    @Test
    void itGoesOnFromItsFile() {
        Path file = folder.resolve("cloud.json");
        CloudServer whole = new CloudServer(rules(), FIRST);
        CloudServer cut = new CloudServer(rules(), FIRST);
        for (int step = 0; step < 30; step++) {
            send(whole, 20 * step, 20 * step + 20);
            send(cut, 20 * step, 20 * step + 20);
            if (step == 12) {
                whole.alarm();
                cut.alarm();
            }
            Optional<Order> order = whole.due(step);
            assertEquals(order, cut.due(step));
            cut.write(file);
            cut = CloudServer.read(file, rules());
            assertEquals(order, cut.due(step));
            if (order.isPresent()) {
                String sha = Integer.toHexString(step % 16).repeat(64);
                assertEquals(
                        whole.decide(step + 0.5, sha, one -> one.classId() == 0, one -> one.classId() > 0),
                        cut.decide(step + 0.5, sha, one -> one.classId() == 0, one -> one.classId() > 0));
            }
            assertEquals(Json.compact(whole.state()), Json.compact(cut.state()));
        }
        assertTrue(whole.evidence().size() > 3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "qexit.cloud/1" | "qexit.cloud/2" | format is
            "version" : 0 | "version" : 1 | version is 1
            "seed" : 7 | "seed" : 8 | other rules
            "fresh" : | "fresh" : -1, "old": | fresh
            "candidates" : 0 | "candidates" : 3 | expected one per candidate
            "used" : [ ] | "used" : [ null ] | a list holds null
            "sha256" : "0000 | "sha256" : "X000 | sha256
            "seen" : | "seen" : -5, "seem" : | seen
            """)
    void refusesFilesThatAreNoState(String text, String instead, String part) throws IOException {
        Path file = folder.resolve("cloud.json");
        CloudServer server = new CloudServer(rules(), FIRST);
        send(server, 0, 20);
        server.write(file);
        String state = Files.readString(file);
        assertTrue(state.contains(text), state);
        Files.writeString(file, state.replace(text, instead));
        UserError error = assertThrows(UserError.class, () -> CloudServer.read(file, rules()));
        assertTrue(error.getMessage().contains(part), error.getMessage());
        assertFalse(error.getMessage().contains("\n"));
        Files.writeString(file, state.substring(0, state.length() / 2));
        assertThrows(UserError.class, () -> CloudServer.read(file, rules()));
    }

    /** Bytes changed, cut out or put in anywhere: a state or one line, never another failure. */
    @Test
    void whateverAFileHoldsItIsReadOrRefused() throws IOException {
        Path file = folder.resolve("cloud.json");
        CloudServer server = new CloudServer(rules(), FIRST);
        send(server, 0, 100);
        server.due(1).orElseThrow();
        server.decide(2, SECOND, one -> one.classId() == 0, one -> true);
        send(server, 100, 130);
        server.report(new Report("late", "late", "ue1", 1, -1));
        server.write(file);
        String state = Files.readString(file);
        String[] pieces = {
            "null", "-1", "{}", "[]", "1e99", "\"\"", ",", "}", "0", "\"x\"", "NaN", "99999999999999999999"
        };
        SplittableRandom random = new SplittableRandom(11);
        int read = 0;
        for (int i = 0; i < 600; i++) {
            int at = random.nextInt(state.length());
            // A whole value where there is one, so that the mutation is often well-formed.
            int end = state.indexOf('\n', at);
            int colon = state.lastIndexOf(':', end < 0 ? at : end);
            boolean value = i % 2 == 0 && colon > 0 && end > colon;
            String changed = value
                    ? state.substring(0, colon + 1)
                            + pieces[random.nextInt(pieces.length)]
                            + (state.charAt(end - 1) == ',' ? "," : "")
                            + state.substring(end)
                    : state.substring(0, at)
                            + pieces[random.nextInt(pieces.length)]
                            + state.substring(Math.min(state.length(), at + random.nextInt(8)));
            Files.writeString(file, changed);
            try {
                CloudServer.read(file, rules());
                read++;
            } catch (UserError e) {
                assertFalse(e.getMessage().contains("\n"), e.getMessage());
            }
        }
        assertTrue(read < 300, read + " of 600 were read");
    }
}
