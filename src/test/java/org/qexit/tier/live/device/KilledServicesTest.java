package org.qexit.tier.live.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.TinyBundle;
import org.qexit.common.Json;
import org.qexit.device.EdgeRuntime;
import org.qexit.tier.live.journal.EventEnd;
import org.qexit.tier.live.journal.Ledger;
import org.qexit.tier.live.journal.LogSettings;
import org.qexit.tier.live.journal.NodeJournal;
import org.qexit.tier.live.journal.Outbox;
import org.qexit.tier.live.journal.OutboxEvent;

/**
 * Kills a device and its node at random moments while events run: every event ends in one way, none in two, and what the device's ledger
 * says agrees with the node's journal.
 */
class KilledServicesTest {
    @TempDir
    private Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    private Process start(Class<?> main, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(words));
        File log = folder.resolve(main.getSimpleName() + ".log").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        processes.add(process);
        return process;
    }

    /** What became of the events: how often each process was killed, and the sums of both sides. */
    private record Outcome(int deviceKills, int nodeKills, Ledger ledger, long answered) {}

    private Outcome campaign(int kills, long longest, int events, double rate, double deadline, long seed)
            throws Exception {
        Path bundle = new TinyBundle().zip(folder.resolve("tiny.zip"));
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String[] nodeWords = {folder.resolve("journal").toString(), Integer.toString(port)};
        String[] deviceWords = {
            bundle.toString(),
            folder.toString(),
            "http://127.0.0.1:" + port,
            Integer.toString(events),
            Double.toString(rate),
            Double.toString(deadline)
        };
        SplittableRandom random = new SplittableRandom(seed);
        Process node = start(JournalNode.class, nodeWords);
        Process device = start(DeviceMain.class, deviceWords);
        int[] killed = {0, 0};
        for (int kill = 0; kill < kills; kill++) {
            // Starting takes about a second: some kills come before the process has begun to work.
            device.waitFor(random.nextLong(longest), TimeUnit.MILLISECONDS);
            if (random.nextBoolean()) {
                killed[0] += device.isAlive() ? 1 : 0;
                device.destroyForcibly().waitFor();
                device = start(DeviceMain.class, deviceWords);
            } else {
                node.destroyForcibly().waitFor();
                killed[1]++;
                node = start(JournalNode.class, nodeWords);
            }
        }
        assertTrue(device.waitFor(5, TimeUnit.MINUTES), "still running");
        assertEquals(0, device.exitValue(), Files.readString(folder.resolve("DeviceMain.log")));
        node.destroyForcibly().waitFor();
        try (NodeJournal journal = NodeJournal.open(folder.resolve("journal"));
                Outbox outbox = Outbox.open(folder.resolve("outbox"), LogSettings.STANDARD, "tiny", new Nobody())) {
            assertEquals(List.of(), outbox.waiting());
            return new Outcome(
                    killed[0], killed[1], outbox.ledger(), journal.answered().getOrDefault("ue1", 0L));
        }
    }

    private static final class Nobody implements Outbox.Listener {
        @Override
        public void ended(EventEnd end) {}

        @Override
        public void accepted(OutboxEvent event) {}

        @Override
        public void forget() {}
    }

    /** The log has every event once, with the end that it must have; and so the ledger. */
    private void check(Outcome outcome, int events, boolean allAnswered) throws IOException {
        Map<Integer, String> ends = new TreeMap<>();
        for (String text : Files.readAllLines(folder.resolve("events.jsonl"))) {
            Map<?, ?> line = Json.parse("log", text, Map.class);
            Object classId = line.get("class");
            String end = line.get("end") + (classId == null ? "" : " " + classId);
            assertEquals(null, ends.put((Integer) line.get("event"), end), "twice: " + text);
        }
        Map<String, Long> counts = new TreeMap<>();
        try (EdgeRuntime runtime = TinyDevice.runtime(folder.resolve("tiny.zip"))) {
            for (int k = 0; k < events; k++) {
                float[] event = TinyDevice.event(1, k).values();
                String end = ends.get(k + 1);
                String word = end.split(" ")[0];
                counts.merge(word, 1L, Long::sum);
                if (event == null) {
                    assertEquals("unreadable", end);
                } else if (!runtime.classify(event).critical()) {
                    assertEquals("dropped", end);
                } else {
                    int classId = FakeNode.answer(event);
                    String right = (classId < 0 ? "rejected " : "classified ") + classId;
                    assertTrue(
                            end.equals(right)
                                    || !allAnswered && (end.equals("missed") || end.equals("late " + classId)),
                            end + " for " + right);
                }
            }
        }
        assertEquals(events, ends.size());
        Ledger ledger = outcome.ledger();
        assertEquals(events, ledger.taken());
        for (EventEnd.Kind kind : EventEnd.Kind.values()) {
            assertEquals(counts.getOrDefault(kind.word(), 0L), ledger.ended(kind), kind.word());
        }
        long answered = ledger.ended(EventEnd.Kind.CLASSIFIED)
                + ledger.ended(EventEnd.Kind.REJECTED)
                + ledger.ended(EventEnd.Kind.LATE);
        assertEquals(ledger.offloaded(), answered + ledger.ended(EventEnd.Kind.MISSED));
        assertTrue(outcome.answered() >= answered && outcome.answered() <= ledger.offloaded(), outcome.answered() + "");
        if (allAnswered) {
            assertEquals(ledger.offloaded(), outcome.answered());
        }
    }

    @Test
    void everyEventEndsOnceThoughBothAreKilled() throws Exception {
        Outcome outcome = campaign(3, 1500, 300, 150, 600, 3);
        check(outcome, 300, true);
        assertEquals(0, outcome.ledger().missed());
    }

    @Test
    @Tag("slow")
    @Timeout(900)
    void soTheyDoThroughThirtyKills() throws Exception {
        Outcome outcome = campaign(30, 3000, 2000, 40, 600, 4);
        check(outcome, 2000, true);
        assertEquals(0, outcome.ledger().missed());
        assertTrue(outcome.deviceKills() >= 8 && outcome.nodeKills() >= 8, outcome.toString());
    }

    @Test
    @Tag("slow")
    @Timeout(900)
    void soTheyDoWhereDeadlinesPassMeanwhile() throws Exception {
        Outcome outcome = campaign(30, 3000, 2000, 40, 0.5, 5);
        check(outcome, 2000, false);
        assertTrue(outcome.ledger().missed() > 20, outcome.toString());
    }
}
