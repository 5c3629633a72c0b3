package org.qexit.tier.live.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills processes that append: what they said was on disk is there, and nothing else than what they appended. */
class KilledLogTest {
    @TempDir
    private Path folder;

    private void kill(int times, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Path log = folder.resolve("log");
        Set<String> forced = new HashSet<>();
        for (int run = 0; run < times; run++) {
            Path said = folder.resolve("said");
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xshare:auto",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            LogWriter.class.getName(),
                            log.toString(),
                            Integer.toString(run))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .redirectOutput(said.toFile())
                    .start();
            try {
                while (process.isAlive() && Files.size(said) == 0) {
                    Thread.sleep(5);
                }
                assertTrue(process.isAlive());
                process.waitFor(random.nextLong(200), TimeUnit.MILLISECONDS);
            } finally {
                process.destroyForcibly().waitFor();
            }
            String text = Files.readString(said);
            List<String> lines =
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            forced.addAll(lines);
            Set<String> found = new HashSet<>();
            try (AppendLog opened = AppendLog.open(log, LogWriter.SETTINGS, (place, payload) -> {
                ByteBuffer whose = ByteBuffer.wrap(payload);
                long own = whose.getLong();
                long count = whose.getLong();
                assertArrayEquals(LogWriter.payload(own, count), payload);
                assertTrue(found.add(own + " " + count));
            })) {
                assertTrue(opened.next() > 0);
            }
            assertTrue(found.containsAll(forced), "lost");
            assertTrue(found.size() <= forced.size() + 3 * (run + 1), found.size() + " for " + forced.size());
        }
    }

    @Test
    void whatWasSaidToBeOnDiskIsThereAfterAKill() throws Exception {
        kill(4, 1);
    }

    @Test
    @Tag("slow")
    @Timeout(600)
    void soItIsAfterThirty() throws Exception {
        kill(30, 2);
    }
}
