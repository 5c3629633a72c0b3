package org.qexit.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Provenance;
import org.qexit.common.UserError;

/** Damaged traces are refused in one line, or read with all values right. */
class TraceDamageTest {
    @TempDir
    Path directory;

    /** One bit of every byte of a file that this program wrote. */
    @Test
    @Tag("slow")
    void everyByteIsGuarded() throws IOException {
        guarded(0, 1);
    }

    /** The same of every ninth byte. */
    @Test
    void bytesAreGuarded() throws IOException {
        guarded(4, 9);
    }

    private void guarded(int first, int step) throws IOException {
        Path file = directory.resolve("t.parquet");
        write(file);
        String right = contents(file);
        byte[] bytes = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(1);
        int refused = 0;
        for (int i = first; i < bytes.length; i += step) {
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
        assertTrue(refused * step > bytes.length / 2, refused + " of " + bytes.length / step);
    }

    /** The bytes as docs/trace-format.md states them. */
    @Test
    void theDigestIsAsDocumented() throws Exception {
        Path file = directory.resolve("t.parquet");
        TraceWriter.write(file, 2, null, out -> {
            out.append("\u00e4", 7, 1, new float[] {0.25f, -0f});
            out.append("\u00e4", -1, 0, new float[] {1, 0.5f});
            out.append("b", 7, 1, new float[] {0.1f, 0.2f});
        });
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeBytes("qexit.digest/1");
        out.writeInt(0);
        out.writeInt(2);
        out.writeByte(1);
        out.writeInt(2);
        out.write(new byte[] {(byte) 0xc3, (byte) 0xa4});
        out.writeLong(7);
        out.writeByte(1);
        out.writeFloat(0.25f);
        out.writeFloat(0);
        out.writeByte(0);
        out.writeLong(-1);
        out.writeByte(0);
        out.writeFloat(1);
        out.writeFloat(0.5f);
        out.writeByte(1);
        out.writeInt(1);
        out.writeBytes("b");
        out.writeLong(7);
        out.writeByte(1);
        out.writeFloat(0.1f);
        out.writeFloat(0.2f);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        String footer = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertTrue(footer.contains("{\"rows\":3,\"sha256\":\"" + sha256 + "\"}"), sha256);
    }

    /** Files of other programs have no digest: a score is wrong for sure only outside the bounds of its column. */
    @ParameterizedTest
    @ValueSource(strings = {"FLOAT", "DOUBLE"})
    void comparesForeignFilesWithTheirBounds(String type) throws Exception {
        Path file = directory.resolve("t.parquet");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "COPY (SELECT 'd' AS device, unnest([0, 1, 2, 3]) AS event, 1 AS label, unnest([0.2, 0.3, 0.4, 0.5])::"
                            + type + " AS c1) TO '" + file + "' (FORMAT parquet, COMPRESSION uncompressed)");
        }
        byte[] whole = Files.readAllBytes(file);
        assertEquals(4, TraceReader.readAll(file).get(0).size());
        Files.write(file, withScore(whole, type, 0.9));
        TraceCasesTest.assertRefused(file, "is damaged: column 'c1' has values from ");
        Files.write(file, withScore(whole, type, 0.1));
        TraceCasesTest.assertRefused(file, "is damaged: column 'c1' has values from ");
        Files.write(file, withScore(whole, type, 0.45));
        assertEquals(0.45f, TraceReader.readAll(file).get(0).scores()[0][1]);
    }

    /** The file with another score in place of 0.3. */
    private static byte[] withScore(byte[] whole, String type, double score) {
        String found = new String(whole, StandardCharsets.ISO_8859_1);
        int at = found.indexOf(new String(plain(type, 0.3), StandardCharsets.ISO_8859_1));
        assertTrue(at > 0, "the score stands in the file as it is");
        byte[] changed = whole.clone();
        byte[] value = plain(type, score);
        System.arraycopy(value, 0, changed, at, value.length);
        return changed;
    }

    private static byte[] plain(String type, double score) {
        return type.equals("FLOAT")
                ? ByteBuffer.allocate(Float.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat((float) score)
                        .array()
                : ByteBuffer.allocate(Double.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putDouble(score)
                        .array();
    }

    private static void write(Path file) {
        TraceMetadata metadata = TraceMetadata.of(
                "m",
                "00ff",
                List.of(new TraceMetadata.CumulativeCost(10, 20, 30), new TraceMetadata.CumulativeCost(11, 21, 31)),
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
