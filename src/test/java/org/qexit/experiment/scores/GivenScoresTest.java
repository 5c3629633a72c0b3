package org.qexit.experiment.scores;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.UserError;
import org.qexit.onnx.foreign.ExitScores;
import org.qexit.trace.DeviceTrace;

class GivenScoresTest {
    private static final int EXITS = 2;
    private static final int EVENTS = 7;
    private static final int CLASSES = 3;
    private static final int[] LABELS = {0, 1, 2, 2, 1, 0, 1};

    @TempDir
    private Path folder;

    /** Logits that binary16 holds, {@code [exit][event][class]}. */
    private static final double[][][] LOGITS = logits();

    private static double[][][] logits() {
        SplittableRandom random = new SplittableRandom(1);
        double[][][] logits = new double[EXITS][EVENTS][CLASSES];
        for (double[][] exit : logits) {
            for (double[] event : exit) {
                Arrays.setAll(event, c -> random.nextInt(-64, 65) / 16.0);
            }
        }
        return logits;
    }

    /** Softmax written out, the classes 1 and 2 together. */
    private static float[] expected(int exit) {
        float[] confidences = new float[EVENTS];
        for (int k = 0; k < EVENTS; k++) {
            double[] z = LOGITS[exit][k];
            confidences[k] =
                    (float) ((Math.exp(z[1]) + Math.exp(z[2])) / (Math.exp(z[0]) + Math.exp(z[1]) + Math.exp(z[2])));
        }
        return confidences;
    }

    /** Elements in the order that axes are written in, the last fastest: "qkc" for exit, event, class. */
    private static double[] flat(String order) {
        int[] sizes = order.chars().map(GivenScoresTest::size).toArray();
        double[] values = new double[EXITS * EVENTS * CLASSES];
        for (int i = 0; i < values.length; i++) {
            int rest = i;
            int[] at = new int[128];
            for (int d = 2; d >= 0; d--) {
                at[order.charAt(d)] = rest % sizes[d];
                rest /= sizes[d];
            }
            values[i] = LOGITS[at['q']][at['k']][at['c']];
        }
        return values;
    }

    private static int size(int axis) {
        return axis == 'q' ? EXITS : axis == 'k' ? EVENTS : CLASSES;
    }

    private static int[] dims(String order) {
        return order.chars().map(GivenScoresTest::size).toArray();
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private Path labels() throws IOException {
        return file(
                "y.npy",
                NpyBytes.longs(
                        new int[] {EVENTS}, Arrays.stream(LABELS).asLongStream().toArray()));
    }

    private static GivenScores read(List<Path> files, Path labels, List<String> outputs, List<String> axes) {
        return GivenScores.read(
                new GivenScores.Source(files, labels, outputs, axes, List.of(2, 1), null, ExitScores.Said.NOTHING));
    }

    private static void check(GivenScores scores) {
        DeviceTrace trace = scores.traces().get(0);
        assertEquals("d0", trace.device());
        assertEquals(EXITS, trace.exits());
        for (int q = 0; q < EXITS; q++) {
            assertArrayEquals(expected(q), trace.scores()[q], 1e-6f);
        }
        assertArrayEquals(new byte[] {0, 1, 1, 1, 1, 0, 1}, trace.labels());
        assertArrayEquals(LABELS, trace.origins().classes());
    }

    @ParameterizedTest
    @CsvSource({
        "qkc, <f4, false, ",
        "qkc, >f8, false, ",
        "kqc, <f4, false, ",
        "qck, <f2, false, ",
        "ckq, <f4, false, 'class,event,exit'",
        "kcq, <f8, false, 'N,classes,exits'",
    })
    void axesStandInAnyOrder(String order, String descr, boolean columnsFirst, String axes) throws IOException {
        Path file = file("s.npy", NpyBytes.floats(descr, columnsFirst, dims(order), flat(order)));
        check(read(List.of(file), labels(), null, axes == null ? null : List.of(axes.split(","))));
    }

    /** Columns first: the file's elements are those of the axes turned round. */
    @Test
    void arraysOfColumnsAreRead() throws IOException {
        Path file = file("s.npy", NpyBytes.floats("<f4", true, dims("qkc"), flat("ckq")));
        check(read(List.of(file), labels(), null, null));
    }

    @Test
    void archivesSayTheirAxesLabelsAndDevices() throws IOException {
        Map<String, byte[]> arrays = Map.of(
                "logits.npy", NpyBytes.floats("<f4", false, dims("ckq"), flat("ckq")),
                "labels.npy", Files.readAllBytes(labels()),
                "axes.npy", NpyBytes.texts(5, "class", "event", "exit"));
        check(read(List.of(file("a.npz", NpyBytes.zip(arrays))), null, null, null));

        Map<String, byte[]> perExit = Map.of(
                "exit10.npy", NpyBytes.floats("<f4", false, new int[] {EVENTS, CLASSES}, one(1)),
                "exit9.npy", NpyBytes.floats("<f4", false, new int[] {EVENTS, CLASSES}, one(0)),
                "y.npy", Files.readAllBytes(labels()),
                "device.npy", NpyBytes.texts(2, "b", "a", "a", "b", "b", "ä", "b"));
        GivenScores scores = read(List.of(file("b.npz", NpyBytes.zip(perExit))), null, null, null);
        assertEquals(
                List.of("a", "b", "ä"),
                scores.traces().stream().map(DeviceTrace::device).toList());
        assertArrayEquals(new long[] {0, 3, 4, 6}, scores.traces().get(1).events());
        assertEquals(expected(1)[3], scores.traces().get(1).scores()[1][1], 1e-6f);

        GivenScores turned =
                read(List.of(file("b.npz", NpyBytes.zip(perExit))), null, List.of("exit10", "exit9"), null);
        assertEquals(expected(1)[1], turned.traces().get(0).scores()[0][0], 1e-6f);
    }

    private static double[] one(int exit) {
        return Arrays.stream(LOGITS[exit]).flatMapToDouble(Arrays::stream).toArray();
    }

    @Test
    void filesOfOneExitEachStandSideBySide() throws IOException {
        List<Path> files = List.of(
                file("e1.npy", NpyBytes.floats("<f4", false, new int[] {EVENTS, CLASSES}, one(0))),
                file("e2.npy", NpyBytes.floats("<f4", false, new int[] {EVENTS, CLASSES}, one(1))));
        check(read(files, labels(), null, null));
    }

    @Test
    void tablesHaveAScoreAndALabel() throws IOException {
        List<Path> files = List.of(
                file("e1.csv", "score,label\n0.25,1\n0.75,0\n".getBytes()),
                file("e2.csv", "\"label\";\"score\"\r\n1;0.5\r\n0;1e-1\r\n".getBytes()),
                file("e3.csv", "0.125\t1\n1\t0\n".getBytes()));
        GivenScores.Source source =
                new GivenScores.Source(files, null, null, null, List.of(1), null, ExitScores.Said.NOTHING);
        DeviceTrace trace = GivenScores.read(source).traces().get(0);
        assertArrayEquals(new float[] {0.25f, 0.75f}, trace.scores()[0]);
        assertArrayEquals(new float[] {0.5f, 0.1f}, trace.scores()[1]);
        assertArrayEquals(new float[] {0.125f, 1}, trace.scores()[2]);
        assertArrayEquals(new byte[] {1, 0}, trace.labels());
        // Numbers beyond 0 and 1 are logits; the critical class may be the other one.
        Path logits = file("z.csv", "-2,0\n3,1\n".getBytes());
        DeviceTrace other = GivenScores.read(new GivenScores.Source(
                        List.of(logits), null, null, null, List.of(0), null, ExitScores.Said.NOTHING))
                .traces()
                .get(0);
        assertArrayEquals(
                new float[] {(float) (1 / (1 + Math.exp(-2))), (float) (1 / (1 + Math.exp(3)))},
                other.scores()[0],
                1e-6f);
        assertArrayEquals(new byte[] {1, 0}, other.labels());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1,0\n2\n | line 2: 1 columns; expected 2",
                "1,0\nx,0\n | line 2: 'x'; expected a number",
                "1,0\n0x1p3,0\n | line 2: '0x1p3'; expected a number",
                "1,0.5\n | the label 0.5; expected a class",
                "1,7\n | the label 7; expected 0 to 1",
                "1,-1\n | the label -1.0; expected a class",
                "1e39,1\n | event 0 has Infinity; expected finite",
                " | holds no events",
                "score,label\n | holds no events",
            })
    void badTablesAreRefused(String what) throws IOException {
        String[] parts = what.split(" ?\\| ");
        Path file = file("t.csv", parts[0].getBytes());
        UserError e = assertThrows(
                UserError.class,
                () -> GivenScores.read(new GivenScores.Source(
                        List.of(file), null, null, null, List.of(1), null, ExitScores.Said.NOTHING)));
        assertTrue(e.getMessage().contains(parts[1]), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    @Test
    void badArraysAreRefused() throws IOException {
        byte[] good = NpyBytes.floats("<f4", false, dims("qkc"), flat("qkc"));
        refuse("labels; expected --labels", good, null, null);
        refuse(
                "expected an axis of 7 events",
                NpyBytes.floats("<f4", false, new int[] {2, 3}, new double[6]),
                labels(),
                null);
        refuse("several axes", NpyBytes.floats("<f4", false, new int[] {7, 2, 7}, new double[98]), labels(), null);
        refuse("4 axes", NpyBytes.floats("<f4", false, new int[] {1, 2, 7, 3}, new double[42]), labels(), null);
        refuse("axis 'time'", good, labels(), List.of("exit", "time", "class"));
        refuse("event among them", good, labels(), List.of("exit", "class", "class"));
        refuse("2 events, but 7 labels", good, labels(), List.of("event", "exit", "class"));
        refuse("holds texts", NpyBytes.texts(3, "a", "b", "c", "d", "e", "f", "g"), labels(), null);
        refuse("pickled", NpyBytes.file(1, "|O", false, new int[] {7}, new byte[56]), labels(), null);
        refuse("'c16'", NpyBytes.file(1, "<c16", false, new int[] {7}, new byte[112]), labels(), null);
        refuse(
                "bytes of elements; its header says",
                NpyBytes.file(1, "<f8", false, new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE}, new byte[8]),
                labels(),
                null);
        refuse(
                "axis of scores is empty",
                NpyBytes.file(1, "<f8", false, new int[] {0, 7, 3}, new byte[0]),
                labels(),
                null);
        refuse("\\x93NUMPY", "score".getBytes(), labels(), null);
        refuse("version is 9", NpyBytes.file(9, "<f4", false, new int[] {1}, new byte[4]), labels(), null);
        double[] nan = flat("qkc");
        nan[4] = Double.NaN;
        refuse("event 1 has NaN", NpyBytes.floats("<f4", false, dims("qkc"), nan), labels(), null);
    }

    private void refuse(String reason, byte[] scores, Path labels, List<String> axes) throws IOException {
        Path file = file("bad.npy", scores);
        UserError e = assertThrows(UserError.class, () -> read(List.of(file), labels, null, axes));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }

    @Test
    void archivesThatClaimTooMuchAreRefused() throws IOException {
        byte[] zip = NpyBytes.zip(Map.of("e1.npy", NpyBytes.longs(new int[] {1}, 5)));
        UserError e =
                assertThrows(UserError.class, () -> read(List.of(file("a.npz", zip)), labels(), List.of("e2"), null));
        assertTrue(e.getMessage().contains("no array 'e2'; expected one of e1"), e.getMessage());
        byte[] other = NpyBytes.zip(Map.of("../evil.txt", new byte[3]));
        assertThrows(UserError.class, () -> read(List.of(file("b.npz", other)), labels(), null, null));
        assertThrows(UserError.class, () -> read(List.of(file("c.npz", new byte[40])), labels(), null, null));
    }
}
