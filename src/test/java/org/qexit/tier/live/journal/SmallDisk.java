package org.qexit.tier.live.journal;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system of its own, where the system lets a test make one; else the test is skipped. */
public record SmallDisk(Path place) implements AutoCloseable {
    public static SmallDisk of(Path place, int kibibytes) throws InterruptedException {
        assumeTrue(
                start("mount", "-t", "tmpfs", "-o", "size=" + kibibytes + "k", "tmpfs", place.toString()),
                "no mount here");
        return new SmallDisk(place);
    }

    private static boolean start(String... words) throws InterruptedException {
        try {
            return new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // no such program here
        }
    }

    /** Leaves no room for as much as a block. */
    public void fill() throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(place.resolve("filler"))) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertTrue(Files.exists(place.resolve("filler")));
        }
    }

    public void empty() throws IOException {
        Files.delete(place.resolve("filler"));
    }

    @Override
    public void close() throws IOException {
        try {
            assertTrue(start("umount", place.toString()), "cannot unmount " + place);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
