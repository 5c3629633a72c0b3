package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code qexit check} of directories, without Spark. The fleet and its plan are of {@code qexit spark make-fleet --devices 60 --nodes 3} and
 * {@code qexit spark optimize}.
 */
class LargeCheckTest {
    @TempDir
    private Path folder;

    private Path fleet;
    private Path plan;

    private record Ended(int code, String out, String err) {}

    private static Ended check(Path plan, Path fleet) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute("check", plan.toString(), fleet.toString(), "--json");
        return new Ended(code, out.toString(), err.toString());
    }

    @BeforeEach
    void copy() throws IOException {
        fleet = copied("devices");
        plan = copied("plan");
    }

    private Path copied(String name) throws IOException {
        Path to = Files.createDirectory(folder.resolve(name));
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/fleet", name))) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }

    @Test
    void aGoodPlanPasses() {
        Ended ended = check(plan, fleet);
        assertEquals(0, ended.code(), ended.out() + ended.err());
        assertTrue(ended.out().contains("\"violations\":[],\"boundProven\":true"), ended.out());
    }

    @Test
    void falseClaimsAreFound() throws IOException {
        Path file = plan.resolve("plan.json");
        String good = Files.readString(file);
        Files.writeString(file, good.replace("\"devices\":60", "\"devices\":61"));
        Ended ended = check(plan, fleet);
        assertEquals(3, ended.code());
        assertTrue(ended.out().contains("claims 61 devices; the fleet has 60"), ended.out());
        Path nodes = fleet.resolve("fleet.json");
        Files.writeString(file, good);
        Files.writeString(
                nodes, Files.readString(nodes).replaceFirst("\"computeUnits\":[0-9.]+", "\"computeUnits\":9"));
        ended = check(plan, fleet);
        assertEquals(3, ended.code());
        assertTrue(ended.out().contains("node en1: compute: "), ended.out());
    }

    @Test
    void whatCannotBeReadIsToldInALine() throws IOException {
        Path part = plan.resolve("part-00000.parquet");
        Files.copy(part, plan.resolve("part-00009.parquet"));
        refused("is listed twice");
        Files.write(plan.resolve("part-00009.parquet"), Arrays.copyOf(Files.readAllBytes(part), 300));
        refused("cannot be read");
        Files.delete(plan.resolve("part-00009.parquet"));
        Files.delete(fleet.resolve("fleet.json"));
        refused("fleet.json");
        assertEquals(2, check(plan, Path.of("pom.xml")).code());
    }

    private void refused(String message) {
        Ended ended = check(plan, fleet);
        assertEquals(2, ended.code(), ended.out() + ended.err());
        assertEquals(List.of(true), List.of(ended.err().contains(message)), ended.err());
        assertEquals(1, ended.err().lines().count(), ended.err());
    }
}
