package org.qexit.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryLockTest {
    @TempDir
    private Path folder;

    /** Locks a directory, says so, and waits to be killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws InterruptedException {
            Path directory = Path.of(args[1]);
            DirectoryLock lock =
                    args[0].equals("inside") ? DirectoryLock.inside(directory) : DirectoryLock.beside(directory);
            System.out.println(lock);
            Thread.sleep(600_000);
        }
    }

    private static DirectoryLock lock(String kind, Path directory) {
        return kind.equals("inside") ? DirectoryLock.inside(directory) : DirectoryLock.beside(directory);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"inside", "beside"})
    void anotherProcessIsRefusedByNumberUntilItIsKilled(String kind) throws Exception {
        Path directory = folder.resolve("work");
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        kind,
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertTrue(holder.getInputStream().read() > 0, "it holds the lock now");
            for (int i = 0; i < 2; i++) {
                String message = assertThrows(UserError.class, () -> lock(kind, directory))
                        .getMessage();
                assertTrue(message.startsWith(directory + ": another qexit (process " + holder.pid() + ")"), message);
            }
        } finally {
            holder.destroyForcibly().waitFor();
        }
        assertEquals(1, files().size(), "what a killed process leaves");
        lock(kind, directory).close();
        assertEquals(List.of(), files());
    }

    @ParameterizedTest
    @ValueSource(strings = {"inside", "beside"})
    void theSameProcessIsRefusedWhateverTheSpelling(String kind) throws IOException {
        Path directory = Files.createDirectory(folder.resolve("work"));
        DirectoryLock lock = lock(kind, directory);
        for (Path spelling : List.of(directory, folder.resolve("x/../work"), folder.resolve("./work"))) {
            assertThrows(UserError.class, () -> lock(kind, spelling));
        }
        // Being refused has not opened it to others of this process.
        assertThrows(UserError.class, () -> lock(kind, directory));
        lock.close();
        lock.close();
        lock(kind, directory).close();
        assertEquals(List.of(), files());
    }

    @Test
    void aDirectoryThatStayedEmptyGoesWithIt() throws IOException {
        Path directory = folder.resolve("new");
        DirectoryLock.inside(directory).close();
        assertFalse(Files.exists(directory));
        Files.createDirectory(directory);
        DirectoryLock.inside(directory).close();
        assertTrue(Files.exists(directory), "it was there before");
        Path results = folder.resolve("results");
        DirectoryLock lock = DirectoryLock.inside(results);
        Files.writeString(results.resolve("a"), "x");
        lock.close();
        assertTrue(Files.exists(results.resolve("a")));
    }

    @Test
    void manyThreadsHoldItOneAtATime() throws Exception {
        Path directory = folder.resolve("work");
        int[] inside = new int[2];
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = new Thread(() -> {
                for (int i = 0; i < 200; i++) {
                    try (Held held = new Held(DirectoryLock.inside(directory))) {
                        held.enter(inside);
                    } catch (UserError e) {
                        Thread.onSpinWait();
                    }
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, inside[1], "times that two were inside");
        assertTrue(inside[0] > 0);
    }

    private record Held(DirectoryLock lock) implements AutoCloseable {
        void enter(int[] inside) {
            int before = inside[0];
            Thread.yield();
            if (inside[0] != before) {
                inside[1]++;
            }
            inside[0] = before + 1;
        }

        @Override
        public void close() {
            lock.close();
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenIsOneLine() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        String message = assertThrows(UserError.class, () -> DirectoryLock.inside(file.resolve("below")))
                .getMessage();
        assertTrue(message.contains("cannot be written"), message);
        assertThrows(UserError.class, () -> DirectoryLock.beside(Path.of("/")));
        assertFalse(DirectoryLock.isLock(file));
    }
}
