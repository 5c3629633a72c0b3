package org.qexit.tier.live.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.TinyBundle;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.device.BudgetFollower;
import org.qexit.device.EdgeRuntime;
import org.qexit.tier.live.journal.InMemory;
import org.qexit.tier.live.journal.SmallDisk;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.RateFollower;
import org.qexit.trace.RulePath;
import org.qexit.trace.Thresholds;

class DeviceProcessTest {
    private static final int EVENTS = 400;

    @TempDir(factory = InMemory.class)
    private Path folder;

    private EdgeRuntime runtime;
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void open() throws IOException {
        runtime = TinyDevice.runtime(new TinyBundle().zip(folder.resolve("tiny.zip")));
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    private DeviceSummary run(double deadlineSeconds, int events, String... nodes) {
        return run(deadlineSeconds, events, new AtomicBoolean(), nodes);
    }

    private DeviceSummary run(double deadlineSeconds, int events, AtomicBoolean stop, String... nodes) {
        DeviceOptions options = TinyDevice.options(runtime, folder, List.of(nodes), deadlineSeconds, 4, said::add);
        try (DeviceProcess device = DeviceProcess.start(TinyDevice.begun(folder.resolve("tiny.zip")), options)) {
            device.run(TinyDevice.feed(1, events), Pace.asFastAsPossible(), stop::get);
            return device.summary();
        }
    }

    /** What an event must come to if every offloaded one is answered. */
    private String expected(int k) {
        EventFeed.Item event = TinyDevice.event(1, k);
        if (event.values() == null) {
            return "unreadable";
        }
        EdgeRuntime.Result result = runtime.classify(event.values());
        if (!result.critical()) {
            return "dropped " + result.exit();
        }
        int classId = FakeNode.answer(event.values());
        return (classId < 0 ? "rejected " : "classified " + classId + " ") + result.exit();
    }

    private Map<Integer, String> logged() throws IOException {
        Map<Integer, String> ends = new TreeMap<>();
        for (String text : Files.readAllLines(folder.resolve("events.jsonl"))) {
            Map<?, ?> line = Json.parse("log", text, Map.class);
            String end = (String) line.get("end");
            String what = switch (end) {
                case "unreadable", "missed", "late", "refused" -> end;
                case "classified" -> end + " " + line.get("class") + " " + line.get("exit");
                default -> end + " " + line.get("exit");
            };
            assertEquals(null, ends.put((Integer) line.get("event"), what), text);
        }
        return ends;
    }

    private void assertAllAnswered(DeviceSummary summary, int events) throws IOException {
        Map<Integer, String> ends = logged();
        Map<String, Long> counts = new TreeMap<>();
        for (int k = 0; k < events; k++) {
            assertEquals(expected(k), ends.get(k + 1), "event " + (k + 1));
            counts.merge(expected(k).split(" ")[0], 1L, Long::sum);
        }
        assertEquals(events, ends.size());
        assertEquals(counts.get("dropped"), summary.dropped());
        assertEquals(counts.get("classified"), summary.classified());
        assertEquals(counts.get("rejected"), summary.rejected());
        assertEquals(counts.get("unreadable"), summary.unreadable());
        assertEquals(0, summary.missed() + summary.waiting());
        assertEquals(summary.offloaded(), summary.classified() + summary.rejected());
        assertEquals(summary.events(), summary.offloaded() + summary.dropped());
        assertEquals(
                summary.classified(),
                summary.classes().values().stream().mapToLong(n -> n).sum());
    }

    @Test
    void everyEventComesToWhatItMust() throws IOException {
        Map<String, Integer> seen = new ConcurrentHashMap<>();
        AtomicLong settled = new AtomicLong();
        try (FakeNode node = new FakeNode(0, request -> {
            assertEquals("ue1", request.device());
            seen.merge(request.id(), 1, Integer::sum);
            settled.accumulateAndGet(request.settled(), Math::max);
            return FakeNode.classified(request);
        })) {
            DeviceSummary summary = run(60, EVENTS, node.url());
            assertAllAnswered(summary, EVENTS);
            assertTrue(summary.dropped() > 50 && summary.classified() > 50 && summary.rejected() > 10, summary + "");
            assertEquals(summary.offloaded(), seen.size());
            assertTrue(seen.values().stream().allMatch(n -> n == 1));
            assertEquals(0, summary.retries());
            assertTrue(settled.get() > 1 && settled.get() <= summary.offloaded(), settled + "");
            assertTrue(summary.p50Seconds() > 0 && summary.p50Seconds() <= summary.p99Seconds());
            // Once more: nothing is left to do, and nothing is done again.
            assertEquals(summary, run(60, EVENTS, node.url()));
            // The source has more now.
            assertAllAnswered(run(60, EVENTS + 50, node.url()), EVENTS + 50);
        }
    }

    @Test
    void whatTheNodeCannotTakeNowIsSentAgain() throws IOException {
        AtomicInteger count = new AtomicInteger();
        Map<String, Integer> answered = new ConcurrentHashMap<>();
        try (FakeNode node = new FakeNode(0, request -> {
            int n = count.incrementAndGet();
            if (n % 23 == 0) {
                return new FakeNode.Answer(
                        429,
                        "{\"error\":\"used up\",\"parameters\":{\"retry_after_seconds\":0.02}}",
                        Map.of("Retry-After", "1"));
            }
            if (n % 29 == 0) {
                return FakeNode.Answer.of(503, "no JSON");
            }
            if (n % 31 == 0) {
                return FakeNode.Answer.of(500, "{\"error\":\"broken\"}");
            }
            if (n % 37 == 0) {
                return FakeNode.Answer.of(200, "{\"model_name\":\"tiny-node\",\"id\":\"other\",\"outputs\":[]}");
            }
            answered.merge(request.id(), 1, Integer::sum);
            return FakeNode.classified(request);
        })) {
            DeviceSummary summary = run(60, EVENTS, node.url());
            assertAllAnswered(summary, EVENTS);
            assertTrue(summary.retries() >= 10, summary + "");
            assertEquals(summary.offloaded(), answered.size());
            assertTrue(said.stream().anyMatch(line -> line.contains("429: used up; trying again")), said + "");
        }
    }

    @Test
    void whatANodeRefusesForGoodIsNotSentAgain() throws IOException {
        Map<String, Integer> seen = new ConcurrentHashMap<>();
        try (FakeNode node = new FakeNode(0, request -> {
            seen.merge(request.id(), 1, Integer::sum);
            return request.id().endsWith("7")
                    ? FakeNode.Answer.of(400, "{\"error\":\"no sevens\"}")
                    : FakeNode.classified(request);
        })) {
            DeviceSummary summary = run(60, EVENTS, node.url());
            long sevens = seen.keySet().stream().filter(id -> id.endsWith("7")).count();
            assertTrue(sevens > 5);
            assertEquals(sevens, summary.refused());
            assertEquals(sevens, summary.missed());
            assertEquals(summary.offloaded(), summary.classified() + summary.rejected() + summary.missed());
            assertTrue(seen.values().stream().allMatch(n -> n == 1));
            assertEquals(
                    sevens,
                    said.stream()
                            .filter(l -> l.contains("refuses it: 400: no sevens"))
                            .count());
        }
    }

    @Test
    void aSlowNodeMakesMissesAndNothingIsDoubled() throws IOException {
        try (FakeNode node = new FakeNode(0, request -> {
            Thread.sleep(request.id().endsWith("3") ? 400 : 0);
            return FakeNode.classified(request);
        })) {
            DeviceSummary summary = run(0.3, 200, node.url());
            assertEquals(summary.offloaded(), summary.classified() + summary.rejected() + summary.missed());
            assertTrue(summary.missed() >= summary.offloaded() / 10 - 1 && summary.classified() > 0, summary + "");
            assertEquals(200, logged().size());
        }
    }

    @Test
    void withoutANodeEventsWaitAndAreCaughtUpWithOrMissed() throws Exception {
        int port = freePort();
        String url = "http://127.0.0.1:" + port;
        AtomicBoolean stop = new AtomicBoolean();
        Thread stopper = new Thread(() -> {
            sleep(700);
            stop.set(true);
        });
        stopper.start();
        DeviceSummary offline = run(60, 100, stop, url);
        assertEquals(100, offline.events() + offline.unreadable());
        assertTrue(offline.waiting() > 20 && offline.waiting() == offline.offloaded(), offline + "");
        assertTrue(said.stream().anyMatch(l -> l.contains(url) && l.contains("trying again")), said + "");
        try (FakeNode node = new FakeNode(port, FakeNode::classified)) {
            assertEquals(url, node.url());
            assertAllAnswered(run(60, 100, url), 100);
        }
        // The node is gone again, and the deadline is short: those that come now are missed.
        DeviceSummary missed = run(0.2, 150, url);
        assertEquals(0, missed.waiting());
        assertTrue(missed.missed() > 10, missed + "");
        assertEquals(missed.offloaded(), missed.classified() + missed.rejected() + missed.missed());
    }

    @Test
    void anotherNodeStandsInOnlyIfThePlanKnowsIt() throws Exception {
        String away = "http://127.0.0.1:" + freePort();
        ConcurrentLinkedQueue<String> stranger = new ConcurrentLinkedQueue<>();
        try (FakeNode second = new FakeNode(0, FakeNode::classified);
                FakeNode unknown = new FakeNode(0, request -> {
                    stranger.add(request.id());
                    return FakeNode.classified(request);
                })) {
            DeviceSummary summary = run(60, 100, "en1=" + away, "en9=" + unknown.url(), "en2=" + second.url());
            assertAllAnswered(summary, 100);
            assertEquals(List.of(), List.copyOf(stranger));
            assertTrue(said.stream().anyMatch(l -> l.contains("en9") && l.contains("not in the plan")), said + "");
            assertTrue(Files.readString(folder.resolve("events.jsonl")).contains("\"node\":\"en2\""));
            // It refuses the device: no event is lost by that, and it is asked no more.
            AtomicInteger asked = new AtomicInteger();
            second.behave(request -> {
                asked.incrementAndGet();
                return FakeNode.Answer.of(403, "{\"error\":\"planned elsewhere\"}");
            });
            DeviceSummary more = run(0.5, 120, "en1=" + away, "en2=" + second.url());
            assertEquals(0, more.refused());
            assertEquals(more.offloaded(), summary.offloaded() + more.missed());
            assertTrue(asked.get() >= 1 && asked.get() <= 4, asked + "");
        }
    }

    @Test
    void aFullDiskStopsTheDeviceAndLosesNothing() throws Exception {
        Path place = Files.createDirectory(folder.resolve("place"));
        try (SmallDisk disk = SmallDisk.of(place, 600);
                FakeNode node = new FakeNode(0, FakeNode::classified)) {
            DeviceOptions options = TinyDevice.options(runtime, place, List.of(node.url()), 60, 2, said::add);
            Thread helper = new Thread(() -> {
                while (said.stream().noneMatch(line -> line.contains("No space left"))) {
                    sleep(5);
                }
                try {
                    disk.empty();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            Path log = folder.resolve("events.jsonl");
            options = new DeviceOptions(
                    options.id(),
                    options.addresses(),
                    options.format(),
                    options.source(),
                    options.outbox(),
                    log,
                    60,
                    2,
                    1,
                    null,
                    1,
                    null,
                    1,
                    said::add);
            try (DeviceProcess device = DeviceProcess.start(TinyDevice.begun(folder.resolve("tiny.zip")), options)) {
                disk.fill();
                helper.start();
                device.run(TinyDevice.feed(1, EVENTS), Pace.asFastAsPossible(), () -> false);
                assertAllAnswered(device.summary(), EVENTS);
            }
            assertTrue(said.contains("the disk takes events again"), said + "");
        }
    }

    @Test
    void anOutboxKeepsToItsSourceAndItsDevice() {
        AtomicBoolean stop = new AtomicBoolean(true);
        run(1, 0, stop, "http://127.0.0.1:1");
        DeviceOptions options = TinyDevice.options(runtime, folder, List.of("http://127.0.0.1:1"), 1, 1, said::add);
        DeviceOptions other = new DeviceOptions(
                "ue1",
                options.addresses(),
                options.format(),
                "elsewhere",
                options.outbox(),
                null,
                1,
                1,
                0,
                null,
                1,
                null,
                1,
                said::add);
        String message = assertThrows(
                        UserError.class, () -> DeviceProcess.start(TinyDevice.begun(folder.resolve("tiny.zip")), other))
                .getMessage();
        assertTrue(message.contains("is the outbox of events from tiny; expected elsewhere"), message);
    }

    @Test
    void addressesAreHttpsOrOnThisMachine() {
        assertEquals(
                new NodeAddress("en1", "https://node.example:8443"),
                NodeAddress.parse("en1=https://node.example:8443/", false));
        assertEquals(new NodeAddress("", "http://localhost:80"), NodeAddress.parse("http://localhost:80", true));
        for (String bad : new String[] {
            "",
            "en1",
            "en1=",
            "http://node.example:80",
            "https://127.0.0.1:1",
            "ftp://127.0.0.1",
            "http://127.0.0.1:1/v2",
            "http://me@127.0.0.1:1",
            "http://127.0.0.1:1?x",
            "en 1=http://127.0.0.1:1",
            "http://[::2]:1",
            "http:// "
        }) {
            assertThrows(UserError.class, () -> NodeAddress.parse(bad, true), bad);
        }
        assertThrows(UserError.class, () -> NodeAddress.parse("http://127.0.0.1:1", false));
    }

    @Test
    void timesAreThoseAskedFor() {
        Pace pace = Pace.recorded(new double[] {1, 2, 4}, 2, 0);
        assertEquals(0.5, pace.next());
        assertEquals(1, pace.next());
        assertEquals(2, pace.next());
        assertEquals(Double.POSITIVE_INFINITY, pace.next());
        Pace rest = Pace.recorded(new double[] {1, 2, 4}, 1, 2);
        assertEquals(2, rest.next());
        Pace poisson = Pace.poisson(100, 7, "ue1", 0);
        double[] times = new double[20_000];
        for (int i = 0; i < times.length; i++) {
            times[i] = poisson.next();
            assertTrue(i == 0 || times[i] >= times[i - 1]);
        }
        // The mean of 20,000 gaps has a standard error of 0.7 %.
        assertEquals(0.01, times[times.length - 1] / times.length, 0.0003);
        // Who goes on draws the gaps that come next.
        assertEquals(times[1] - times[0], Pace.poisson(100, 7, "ue1", 1).next(), 1e-12);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private DeviceSummary follow(DeviceProcess.Follow follow, int events) throws IOException {
        try (FakeNode node = new FakeNode(0, FakeNode::classified)) {
            DeviceOptions options = TinyDevice.options(runtime, folder, List.of(node.url()), 30, 4, said::add);
            try (DeviceProcess device =
                    DeviceProcess.start(TinyDevice.begun(folder.resolve("tiny.zip")), options, follow)) {
                device.run(TinyDevice.feed(1, events), Pace.asFastAsPossible(), () -> false);
                return device.summary();
            }
        }
    }

    private static DeviceProcess.Follow budget(EdgeRuntime runtime, double share) {
        RulePath path = RulePath.of(
                new double[] {0.3, 0.6, 0.9},
                List.of(
                        ExitThresholds.of(new Thresholds(0.1f, 0.2f), runtime.exits()),
                        ExitThresholds.of(new Thresholds(0.2f, 0.4f), runtime.exits()),
                        ExitThresholds.of(new Thresholds(0.3f, 0.6f), runtime.exits())),
                1);
        return new DeviceProcess.Follow(new BudgetFollower.Budget(share, 0.05), path);
    }

    /**
     * Offloads among the first events, as the follower of the simulation decides them; from one place of the stream on with another budget.
     */
    private int simulated(double share, int from, int to) {
        DeviceProcess.Follow follow = budget(runtime, share);
        RateFollower follower = new RateFollower(follow.path(), 0.05, share);
        int offloads = 0;
        for (int k = from; k < to; k++) {
            EventFeed.Item event = TinyDevice.event(1, k);
            if (event.values() != null) {
                float[] all = runtime.classifyByAllStages(event.values()).confidences();
                boolean critical = follower.rule().decide(all).critical();
                follower.saw(critical);
                offloads += critical ? 1 : 0;
            }
        }
        return offloads;
    }

    /** Stopped and started again, a device offloads what one that was never stopped does; another budget begins anew. */
    @Test
    void aBudgetIsFollowedOverRestarts() throws IOException {
        DeviceProcess.Follow follow = budget(runtime, 0.3);
        follow(follow, 150);
        follow(follow, 151);
        DeviceSummary summary = follow(follow, EVENTS);
        assertEquals(simulated(0.3, 0, EVENTS), summary.offloaded());
        assertEquals(0.3, (double) summary.offloaded() / summary.events(), 1.05 / (0.05 * summary.events()));
        DeviceSummary more = follow(budget(runtime, 0.6), EVENTS + 200);
        assertEquals(simulated(0.6, EVENTS, EVENTS + 200), more.offloaded() - summary.offloaded());
    }

    @Test
    void whereCountingBeganMayBeLost() throws IOException {
        follow(budget(runtime, 0.3), 50);
        for (String damage : List.of(
                "",
                "{}",
                "{\"format\":\"qexit.follower/1\",\"share\":0.3,\"step\":0.05,\"tau\":1e999,"
                        + "\"events\":1,\"offloads\":0}")) {
            Files.writeString(folder.resolve("follower.json"), damage);
            said.clear();
            follow(budget(runtime, 0.3), 60);
            assertTrue(said.toString().contains("the budget is followed anew"), said.toString());
        }
    }

    @Test
    void aBundleWithoutAPathCannotFollow() {
        UserError error = assertThrows(
                UserError.class,
                () -> follow(new DeviceProcess.Follow(new BudgetFollower.Budget(0.3, 0.05), null), 10));
        assertTrue(error.getMessage().contains("has no path of rules"), error.getMessage());
    }
}
