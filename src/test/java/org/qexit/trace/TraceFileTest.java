package org.qexit.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Provenance;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;

class TraceFileTest {
    private static final TraceMetadata METADATA = TraceMetadata.of(
            "it's {a} \"model\"; DROP TABLE trace",
            "00ff",
            List.of(new TraceMetadata.CumulativeCost(10, 20, 30), new TraceMetadata.CumulativeCost(11, 21, 31)),
            "validation",
            new Provenance("0", 7L, null, Map.of("x", "y")));

    @TempDir
    Path directory;

    /** Scores of every exponent from the subnormals to 1, so that a rounding anywhere on the way shows. */
    private static DeviceTrace trace(String device, int events, int exits) {
        SplittableRandom random = RandomStreams.of(events).stream(device);
        long[] ids = new long[events];
        byte[] labels = new byte[events];
        float[][] scores = new float[exits][events];
        for (int k = 0; k < events; k++) {
            ids[k] = random.nextLong();
            labels[k] = (byte) random.nextInt(2);
            for (int q = 0; q < exits; q++) {
                scores[q][k] = Float.intBitsToFloat(random.nextInt(Float.floatToRawIntBits(1f) + 1));
            }
        }
        return new DeviceTrace(device, ids, labels, scores);
    }

    private static void assertSame(DeviceTrace expected, DeviceTrace actual) {
        assertEquals(expected.device(), actual.device());
        assertArrayEquals(expected.events(), actual.events());
        assertArrayEquals(expected.labels(), actual.labels());
        assertEquals(expected.exits(), actual.exits());
        for (int q = 0; q < expected.exits(); q++) {
            assertArrayEquals(expected.scores()[q], actual.scores()[q]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.parquet", "t.csv", "it's [a] *trace?*.parquet", "x=1;--'\".csv", "käse \\ 語.CSV"})
    void comesBackBitForBit(String name) {
        Path file = directory.resolve("host=1").resolve(name);
        List<DeviceTrace> traces =
                List.of(trace("ue1", 1, 2), trace("a,\"b\"\n'c", 3000, 2), trace("NULL", 257, 2), trace("  语", 256, 2));
        TraceWriter.write(file, 2, METADATA, out -> traces.forEach(out::append));
        List<DeviceTrace> read = TraceReader.readAll(file);
        assertEquals(traces.size(), read.size());
        for (int i = 0; i < read.size(); i++) {
            assertSame(traces.get(i), read.get(i));
        }
        assertEquals(METADATA, TraceReader.metadata(file).orElseThrow());
        try (TraceReader reader = TraceReader.open(file)) {
            assertEquals(4, reader.devices());
            assertEquals(2, reader.exits());
            assertEquals(3514, reader.rows());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.parquet", "t.csv"})
    void sameRowsGiveSameBytes(String name) throws IOException {
        byte[][] bytes = new byte[2][];
        for (int i = 0; i < 2; i++) {
            Path file = directory.resolve(i + name);
            TraceWriter.write(file, 3, METADATA, out -> {
                for (int d = 0; d < 40; d++) {
                    out.append(trace("ue" + d, 5000, 3));
                }
            });
            bytes[i] = Files.readAllBytes(file);
        }
        assertArrayEquals(bytes[0], bytes[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.parquet", "t.csv"})
    void aFailureLeavesNothing(String name) throws IOException {
        Path file = directory.resolve(name);
        assertThrows(
                IllegalStateException.class,
                () -> TraceWriter.write(file, 1, null, out -> {
                    out.append("d", 1, 1, new float[] {0.5f});
                    throw new IllegalStateException("stop");
                }));
        assertThrows(UserError.class, () -> TraceWriter.write(file, 1, null, out -> {}));
        assertThrows(
                IllegalArgumentException.class,
                () -> TraceWriter.write(file, 1, null, out -> out.append("d", 1, 1, new float[] {Float.NaN})));
        try (var left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.parquet", "t.csv"})
    void gathersScatteredRows(String name) {
        Path file = directory.resolve(name);
        TraceWriter.write(file, 1, null, out -> {
            for (int k = 0; k < 6000; k++) {
                out.append("d" + k % 7, k, k % 2, new float[] {k / 6000f});
            }
        });
        List<DeviceTrace> read = TraceReader.readAll(file);
        assertEquals(7, read.size());
        for (int d = 0; d < 7; d++) {
            assertEquals("d" + d, read.get(d).device());
            for (int k = 0; k < read.get(d).size(); k++) {
                assertEquals(7 * k + d, read.get(d).events()[k]);
                assertEquals((7 * k + d) / 6000f, read.get(d).scores()[0][k]);
            }
        }
        assertTrue(TraceReader.metadata(file).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "device,event,label,c1;d,1,1,NaN|device d, event 1, column 'c1': is 'NaN'",
                "device,event,label,c1;d,1,1,1.01|device d, event 1, column 'c1': is '1.01'",
                "device,event,label,c1;d,1,1,|device d, event 1, column 'c1': is missing",
                "device,event,label,c1;d,1,2,0.5|device d, event 1, column 'label': is '2'",
                "device,event,label,c1;d,1,0.4,0.5|device d, event 1, column 'label': is '0.4'",
                "device,event,label,c1;d,1.5,0,0.5|device d, row 1 of the device, column 'event': is '1.5'",
                "device,event,label,c1;,1,0,0.5|a row has no device",
                "device,event,label,c1;d,1,0|line 2 has 3 values; expected 4",
                "device,event,c1;d,1,0.5|column 'label' is missing",
                "device,event,label;d,1,0|column 'c1' is missing",
                "device,event,label,c1,c3;d,1,0,0.5,0.5|column 'c2' is missing",
                "device,event,label,c1|has no events",
                "device,event,label,c1;d,1,0,0.5,9|line 2 has 5 values; expected 4",
                "device,event,label,c1;# a remark;d,1,0,0.5|line 2 has 1 values; expected 4",
                "device,event,label,c1,c1;d,1,0,0.5,9|column 'c1' stands twice",
                "Device,event,label,c1;d,1,0,0.5|column 'device' is missing",
                "device,event,label,\"c1;d,1,0,0.5|the first line does not end",
                "``|is empty",
                "PAR1PAR1|is a Parquet file",
            })
    void namesWhatIsWrongInCsv(String text, String expected) throws IOException {
        Path file = Files.writeString(directory.resolve("bad.csv"), text.replace(";", "\n"));
        UserError error = assertThrows(UserError.class, () -> TraceReader.readAll(file));
        assertTrue(error.getMessage().contains(expected), error.getMessage());
        assertTrue(error.getMessage().startsWith(file + ":"), error.getMessage());
        assertFalse(error.getMessage().contains("\n"), error.getMessage());
    }

    @Test
    void namesWhatIsWrongWithTheFile() throws IOException {
        assertThrows(UserError.class, () -> TraceReader.open(directory.resolve("none.parquet")));
        assertThrows(UserError.class, () -> TraceReader.open(directory));
        assertThrows(UserError.class, () -> TraceReader.open(Files.writeString(directory.resolve("t.txt"), "x")));
        Path file = Files.writeString(directory.resolve("t.parquet"), "hello");
        assertTrue(assertThrows(UserError.class, () -> TraceReader.open(file))
                .getMessage()
                .contains("is not a Parquet file"));
        Files.writeString(file, "PAR1 but not really PAR1");
        assertThrows(UserError.class, () -> TraceReader.open(file));
    }

    /** Windows line ends, byte-order mark, quotes, any column order, no last line end, compression. */
    @Test
    void readsOtherProgramsCsv() throws IOException {
        String text =
                "\uFEFF\"label\",c2,c1,more,event,device\r\n1,0.5,\"0.7\",,-1,\"a,\"\"b\"\r\n0,1e-3,1,x,+2,\"a,\"\"b\"";
        Path plain = Files.writeString(directory.resolve("t.csv"), text);
        Path packed = directory.resolve("p.csv.gz");
        try (var out = new java.util.zip.GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        for (Path file : List.of(plain, packed)) {
            DeviceTrace trace = TraceReader.readAll(file).get(0);
            assertEquals("a,\"b", trace.device());
            assertArrayEquals(new long[] {-1, 2}, trace.events());
            assertArrayEquals(new byte[] {1, 0}, trace.labels());
            assertArrayEquals(new float[] {0.7f, 1}, trace.scores()[0]);
            assertArrayEquals(new float[] {0.5f, 1e-3f}, trace.scores()[1]);
        }
        assertThrows(
                UserError.class, () -> TraceWriter.write(packed, 1, null, out -> out.append("d", 1, 1, new float[1])));
    }

    @Test
    void saysWhyATextIsUnreadable() throws IOException {
        Path file = directory.resolve("latin.csv");
        Files.write(
                file, "device,event,label,c1\n\u00e9,1,1,0.5\n".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        String message =
                assertThrows(UserError.class, () -> TraceReader.readAll(file)).getMessage();
        assertTrue(message.toLowerCase(java.util.Locale.ROOT).contains("unicode"), message);
    }

    /** Parquet files of other programs: other integer types, double scores, further columns. */
    @Test
    void readsOtherProgramsParquet() throws SQLException {
        Path file = parquet(
                "SELECT 'd' AS device, 7::INTEGER AS event, 1::UTINYINT AS label, 'x' AS more, 0.1::DOUBLE AS c1");
        DeviceTrace trace = TraceReader.readAll(file).get(0);
        assertEquals(7, trace.events()[0]);
        assertEquals(0.1f, trace.scores()[0][0]);
        assertTrue(TraceReader.metadata(file).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT 1 AS device, 7 AS event, 1 AS label, 0.5 AS c1|column 'device' is of type INTEGER; expected text",
                "SELECT 'd' AS device, 7.5 AS event, 1 AS label, 0.5 AS c1|column 'event' is of type DECIMAL",
                "SELECT 'd' AS device, 7 AS event, true AS label, 0.5 AS c1|column 'label' is of type BOOLEAN",
                "SELECT 'd' AS device, 7 AS event, 1 AS label, '0.5' AS c1|column 'c1' is of type VARCHAR; expected float",
                "SELECT 'd' AS device, 7 AS event, 1 AS label, 0.5::FLOAT AS c1 LIMIT 0|has no events",
                "SELECT 'd' AS device, 7 AS event, 1 AS label, 'nan'::FLOAT AS c1|event 7, column 'c1': is 'nan'",
                "SELECT 'd' AS device, 7 AS event, 1 AS label, NULL::FLOAT AS c1|event 7, column 'c1': is missing",
                "SELECT 'd' AS device, 7 AS event, 3 AS label, 0.5::FLOAT AS c1|event 7, column 'label': is '3'",
                "SELECT 'd' AS device, 7 AS event, 1 AS label, -1e-9::FLOAT AS c1|event 7, column 'c1': is '-1e-09'",
                "SELECT 'd' AS device, NULL::BIGINT AS event, 1 AS label, 0.5::FLOAT AS c1|column 'event': is missing",
            })
    void namesWhatIsWrongInParquet(String select, String expected) throws SQLException {
        Path file = parquet(select);
        UserError error = assertThrows(UserError.class, () -> TraceReader.readAll(file));
        assertTrue(error.getMessage().contains(expected), error.getMessage());
        assertTrue(error.getMessage().startsWith(file + ":"), error.getMessage());
    }

    private Path parquet(String select) throws SQLException {
        Path file = directory.resolve("other.parquet");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
        }
        return file;
    }

    @Test
    void aCutOffFileIsNoTrace() throws IOException {
        Path file = directory.resolve("t.parquet");
        TraceWriter.write(file, 2, METADATA, out -> out.append(trace("d", 1000, 2)));
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertTrue(assertThrows(UserError.class, () -> TraceReader.readAll(file))
                .getMessage()
                .startsWith(file + ": cannot be read"));
    }

    @Test
    void listsDevicesInByteOrderWhenAsked() throws IOException {
        Path file = Files.writeString(
                directory.resolve("t.csv"), "device,event,label,c1\nb,1,1,0.5\nB,1,1,0.25\nä,1,0,1\na,1,0,1\n");
        List<String> order = new ArrayList<>();
        try (TraceReader reader = TraceReader.openByDevice(file)) {
            reader.forEach(t -> order.add(t.device()));
        }
        assertEquals(List.of("B", "a", "b", "ä"), order);
    }

    @Test
    void goesOnAfterABadDevice() throws IOException {
        Path file = Files.writeString(
                directory.resolve("t.csv"), "device,event,label,c1\na,1,1,0.5\nb,1,1,7\nb,2,1,0.5\nc,1,0,1\n");
        List<String> good = new ArrayList<>();
        List<String> bad = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(file)) {
            for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                (next.get().problem() == null ? good : bad).add(next.get().device());
            }
        }
        assertEquals(List.of("a", "c"), good);
        assertEquals(List.of("b"), bad);
    }
}
