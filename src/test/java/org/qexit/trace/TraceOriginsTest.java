package org.qexit.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;

/** Classes and sources of events, and multi-class traces. */
class TraceOriginsTest {
    @TempDir
    private Path directory;

    private static final DeviceTrace ONE = new DeviceTrace(
            "d",
            new long[] {4, 5},
            new byte[] {1, 0},
            new float[][] {{0.5f, 0.25f}},
            new EventOrigins(new int[] {2, 0}, new String[] {"17", "cat, \"b\".png"}));

    @ParameterizedTest
    @ValueSource(strings = {"t.parquet", "t.csv"})
    void classesAndSourcesComeBackWhereAskedFor(String name) {
        Path file = directory.resolve(name);
        TraceWriter.write(file, 1, null, out -> out.append(ONE));
        try (TraceReader reader = TraceReader.openWithOrigins(file)) {
            EventOrigins origins = reader.iterator().next().origins();
            assertArrayEquals(new int[] {2, 0}, origins.classes());
            assertArrayEquals(new String[] {"17", "cat, \"b\".png"}, origins.sources());
        }
        DeviceTrace plain = TraceReader.readAll(file).get(0);
        assertNull(plain.origins());
        assertArrayEquals(ONE.scores()[0], plain.scores()[0]);
    }

    @Test
    void allRowsHaveAnOriginOrNone() {
        assertThrows(
                IllegalArgumentException.class,
                () -> TraceWriter.write(directory.resolve("t.csv"), 1, null, out -> {
                    out.append(ONE);
                    out.append("e", 1, 1, new float[1]);
                }));
        assertThrows(
                IllegalArgumentException.class,
                () -> TraceWriter.write(directory.resolve("t.csv"), 1, null, out -> {
                    out.append("e", 1, 1, new float[1]);
                    out.append(ONE);
                }));
    }

    /** Columns of these names that hold something else are another program's. */
    @ParameterizedTest
    @CsvSource({"cat,x", "1.5,x", "-1,x", "1,' '", "99999999999,x"})
    void foreignColumnsOfTheseNamesAreIgnored(String id, String source) throws IOException {
        Path file = directory.resolve("t.csv");
        Files.writeString(
                file, "device,event,label,c1,class,source\nd,1,1,0.5,0,a\nd,2,0,0.25," + id + "," + source + "\n");
        assertEquals(2, TraceReader.readAll(file).get(0).size());
        UserError error = assertThrows(UserError.class, () -> TraceReader.openWithOrigins(file));
        assertTrue(error.getMessage().endsWith("expected columns class (an id from 0) and source"), error.getMessage());
    }

    @Test
    void severalForeignColumnsOfOneNameAreIgnored() throws IOException {
        Path file = directory.resolve("t.csv");
        Files.writeString(file, "class,device,event,label,c1,class,source\n1,d,1,1,0.5,0,a\n");
        assertEquals(1, TraceReader.readAll(file).get(0).size());
        assertThrows(UserError.class, () -> TraceReader.openWithOrigins(file));
    }

    /** The bytes as docs/trace-format.md states them. */
    @Test
    void theDigestIsAsDocumented() throws Exception {
        Path file = directory.resolve("t.parquet");
        TraceWriter.write(file, 1, null, out -> out.append(ONE));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeBytes("qexit.digest/2");
        out.writeInt(0);
        out.writeInt(1);
        out.writeInt(0);
        out.writeByte(1);
        for (int k = 0; k < 2; k++) {
            out.writeByte(1 - k);
            if (k == 0) {
                out.writeInt(1);
                out.writeBytes("d");
            }
            out.writeLong(4 + k);
            out.writeByte(1 - k);
            out.writeFloat(k == 0 ? 0.5f : 0.25f);
            out.writeInt(k == 0 ? 2 : 0);
            String source = ONE.origins().sources()[k];
            out.writeInt(source.length());
            out.writeBytes(source);
        }
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        String footer = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertTrue(footer.contains("{\"rows\":2,\"sha256\":\"" + sha256 + "\"}"), sha256);
    }

    private static ClassTrace random(String device, int events, int exits, int classes) {
        SplittableRandom random = RandomStreams.of(events).stream(device);
        long[] ids = new long[events];
        byte[] labels = new byte[events];
        int[] truth = new int[events];
        String[] sources = new String[events];
        float[][][] p = new float[exits][classes][events];
        for (int k = 0; k < events; k++) {
            ids[k] = k;
            truth[k] = random.nextInt(classes);
            labels[k] = (byte) (truth[k] % 2);
            sources[k] = "image" + random.nextInt();
            for (int q = 0; q < exits; q++) {
                double rest = 1;
                for (int c = 0; c < classes; c++) {
                    double part = c == classes - 1 ? rest : rest * random.nextDouble();
                    p[q][c][k] = (float) part;
                    rest -= part;
                }
            }
        }
        return new ClassTrace(device, ids, labels, p, new EventOrigins(truth, sources));
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.parquet", "t.csv"})
    void multiClassTracesComeBackBitForBit(String name) {
        Path file = directory.resolve(name);
        List<ClassTrace> traces = List.of(random("a", 1, 3, 11), random("b", 700, 3, 11));
        TraceMetadata metadata = TraceMetadata.of("en", "00", null, "test", null)
                .withClasses(new TraceMetadata.Classes(
                        List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"),
                        List.of(1, 3, 5, 7, 9),
                        "event"));
        ClassTrace.write(file, traces, metadata);
        assertEquals(metadata, TraceReader.metadata(file).orElseThrow());
        List<ClassTrace> read = ClassTrace.readAll(file);
        assertEquals(2, read.size());
        for (int i = 0; i < 2; i++) {
            assertEquals(traces.get(i).device(), read.get(i).device());
            assertArrayEquals(traces.get(i).events(), read.get(i).events());
            assertArrayEquals(traces.get(i).labels(), read.get(i).labels());
            assertArrayEquals(traces.get(i).probabilities(), read.get(i).probabilities());
            assertArrayEquals(
                    traces.get(i).origins().sources(), read.get(i).origins().sources());
            assertArrayEquals(
                    traces.get(i).origins().classes(), read.get(i).origins().classes());
        }
        UserError error = assertThrows(UserError.class, () -> TraceReader.open(file));
        assertTrue(error.getMessage().endsWith("(a trace of an edge node's model)"), error.getMessage());
    }

    @Test
    void aTraceOfConfidencesIsNoMultiClassTrace() {
        Path file = directory.resolve("t.csv");
        TraceWriter.write(file, 1, null, out -> out.append(ONE));
        UserError error = assertThrows(UserError.class, () -> ClassTrace.readAll(file));
        assertTrue(error.getMessage().contains("column 'p1_0' is missing"), error.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "p1_0,p1_1,class,source          | 0.5,0.4,0,x         | the probabilities at exit 1 sum to 0.9",
                "p1_0,p1_1,class,source          | 0.5,0.5,2,x         | class is 2; expected 0 to 1",
                "p1_0,p1_1,class,source          | 0.5,nan,1,x         | column 'p1_1'",
                "p1_0,p1_1,class,source          | 1.5,-0.5,1,x        | column 'p1_0'",
                "p1_0,p1_1,p2_0,class,source     | 0.5,0.5,1,1,x       | column 'p2_1' is missing",
                "p1_0,p1_1,p1_3,class,source     | 0.5,0.5,0,1,x       | column 'p2_0' is missing, though there is 'p1_3'",
                "p1_0,p1_1,class                 | 0.5,0.5,1           | expected columns class",
                "p1_0,class,source               | 1,0,x               | number of classes",
            })
    void badMultiClassTracesAreRefusedInOneLine(String header, String row, String message) throws IOException {
        Path file = directory.resolve("t.csv");
        Files.writeString(file, "device,event,label," + header + "\nd,1,1," + row + "\n");
        UserError error = assertThrows(UserError.class, () -> ClassTrace.readAll(file));
        assertTrue(error.getMessage().contains(message), error.getMessage());
        assertTrue(!error.getMessage().contains("\n"), error.getMessage());
    }

    private static final List<TraceMetadata.CumulativeCost> TWO_EXITS =
            List.of(new TraceMetadata.CumulativeCost(1, 1, 1), new TraceMetadata.CumulativeCost(2, 2, 2));

    /** A sidecar may have been left behind by another trace of the same name. */
    @ParameterizedTest
    @ValueSource(strings = {"t.parquet", "t.csv"})
    void aDescriptionOfAnotherTraceIsRefused(String name) {
        Path file = directory.resolve(name);
        TraceWriter.write(file, 1, TraceMetadata.of("m", "00", TWO_EXITS, "test", null), out -> out.append(ONE));
        UserError exits = assertThrows(UserError.class, () -> TraceReader.open(file));
        assertTrue(exits.getMessage().endsWith("has costs of 2 exits; the trace has 1 exits"), exits.getMessage());
        TraceMetadata.Classes classes = new TraceMetadata.Classes(List.of("x", "y", "z"), List.of(2), null);
        TraceWriter.write(
                file, 1, TraceMetadata.of("m", "00", null, "test", null).withClasses(classes), out -> out.append(ONE));
        UserError named = assertThrows(UserError.class, () -> TraceReader.metadata(file));
        assertTrue(named.getMessage().endsWith("names 3 classes; the trace is of confidences"), named.getMessage());
    }

    @Test
    void labelsAreWhatTheCriticalClassesSay() throws IOException {
        ClassTrace one = random("d", 8, 1, 3);
        TraceMetadata metadata = TraceMetadata.of("en", "00", null, "test", null);
        TraceMetadata other =
                metadata.withClasses(new TraceMetadata.Classes(List.of("x", "y", "z"), List.of(0), "event"));
        Path file = directory.resolve("t.csv");
        assertThrows(IllegalArgumentException.class, () -> ClassTrace.write(file, List.of(one), other));
        TraceMetadata fewer = metadata.withClasses(new TraceMetadata.Classes(List.of("x", "y"), List.of(1), "event"));
        assertThrows(IllegalArgumentException.class, () -> ClassTrace.write(file, List.of(one), fewer));
        Files.writeString(file, "device,event,label,p1_0,p1_1,class,source\nd,7,1,0.5,0.5,0,x\n");
        Files.writeString(
                directory.resolve("t.csv.meta.json"),
                "{\"version\": 1, \"classes\": {\"names\": [\"x\", \"y\"], \"critical\": [1]}}");
        UserError error = assertThrows(UserError.class, () -> ClassTrace.readAll(file));
        assertTrue(
                error.getMessage().endsWith("device d, event 7: label is 1; expected 0, as class 0 is normal"),
                error.getMessage());
    }

    @Test
    void criticalClassesAscend() {
        List<String> names = List.of("x", "y", "z");
        assertThrows(IllegalArgumentException.class, () -> new TraceMetadata.Classes(names, List.of(1, 1), null));
        assertThrows(IllegalArgumentException.class, () -> new TraceMetadata.Classes(names, List.of(2, 1), null));
        assertThrows(IllegalArgumentException.class, () -> new TraceMetadata.Classes(names, List.of(3), null));
    }
}
