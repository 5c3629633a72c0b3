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
        Files.writeString(first.work().resolve("model.json"), "trained");
        first.leave();
        RunDirectory same = RunDirectory.open(target, "a");
        assertTrue(same.resumed());
        assertTrue(Files.exists(same.work().resolve("model.json")));
        UserError error = assertThrows(UserError.class, () -> RunDirectory.open(target, "a"));
        assertTrue(error.getMessage().contains("another qexit (this process)"), error.getMessage());
        same.leave();
        RunDirectory other = RunDirectory.open(target, "b");
        assertFalse(other.resumed());
        assertFalse(Files.exists(other.work().resolve("model.json")));
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
        Files.writeString(directory.resolve("mine.partial/chapter.tex"), "x");
        assertThrows(UserError.class, () -> RunDirectory.open(directory.resolve("mine"), "a"));
        assertTrue(Files.exists(precious.resolve("thesis.tex")));
    }

    /** Every state that a kill can leave is taken up or cleared away: none is refused for ever, and no result is lost. */
    @Test
    void aKillLeavesNothingThatTheNextRunCannotMend() throws IOException {
        Path target = directory.resolve("quick");
        Path work = directory.resolve("quick.partial");
        Path before = directory.resolve(".quick.qexit-before");

        // While it made its working directory, or removed one.
        Files.createDirectory(work);
        RunDirectory.open(target, "a").discard();
        Files.createDirectory(work);
        Files.writeString(work.resolve("..fingerprint.tmp-1-1"), "a");
        RunDirectory.open(target, "a").discard();
        assertEquals(List.of(), list(directory));

        // While it put its first results in place, as earlier versions did it: without a fingerprint already.
        Files.createDirectory(work);
        Files.writeString(work.resolve("run.json"), "{}");
        RunDirectory.open(target, "a").discard();
        assertEquals(List.of(), list(directory));

        // While it put its second results in place: the first are put back, the second taken up.
        finish(RunDirectory.open(target, "a"), "first");
        RunDirectory second = RunDirectory.open(target, "a");
        Files.writeString(second.work().resolve("model.json"), "trained");
        second.finish("model.json");
        second.leave();
        Files.move(target, before);
        RunDirectory third = RunDirectory.open(target, "a");
        assertEquals("first", Files.readString(target.resolve("run.json")));
        assertTrue(third.resumed());
        assertTrue(third.isFinished("model.json"));
        Files.writeString(third.work().resolve("model.json"), "changed");
        assertFalse(third.isFinished("model.json"));
        assertFalse(third.isFinished("plan.json"));
        finish(third, "third");

        // As an earlier version left it.
        Files.move(target, directory.resolve("quick.old"));
        RunDirectory.open(target, "b").discard();
        assertEquals("third", Files.readString(target.resolve("run.json")));
        assertEquals(List.of(target), list(directory));
    }

    private static void finish(RunDirectory run, String content) throws IOException {
        Files.writeString(run.work().resolve("run.json"), content);
        run.commit();
    }

    private static List<Path> list(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.toList();
        }
    }
}
