package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.Json;

class OptimizeCommandTest {
    private static final String FLEET = "src/test/resources/allocation/n4m2s1.json";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    @Test
    void writesAPlanThatItsCheckAccepts() {
        String plan = folder.resolve("plan.json").toString();
        assertEquals(0, run("optimize", FLEET, "--out", plan, "--plot"), err.toString());
        assertTrue(out.toString().contains("optimal"), out.toString());
        assertEquals(0, run("check", plan, FLEET), out.toString());
        assertTrue(out.toString().contains("0 violations"));
    }

    @Test
    void aTamperedPlanFailsItsCheck() throws IOException {
        Path plan = folder.resolve("plan.json");
        assertEquals(0, run("optimize", FLEET, "--out", plan.toString()));
        String text = Files.readString(plan);
        Files.writeString(plan, text.replaceFirst("\"truePositives\" : \\d+", "\"truePositives\" : 1"));
        assertEquals(3, run("check", plan.toString(), FLEET));
        assertTrue(out.toString().contains("VIOLATION"));
    }

    @Test
    void printsOnlyJsonOnRequest() {
        assertEquals(0, run("optimize", FLEET, "--json"));
        Map<?, ?> plan = Json.parse("plan", out.toString(), Map.class);
        assertEquals("optimal", plan.get("status"));
    }

    @Test
    void comparesMethods() {
        assertEquals(0, run("optimize", FLEET, "--compare", "--seconds", "20"));
        assertTrue(out.toString().contains("nearest") && out.toString().contains("exact"), out.toString());
    }

    @Test
    void infeasibleFleetsEndWithCode3AndReasons() throws IOException {
        Path fleet = folder.resolve("fleet.json");
        Files.writeString(
                fleet, Files.readString(Path.of(FLEET)).replaceAll("\"computeUnits\":\\s*\\d+", "\"computeUnits\":0"));
        assertEquals(3, run("optimize", fleet.toString()));
        assertTrue(out.toString().contains("is above the node's compute"), out.toString());
    }

    @Test
    void mistakesEndWithCode2AndOneLine() {
        assertEquals(2, run("optimize", folder.resolve("none.json").toString()));
        assertEquals(2, run("optimize", FLEET, "--method", "magic"));
        assertEquals(2, run("optimize", FLEET, "--seconds", "0"));
        assertEquals(3, err.toString().lines().count(), err.toString());
    }

    @Test
    void drawsThePlanBesideIt() throws IOException {
        String plan = folder.resolve("plan.json").toString();
        assertEquals(0, run("optimize", FLEET, "--plot", "--out", plan), err.toString());
        String picture = Files.readString(folder.resolve("plan.svg"));
        assertTrue(picture.startsWith("<svg") && picture.endsWith("</svg>\n"));
        assertTrue(picture.contains("ue1") && picture.contains("en1"));
        assertTrue(out.toString().contains("price of fairness"), out.toString());
        assertTrue(out.toString().contains("more events per period at en2"), out.toString());
    }

    @Test
    void planningFromItsOwnPlanMovesNobody() {
        String plan = folder.resolve("plan.json").toString();
        String next = folder.resolve("next.json").toString();
        assertEquals(0, run("optimize", FLEET, "--out", plan));
        assertEquals(0, run("optimize", FLEET, "--from", plan, "--move-cost", "0.01", "--out", next), err.toString());
        assertTrue(out.toString().contains("moved     0 of 4 devices"), out.toString());
        assertEquals(0, run("check", next, FLEET), out.toString());
        assertEquals(0, run("optimize", FLEET, "--from", next, "--move-cost", "0"));
    }

    @Test
    void mistakesWithThePlanBeforeAreOneLine() throws IOException {
        String plan = folder.resolve("plan.json").toString();
        assertEquals(0, run("optimize", FLEET, "--out", plan));
        Path foreign = folder.resolve("foreign.json");
        Files.writeString(
                foreign,
                Files.readString(Path.of(plan)).replace("\"en1\"", "\"a\"").replace("\"en2\"", "\"b\""));
        long before = err.toString().lines().count();
        assertEquals(2, run("optimize", FLEET, "--from", foreign.toString()));
        assertEquals(2, run("optimize", FLEET, "--from", FLEET));
        assertEquals(2, run("optimize", FLEET, "--from", plan, "--method", "nearest"));
        assertEquals(2, run("optimize", FLEET, "--move-cost", "1"));
        assertEquals(2, run("optimize", FLEET, "--from", plan, "--move-cost", "-1"));
        assertEquals(2, run("optimize", FLEET, "--seconds", "-3"));
        assertEquals(before + 6, err.toString().lines().count(), err.toString());
        assertEquals(3, run("check", plan, "src/test/resources/allocation/n8m3s2.json"));
        assertTrue(out.toString().contains("for instance n4m2s1, not for n8m3s2"), out.toString());
    }
}
