package org.qexit.experiment.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.UserError;

class RunDirectoryTest {
    @TempDir
    private Path directory;

    @Test
    void nothingShowsBeforeCommitAndAllAfter() throws IOException {
        Path target = directory.resolve("runs/quick");
        RunDirectory run = RunDirectory.open(target, "a");
        Files.writeString(run.work().resolve("run.json"), "{}");
        assertFalse(Files.exists(target));
        assertEquals(List.of(Path.of("run.json")), run.files());
        run.commit();
        assertTrue(Files.exists(target.resolve("run.json")));
        assertEquals(List.of(target), list(directory.resolve("runs")));
    }

    @Test
    void aSecondRunReplacesTheFirst() throws IOException {
        Path target = directory.resolve("quick");
        for (String content : List.of("first", "second")) {
            RunDirectory run = RunDirectory.open(target, content);
            Files.writeString(run.work().resolve("run.json"), content);
            run.commit();
        }
        assertEquals("second", Files.readString(target.resolve("run.json")));
        assertEquals(List.of(target), list(directory));
    }

    @Test
    void takesUpAnInterruptedRunOfTheSameFingerprintOnly() throws IOException {
        Path target = directory.resolve("quick");
        RunDirectory first = RunDirectory.open(target, "a");
        Files.writeString(first.work().resolve("model"), "trained");
        first.interrupt();
        RunDirectory same = RunDirectory.open(target, "a");
        assertTrue(same.resumed());
        assertTrue(Files.exists(same.work().resolve("model")));
        UserError error = assertThrows(UserError.class, () -> RunDirectory.open(target, "a"));
        assertTrue(error.getMessage().contains("another run"), error.getMessage());
        same.interrupt();
        RunDirectory other = RunDirectory.open(target, "b");
        assertFalse(other.resumed());
        assertFalse(Files.exists(other.work().resolve("model")));
        other.discard();
        assertEquals(List.of(), list(directory));
    }

    @Test
    void neverTouchesWhatIsNotARun() throws IOException {
        Path precious = Files.createDirectories(directory.resolve("precious"));
        Files.writeString(precious.resolve("thesis.tex"), "years of work");
        assertTrue(assertThrows(UserError.class, () -> RunDirectory.open(precious, "a"))
                .getMessage()
                .contains("not a run"));
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThrows(UserError.class, () -> RunDirectory.open(file, "a"));
        Files.createDirectories(directory.resolve("mine.partial"));
        assertThrows(UserError.class, () -> RunDirectory.open(directory.resolve("mine"), "a"));
        assertTrue(Files.exists(precious.resolve("thesis.tex")));
    }

    private static List<Path> list(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.toList();
        }
    }
}
