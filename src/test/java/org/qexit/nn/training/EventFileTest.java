package org.qexit.nn.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event files against Google's protocol-buffer parser and a bitwise CRC-32C. */
class EventFileTest {
    /** CRC-32C bit by bit, reflected polynomial 0x82f63b78 (Castagnoli et al. 1993); RFC 3720 B.4 has its test vectors. */
    private static int crc32c(byte[] bytes) {
        int crc = ~0;
        for (byte b : bytes) {
            crc ^= b & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
            }
        }
        return ~crc;
    }

    private static int masked(byte[] bytes) {
        int crc = crc32c(bytes);
        return (crc >>> 15 | crc << 17) + 0xa282ead8;
    }

    static List<UnknownFieldSet> events(byte[] file) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<UnknownFieldSet> events = new ArrayList<>();
        while (buffer.hasRemaining()) {
            byte[] length = new byte[8];
            buffer.get(length);
            assertEquals(masked(length), buffer.getInt(), "CRC of the length");
            byte[] data = new byte
                    [Math.toIntExact(ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong())];
            buffer.get(data);
            assertEquals(masked(data), buffer.getInt(), "CRC of the data");
            events.add(UnknownFieldSet.parseFrom(CodedInputStream.newInstance(data)));
        }
        return events;
    }

    private static double wallTime(UnknownFieldSet event) {
        return Double.longBitsToDouble(event.getField(1).getFixed64List().get(0));
    }

    static Map<String, Float> scalars(UnknownFieldSet event) throws IOException {
        Map<String, Float> values = new LinkedHashMap<>();
        UnknownFieldSet summary = UnknownFieldSet.parseFrom(
                event.getField(5).getLengthDelimitedList().get(0));
        for (var bytes : summary.getField(1).getLengthDelimitedList()) {
            UnknownFieldSet value = UnknownFieldSet.parseFrom(bytes);
            values.put(
                    value.getField(1).getLengthDelimitedList().get(0).toStringUtf8(),
                    Float.intBitsToFloat(value.getField(2).getFixed32List().get(0)));
        }
        return values;
    }

    @Test
    void oracleKnowsThePublishedVectors() {
        assertEquals(0x8a9136aa, crc32c(new byte[32]));
        assertEquals(0xe3069283, crc32c("123456789".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void anIndependentParserReadsWhatWasWritten(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("events");
        EventFile.append(file, EventFile.header(1.5));
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("train/loss", 0.25);
        values.put("Ũ", -1e30);
        EventFile.append(file, EventFile.scalars(2.5, 300, values));
        EventFile.append(file, EventFile.scalars(3.5, 0, Map.of()));
        List<UnknownFieldSet> events = events(Files.readAllBytes(file));
        assertEquals(3, events.size());
        assertEquals(1.5, wallTime(events.get(0)));
        assertEquals(
                "brain.Event:2",
                events.get(0).getField(3).getLengthDelimitedList().get(0).toStringUtf8());
        assertEquals(2.5, wallTime(events.get(1)));
        assertEquals(300L, events.get(1).getField(2).getVarintList().get(0));
        assertEquals(Map.of("train/loss", 0.25f, "Ũ", -1e30f), scalars(events.get(1)));
        assertTrue(scalars(events.get(2)).isEmpty());
    }

    @Test
    void hyperparametersAreWhatTheirPluginReads(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("events");
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("epochs", 8);
        values.put("calibrate", true);
        values.put("schedule.kind", "cosine");
        EventFile.append(file, EventFile.hyperparameters(2.5, values));
        UnknownFieldSet event = events(Files.readAllBytes(file)).get(0);
        assertEquals(2.5, wallTime(event));
        UnknownFieldSet value = inside(inside(event, 5), 1);
        assertEquals("_hparams_/session_start_info", text(value, 1));
        UnknownFieldSet tensor = inside(value, 8);
        assertEquals(1L, tensor.getField(1).getVarintList().get(0));
        assertEquals(4, tensor.getField(5).getLengthDelimitedList().get(0).size());
        UnknownFieldSet plugin = inside(inside(value, 9), 1);
        assertEquals("hparams", text(plugin, 1));
        UnknownFieldSet session = inside(inside(plugin, 2), 3);
        Map<String, Object> read = new LinkedHashMap<>();
        for (var bytes : session.getField(1).getLengthDelimitedList()) {
            UnknownFieldSet entry = UnknownFieldSet.parseFrom(bytes);
            UnknownFieldSet one = inside(entry, 2);
            read.put(
                    text(entry, 1),
                    one.hasField(2)
                            ? (Object) Double.longBitsToDouble(
                                    one.getField(2).getFixed64List().get(0))
                            : one.hasField(4) ? one.getField(4).getVarintList().get(0) == 1 : text(one, 3));
        }
        assertEquals(Map.of("epochs", 8.0, "calibrate", true, "schedule.kind", "cosine"), read);
    }

    private static UnknownFieldSet inside(UnknownFieldSet message, int field) throws IOException {
        return UnknownFieldSet.parseFrom(
                message.getField(field).getLengthDelimitedList().get(0));
    }

    private static String text(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().get(0).toStringUtf8();
    }

    /** The first bytes of every file that TensorFlow writes: 24 bytes of data behind a length whose masked CRC is known. */
    @Test
    void headerHasTensorFlowsFirstBytes() {
        byte[] header = EventFile.header(0);
        assertEquals(8 + 4 + 24 + 4, header.length);
        assertArrayEquals(
                new byte[] {24, 0, 0, 0, 0, 0, 0, 0, (byte) 0xa3, 0x7f, 0x4b, 0x22, 9},
                java.util.Arrays.copyOf(header, 13));
    }
}
