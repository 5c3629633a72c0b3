package org.qexit.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteReasonsTest {
    @TempDir
    private Path folder;

    private static String refusal(Runnable write) {
        String message = assertThrows(UserError.class, write::run).getMessage();
        assertEquals(1, message.lines().count(), message);
        assertTrue(!message.contains("Exception"), message);
        return message;
    }

    @Test
    void aFailedWriteIsOneLineAndLeavesNothing() throws IOException {
        Path target = Files.writeString(folder.resolve("old.txt"), "old");
        String full = refusal(() -> AtomicFiles.write(target, temporary -> {
            Files.writeString(temporary, "half");
            throw new FileSystemException(temporary.toString(), null, "No space left on device");
        }));
        assertEquals(target + ": cannot be written: No space left on device", full);
        String denied = refusal(() -> AtomicFiles.write(target, temporary -> {
            throw new AccessDeniedException(temporary.getParent().toString());
        }));
        assertEquals(target + ": cannot be written: no permission for " + folder, denied);
        assertEquals("old", Files.readString(target));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(target), files.toList());
        }
    }

    @Test
    void whatIsInTheWayIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        Path directory = Files.createDirectories(folder.resolve("directory/below"));
        assertTrue(refusal(() -> AtomicFiles.writeString(file.resolve("a.json"), "x"))
                .contains(file + " is in the way"));
        refusal(() -> AtomicFiles.writeString(directory.getParent(), "x"));
        assertTrue(refusal(() -> WriteReasons.check(directory, false)).contains("is a directory"));
        assertTrue(refusal(() -> WriteReasons.check(file, true)).contains("is a file"));
        assertTrue(refusal(() -> WriteReasons.check(file.resolve("a/b"), false)).contains(file + " is a file"));
        WriteReasons.check(folder.resolve("new/deep/a.json"), false);
        WriteReasons.check(folder.resolve("new/deep"), true);
        WriteReasons.check(file, false);
    }
}
