package org.qexit.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.Provenance;
import org.qexit.common.UserError;

/** One bit of a trace that this program wrote is flipped: the file is refused in one line, or read with all values right. */
class TraceDamageTest {
    @TempDir
    Path directory;

    @Test
    void everyByteIsGuarded() throws IOException {
        Path file = directory.resolve("t.parquet");
        write(file);
        String right = contents(file);
        byte[] bytes = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(1);
        int refused = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            int bit = random.nextInt(Byte.SIZE);
            damaged[i] ^= (byte) (1 << bit);
            Files.write(file, damaged);
            String read;
            try {
                read = contents(file);
            } catch (UserError e) {
                assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
                assertFalse(e.getMessage().chars().anyMatch(Character::isISOControl), e.getMessage());
                refused++;
                continue;
            }
            assertEquals(right, read, "bit " + bit + " of byte " + i);
        }
        assertTrue(refused > bytes.length / 2, refused + " of " + bytes.length);
    }

    private static void write(Path file) {
        TraceMetadata metadata = TraceMetadata.of(
                "m",
                "00ff",
                List.of(new TraceMetadata.CumulativeCost(10, 20, 30)),
                "test",
                new Provenance("0", 7L, null, Map.of("x", "y")));
        SplittableRandom random = new SplittableRandom(2);
        TraceWriter.write(file, 2, metadata, out -> {
            for (int k = 0; k < 24; k++) {
                float[] scores = {(float) random.nextDouble(), (float) random.nextDouble()};
                out.append(k < 12 ? "a" : "b", k, random.nextInt(2), scores);
            }
        });
    }

    /** All that can be read of a file, in words. */
    private static String contents(Path file) {
        try (TraceReader reader = TraceReader.open(file)) {
            StringBuilder all = new StringBuilder();
            all.append(reader.rows()).append(reader.devices()).append(reader.metadata());
            for (DeviceTrace trace : reader) {
                all.append(trace.device())
                        .append(Arrays.toString(trace.events()))
                        .append(Arrays.toString(trace.labels()))
                        .append(Arrays.stream(trace.scores())
                                .map(Arrays::toString)
                                .collect(Collectors.joining()));
            }
            return all.toString();
        }
    }
}
