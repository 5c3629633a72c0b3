package org.qexit.data.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.Split;
import org.qexit.data.TestData;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.IdxArray;
import org.qexit.data.formats.IdxDataset;
import org.qexit.data.formats.IdxType;

class DatasetCatalogTest {
    @TempDir
    private Path folder;

    /** A data set of 30 + 20 images in 5 classes, under {@code root/tiny}, with a descriptor if asked for. */
    private Path tiny(Path root, boolean zipped) {
        String end = zipped ? ".gz" : "";
        for (String stem : List.of("train", "t10k")) {
            int n = stem.equals("train") ? 30 : 20;
            byte[] labels = new byte[n];
            for (int i = 0; i < n; i++) {
                labels[i] = (byte) (i % 5);
            }
            Path base = root.resolve("tiny");
            Idx.write(
                    base.resolve(stem + "-images-idx3-ubyte" + end),
                    IdxType.UBYTE,
                    new int[] {n, 2, 3},
                    List.of(TestData.pixels(n, 6, n)));
            Idx.write(base.resolve(stem + "-labels-idx1-ubyte" + end), IdxType.UBYTE, new int[] {n}, List.of(labels));
        }
        return root.resolve("tiny");
    }

    @Test
    void aDirectoryOfIdxFilesNeedsNoDescriptor() {
        Path plain = tiny(folder.resolve("p"), false);
        Path zipped = tiny(folder.resolve("z"), true);
        DatasetCatalog catalog = DatasetCatalog.of(List.of());
        for (Split split : Split.values()) {
            Dataset data = catalog.load(plain.toString(), split);
            assertEquals(split == Split.TRAIN ? 30 : 20, data.size());
            assertEquals(data.sha256(), catalog.load(zipped.toString(), split).sha256());
            assertEquals("tiny", data.name());
        }
    }

    @Test
    void aSubsetIsStratifiedExactlyInSourceOrderAndTheSameEveryTime() throws IOException {
        Path source = tiny(folder, false);
        DatasetCatalog catalog = DatasetCatalog.of(List.of());
        DatasetDescriptor made = new Subset(3, 2, 7).write(catalog, source.toString(), folder.resolve("a/small"));
        new Subset(3, 2, 7).write(catalog, source.toString(), folder.resolve("b/small"));
        for (DatasetDescriptor.DataFile file : made.files()) {
            assertEquals(
                    -1,
                    Files.mismatch(
                            folder.resolve("a/small").resolve(file.name()),
                            folder.resolve("b/small").resolve(file.name())));
        }
        assertEquals(-1, Files.mismatch(folder.resolve("a/small.json"), folder.resolve("b/small.json")));
        DatasetCatalog found = DatasetCatalog.of(List.of(folder.resolve("a")));
        Dataset small = found.load("small", Split.TRAIN);
        assertArrayEquals(new int[] {3, 3, 3, 3, 3}, small.classCounts());
        assertArrayEquals(
                new int[] {2, 2, 2, 2, 2}, found.load("small", Split.TEST).classCounts());
        // Every image of the subset is one of the source, in the same order.
        Dataset all = catalog.load(source.toString(), Split.TRAIN);
        int from = 0;
        for (int i = 0; i < small.size(); i++) {
            while (!Arrays.equals(all.rawBytes(from), small.rawBytes(i))) {
                from++;
            }
            assertEquals(all.classOf(from), small.classOf(i));
            from++;
        }
        UserError tooMany = assertThrows(
                UserError.class,
                () -> new Subset(7, 2, 1).write(catalog, source.toString(), folder.resolve("c/small")));
        assertTrue(tooMany.getMessage().contains("class 0 (0) has 6 train samples; 7 per class"), tooMany.getMessage());
        assertThrows(UserError.class, () -> new Subset(1, 1, 1).write(catalog, source.toString(), source));
    }

    @Test
    void filesOfOtherContentAreRefusedAndVerifySaysSo() throws IOException {
        Path source = tiny(folder, false);
        new Subset(3, 2, 7).write(DatasetCatalog.of(List.of()), source.toString(), folder.resolve("a/small"));
        DatasetCatalog catalog = DatasetCatalog.of(List.of(folder.resolve("a")));
        Path labels = folder.resolve("a/small/train-labels-idx1-ubyte.gz");
        Idx.write(labels, IdxType.UBYTE, new int[] {15}, List.of(new byte[15]));
        UserError error = assertThrows(UserError.class, () -> catalog.load("small", Split.TRAIN));
        assertTrue(error.getMessage().startsWith(labels + ": unzipped content has SHA-256 "), error.getMessage());
        Verification verification = Verification.of(catalog, List.of()).get(0);
        assertEquals(
                List.of(
                        Verification.Status.OK,
                        Verification.Status.DIFFERENT,
                        Verification.Status.OK,
                        Verification.Status.OK),
                verification.checks().stream().map(Verification.Check::status).toList());
        Files.delete(labels);
        UserError missing = assertThrows(UserError.class, () -> catalog.load("small", Split.TRAIN));
        assertTrue(missing.getMessage().contains("its files are not all in any of: "), missing.getMessage());
        assertNull(catalog.listings().get(0).foundIn());
    }

    @Test
    void namesComeFromTheFirstDirectoryAndUnknownOnesAreAnsweredWithTheKnown() throws IOException {
        for (String place : List.of("one", "two")) {
            Path source = tiny(folder.resolve(place), false);
            new Subset(place.equals("one") ? 1 : 2, 1, 1)
                    .write(DatasetCatalog.of(List.of()), source.toString(), folder.resolve(place + "/small"));
        }
        DatasetCatalog catalog =
                DatasetCatalog.of(List.of(folder.resolve("two"), folder.resolve("none"), folder.resolve("one")));
        assertEquals(10, catalog.load("small", Split.TRAIN).size());
        assertEquals(
                5,
                catalog.load(folder.resolve("one/small.json").toString(), Split.TRAIN)
                        .size());
        UserError error = assertThrows(UserError.class, () -> catalog.load("smal", Split.TRAIN));
        assertEquals(
                "data set 'smal': neither a known name nor a directory or descriptor (did you mean 'small'?); known: small",
                error.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "format: idx | files",
                "format: idx, files: [] | role train_images; expected one",
                "format: csv, files: [{role: train_table, name: a}] | role test_table; expected one",
                "format: tar, files: [] | expected one of: idx, csv, images",
                "format: csv, files: [{role: train_table, name: a, sha256: ABC}] | 64 lower-case hexadecimal digits",
                "format: idx, files: [], csv: {} | csv or images has options, but format is IDX",
                "colour: red, format: csv, files: [{role: train_table, name: a}, {role: test_table, name: b}] | unknown field 'colour'",
            })
    void badDescriptorsAreNamed(String fields, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), "{name: bad, " + fields + "}\n");
        UserError error = assertThrows(UserError.class, () -> DatasetCatalog.of(List.of(folder)));
        assertTrue(error.getMessage().startsWith(file.toString()), error.getMessage());
        assertTrue(error.getMessage().contains(message), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    @Test
    void labelsAndImagesMustFit() {
        IdxArray images = array(IdxType.UBYTE, new int[] {2, 3}, new byte[] {1, 2, 3}, new byte[] {4, 5, 6});
        IdxArray labels = array(IdxType.UBYTE, new int[] {2}, new byte[] {0, 3});
        assertEquals(4, IdxDataset.of("d", images, labels, null).classNames().size());
        assertMessage("class 3; expected 0 to 1", images, labels, List.of("a", "b"));
        assertMessage("3 labels; expected 2", images, array(IdxType.UBYTE, new int[] {3}, new byte[3]), null);
        assertMessage("2 dimensions; expected 1, a list of labels", images, images, null);
        assertMessage("1 dimensions; expected 2 to 4", labels, labels, null);
        assertMessage("class -1.0", images, array(IdxType.BYTE, new int[] {2}, new byte[] {0, -1}), null);
        assertMessage(
                "no images",
                array(IdxType.UBYTE, new int[] {0, 3}),
                array(IdxType.UBYTE, new int[] {0}, new byte[0]),
                null);
    }

    @ParameterizedTest
    @EnumSource(IdxType.class)
    void pixelsOfEveryTypeAreScaledToOne(IdxType type) {
        double top = type == IdxType.BYTE ? 127 : type.isWhole() ? 255 : 1;
        IdxArray labels = array(IdxType.UBYTE, new int[] {1}, new byte[] {0});
        Dataset data = IdxDataset.of("d", array(type, new int[] {1, 1, 2}, row(type, 0, top)), labels, null);
        assertArrayEquals(new float[] {0, (float) (top / (type.isWhole() ? 255 : 1))}, data.pixels(0), 1e-7f);
        if (type != IdxType.UBYTE) {
            assertMessage(
                    "pixel -1.0; expected 0 to", array(type, new int[] {1, 1, 2}, row(type, 0, -1)), labels, null);
        }
        if (type == IdxType.FLOAT || type == IdxType.DOUBLE) {
            assertMessage(
                    "at byte " + (16 + type.bytes) + ": pixel NaN",
                    array(type, new int[] {1, 1, 2}, row(type, 0, Double.NaN)),
                    labels,
                    null);
        }
    }

    private static byte[] row(IdxType type, double... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * type.bytes);
        for (double v : values) {
            switch (type) {
                case UBYTE, BYTE -> bytes.put((byte) (int) v);
                case SHORT -> bytes.putShort((short) v);
                case INT -> bytes.putInt((int) v);
                case FLOAT -> bytes.putFloat((float) v);
                case DOUBLE -> bytes.putDouble(v);
            }
        }
        return bytes.array();
    }

    private static IdxArray array(IdxType type, int[] dims, byte[]... rows) {
        return new IdxArray(Path.of("file"), type, dims, rows, "");
    }

    private static void assertMessage(String part, IdxArray images, IdxArray labels, List<String> names) {
        UserError error = assertThrows(UserError.class, () -> IdxDataset.of("d", images, labels, names));
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }
}
