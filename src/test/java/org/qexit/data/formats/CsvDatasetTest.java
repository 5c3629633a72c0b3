package org.qexit.data.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.TestData;
import org.qexit.data.formats.CsvOptions.Range;

class CsvDatasetTest {
    @TempDir
    private Path folder;

    @Test
    void aTableWithAndWithoutHeaderGivesTheSameDataAsIdx() throws IOException {
        byte[][] pixels = TestData.pixels(5, 9, 3);
        int[] classes = {2, 0, 1, 1, 2};
        Dataset expected = Dataset.ofBytes("d", new int[] {1, 3, 3}, pixels, classes, List.of("0", "1", "2"));
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            rows.append(classes[i]);
            for (byte b : pixels[i]) {
                rows.append(", ").append(b & 0xff);
            }
            rows.append(i == 2 ? "\r\n\n" : "\n");
        }
        String header = "\ufeff\"label\",p1,p2,p3,p4,p5,p6,p7,p8,p9\n";
        for (String text : List.of(rows.toString(), header + rows)) {
            for (String label :
                    header.length() + rows.length() == text.length() ? List.of("0", "label") : List.of("0")) {
                Dataset data = read(text, new CsvOptions(label, null, null), null);
                assertEquals(expected.sha256(), data.sha256());
                assertEquals(expected.classNames(), data.classNames());
            }
        }
        Path zipped = folder.resolve("t.csv.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            out.write(rows.toString().getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(
                expected.sha256(),
                CsvDataset.read("d", zipped, CsvOptions.DEFAULT, null).sha256());
    }

    @Test
    void labelsMayBeNamesInAnyColumnAndPixelsDecimals() throws IOException {
        Dataset data = read(
                "a,kind,b\n0.5,cat,1\n0,\"dog\",0.25\n0,1,1e-3\n",
                new CsvOptions("kind", List.of(2, 1, 1), Range.UNIT),
                List.of("cat", "dog"));
        assertArrayEquals(new int[] {0, 1, 1}, data.classes());
        assertArrayEquals(new float[] {0, 0.25f}, data.pixels(1));
        assertEquals(2, data.channels());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0,1,2;0,1 | line 2: 2 columns; expected 3",
                "0,1,256 | line 1, column 3: pixel '256'; expected a whole number 0 to 255",
                "0,1,-1 | pixel '-1'",
                "0,1,0.5 | Maybe set csv.range: unit",
                "0,1,2;0,1,NaN | line 2, column 3: pixel 'NaN'",
                "0,1,2;0,1, | line 2, column 3: pixel ''",
                "-1,1,2 | line 1, column 1: label '-1'",
                "cat,1,2 | label 'cat'",
                "70000,1,2 | label '70000'; expected a class id 0 to 65535",
                "a,b,c | no rows",
                "a | one column",
            })
    void mistakesAreNamedByLineAndColumn(String text, String message) {
        UserError error = assertThrows(UserError.class, () -> read(text.replace(';', '\n'), CsvOptions.DEFAULT, null));
        assertTrue(error.getMessage().contains(message), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    @Test
    void optionsThatDoNotFitAreNamed() {
        assertThrowsWith("no column 'kind'", "a,b\n1,2\n", new CsvOptions("kind", null, null));
        assertThrowsWith("label column 5 of 2 columns", "1,2\n", new CsvOptions("5", null, null));
        assertThrowsWith("1 pixel columns; expected 1 x 2 x 2", "1,2\n", new CsvOptions(null, List.of(1, 2, 2), null));
        assertThrows(IllegalArgumentException.class, () -> new CsvOptions(null, List.of(1, 2), null));
    }

    private void assertThrowsWith(String message, String text, CsvOptions options) {
        UserError error = assertThrows(UserError.class, () -> read(text, options, null));
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void anythingElseIsRefusedInOneLine(long seed) throws IOException {
        SplittableRandom random = RandomStreams.of(seed).stream("fuzz");
        byte[] good = "0,1,2\n1,3,4\n".getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 500; round++) {
            byte[] bytes = good.clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            Path file = Files.write(folder.resolve("fuzz.csv"), bytes);
            try {
                assertTrue(CsvDataset.read("f", file, CsvOptions.DEFAULT, null).size() > 0);
            } catch (UserError e) {
                assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
            }
        }
    }

    private Dataset read(String text, CsvOptions options, List<String> classNames) throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), text);
        return CsvDataset.read("d", file, options, classNames);
    }

    /** Columns that are no values are passed over, values are scaled and cut, whatever separates them. */
    @Test
    void columnsAreIgnoredAndScaled() throws IOException {
        CsvOptions options = new CsvOptions(
                "kind", List.of(1, 1, 2), null, List.of("id"), List.of(List.of(-10.0, 10.0), List.of(0.0, 4.0)), ";");
        Dataset data = read("id;a;kind;b\nx1;-10;0;1\nx2;5;1;9\n", options, null);
        assertArrayEquals(new float[] {0, 0.25f}, data.pixels(0));
        assertArrayEquals(new float[] {0.75f, 1}, data.pixels(1));
        assertThrowsWith("'nan'; expected a number", "id;a;kind;b\nx1;nan;0;1\n", options);
        assertThrowsWith(
                "names 'no', which is no column",
                "a,kind\n1,1\n",
                new CsvOptions("kind", null, null, List.of("no"), null, null));
        assertThrowsWith(
                "2 pairs; expected one, or 1",
                "a,kind\n1,1\n",
                new CsvOptions("kind", null, null, null, List.of(List.of(0.0, 1.0), List.of(0.0, 1.0)), null));
        assertThrows(
                IllegalArgumentException.class,
                () -> new CsvOptions(null, null, Range.BYTE, null, List.of(List.of(0.0, 1.0)), null));
        assertThrows(
                IllegalArgumentException.class,
                () -> new CsvOptions(null, null, null, null, List.of(List.of(1.0, Double.NaN)), null));
    }
}
