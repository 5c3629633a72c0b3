package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.experiment.run.RunData;
import org.qexit.experiment.run.RunFiles;
import org.qexit.experiment.up.RunFleet;
import org.qexit.tier.live.up.LiveDeployment;
import org.qexit.tier.live.up.LiveFleet;
import org.qexit.tier.live.up.ThreadNodes;
import org.qexit.tier.live.up.UpFolder;
import org.qexit.tier.live.up.UpSettings;
import org.qexit.tier.live.up.UpSummary;

/** A small run brought up: devices, two nodes and the cloud server over mutual TLS, and the page as a plain client sees it. */
class UpCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIG = """
            format: qexit.run/1
            name: small
            seed: 5
            data: {dataset: fashion-mnist-12k, task: {critical: [1, 9], criticalFraction: 0.4}}
            streams:
              {count: 3, events: [100, 120], criticalFraction: [0.4, 0.4], split: {validation: 0.4, calibration: 0.2, test: 0.4}}
            fleet:
              cellRadiusMetres: 200
              weights: [1, 2]
              securityLevels: [2]
              deadlineSeconds: [0.1]
              radio: {bandwidthMaxHz: 20000000, powerMaxWatts: 0.2, noiseDbmPerHz: -174, pathLossDbAtKilometre: 128.1, pathLossDbPerDecade: 37.6}
              eavesdropper: {xMetres: 900, yMetres: 300, meanGainFactor: 0.1}
              nodes:
                - {id: en1, xMetres: 0, yMetres: 0, securityLevel: 1, bandwidthHz: 9000000, computeUnits: 30}
                - {id: en2, xMetres: 50, yMetres: 0, securityLevel: 2, bandwidthHz: 9000000, computeUnits: 30}
              energy: {joulesPerMemoryAccess: 6.4e-10}
            model:
              name: tiny
              blocks: [{channels: 2, pool: 4}]
              heads: [{kind: mlp, hidden: 4}]
            twins: []
            training: {epochs: 1, batch: 64, surrogateWeight: 0, offloadBudget: 0.9}
            edgeNode:
              payload: event
              blocks: [{channels: 4, pool: 2}]
              heads: [{kind: linear}]
              training: {epochs: 1, batch: 64}
            methods: [exact]
            """;

    @TempDir
    private static Path made;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void makeRun() throws IOException {
        Path config = Files.writeString(made.resolve("small.yaml"), CONFIG);
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setErr(new PrintWriter(err, true))
                .setOut(new PrintWriter(new StringWriter()))
                .execute("run", config.toString(), "--out", made.resolve("run").toString(), "--quiet");
        assertEquals(0, code, err.toString());
    }

    private int up(Object... words) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(Stream.concat(Stream.of("up"), Stream.of(words).map(Object::toString))
                        .toArray(String[]::new));
    }

    private String address() throws InterruptedException {
        for (int i = 0; i < 3000; i++) {
            String text = err.toString();
            int at = text.indexOf("ready: ");
            if (at >= 0 && text.indexOf(' ', at + 7) > 0) {
                return text.substring(at + 7, text.indexOf(' ', at + 7));
            }
            Thread.sleep(20);
        }
        throw new AssertionError(err.toString());
    }

    /** All events of the run: what the page is told, the summary, ledgers and journals say the same. */
    @Test
    void everyEventEndsOnceAndThePageIsToldAsItHappens() throws Exception {
        Path kept = folder.resolve("kept");
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> up(
                made.resolve("run"),
                "--speed",
                200,
                "--deadline-seconds",
                60,
                "--drain-seconds",
                60,
                "--json",
                "--out",
                kept));
        String address = address();
        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<String> page = client.send(
                HttpRequest.newBuilder(URI.create(address + "/")).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, page.statusCode());
        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
        assertFalse(page.body().matches("(?s).*(https?:)?//\\w.*"), "the page fetches from elsewhere");
        assertEquals("403", status(URI.create(address).getPort(), "evil.example"));
        HttpResponse<Stream<String>> stream = client.send(
                HttpRequest.newBuilder(URI.create(address + "/events")).build(), HttpResponse.BodyHandlers.ofLines());
        assertEquals(
                "text/event-stream", stream.headers().firstValue("Content-Type").orElseThrow());
        List<JsonNode> told = new ArrayList<>();
        stream.body().filter(line -> line.startsWith("data: ")).forEach(line -> told.add(json(line.substring(6))));
        assertEquals(0, code.get(60, TimeUnit.SECONDS), err.toString());

        JsonNode last = told.get(told.size() - 1);
        assertEquals("ended", last.get("state").textValue());
        long before = -1;
        for (JsonNode one : told) {
            assertTrue(one.get("totals").get("events").longValue() >= before);
            before = one.get("totals").get("events").longValue();
        }
        JsonNode summary = json(out.toString());
        assertEquals(0, summary.get("differences").size(), summary.toString());
        check(summary, last);
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(kept.resolve("keys/fleet.key.pem"))));
        assertFalse(err.toString().contains("PRIVATE"), err.toString());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    /** Sums over devices, over nodes, and of what the page was told last. */
    private static void check(JsonNode summary, JsonNode last) {
        long offloaded = 0;
        long events = 0;
        assertEquals(3, summary.get("devices").size());
        for (JsonNode device : summary.get("devices")) {
            JsonNode ledger = device.get("ledger");
            assertEquals(
                    ledger.get("events").longValue(),
                    ledger.get("dropped").longValue()
                            + ledger.get("classified").longValue()
                            + ledger.get("rejected").longValue()
                            + ledger.get("missed").longValue());
            assertEquals(0, ledger.get("missed").longValue());
            offloaded += ledger.get("offloaded").longValue();
            events += ledger.get("events").longValue();
        }
        long served = 0;
        long exits = 0;
        long classes = 0;
        for (JsonNode node : summary.get("nodes")) {
            for (JsonNode count : node.get("answered")) {
                served += count.longValue();
            }
            for (JsonNode count : node.get("exits")) {
                exits += count.longValue();
            }
            for (JsonNode count : node.get("classes")) {
                classes += count.longValue();
            }
        }
        assertTrue(offloaded > 20, offloaded + " offloaded");
        assertEquals(offloaded, served);
        assertEquals(offloaded, exits);
        assertEquals(offloaded, classes);
        JsonNode totals = last.get("totals");
        assertEquals(events, totals.get("events").longValue());
        assertEquals(events, totals.get("expected").longValue());
        assertEquals(offloaded, totals.get("answered").longValue());
        double sum = 0;
        int weights = 0;
        for (JsonNode device : summary.get("devices")) {
            double weight = weights++ % 2 == 0 ? 1 : 2;
            sum += weight * Math.log(device.get("promised").doubleValue());
        }
        assertEquals(sum, last.get("fairness").get("promised").doubleValue(), 1e-9);
    }

    /** The status that a request under another name gets. */
    private static String status(int port, String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine()
                    .split(" ")[1];
        }
    }

    /**
     * What nodes answered comes to the cloud server, is labelled, and trains candidates; one that passes is served by every node at the
     * end. With a margin of 0.9 any candidate passes.
     */
    @Test
    void theCloudLearnsAndNodesTakeWhatItAccepts() throws IOException {
        Path rules = Files.writeString(
                folder.resolve("rules.yaml"),
                "{newSamples: 10, leastTested: 5, margin: 0.9, tolerance: 1, leastSeconds: 600, labels: {share: 0.9, delaySeconds: 0.2},"
                        + " training: {epochs: 1, batch: 16, learningRate: 0.001, heldOutFraction: 0.3}}");
        int code = up(
                made.resolve("run"),
                "--learn",
                "--rules",
                rules,
                "--drift",
                "noise=0.1@0.5",
                "--speed",
                400,
                "--deadline-seconds",
                60,
                "--drain-seconds",
                60,
                "--out",
                folder.resolve("kept"),
                "--json");
        assertEquals(0, code, err.toString());
        JsonNode summary = json(out.toString());
        assertEquals(0, summary.get("differences").size(), summary.toString());
        JsonNode cloud = summary.get("cloud");
        labelsAreTrue(folder.resolve("kept"));
        assertEquals(5, cloud.get("reporting").intValue(), cloud.toString());
        long served = 0;
        for (JsonNode node : summary.get("nodes")) {
            for (JsonNode count : node.get("answered")) {
                served += count.longValue();
            }
            assertEquals(1, node.get("version").longValue(), summary.toString());
        }
        assertEquals(served, cloud.get("events").longValue());
        assertEquals(1, cloud.get("version").longValue());
        assertEquals(1, cloud.get("candidates").size(), cloud.toString());
        JsonNode candidate = cloud.get("candidates").get(0);
        assertTrue(candidate.get("accepted").booleanValue(), cloud.toString());
        assertTrue(candidate.get("trained").intValue() >= 10
                && candidate.get("tested").intValue() >= 5);
        assertTrue(err.toString().contains("published version 1"), err.toString());
    }

    /** What the cloud was told of an event is the class of the event that its device saw under that id. */
    private void labelsAreTrue(Path kept) throws IOException {
        RunData data = RunData.of(RunFiles.of(made.resolve("run")).config(), DatasetCatalog.standard(null));
        Map<String, Integer> truth = new HashMap<>();
        boolean renumbered = false;
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(kept.resolve("devices"))) {
            for (Path device : devices) {
                int[] classes = data.testClasses(device.getFileName().toString());
                for (String line : Files.readAllLines(device.resolve("events.jsonl"))) {
                    JsonNode event = json(line);
                    if (event.has("id")) {
                        int number = event.get("event").intValue();
                        truth.put(device.getFileName() + "/" + event.get("id").textValue(), classes[number - 1]);
                        renumbered |= !event.get("id").textValue().endsWith("-" + number);
                    }
                }
            }
        }
        assertTrue(renumbered);
        String log = new String(
                Files.readAllBytes(kept.resolve("cloud/log/0000000000000000001.log")), StandardCharsets.ISO_8859_1);
        Matcher labels = Pattern.compile("\\{\"label\":\\{\"event\":\"([^\"]+)\",\"classId\":(\\d+)")
                .matcher(log);
        int told = 0;
        for (; labels.find(); told++) {
            assertEquals(truth.get(labels.group(1)), Integer.valueOf(labels.group(2)), labels.group());
        }
        assertTrue(told >= 10, told + " labels");
    }

    /** Stopped in the middle: what was taken has ended, and all is let go of. */
    @Test
    void stoppedInTheMiddleNothingIsLost() {
        UpFolder place = UpFolder.make(folder.resolve("up"));
        LiveFleet fleet = RunFleet.of(made.resolve("run"), null, null, place);
        UpSettings settings = new UpSettings(
                60,
                null,
                60,
                60,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new ThreadNodes(),
                line -> {});
        UpSummary summary;
        try (LiveDeployment deployment = LiveDeployment.start(fleet, place, settings)) {
            long until = System.nanoTime() + 1_000_000_000;
            summary = deployment.run(() -> System.nanoTime() > until);
        }
        assertTrue(summary.addsUp(), summary.differences().toString());
        for (UpSummary.Device device : summary.devices()) {
            assertEquals(0, device.ledger().waiting());
            assertTrue(device.ledger().events() < 40, device.ledger() + "");
        }
        assertFalse(Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("device-ue") && thread.isAlive()));
    }

    @Test
    void whatCannotBeBroughtUpIsToldInOneLine() throws IOException {
        Path bare = Files.createDirectories(folder.resolve("bare"));
        refused("no run.json", bare);
        String config = CONFIG.replaceAll("(?s)edgeNode:.*(?=methods)", "")
                .replace("  weights:", "  featureBits: [6528, 6528]\n  weights:");
        Files.writeString(
                bare.resolve("run.json"),
                JSON.writeValueAsString(java.util.Map.of("format", "qexit.run-record/1", "config", config, "seed", 5)));
        refused("has no section edgeNode", bare);
        refused("experiments/edge-node.yaml", bare);
        Path full = Files.createDirectories(folder.resolve("full"));
        Files.writeString(full.resolve("mine"), "x");
        refused("holds something already", made.resolve("run"), "--out", full);
        refused("--http-port is 70000", made.resolve("run"), "--http-port", 70000);
        refused("--speed is 0.0", made.resolve("run"), "--speed", 0);
        refused("--seconds is NaN", made.resolve("run"), "--seconds", "NaN");
        refused("--rules goes with --learn", made.resolve("run"), "--rules", full.resolve("mine"));
        refused("--drift is 'blur'; expected noise=SIGMA@SECONDS", made.resolve("run"), "--drift", "blur");
        refused("mine", made.resolve("run"), "--learn", "--rules", full.resolve("mine"));
        refused("no plan of a model 'none'", made.resolve("run"), "--model", "none");
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused("cannot serve at", made.resolve("run"), "--http-port", taken.getLocalPort());
        }
    }

    private void refused(String part, Object... words) {
        err.getBuffer().setLength(0);
        assertEquals(2, up(words), err.toString());
        List<String> lines = err.toString()
                .lines()
                .filter(line -> !line.startsWith("exporting"))
                .toList();
        assertEquals(1, lines.size(), err.toString());
        assertTrue(lines.get(0).contains(part), lines.get(0));
    }
}
