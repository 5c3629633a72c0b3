package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.Json;
import org.qexit.trace.ThresholdsFile;

class ThresholdsCommandTest {
    private static final String EXAMPLE = "docs/thresholds-example.csv";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private Map<?, ?> json() {
        return Json.parse("output", out.toString(), Map.class);
    }

    private static Map<?, ?> device(Map<?, ?> json, int i) {
        return (Map<?, ?>) ((List<?>) json.get("devices")).get(i);
    }

    /** The page's picture is what the page's command draws. */
    @Test
    void drawsThePicturesOfTheDocumentation() throws IOException {
        Path svg = folder.resolve("out.svg");
        assertEquals(0, run("thresholds", EXAMPLE, "--budget", "4", "--plot", svg.toString()));
        assertEquals(Files.readString(Path.of("docs/thresholds-example.svg")), Files.readString(svg));
    }

    @Test
    void printsEveryCornerAsJsonAndAsCsv() {
        assertEquals(0, run("thresholds", EXAMPLE, "--json"));
        Map<?, ?> example = device(json(), 0);
        assertEquals(10, example.get("events"));
        assertEquals(4, example.get("positives"));
        List<?> points = (List<?>) example.get("points");
        assertEquals("never", ((Map<?, ?>) points.get(0)).get("upper"));
        assertEquals(
                List.of(0, 1, 3, 5),
                points.stream().map(p -> ((Map<?, ?>) p).get("offloads")).toList());
        assertEquals(
                List.of(0, 1, 3, 4),
                points.stream().map(p -> ((Map<?, ?>) p).get("truePositives")).toList());
        out.getBuffer().setLength(0);
        assertEquals(0, run("thresholds", EXAMPLE, "--all"));
        assertEquals(5, out.toString().lines().count());
        assertTrue(out.toString().contains("example,3,3,0,0.65,0.75,"), out.toString());
    }

    /** Facts and all: what is printed is a file of thresholds, as runs and bundles hold them. */
    @ParameterizedTest
    @CsvSource({"0, never", "4, 0.75"})
    void printsWhatDevicesNeed(String budget, String upper) {
        assertEquals(0, run("thresholds", EXAMPLE, "--budget", budget, "--guarantee", "0.9", "--baselines", "--json"));
        ThresholdsFile file = Json.parse("output", out.toString(), ThresholdsFile.class);
        Map<?, ?> example = device(json(), 0);
        Map<?, ?> point = (Map<?, ?>) ((Map<?, ?>) example.get("chosen")).get("point");
        assertEquals(example.get("upper"), point.get("upper"));
        ThresholdsFile.Device device = file.devices().get(0);
        assertEquals(
                point.get("lower"),
                Double.valueOf(device.thresholds().lowerEntry().toString()));
        assertEquals(
                point.get("upper").toString(), device.thresholds().upperEntry().toString());
        assertTrue(budget.equals("4")
                || device.thresholds().upperEntry().toString().equals(upper));
    }

    @Test
    void oneBudgetGivesOnePoint() {
        assertEquals(0, run("thresholds", EXAMPLE, "--budget", "40%", "--json"));
        Map<?, ?> example = device(json(), 0);
        assertEquals(1, ((List<?>) example.get("points")).size());
        Map<?, ?> tpr = (Map<?, ?>) ((Map<?, ?>) example.get("chosen")).get("tpr");
        assertEquals(0.75, tpr.get("value"));
    }

    @Test
    void aCapOnFalsePositivesAndBaselines() {
        assertEquals(0, run("thresholds", EXAMPLE, "--budget", "6", "--max-fpr", "0", "--baselines", "--json"));
        Map<?, ?> example = device(json(), 0);
        assertEquals(3, ((Map<?, ?>) ((List<?>) example.get("points")).get(0)).get("truePositives"));
        assertEquals(6, ((List<?>) example.get("baselines")).size());
    }

    @Test
    void aBadDeviceDoesNotStopTheOthers() throws IOException {
        Path trace = Files.writeString(
                folder.resolve("t.csv"), "device,event,label,c1\na,1,1,0.5\nb,1,1,7\nc,1,0,1\n\"x,\"\"<y>\",1,1,1\n");
        Path svg = folder.resolve("out.svg");
        assertEquals(2, run("thresholds", trace.toString(), "--json", "--plot", svg.toString()));
        assertEquals(3, json().get("good"));
        assertEquals(1, json().get("bad"));
        assertTrue(err.toString().contains("device b, event 1, column 'c1': is '7'"), err.toString());
        assertTrue(err.toString().contains("1 of 4 devices"), err.toString());
        assertTrue(err.toString().contains("device c: none of the 1 events is critical"), err.toString());
        assertFalse(Files.readString(svg).contains("<y>"));
    }

    @Test
    void monitorsAgainstItselfWithoutAlarm() {
        assertEquals(0, run("thresholds", EXAMPLE, "--budget", "4", "--monitor", EXAMPLE, "--json"));
        assertEquals(1, json().get("compared"));
        assertEquals(0, json().get("drifted"));
    }

    @Test
    void monitorsDevicesInAnyOrder() throws IOException {
        Path old =
                Files.writeString(folder.resolve("old.csv"), "device,event,label,c1\nb,1,1,0.5\na,1,1,0.5\nc,1,0,1\n");
        Path fresh =
                Files.writeString(folder.resolve("new.csv"), "device,event,label,c1\nd,1,1,0.5\nc,1,1,0.5\nb,1,0,1\n");
        assertEquals(2, run("thresholds", old.toString(), "--budget", "1", "--monitor", fresh.toString()));
        assertTrue(err.toString().contains("device a: has no new events"), err.toString());
        assertTrue(err.toString().contains("device d: is new"), err.toString());
        assertTrue(out.toString().contains("0 of 2 devices drifted"), out.toString());
    }

    /** Other confidences of another model are no drift. */
    @ParameterizedTest
    @CsvSource({"00aa, 0", "00bb, 2", ", 0"})
    void monitorsEventsOfOneModelOnly(String sha256, int code) throws IOException {
        String rows = "device,event,label,c1\na,1,1,0.5\na,2,0,0.25\n";
        Path old = Files.writeString(folder.resolve("old.csv"), rows);
        Path fresh = Files.writeString(folder.resolve("new.csv"), rows);
        Files.writeString(
                folder.resolve("old.csv.meta.json"), "{\"version\":1,\"modelId\":\"m\",\"modelSha256\":\"00aa\"}");
        if (sha256 != null) {
            Files.writeString(
                    folder.resolve("new.csv.meta.json"),
                    "{\"version\":1,\"modelId\":\"m\",\"modelSha256\":\"" + sha256 + "\"}");
        }
        assertEquals(code, run("thresholds", old.toString(), "--budget", "1", "--monitor", fresh.toString()));
        if (code == 2) {
            assertEquals(
                    "qexit: " + fresh + ": is of the model 'm' with parameters of SHA-256 00bb; expected 'm' with"
                            + " parameters of SHA-256 00aa as in " + old
                            + " (confidences of different models cannot be compared)",
                    err.toString().strip());
            assertEquals("", out.toString());
        }
    }

    @Test
    void aGuaranteeSaysWhatItRestsOn() {
        assertEquals(0, run("thresholds", EXAMPLE, "--budget", "0.9", "--guarantee", "0.5", "--json"));
        Map<?, ?> guarantee = (Map<?, ?>) device(json(), 0).get("guarantee");
        assertTrue((double) guarantee.get("pValue") <= 0.5);
    }

    /** Exit 1 is best skipped: arrays with "never", counts that the rule attains, and the bound. */
    @Test
    void thresholdsOfEveryExit() throws IOException {
        Path trace = Files.writeString(
                folder.resolve("t.csv"),
                "device,event,label,c1,c2\na,1,1,0.1,0.9\na,2,0,0.9,0.1\na,3,1,0.5,0.8\na,4,0,0.6,0.2\n");
        assertEquals(0, run("thresholds", trace.toString(), "--rule", "per-exit", "--budget", "2", "--json"));
        Map<?, ?> device = device(json(), 0);
        assertEquals("per-exit", device.get("rule"));
        Map<?, ?> chosen = (Map<?, ?>) device.get("chosen");
        Map<?, ?> point = (Map<?, ?>) chosen.get("point");
        assertEquals(2, chosen.get("bound"));
        assertEquals(2, point.get("truePositives"));
        assertEquals(2, point.get("offloads"));
        assertEquals(2, ((List<?>) point.get("lower")).size());
        assertEquals("never", ((List<?>) point.get("upper")).get(0));
        assertEquals(device.get("lower"), point.get("lower"));
        assertEquals(device.get("upper"), point.get("upper"));
        assertEquals(1, ((Map<?, ?>) device.get("pair")).get("truePositives"));
        out.getBuffer().setLength(0);
        assertEquals(0, run("thresholds", trace.toString(), "--rule", "per-exit", "--budget", "2"));
        assertTrue(out.toString().contains("2 true positives, proven to be the most possible; the best pair finds 1"));
        assertEquals("", err.toString());
    }

    /** Costs from the metadata: a second exit of 30 operations for half of the events at most. */
    @ParameterizedTest
    @CsvSource({"pair, 20, 10, 30", "per-exit, 20, 10, 30", "pair, 2, '', ''", "per-exit, 2, '', ''"})
    void capsTheLocalCost(String rule, String cap, String first, String second) throws IOException {
        Path trace = Files.writeString(
                folder.resolve("t.csv"),
                "device,event,label,c1,c2\na,1,1,0.9,0.9\na,2,0,0.1,0.1\na,3,1,0.5,0.8\na,4,0,0.6,0.2\n");
        if (!first.isEmpty()) {
            Files.writeString(
                    folder.resolve("t.csv.meta.json"),
                    "{\"version\":1,\"exits\":[{\"macs\":" + first
                            + ",\"memoryAccesses\":0,\"parameters\":0},{\"macs\":" + second
                            + ",\"memoryAccesses\":0,\"parameters\":0}]}");
        }
        String[] costs = first.isEmpty() ? new String[] {"--costs", "1,3"} : new String[0];
        List<String> args = new java.util.ArrayList<>(
                List.of("thresholds", trace.toString(), "--rule", rule, "--budget", "2", "--max-cost", cap, "--json"));
        args.addAll(List.of(costs));
        assertEquals(0, run(args.toArray(String[]::new)));
        Map<?, ?> chosen = (Map<?, ?>) device(json(), 0).get("chosen");
        assertEquals(2, ((Map<?, ?>) chosen.get("point")).get("truePositives"));
        assertEquals(Double.parseDouble(cap), chosen.get("meanCost"));
        out.getBuffer().setLength(0);
        args.set(7, first.isEmpty() ? "1" : "10");
        assertEquals(0, run(args.toArray(String[]::new)));
        Map<?, ?> cheap = (Map<?, ?>) ((Map<?, ?>) device(json(), 0).get("chosen")).get("point");
        assertEquals(1, cheap.get("truePositives"));
    }

    @Test
    void aPathFromAnotherTrace() throws IOException {
        StringBuilder rows = new StringBuilder("device,event,label,c1\n");
        for (String id : List.of("b", "a")) {
            for (int k = 0; k < 40; k++) {
                rows.append(id + "," + k + "," + (k % 4 == 0 ? 1 : 0) + "," + (k % 4 == 0 ? 0.5 + k / 100.0 : k / 100.0)
                        + "\n");
            }
        }
        Path trace = Files.writeString(folder.resolve("t.csv"), rows);
        Path other = Files.writeString(folder.resolve("o.csv"), rows.toString().replace("b,", "c,"));
        assertEquals(
                2,
                run(
                        "thresholds",
                        trace.toString(),
                        "--budget",
                        "0.4",
                        "--guarantee",
                        "0.1",
                        "--path-from",
                        other.toString(),
                        "--json"));
        assertEquals(1, json().get("good"));
        Map<?, ?> guarantee = (Map<?, ?>) device(json(), 0).get("guarantee");
        assertEquals(40, guarantee.get("pathEvents"));
        assertEquals(40, ((List<?>) ((Map<?, ?>) guarantee.get("calibration")).get("exits")).get(0));
        assertTrue((double) guarantee.get("pValue") <= 0.1);
        assertTrue(err.toString().contains("device b: is missing in " + other), err.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none.csv | no such file",
                EXAMPLE + " --budget 1.5 | --budget is '1.5'",
                EXAMPLE + " --max-fpr 2 | max-fpr is 2",
                EXAMPLE + " --guarantee 0.05 | a guarantee needs a cap",
                EXAMPLE + " --guarantee 1 --budget 3 | guarantee is 1.0",
                EXAMPLE + " --baselines | baselines need a budget",
                EXAMPLE + " --monitor " + EXAMPLE + " | --monitor needs thresholds",
                EXAMPLE + " --rule both | --rule is 'both'",
                EXAMPLE + " --rule per-exit | --rule per-exit needs --budget",
                EXAMPLE + " --rule per-exit --budget 3 --all | expected none of --guarantee",
                EXAMPLE + " --rule per-exit --budget 3 --monitor " + EXAMPLE + " | --monitor stands beside --rule",
                EXAMPLE + " --budget 3 --max-cost 0.5 --costs 1,2 | below the first exit's cost; expected at least 1",
                EXAMPLE + " --budget 3 --max-cost 2 --costs 2,1 | costs are 2,1; expected cumulative costs",
                EXAMPLE + " --budget 3 --max-cost 2 --costs 1,2,3 | 3 costs for 2 exits",
                EXAMPLE + " --budget 3 --max-cost 2 | metadata have no costs",
                EXAMPLE + " --budget 3 --costs 1,2 | --costs stands alone",
                EXAMPLE + " --max-cost 2 --costs 1,2 --budget 3 --guarantee 0.1 | max-cost stands beside a guarantee",
                EXAMPLE + " --budget 3 --path-from " + EXAMPLE + " | --path-from stands without --guarantee",
                EXAMPLE + " --budget 3 --guarantee 0.1 --path-from " + EXAMPLE
                        + " | is itself the trace of --path-from",
                EXAMPLE + " --budget 4 --alpha 0 --monitor " + EXAMPLE + " | --alpha is 0.0",
            })
    void mistakesEndWithOneLine(String args, String expected) {
        assertEquals(2, run(("thresholds " + args).split(" ")));
        assertTrue(err.toString().contains(expected), err.toString());
        assertEquals(1, err.toString().strip().lines().count());
        assertEquals("", out.toString());
    }

    @Test
    void saysWhatABudgetOfNothingOrTooMuchMeans() {
        assertEquals(0, run("thresholds", EXAMPLE, "--budget", "0"));
        assertTrue(err.toString().contains("a budget of 0 offloads"), err.toString());
        assertEquals(0, run("thresholds", EXAMPLE, "--budget", "11"));
        assertTrue(err.toString().contains("it binds nothing"), err.toString());
    }

    @Test
    void benchPrintsItsRatios() {
        assertEquals(0, run("bench", "thresholds", "--events", "5000", "--exits", "2", "--literal", "100", "--json"));
        assertTrue((double) json().get("sortSeconds") > 0);
        assertTrue((double) json().get("oneBudgetPerSort") > 0);
        assertEquals(2, run("bench", "thresholds", "--events", "0"));
    }

    @Test
    void standardInputIsReadAsItsFileIs() throws IOException {
        Path file = Path.of("docs/thresholds-example.csv");
        StringWriter ofFile = new StringWriter();
        assertEquals(
                0,
                Main.commandLine()
                        .setOut(new PrintWriter(ofFile, true))
                        .execute("thresholds", file.toString(), "--json"));
        InputStream before = System.in;
        StringWriter ofInput = new StringWriter();
        try (InputStream bytes = Files.newInputStream(file)) {
            System.setIn(bytes);
            assertEquals(
                    0, Main.commandLine().setOut(new PrintWriter(ofInput, true)).execute("thresholds", "-", "--json"));
        } finally {
            System.setIn(before);
        }
        assertEquals(ofFile.toString(), ofInput.toString());
    }
}
