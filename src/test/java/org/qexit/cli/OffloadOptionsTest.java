package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.trace.ThresholdsFile;

class OffloadOptionsTest {
    private static final String DEVICES = "device,event,label,c1\n"
            + "a,1,1,0.95\na,2,1,0.9\na,3,1,0.6\na,4,1,0.5\na,5,0,0.55\na,6,0,0.45\na,7,0,0.1\na,8,0,0.05\nb,1,1,0.5\n";
    /** Other order; event 4 is missed by the node. */
    private static final String ANSWERS = "device,event,label,c1,c2\n"
            + "b,1,1,0,0.7\na,8,0,1,0\na,1,1,0,1\na,2,1,0,1\na,3,1,0,1\na,4,1,1,0.5\na,5,0,1,0\na,6,0,1,0\na,7,0,1,0\n";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private String devices;
    private String answers;

    @BeforeEach
    void write() throws IOException {
        devices = file("devices.csv", DEVICES);
        answers = file("answers.csv", ANSWERS);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private int run(String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private Map<?, ?> device(int i) {
        return (Map<?, ?>)
                ((List<?>) Json.parse("output", out.toString(), Map.class).get("devices")).get(i);
    }

    private static Object point(Object mode, String field) {
        return ((Map<?, ?>) ((Map<?, ?>) ((Map<?, ?>) mode).get("chosen")).get("point")).get(field);
    }

    @ParameterizedTest
    @CsvSource({"critical, 3, 3", "undecided, 0, 3", "both, 3, 3"})
    void showsTheModesSideBySide(String offload, int offloads, int truePositives) {
        assertEquals(
                0,
                run("thresholds", devices, "--budget", "3", "--offload", offload, "--node-trace", answers, "--json"));
        Map<?, ?> device = device(0);
        assertEquals(offload, device.get("offload"));
        assertEquals(offloads, point(device, "offloads"));
        assertEquals(truePositives, point(device, "truePositives"));
        assertEquals(0, point(device, "falsePositives"));
        assertEquals(point(device, "lower"), device.get("lower"));
        List<?> modes = (List<?>) device.get("modes");
        assertEquals(
                List.of("critical", "undecided", "both"),
                modes.stream().map(mode -> ((Map<?, ?>) mode).get("offload")).toList());
        if (offload.equals("both")) {
            out.getBuffer().setLength(0);
            assertEquals(0, run("thresholds", devices, "--budget", "3", "--offload", offload, "--node-trace", answers));
            assertTrue(out.toString().lines().anyMatch(line -> line.startsWith("> both")), out.toString());
        }
    }

    @Test
    void findsThresholdsPerExit() {
        String[] per = {"thresholds", devices, "--budget", "3", "--rule", "per-exit", "--offload", "undecided"};
        List<String> words = new ArrayList<>(List.of(per));
        words.addAll(List.of("--node-trace", answers));
        assertEquals(0, run(words.toArray(String[]::new)));
        assertTrue(out.toString().lines().anyMatch(line -> line.startsWith("> undecided")), out.toString());
        assertTrue(out.toString().contains("    exit 1 "), out.toString());
        out.getBuffer().setLength(0);
        words.add("--json");
        assertEquals(0, run(words.toArray(String[]::new)));
        assertEquals("per-exit", device(0).get("rule"));
        assertEquals(1, ((List<?>) device(0).get("lower")).size());
        assertEquals(3, point(device(0), "truePositives"));
        words.add("--all");
        assertEquals(2, run(words.toArray(String[]::new)));
        assertTrue(err.toString().contains("stands without --all"), err.toString());
    }

    @Test
    void statesExpectationsWithStatedRates() {
        assertEquals(
                0, run("thresholds", devices, "--budget", "4", "--node-tpr", "0.75", "--node-fpr", "0.1", "--json"));
        assertEquals(2.25, point(device(0), "truePositives"));
        assertEquals(3, point(device(0), "offloads"));
    }

    /** One row per corner and mode, best from its budget on. */
    @Test
    void printsFrontiersOfAllModes() {
        assertEquals(0, run("thresholds", devices, "--all", "--node-trace", answers));
        List<String> rows = out.toString().lines().toList();
        assertEquals("device,offload,budget,offloads,true_positives,false_positives,lower,upper,margin", rows.get(0));
        assertTrue(rows.stream().anyMatch(row -> row.startsWith("a,critical,2,2,2,0,0.75,0.75,0.1")), out.toString());
        for (String mode : List.of("critical", "undecided", "both")) {
            assertTrue(rows.stream().anyMatch(row -> row.startsWith("b," + mode + ",0,0,")), out.toString());
        }
        out.getBuffer().setLength(0);
        assertEquals(0, run("thresholds", devices, "--node-trace", answers));
        assertEquals(1 + 2 * 4, out.toString().lines().count());
    }

    /** Without metadata the classes of critical events are the critical ones; the last exit answers, or thresholds do. */
    @Test
    void readsTheTraceOfAnEdgeNodesModel() throws IOException {
        String trace = file("device.csv", "device,event,label,c1\na,1,1,0.9\na,2,1,0.8\na,3,0,0.7\n");
        String node = file(
                "en.csv",
                "device,event,label,class,source,p1_0,p1_1,p2_0,p2_1\n"
                        + "a,1,1,1,x,0.9,0.1,0.2,0.8\na,2,1,1,y,0.1,0.9,0.9,0.1\na,3,0,0,z,0.9,0.1,0.9,0.1\n");
        assertEquals(0, run("thresholds", trace, "--budget", "3", "--node-trace", node, "--json"));
        assertEquals(1, point(device(0), "truePositives"));
        String pair = file(
                "pair.json",
                "{\"format\":\"qexit.thresholds/1\",\"kind\":\"en\",\"devices\":[],\"edgeNode\":{\"critical\":[1],"
                        + "\"lower\":0,\"upper\":0.85}}");
        out.getBuffer().setLength(0);
        assertEquals(
                0,
                run("thresholds", trace, "--budget", "3", "--node-trace", node, "--node-thresholds", pair, "--json"));
        assertEquals(2, point(device(0), "truePositives"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,9,1,1,1|event 9 is answered, but not in the devices' trace",
                "a,1,1,1,1|event 1 is answered twice",
                "c,1,1,1,1|device c is not in"
            })
    void refusesAnswersToOtherEvents(String row, String message) throws IOException {
        String other = file("other.csv", ANSWERS + row + "\n");
        assertEquals(2, run("thresholds", devices, "--budget", "3", "--node-trace", other, "--json"));
        assertTrue(err.toString().contains(message), err.toString());
        assertEquals(1, err.toString().lines().count());
        assertEquals("", out.toString());
    }

    @Test
    void refusesAnswersThatAreMissingOrToEventsOfOtherLabels() throws IOException {
        String fewer = file("fewer.csv", ANSWERS.replace("a,3,1,0,1\n", ""));
        assertEquals(2, run("thresholds", devices, "--budget", "3", "--node-trace", fewer));
        assertTrue(err.toString().contains("event 3 is not answered"), err.toString());
        String none = file("none.csv", ANSWERS.replace("b,1,1,0,0.7\n", ""));
        assertEquals(2, run("thresholds", devices, "--budget", "3", "--node-trace", none));
        assertTrue(err.toString().contains("device b is missing"), err.toString());
        String flipped = file("flipped.csv", ANSWERS.replace("a,3,1,", "a,3,0,"));
        assertEquals(2, run("thresholds", devices, "--budget", "3", "--node-trace", flipped));
        assertTrue(err.toString().contains("event 3 has label 0, in the devices' trace 1"), err.toString());
        assertEquals(3, err.toString().lines().count());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--offload undecided|needs what the edge node answers",
                "--offload all|expected critical, undecided or both",
                "--node-tpr 0.9|stands alone",
                "--node-tpr 0.9 --node-fpr 1.5|--node-fpr is 1.5; expected 0 to 1",
                "--node-thresholds x.json|stands without --node-trace",
                "--node-tpr 1 --node-fpr 0 --node-trace x.csv|expected the answers or their rates",
                "--node-tpr 1 --node-fpr 0 --guarantee 0.1|expected none of them",
                "--node-tpr 1 --node-fpr 0 --monitor x.csv|expected none of them",
            })
    void refusesContradictions(String options, String message) {
        String[] args = ("thresholds DEVICES --budget 3 " + options).split(" ");
        args[1] = devices;
        assertEquals(2, run(args));
        assertTrue(err.toString().contains(message), err.toString());
        assertEquals(1, err.toString().lines().count());
    }

    /** A device offloads critical events: a file of thresholds for another mode is refused where one is read. */
    @Test
    void filesForOtherModesAreRefused() {
        for (String mode : List.of("critical", "undecided")) {
            out.getBuffer().setLength(0);
            assertEquals(
                    0,
                    run(
                            "thresholds",
                            devices,
                            "--budget",
                            "3",
                            "--offload",
                            mode,
                            "--node-tpr",
                            "1",
                            "--node-fpr",
                            "0",
                            "--json"));
            String text = out.toString();
            if (mode.equals("critical")) {
                assertTrue(
                        Json.parse("file", text, ThresholdsFile.class).of("a").isPresent());
            } else {
                String message = assertThrows(UserError.class, () -> Json.parse("file", text, ThresholdsFile.class))
                        .getMessage();
                assertTrue(message.contains("undecided"), message);
            }
        }
    }
}
