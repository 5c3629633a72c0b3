package org.qexit.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What processes that were killed leave, and what the next one makes of it. */
class AtomicFilesTest {
    @TempDir
    private Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static long dead() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        process.waitFor();
        return process.pid();
    }

    private static void write(Path directory, String text) {
        AtomicFiles.writeDirectory(directory, temporary -> Files.writeString(temporary.resolve("a"), text));
    }

    @Test
    void clearsWhatDeadProcessesLeftAndNothingElse() throws Exception {
        long dead = dead();
        long alive = ProcessHandle.current().pid();
        Files.createDirectory(folder.resolve(".trace.parquet.tmp-" + dead + "-1.spill"));
        Files.writeString(
                folder.resolve(".trace.parquet.tmp-" + dead + "-1.spill").resolve("duckdb.tmp"), "x");
        for (String name : List.of(
                ".plan.json.tmp-" + dead + "-1",
                ".plan.json.tmp-" + alive + "-77",
                "plan.json.tmp-" + dead + "-1",
                ".plan.json.tmp-" + dead,
                ".plan.json.tmp-me-1",
                ".profile")) {
            Files.writeString(folder.resolve(name), "x");
        }
        // A process of this number that started after the file was written is not the one that wrote it.
        Path reused = Files.writeString(folder.resolve(".old.json.tmp-" + alive + "-1"), "x");
        Files.setLastModifiedTime(reused, FileTime.fromMillis(1_000_000_000_000L));
        AtomicFiles.writeString(folder.resolve("plan.json"), "{}");
        assertEquals(
                Set.of(
                        ".plan.json.tmp-" + dead,
                        ".plan.json.tmp-" + alive + "-77",
                        ".plan.json.tmp-me-1",
                        ".profile",
                        "plan.json",
                        "plan.json.tmp-" + dead + "-1"),
                Set.copyOf(names()));
    }

    @Test
    void aDirectoryAppearsWholeOrNotAtAll() throws IOException {
        Path target = folder.resolve("bundle");
        write(target, "first");
        assertEquals("first", Files.readString(target.resolve("a")));
        assertThrows(
                UserError.class,
                () -> AtomicFiles.writeDirectory(target, temporary -> {
                    Files.writeString(temporary.resolve("a"), "second");
                    throw new IOException("No space left on device");
                }));
        assertEquals("first", Files.readString(target.resolve("a")));
        write(target, "third");
        assertEquals("third", Files.readString(target.resolve("a")));
        assertEquals(List.of("bundle"), names());
    }

    @Test
    void endsWhatAKilledReplacementHasBegun() throws IOException {
        Path target = folder.resolve("run");
        write(target, "first");
        Path before = folder.resolve(".run.qexit-before");
        Files.move(target, before);
        AtomicFiles.putBack(target);
        assertEquals("first", Files.readString(target.resolve("a")));
        write(before, "older");
        AtomicFiles.putBack(target);
        assertEquals("first", Files.readString(target.resolve("a")));
        assertFalse(Files.exists(before));
    }

    /** Names that people give: an earlier version deleted both without a word. */
    @Test
    void neverTouchesADirectoryOfTheUsers() throws IOException {
        for (String name : List.of("run.old", "run.partial")) {
            Files.createDirectory(folder.resolve(name));
            Files.writeString(folder.resolve(name).resolve("thesis.tex"), "years of work");
        }
        write(folder.resolve("run"), "first");
        write(folder.resolve("run"), "second");
        assertEquals(List.of("run", "run.old", "run.partial"), names());
        assertTrue(Files.exists(folder.resolve("run.old/thesis.tex")));
    }
}
