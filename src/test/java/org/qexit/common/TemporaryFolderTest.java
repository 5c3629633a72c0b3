package org.qexit.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFolderTest {
    @TempDir
    private Path base;

    /** The main of a process that uses its folder, says so, and waits to be killed. */
    static final class User {
        private User() {}

        public static void main(String[] args) throws InterruptedException, IOException {
            Path own = Path.of(args[0], "qexit-" + ProcessHandle.current().pid() + "-a1B2c3");
            Files.createDirectory(own);
            System.setProperty(TemporaryFolder.PROPERTY, own.toString());
            TemporaryFolder.use();
            Files.writeString(
                    Files.createDirectory(own.resolve("onnxruntime-java1")).resolve("library.so"), "x");
            System.out.println(own);
            Thread.sleep(args.length == 1 ? 600_000 : 0);
        }
    }

    private Process start(String... arguments) throws IOException {
        String[] command = Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                User.class.getName(),
                                base.toString()),
                        Stream.of(arguments))
                .toArray(String[]::new);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(base)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    @Test
    void aProcessesFolderGoesWithItAndAKilledOnesWithTheNext() throws Exception {
        Process undisturbed = start("once");
        undisturbed.getInputStream().readAllBytes();
        assertEquals(0, undisturbed.waitFor());
        assertEquals(Set.of(), names());

        Process killed = start();
        Process alive = start();
        try {
            assertTrue(
                    killed.getInputStream().read() > 0 && alive.getInputStream().read() > 0);
            killed.destroyForcibly().waitFor();
            String dead = "qexit-" + killed.pid() + "-a1B2c3";
            String used = "qexit-" + alive.pid() + "-a1B2c3";
            assertEquals(Set.of(dead, used), names());
            // A folder that its maker had no time to lock, and names that are not ours.
            Files.createDirectory(base.resolve("qexit-" + killed.pid() + "-empty"));
            Files.createDirectory(base.resolve("qexit-notes"));
            Files.writeString(base.resolve("qexit-1-file"), "x");
            Path thesis = Files.createDirectory(base.resolve("thesis"));
            Files.createSymbolicLink(base.resolve("qexit-" + killed.pid() + "-link"), thesis);
            Files.writeString(thesis.resolve("thesis.tex"), "years of work");
            TemporaryFolder.sweep(base);
            assertEquals(
                    Set.of(used, "qexit-notes", "qexit-1-file", "thesis", "qexit-" + killed.pid() + "-link"), names());
            assertTrue(Files.exists(thesis.resolve("thesis.tex")));
        } finally {
            alive.destroyForcibly().waitFor();
            killed.destroyForcibly().waitFor();
        }
    }
}
