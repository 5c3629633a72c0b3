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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large fleet's plan, from its making to the independent check, which has no line of Spark. */
class SparkOptimizeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();

    private String run(int expected, String... words) {
        StringWriter out = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
        assertEquals(expected, code, out + err.toString());
        return out.toString();
    }

    private void make(String out, String master) {
        run(
                0,
                "spark",
                "make-fleet",
                "--devices",
                "1200",
                "--nodes",
                "5",
                "--out",
                folder.resolve(out).toString(),
                "--master",
                master);
    }

    @Test
    void plansPassTheCheck() throws IOException {
        make("fleet", "local[2]");
        make("again", "local[1]");
        assertEquals(
                Files.readString(folder.resolve("fleet/fleet.json")),
                Files.readString(folder.resolve("again/fleet.json")));
        String fleet = folder.resolve("fleet").toString();
        String plan = folder.resolve("plan").toString();
        JsonNode planned =
                JSON.readTree(run(0, "spark", "optimize", fleet, "--out", plan, "--master", "local[2]", "--json"));
        List<String> names = new ArrayList<>();
        planned.fieldNames().forEachRemaining(names::add);
        assertEquals(List.of("objective", "bound", "gapPercent", "devices", "seconds"), names);
        assertEquals(1200, planned.get("devices").asInt());
        assertTrue(planned.get("gapPercent").asDouble() < 1, planned.toString());
        JsonNode report = JSON.readTree(run(0, "check", plan, fleet, "--json"));
        assertTrue(report.get("boundProven").asBoolean());
        assertEquals(
                planned.get("objective").asDouble(), report.get("objective").asDouble(), 1e-6);

        Path file = folder.resolve("plan/plan.json");
        String good = Files.readString(file);
        Files.writeString(file, good.replace("\"objective\":-", "\"objective\":-0"));
        Files.writeString(file, good.replaceFirst("\"devices\":1200", "\"devices\":1199"));
        assertTrue(run(3, "check", plan, fleet).contains("claims 1199 devices; the fleet has 1200"));
        Files.writeString(
                folder.resolve("fleet/fleet.json"),
                Files.readString(folder.resolve("fleet/fleet.json")).replace("\"id\":\"en5\"", "\"id\":\"other\""));
        run(2, "spark", "optimize", fleet, "--out", folder.resolve("none").toString(), "--master", "local[2]");
        assertTrue(err.toString().contains("its link to node 'en5' leads nowhere"), err.toString());
        assertFalse(Files.exists(folder.resolve("none")));
    }

    @Test
    void whatIsNoFleetIsRefused() {
        run(
                2,
                "spark",
                "optimize",
                folder.toString(),
                "--out",
                folder.resolve("none").toString(),
                "--master",
                "local[1]");
        assertTrue(err.toString().contains("has no fleet.json"), err.toString());
    }
}
