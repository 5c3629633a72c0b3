package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.data.LabelledSet;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.streams.DeviceStream;
import org.qexit.device.EdgeRuntime;
import org.qexit.experiment.run.RunData;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.TraceReader;
import picocli.CommandLine;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SimulateCommandTest {
    private static final String CONFIG = """
            format: qexit.run/1
            name: tiny
            seed: 5
            data: {dataset: fashion-mnist-12k, task: {critical: [6], criticalFraction: 0.2}}
            streams: {count: 2, events: [200, 240], criticalFraction: [0.2, 0.3], split: {validation: 0.4, calibration: 0.2, test: 0.4}}
            fleet:
              cellRadiusMetres: 200
              weights: [1]
              securityLevels: [1]
              featureBits: [98304]
              deadlineSeconds: [0.1]
              radio: {bandwidthMaxHz: 20000000, powerMaxWatts: 0.2, noiseDbmPerHz: -174, pathLossDbAtKilometre: 128.1, pathLossDbPerDecade: 37.6}
              eavesdropper: {xMetres: 900, yMetres: 300, meanGainFactor: 0.1}
              nodes:
                - {id: en1, xMetres: 0, yMetres: 0, securityLevel: 1, bandwidthHz: 9000000, computeUnits: 60}
                - {id: en2, xMetres: 9, yMetres: 0, securityLevel: 1, bandwidthHz: 9000000, computeUnits: 60}
              energy: {joulesPerMemoryAccess: 6.4e-10}
            model:
              name: tiny
              blocks: [{channels: 2, pool: 4}, {channels: 3, pool: 2}]
              heads: [{kind: quantum, qubits: 2, layers: 1}, {kind: mlp, hidden: 2}]
            twins: []
            training: {epochs: 2, batch: 256, surrogateWeight: 0}
            methods: [exact, nearest]
            """;

    private static final String EDGE_NODE = """
            edgeNode:
              blocks: [{channels: 2, pool: 4}]
              heads: [{kind: linear}]
              training: {epochs: 1, batch: 256}
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private static Path directory;

    private Path config;
    private Path run;

    private int qexit(Object... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(Stream.of(args).map(Object::toString).toArray(String[]::new));
    }

    @BeforeAll
    void makesARun() throws IOException {
        config = Files.writeString(directory.resolve("tiny.yaml"), CONFIG);
        run = directory.resolve("run");
        assertEquals(0, qexit("run", config, "--out", run), err.toString());
    }

    private Path scenario(String yaml) throws IOException {
        return Files.writeString(
                Files.createTempFile(directory, "scenario", ".yaml"), "format: qexit.scenario/1\nrun: run\n" + yaml);
    }

    private JsonNode simulated(String yaml) throws IOException {
        assertEquals(0, qexit("simulate", scenario(yaml), "--json"), err.toString());
        return new ObjectMapper().readTree(out.toString());
    }

    @Test
    void aRunNeedsNoScenario() {
        assertEquals(0, qexit("simulate", "--run", run, "--plan", "exact", "--plan", "nearest"), err.toString());
        assertTrue(out.toString().contains("ue1") && out.toString().contains("nearest"), out.toString());
    }

    /** With an event of every row and room everywhere, decisions and exits are those of the bundle in ONNX Runtime. */
    @Test
    void withoutChanceItDoesWhatDevicesDo() throws IOException {
        // A device sees all its test events once: as many as it has, one a second.
        RunData data = RunData.of(TrainingRun.read(config), DatasetCatalog.standard(null));
        LabelledSet events = data.events(DeviceStream.Part.TEST);
        StringBuilder times = new StringBuilder("device,seconds\n");
        for (DeviceTrace trace : TraceReader.readAll(run.resolve("traces/tiny-test.parquet"))) {
            for (int k = 0; k < trace.size(); k++) {
                times.append(trace.device()).append(',').append(k).append('\n');
            }
        }
        Files.writeString(directory.resolve("times.csv"), times);
        JsonNode result = simulated("periodSeconds: 100\nhorizonSeconds: 1000\nwarmUp: 0\nreplications: 1\n"
                + "arrivals: {kind: recorded, file: times.csv}\nnode: {sharing: fifo, queue: 1000000}");
        assertEquals(0, qexit("export", run, "--out", directory.resolve("bundle")), err.toString() + out);
        int next = 0;
        for (JsonNode device : result.get("devices")) {
            try (EdgeRuntime runtime = EdgeRuntime.open(
                    directory.resolve("bundle"), device.get("id").asText())) {
                int count = device.get("events").asInt();
                int critical = 0;
                double local = 0;
                for (int k = 0; k < count; k++, next++) {
                    float[] pixels = new float[events.dataset().features()];
                    events.copyTo(next, pixels, 0);
                    for (int i = 0; i < pixels.length; i++) {
                        pixels[i] = Math.round(pixels[i] * 255);
                    }
                    EdgeRuntime.Result decided = runtime.classify(pixels);
                    critical += decided.critical() ? 1 : 0;
                    local += runtime.joules(decided.exit(), 6.4e-10);
                }
                assertEquals(critical, device.get("offloads").asInt());
                assertEquals(critical, device.get("outcomes").get("classified").asInt());
                assertEquals(
                        local,
                        device.get("energyJoules").asDouble()
                                - device.get("radioJoules").asDouble(),
                        1e-9 * local);
            }
        }
        assertEquals(events.size(), next);
    }

    @Test
    void imagesThatGetDarkChangeWhatDevicesSee() throws IOException {
        String same = "periodSeconds: 100\nhorizonSeconds: 400\nwarmUp: 0\nreplications: 2\n";
        JsonNode clear = simulated(same);
        JsonNode none = simulated(same + "happens: [{at: 0, devices: all, darkness: 0}]");
        JsonNode dark = simulated(same + "happens: [{at: 0, devices: all, darkness: 1}]");
        assertEquals(clear.get("devices"), none.get("devices"));
        // All images are the same: all events of a device are offloaded, or none.
        for (JsonNode device : dark.get("devices")) {
            int offloads = device.get("offloads").asInt();
            assertTrue(offloads == 0 || offloads == device.get("events").asInt(), device.toString());
        }
        String noisy = same + "happens: [{at: 200, device: ue1, noise: 0.3}]";
        JsonNode first = simulated(noisy);
        assertEquals(first, simulated(noisy));
        assertEquals(clear.get("devices").get(1), first.get("devices").get(1));
        assertFalse(clear.get("devices").get(0).equals(first.get("devices").get(0)));
    }

    @Test
    void plansAndPoliciesAreCompared() throws IOException {
        JsonNode result = simulated(
                "periodSeconds: 100\nhorizonSeconds: 400\nreplications: 2\nwarmUp: 50\nplans: [exact, nearest]\n"
                        + "policies: [kept, {replanOnAlarm: {}}, thresholdsOnAlarm, {periodic: {seconds: 150}}, follower]\n"
                        + "happens: [{at: 200, node: en1, down: true}, {at: 250, newDevice: {like: ue1, id: ue9}},"
                        + " {at: 220, devices: [ue2], classMix: {6: 1, 0: 1}}, {at: 300, devices: all, traffic: 3}]");
        assertEquals(10, result.get("variants").size());
        assertEquals("exact", result.get("variants").get(0).get("plan").asText());
        assertFalse(result.get("variants").get(0).has("difference"));
        assertTrue(result.get("variants").get(1).get("changes").asDouble() >= 2);
        assertTrue(
                result.get("variants").get(9).get("difference").get("utility").has("low"));
        assertEquals(List.of("ue1", "ue2", "ue9"), result.get("devices").findValuesAsText("id"));
        assertFalse(result.get("devices").get(2).has("promised"));
        assertEquals(0, result.get("devices").get(2).get("found").asInt());
    }

    @Test
    void aRunSimulatesItsPlansWhereItIsToldTo() throws IOException {
        Path asked = Files.writeString(
                directory.resolve("asked.yaml"),
                Files.readString(config) + "\nsimulate: {replications: 2, horizonSeconds: 300}\n" + EDGE_NODE);
        Path to = directory.resolve("asked");
        assertEquals(0, qexit("run", asked, "--out", to), err.toString());
        assertTrue(out.toString().contains("\nsimulated "), out.toString());
        JsonNode result =
                new ObjectMapper().readTree(to.resolve("simulation/result.json").toFile());
        assertEquals(300, result.get("time").get("horizonSeconds").asDouble());
        // The nodes' model answers, and the bits are those that the configuration gives, not those that follow from
        // what is sent.
        assertTrue(
                result.get("system").has("classAccuracy"), result.get("system").toString());
        JsonNode instance =
                new ObjectMapper().readTree(to.resolve("instance-tiny.json").toFile());
        assertEquals(98304, instance.get("devices").get(0).get("featureBits").asDouble());
        assertEquals(2, result.get("replications").asInt());
        assertEquals(2, result.get("variants").size());
        // The report tells of every plan what the result says, and the record knows the files.
        String page = Files.readString(to.resolve("report.html"));
        String section =
                page.substring(page.indexOf("<section id=\"simulation\">"), page.indexOf("<section id=\"models\">"));
        assertTrue(section.contains("href=\"simulation/report.html\""), section);
        for (JsonNode variant : result.get("variants")) {
            assertTrue(section.contains("Plan " + variant.get("plan").asText() + ", device by device"));
            double answered = variant.get("figures").get("utility").get("mean").asDouble();
            assertTrue(section.contains(String.format(Locale.ROOT, "%.1f %%", 100 * answered)), section);
        }
        for (JsonNode device : result.get("variants").get(1).get("devices")) {
            String row = "<th scope=\"row\">" + device.get("id").asText() + "</th><td>"
                    + device.get("node").asText() + "</td><td class=\"n\">"
                    + String.format(
                            Locale.ROOT,
                            "%.1f %%",
                            100 * device.get("promised").get("utility").asDouble());
            assertTrue(section.contains(row), row);
        }
        JsonNode record = new ObjectMapper().readTree(to.resolve("run.json").toFile());
        for (String name : List.of("report.html", "result.json", "devices.csv", "delays.csv")) {
            assertTrue(record.get("files").has("simulation/" + name), name);
        }
        Path wrong = Files.writeString(
                directory.resolve("wrong.yaml"), Files.readString(config) + "\nsimulate: {replications: 0}\n");
        assertEquals(2, qexit("run", wrong, "--out", directory.resolve("wrong")));
        assertTrue(err.toString().contains("replications"), err.toString());
    }

    /** Without a run and traces, the events are the instance's own. */
    @Test
    void aFleetBringsItsEvents() throws IOException {
        String fleet = "format: qexit.scenario/1\ninstance: " + run.resolve("instance-tiny.json") + "\nplans: ["
                + run.resolve("plan-tiny-exact.json") + "]\nhorizonSeconds: 600\nwarmUp: 0\nreplications: 1\n"
                + "device: {exitSeconds: [0.01, 0.02]}\n";
        Path scenario = Files.writeString(directory.resolve("fleet.yaml"), fleet);
        assertEquals(0, qexit("simulate", scenario, "--json"), err.toString());
        JsonNode result = new ObjectMapper().readTree(out.toString());
        assertEquals(2, result.get("devices").size());
        assertTrue(result.get("devices").get(0).get("events").asInt() > 20);
        Files.writeString(scenario, fleet + "happens: [{at: 10, devices: all, classMix: {6: 1}}]");
        assertEquals(2, qexit("simulate", scenario));
        assertTrue(err.toString().contains("expected traces"), err.toString());
        Files.writeString(scenario, fleet.replaceAll("plans: .*", ""));
        assertEquals(2, qexit("simulate", scenario));
        assertTrue(err.toString().contains("expected run, or instance and plans"), err.toString());
    }

    /** Places are the configuration's, and a device that joins is where the one is that it is like. */
    @Test
    void aRunsResultSaysWhereEverythingIs() throws IOException {
        JsonNode places = simulated("periodSeconds: 100\nhorizonSeconds: 100\nwarmUp: 0\nreplications: 1\n"
                        + "happens: [{at: 50, newDevice: {like: ue2, id: ue9}}]")
                .get("places");
        assertEquals(9, places.get("nodes").get(1).get("xMetres").asDouble());
        assertEquals(300, places.get("eavesdropper").get("yMetres").asDouble());
        assertEquals(List.of("ue1", "ue2", "ue9"), places.get("devices").findValuesAsText("id"));
        assertEquals(
                places.get("devices").get(1).get("xMetres"),
                places.get("devices").get(2).get("xMetres"));
        for (JsonNode device : places.get("devices")) {
            double x = device.get("xMetres").asDouble();
            double y = device.get("yMetres").asDouble();
            assertTrue(Math.hypot(x, y) > 0 && Math.hypot(x, y) <= 200, device.toString());
        }
    }

    /** The quantiles of the result are those of the log's events, by another program; where nothing was late, so are the counts. */
    @Test
    void quantilesAreThoseOfTheEvents() throws Exception {
        Path scenario = scenario(
                "periodSeconds: 100\nhorizonSeconds: 900\nreplications: 1\nwarmUp: 0\n" + "link: {answerSeconds: 8}");
        Path log = directory.resolve("quantiles.parquet");
        assertEquals(0, qexit("simulate", scenario, "--json", "--log", log), err.toString());
        JsonNode result = new ObjectMapper().readTree(out.toString());
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duck.createStatement()) {
            for (JsonNode device : result.get("devices")) {
                JsonNode answer = device.get("answer");
                String own = "device = '" + device.get("id").asText() + "' AND outcome IN ('classified', 'missed')";
                assertEquals(count(sql, log, own), answer.get("count").asLong());
                assertEquals(
                        count(sql, log, own + " AND endSeconds - seconds > 8"),
                        answer.get("late").asLong());
                assertEquals(8, answer.get("limitSeconds").asDouble());
                for (int i = 0; i < 16; i++) {
                    double share = result.get("quantileShares").get(i).asDouble();
                    try (ResultSet found = sql.executeQuery("SELECT quantile_disc(endSeconds - seconds, " + share
                            + ") FROM '" + log + "' WHERE " + own)) {
                        found.next();
                        double exact = found.getDouble(1);
                        assertEquals(exact, answer.get("seconds").get(i).asDouble(), exact / 256 + 1e-12);
                    }
                }
            }
        }
    }

    @Test
    void thePageShowsWhoIsWhereAndWhatFails() throws IOException {
        Path to = directory.resolve("played");
        Path scenario = scenario("periodSeconds: 100\nhorizonSeconds: 600\nreplications: 2\nwarmUp: 0\n"
                + "policies: [{replanOnAlarm: {}}]\nhappens: [{at: 200, node: en1, down: true},"
                + " {at: 300, newDevice: {like: ue1, id: \"</script><b>\"}}, {at: 400, device: ue2, off: true}]");
        assertEquals(0, qexit("simulate", scenario, "--out", to), err.toString());
        String page = Files.readString(to.resolve("report.html"));
        assertFalse(page.contains("<b>\""), "markup of an id");
        String json = page.replaceFirst("(?s).*id=\"playback-data\">(.*?)</script>.*", "$1");
        JsonNode data = new ObjectMapper().readTree(json);
        // Bins of 10 s: a node is down from 200 s on, the new device is not there before 300 s, the other is off from
        // 400 s on.
        assertEquals(
                "u".repeat(20) + "d".repeat(40),
                data.get("nodes").get(0).get("state").asText());
        assertEquals("u".repeat(60), data.get("nodes").get(1).get("state").asText());
        assertEquals(
                "w".repeat(40) + "o".repeat(20),
                data.get("devices").get(1).get("state").asText());
        assertEquals(
                "-".repeat(30) + "w".repeat(30),
                data.get("devices").get(2).get("state").asText());
        for (int n = 0; n < 3; n++) {
            assertEquals(1, data.get("devices").get(n).get("node").get(59).asInt(), "after the new plan");
        }
        assertEquals(-1, data.get("devices").get(2).get("node").get(10).asInt());
        // The nodes are 9 m apart on the map, in one line.
        double scale = (data.get("nodes").get(1).get("x").asDouble()
                        - data.get("nodes").get(0).get("x").asDouble())
                / 9;
        assertEquals(
                data.get("nodes").get(0).get("y").asDouble(),
                data.get("nodes").get(1).get("y").asDouble());
        assertTrue(scale > 0.5, "scale " + scale);
        assertTrue(page.contains("A map of the fleet"));
    }

    @Test
    void writesResultAndTables() throws IOException {
        Path to = directory.resolve("result");
        Path scenario = scenario("periodSeconds: 100\nhorizonSeconds: 200\nreplications: 2\nwarmUp: 0");
        assertEquals(0, qexit("simulate", scenario, "--out", to), err.toString());
        assertEquals(3, Files.readAllLines(to.resolve("devices.csv")).size());
        assertEquals(3, Files.readAllLines(to.resolve("nodes.csv")).size());
        assertEquals(1 + 2 * 60, Files.readAllLines(to.resolve("timeline.csv")).size());
        byte[] first = Files.readAllBytes(to.resolve("result.json"));
        String page = Files.readString(to.resolve("report.html"));
        for (String id : List.of("promises", "time", "delays", "playback", "phases", "comparison")) {
            assertTrue(page.contains("<section id=\"" + id + "\">"), id);
        }
        assertTrue(page.contains("default-src 'none'; script-src 'sha256-"), "policy");
        assertFalse(page.matches("(?s).*(src|href)=\"(http|//).*"), "fetches");
        assertEquals(0, qexit("simulate", scenario, "--out", to, "--threads", "1"), err.toString());
        assertEquals(new String(first), Files.readString(to.resolve("result.json")));
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.writeString(other.resolve("letter.txt"), "dear");
        assertEquals(2, qexit("simulate", scenario, "--out", other));
        assertTrue(Files.exists(other.resolve("letter.txt")));
    }

    /** Bins of a timeline, those within and across the warm-up too, hold what the nodes did in them and no more. */
    @Test
    void noBinHoldsMoreWorkThanItHasTime() throws IOException {
        JsonNode result = simulated("periodSeconds: 100\nhorizonSeconds: 600\nreplications: 3\nwarmUp: 205");
        for (JsonNode node : result.get("timeline").get("nodes")) {
            double before = 0;
            for (int bin = 0; bin < 60; bin++) {
                double share = node.get("utilisation").get(bin).asDouble();
                assertTrue(share <= 1 + 1e-9, "bin " + bin + ": " + share);
                before += bin < 20 ? node.get("present").get(bin).asDouble() : 0;
            }
            assertTrue(before > 0, "nothing before the warm-up's end");
        }
    }

    @Test
    void aPlanThatThereIsNotIsLeftOut() throws IOException {
        JsonNode result = simulated(
                "horizonSeconds: 100\nreplications: 1\nplans: [{method: exact, gainFactor: 1.0e-9, name: deaf}, exact]");
        assertEquals(1, result.get("variants").size());
        assertEquals("exact", result.get("plan").asText());
        assertTrue(err.toString().contains("plan deaf: there is none; it is left out"), err.toString());
    }

    /** A sweep's rows are what single simulations say, and its tables are made of its rows. */
    @Test
    void aSweepIsManySimulations() throws IOException {
        String same =
                "periodSeconds: 100\nhorizonSeconds: 300\nreplications: 3\nwarmUp: 0\nplans: [exact, {method: exact, traffic: 2, name: wide}]\n";
        Files.writeString(
                directory.resolve("swept.yaml"),
                "format: qexit.scenario/1\nrun: run\narrivals: {kind: poisson, factor: 1}\n" + same);
        Path sweep = Files.writeString(directory.resolve("sweep.yaml"), """
                format: qexit.sweep/1
                name: tiny
                parts:
                  - name: load
                    title: Load
                    scenario: swept.yaml
                    series: [{name: reserved}, {name: fifo, set: {node.sharing: fifo}}]
                    sweep: {label: traffic, values: [0.5, 2], set: {arrivals.factor: [0.5, 2], plans.1.gainFactor: [1, 1.0e-9]}}
                    reference: first
                    measures: [answered, worst, fairness, jain, offloaded, late, lost, median, p95, energy, bits, alarms, changes]
                  - {name: once, title: Once, scenario: swept.yaml, measures: [answered, right]}
                """);
        Path to = directory.resolve("swept");
        assertEquals(0, qexit("study", sweep, "--out", to, "--json", "--quiet", "--threads", "2"), err.toString());
        JsonNode summary = new ObjectMapper().readTree(out.toString());
        assertEquals(
                1 + 3 * (3 + 3) + 2 + 3 * 2,
                Files.readAllLines(to.resolve("results.csv")).size());
        JsonNode rows = summary.get("parts").get(0).get("rows");
        assertEquals(8, rows.size());
        JsonNode single = simulated(same + "arrivals: {factor: 0.5, kind: poisson}\nnode: {sharing: fifo}");
        JsonNode wide = rows.get(5);
        assertEquals(
                "fifo 0.5 wide",
                wide.get("series").asText() + " " + wide.get("step").asText() + " "
                        + wide.get("plan").asText());
        JsonNode figures = single.get("variants").get(1).get("figures");
        String[] names = {"utility", "", "logUtility", "jain", "", "missedShare", "lostShare"};
        for (int m = 0; m < names.length; m++) {
            if (!names[m].isEmpty()) {
                double unit = m == 2 || m == 3 ? 1 : 100;
                assertEquals(
                        unit * figures.get(names[m]).get("mean").asDouble(),
                        wide.get("figures").get(m).get("mean").asDouble(),
                        1e-4,
                        names[m]);
            }
        }
        // There is no plan for a fleet that is hardly heard; where steps and worlds are the same, so is the reference.
        assertFalse(rows.get(3).get("planned").asBoolean());
        assertEquals("exact", rows.get(0).get("plan").asText());
        assertTrue(rows.get(0).get("reference").asBoolean()
                && !rows.get(4).get("reference").asBoolean());
        String tables = Files.readString(to.resolve("summary.md"));
        assertTrue(tables.contains("| no plan |"), tables);
        assertTrue(Files.readString(to.resolve("load.svg")).startsWith("<svg"));
        assertEquals(0, qexit("study", sweep, "--out", to, "--report"), err.toString());
        assertEquals(tables, Files.readString(to.resolve("summary.md")));
        String results = Files.readString(to.resolve("results.csv"));
        assertEquals(0, qexit("study", sweep, "--out", to, "--part", "once", "--quiet"), err.toString());
        assertEquals(results, Files.readString(to.resolve("results.csv")));
        assertEquals(2, qexit("study", sweep, "--out", to, "--part", "twice"));
        assertTrue(err.toString().contains("has no part 'twice'; expected one of: load, once"), err.toString());
        Files.writeString(
                to.resolve("results.csv"),
                results.replaceFirst("\n.*", "\nload,reserved,0.5,exact,kept,x" + ",1".repeat(17)));
        assertEquals(2, qexit("study", sweep, "--out", to, "--report"));
        assertTrue(err.toString().contains("results.csv line 2: not readable"), err.toString());
    }

    @Test
    void saysWhatIsWrongWithASweep() throws IOException {
        Files.writeString(
                directory.resolve("plain.yaml"),
                "format: qexit.scenario/1\nrun: run\nhorizonSeconds: 50\nreplications: 1\n");
        sweepRefused("parts: []", "parts is empty");
        sweepRefused(part("measures: [speed]"), "measures");
        sweepRefused(part("measures: []"), "measures is empty");
        sweepRefused(part("measures: [late, late]"), "'late' is listed twice");
        sweepRefused(part("measures: [late], series: [{name: 'a,b'}]"), "expected text without commas");
        sweepRefused(part("measures: [late], series: [{name: a}, {name: a}]"), "listed twice");
        sweepRefused(part("measures: [late], sweep: {label: x, values: [1, 1]}"), "'1' is listed twice");
        sweepRefused(part("measures: [late], sweep: {label: x, values: [[1]]}"), "expected a number or a name");
        sweepRefused(
                part("measures: [late], sweep: {label: x, values: [1, 2], set: {seed: [1]}}"),
                "seed has 1 values; expected 2, one per step");
        sweepRefused(part("measures: [late], series: [{name: a, set: {sed: 1}}]"), "unknown field 'sed'");
        sweepRefused(
                part("measures: [late], series: [{name: a, set: {policies: [follower, {follower: {eta: 1}}]}}]"),
                "part p, a: policies: two are called the same");
        sweepRefused(part("measures: [late], series: [{name: a, set: {run: nowhere}}]"), "nowhere");
        assertEquals(2, qexit("study", config, "--part", "p"));
    }

    private static String part(String more) {
        return "parts: [{name: p, title: P, scenario: plain.yaml, " + more + "}]";
    }

    private void sweepRefused(String yaml, String part) throws IOException {
        Path sweep =
                Files.writeString(directory.resolve("wrong-sweep.yaml"), "format: qexit.sweep/1\nname: wrong\n" + yaml);
        assertEquals(2, qexit("study", sweep, "--quiet", "--out", directory.resolve("none")), yaml);
        assertTrue(err.toString().contains(part), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    @Test
    void logsTheEventsThatItCounts() throws Exception {
        Path scenario = scenario("periodSeconds: 100\nhorizonSeconds: 500\nreplications: 1\nwarmUp: 0\n"
                + "happens: [{at: 100, device: ue1, off: true}]");
        Path all = directory.resolve("all.parquet");
        Path some = directory.resolve("some.parquet");
        assertEquals(0, qexit("simulate", scenario, "--json", "--log", all), err.toString());
        JsonNode result = new ObjectMapper().readTree(out.toString());
        assertEquals(0, qexit("simulate", scenario, "--json", "--log", some, "--sample", "0.2"), err.toString());
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duck.createStatement()) {
            for (JsonNode device : result.get("devices")) {
                for (Map.Entry<String, JsonNode> outcome :
                        device.get("outcomes").properties()) {
                    assertEquals(
                            outcome.getValue().asLong(),
                            count(
                                    sql,
                                    all,
                                    "device = '" + device.get("id").asText() + "' AND outcome = '" + outcome.getKey()
                                            + "'"));
                }
            }
            long events = count(sql, all, "true");
            assertEquals(0.2, (double) count(sql, some, "true") / events, 0.05);
            assertEquals(0, count(sql, all, "endSeconds < seconds"));
        }
        assertEquals(2, qexit("simulate", scenario, "--log", directory.resolve("events.csv")));
        assertEquals(2, qexit("simulate", scenario, "--log", all, "--sample", "2"));
    }

    private static long count(Statement sql, Path file, String where) throws SQLException {
        try (ResultSet found = sql.executeQuery("SELECT count(*) FROM '" + file + "' WHERE " + where)) {
            found.next();
            return found.getLong(1);
        }
    }

    /** Whatever cannot be simulated is refused in one line, before the work. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Who is unknown, or known twice.
                "happens: [{at: 1, node: en7, down: true}] | node 'en7' is unknown; expected one of: en1, en2",
                "happens: [{at: 1, device: ue7, off: true}] | device 'ue7' is unknown; expected one of: ue1, ue2",
                "happens: [{at: 1, devices: [ue1, ue7], traffic: 2}] | device 'ue7' is unknown",
                "happens: [{at: 1, devices: [ue1, ue1], traffic: 2}] | devices is [ue1, ue1]; expected each once",
                "happens: [{at: 1, newDevice: {like: ue7, id: ue8}}] | like 'ue7', which is unknown",
                "happens: [{at: 1, newDevice: {like: ue1, id: ue2}}] | newDevice is 'ue2', which exists",
                "happens: [{at: 1, newDevice: {like: ue1, id: n}}, {at: 2, newDevice: {like: ue1, id: n}}] | newDevice is 'n', which exists",
                "happens: [{at: 9, newDevice: {like: ue1, id: n}}, {at: 2, device: n, off: true}] | device 'n' is unknown",
                "arrivalsOf: {ue7: {kind: poisson}} | device 'ue7' is unknown",
                "plans: [benders] | has no plan 'benders' of model tiny; expected one of: exact, nearest",
                "plans: [exact, exact] | exact' is listed twice",
                "model: none | has no model 'none'",
                "edgeNode: {payload: event} | has no model of its edge nodes behind tiny",
                "plans: [{method: exact, computeUnits: mean}] | computeUnits is mean; expected an edgeNode",
                "plans: [exact, {method: exact, name: exact}] | exact' is listed twice",
                "plans: [{method: exact, gainFactor: 1.0e-9}] | plan exact for gain x 1.0E-9: infeasible",
                // Numbers.
                "arrivals: {kind: poisson, factor: -1} | factor is -1.0; expected a finite number >= 0",
                "arrivals: {kind: poisson, factor: .nan} | line 3: not readable: '.nan' is not a finite number",
                "arrivals: {kind: poisson, factor: .inf} | line 3: not readable: '.inf' is not a finite number",
                "arrivals: {kind: poisson, factor: 1e300} | events come in 3600.0 s; expected at most 1e+09",
                "arrivals: {kind: bursts, burst: 9, onSeconds: 1, offSeconds: 1} | burst is 9.0; expected 1.0 to 2.0",
                "happens: [{at: 1, devices: all, traffic: 1e30}] | events come in 3600.0 s; expected at most 1e+09",
                "happens: [{at: 1, devices: all, traffic: -2}] | traffic is -2.0",
                "happens: [{at: 1, devices: all, gainFactor: 1e200}] | gainFactor is 1.0E200; expected 0.0 to 1.0E12",
                "happens: [{at: 1, devices: all, darkness: 2}] | darkness is 2.0; expected 0.0 to 1.0",
                "periodSeconds: 1e-300 | expected at most 1e+09",
                "periodSeconds: 0 | periodSeconds is 0.0; expected a finite number > 0",
                "horizonSeconds: 1e300 | expected at most 1e+09",
                "replications: 0 | replications is 0; expected 1 to 100000",
                "policies: [{periodic: {seconds: 0}}] | seconds is 0.0; expected a finite number > 0",
                "device: {exitSeconds: [1]} | device.exitSeconds has 1 times; expected 2",
                "device: {exitSeconds: [2, 1]} | exitSeconds is 1.0",
                "node: {batch: 4} | batch is 4 with sharing reserved; expected sharing: fifo",
                // Times.
                "happens: [{at: 3601, device: ue1, off: true}] | happens at 3601.0 s; expected at most horizonSeconds, 3600.0",
                "happens: [{at: -1, device: ue1, off: true}] | at is -1.0",
                "warmUp: 3600 | warmUp is 3600.0; expected less than horizonSeconds, 3600.0",
                "warmUp: long | warmUp is 'long'; expected auto, or seconds",
                "arrivals: {kind: poisson, factor: 0} | no event comes within 3600.0 s",
                "arrivals: {kind: recorded, file: late.csv} | no event comes within 3600.0 s",
                "arrivals: {kind: recorded, file: nowhere.csv} | nowhere.csv: no such file",
                // What is not there.
                "happens: [{at: 1, devices: all, classMix: {77: 1}}] | has no event of the classes [77]",
                "edgeNode: {trace: run/traces/tiny-test.parquet, lower: 0.1, upper: 0.9} | does not say which classes are critical",
                "edgeNode: {trace: run/traces/tiny-test.parquet} | expected thresholds, or lower and upper",
                "instance: run/instance-tiny.json | RUN",
                // Words.
                "policies: [replan] | policy is 'replan'; expected one of: kept, replanOnAlarm, periodic, thresholdsOnAlarm, follower",
                "policies: [{follower: {step: 1}}] | policy follower: unknown option 'step'; expected one of: eta",
                "arival: {kind: poisson} | unknown field 'arival' (did you mean 'arrivals'?); expected one of: arrivals, arrivalsOf",
                "arrivals: {kind: uniform} | field 'arrivals.kind' is 'uniform'; expected one of: poisson, periodic, bursts, recorded",
                "happens: [{at: 1, device: ue1}] | nothing happens; expected one of: down, off",
                "happens: [{at: 1, device: ue1, off: true, traffic: 2}] | off and traffic happens",
                "node: {sharing: fair} | sharing",
            })
    void saysInOneLineWhatCannotBeSimulated(String yaml, String part) throws IOException {
        Files.writeString(directory.resolve("late.csv"), "device,seconds\nue1,4000\nue2,5000\n");
        if (part.equals("RUN")) {
            // A run has an instance of its own; one named besides is not looked at.
            assertEquals(0, qexit("simulate", scenario(yaml + "\nhorizonSeconds: 10\nreplications: 1"), "--json"));
            return;
        }
        refused(yaml, part);
    }

    @Test
    void saysInOneLineWhichFilesCannotBeSimulated() throws IOException {
        Path wrong = Files.writeString(directory.resolve("format.yaml"), "format: qexit.scenario/2\nrun: run\n");
        says("format is 'qexit.scenario/2'; expected qexit.scenario/1", wrong);
        Path without = Files.writeString(directory.resolve("without.yaml"), "run: run\n");
        says("format is 'null'; expected qexit.scenario/1", without);
        says("nothing to simulate; expected SCENARIO or --run");
        says("has no run.json; expected the directory of a finished run", "--run", directory);
        says("has no run.json; expected the directory of a finished run", "--run", directory.resolve("nowhere"));
        Files.createDirectories(directory.resolve("begun.partial"));
        says("the run is not finished. Maybe call qexit run again", "--run", directory.resolve("begun"));
        says("--threads is 0", "--run", run, "--threads", "0");
        String files =
                "format: qexit.scenario/1\ninstance: run/instance-tiny.json\nplans: [run/plan-tiny-exact.json]\n";
        Files.writeString(directory.resolve("bare.csv"), bare());
        Path mix = Files.writeString(
                directory.resolve("mix.yaml"),
                files + "traces: bare.csv\ndevice: {exitSeconds: [0.1, 0.2]}\n"
                        + "happens: [{at: 1, devices: all, classMix: {6: 1}}]\n");
        says("class", mix);
        Path costs = Files.writeString(directory.resolve("costs.yaml"), files + "traces: bare.csv\n");
        says("the traces do not say what each exit costs; expected device.exitSeconds", costs);
        Path seen = Files.writeString(
                directory.resolve("seen.yaml"),
                files
                        + "traces: bare.csv\ndevice: {exitSeconds: [0.1, 0.2]}\nhappens: [{at: 1, devices: all, noise: 1}]\n");
        says("needs the images and the model; expected run", seen);
        Files.writeString(
                directory.resolve("twice.json"),
                Files.readString(run.resolve("plan-tiny-exact.json"))
                        .replaceFirst("(?s)(\"devices\" : \\[ )(\\{.*?\\})(, )", "$1$2$3$2$3"));
        Path twice = Files.writeString(
                directory.resolve("twice.yaml"),
                files.replace("run/plan-tiny-exact.json", "twice.json") + "traces: run/traces/tiny-test.parquet\n");
        says("twice.json: devices: the id 'ue1' is listed twice", twice);
    }

    /** The test trace without classes: labels and scores alone. */
    private String bare() {
        StringBuilder csv = new StringBuilder("device,event,label,c1,c2\n");
        for (DeviceTrace trace : TraceReader.readAll(run.resolve("traces/tiny-test.parquet"))) {
            for (int k = 0; k < trace.size(); k++) {
                csv.append(trace.device()).append(',').append(k).append(',').append(trace.labels()[k]);
                csv.append(',')
                        .append(trace.scores()[0][k])
                        .append(',')
                        .append(trace.scores()[1][k])
                        .append('\n');
            }
        }
        return csv.toString();
    }

    private void says(String part, Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("simulate"));
        all.addAll(List.of(arguments));
        assertEquals(2, qexit(all.toArray()), part);
        assertTrue(err.toString().contains(part), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    @Test
    void notesThatNothingCame() throws IOException {
        assertEquals(
                0, qexit("simulate", scenario("horizonSeconds: 0.001\nreplications: 2\nwarmUp: 0")), err.toString());
        assertTrue(out.toString().contains("note: no event came between the warm-up and the horizon"), out.toString());
    }

    private void refused(String yaml, String part) throws IOException {
        assertEquals(2, qexit("simulate", scenario(yaml)), yaml);
        assertTrue(err.toString().contains(part), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    @Test
    void aPlanOfAnotherFleetIsRefused() throws IOException {
        Path plan = directory.resolve("foreign.json");
        Files.writeString(
                plan,
                Files.readString(run.resolve("plan-tiny-exact.json"))
                        .replace("\"instance\" : \"tiny-tiny\"", "\"instance\" : \"other\""));
        Path scenario = Files.writeString(
                directory.resolve("files.yaml"),
                "format: qexit.scenario/1\ninstance: run/instance-tiny.json\nplans: [foreign.json]\ntraces: run/traces/tiny-test.parquet\n");
        assertEquals(2, qexit("simulate", scenario));
        assertTrue(err.toString().contains("is for instance 'other'"), err.toString());
        assertEquals(0, qexit("simulate", scenario, "--plan", "run/plan-tiny-exact.json"), err.toString());
    }

    @Test
    void warnsOfANodeThatNobodyUses() throws IOException {
        Files.writeString(
                directory.resolve("one-node.json"),
                Files.readString(run.resolve("plan-tiny-exact.json"))
                        .replace("\"node\" : \"en2\"", "\"node\" : \"en1\""));
        Path scenario = Files.writeString(
                directory.resolve("unused.yaml"),
                "format: qexit.scenario/1\ninstance: run/instance-tiny.json\nplans: [one-node.json]\ntraces: run/traces/tiny-test.parquet\n"
                        + "horizonSeconds: 100\nreplications: 1\nhappens: [{at: 9, node: en2, down: true}]");
        assertEquals(0, qexit("simulate", scenario), err.toString());
        assertTrue(
                err.toString().contains("no device uses node en2, so that its fault changes nothing"), err.toString());
    }
}
