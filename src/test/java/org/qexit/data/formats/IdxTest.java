package org.qexit.data.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Hashing;
import org.qexit.common.UserError;
import org.qexit.data.TestData;

class IdxTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"a, 1", "a.gz, 1", "a, 7", "a.gz, 300"})
    void imagesComeBackAsTheyWere(String name, int images) throws IOException {
        byte[][] pixels = TestData.pixels(images, 2 * 3 * 5, 1);
        Path file = folder.resolve(name);
        String sha = Idx.write(file, IdxType.UBYTE, new int[] {images, 2, 3, 5}, List.of(pixels));
        IdxArray back = Idx.read(file);
        assertArrayEquals(new int[] {images, 2, 3, 5}, back.dims());
        assertTrue(Arrays.deepEquals(pixels, back.rows()));
        assertEquals(sha, back.sha256());
        byte[] raw = Files.readAllBytes(file);
        byte[] plain = name.endsWith(".gz") ? new GZIPInputStream(new ByteArrayInputStream(raw)).readAllBytes() : raw;
        assertEquals(16 + 4 + images * 30, plain.length);
        assertEquals(sha, Hashing.sha256Hex(plain));
    }

    @ParameterizedTest
    @EnumSource(IdxType.class)
    void everyTypeGivesItsValues(IdxType type) throws IOException {
        double[] values = {0, 1, 100};
        ByteBuffer bytes = ByteBuffer.allocate(8 + 3 * type.bytes);
        bytes.put(new byte[] {0, 0, (byte) type.code, 1}).putInt(3);
        for (double v : values) {
            switch (type) {
                case UBYTE, BYTE -> bytes.put((byte) v);
                case SHORT -> bytes.putShort((short) v);
                case INT -> bytes.putInt((int) v);
                case FLOAT -> bytes.putFloat((float) v);
                case DOUBLE -> bytes.putDouble(v);
            }
        }
        Path file = Files.write(folder.resolve("t"), bytes.array());
        assertArrayEquals(values, Idx.read(file).values(0));
    }

    @Test
    void aFileCutAnywhereIsRefused() throws IOException {
        for (String name : List.of("cut", "cut.gz")) {
            Path whole = folder.resolve("whole-" + name);
            Idx.write(whole, IdxType.UBYTE, new int[] {3, 2, 4}, List.of(TestData.pixels(3, 8, 2)));
            byte[] bytes = Files.readAllBytes(whole);
            for (int length = 0; length < bytes.length; length++) {
                Path file = Files.write(folder.resolve(name), Arrays.copyOf(bytes, length));
                UserError error = assertThrows(UserError.class, () -> Idx.read(file), name + " cut at " + length);
                assertTrue(error.getMessage().startsWith(file + " at byte "), error.getMessage());
                assertEquals(1, error.getMessage().lines().count());
            }
            Path longer = Files.write(folder.resolve("longer-" + name), Arrays.copyOf(bytes, bytes.length + 1));
            assertThrows(UserError.class, () -> Idx.read(longer));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aDamagedFileIsReadWholeOrRefusedAndNeverCostsMuchMemory(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Path whole = folder.resolve("whole.gz");
        Idx.write(whole, IdxType.UBYTE, new int[] {4, 5, 5}, List.of(TestData.pixels(4, 25, seed)));
        byte[] zipped = Files.readAllBytes(whole);
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(zipped)).readAllBytes();
        int refused = 0;
        for (int round = 0; round < 1500; round++) {
            byte[] bytes = (round % 3 == 0 ? zipped : plain).clone();
            int header = round % 3 == 0 ? bytes.length : 16;
            for (int change = 0; change <= random.nextInt(3); change++) {
                bytes[random.nextInt(header)] = (byte) random.nextInt(256);
            }
            if (round % 3 == 2) {
                bytes = gzip(bytes);
            }
            Path file = Files.write(folder.resolve("damaged"), bytes);
            try {
                IdxArray array = Idx.read(file);
                long total =
                        Arrays.stream(array.rows()).mapToLong(r -> r.length).sum();
                assertEquals(plain.length - 4 - 4L * array.dims().length, total);
            } catch (UserError e) {
                refused++;
                assertEquals(1, e.getMessage().lines().count());
            }
        }
        assertTrue(refused > 1000, refused + " refused");
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "00000803 7fffffff 7fffffff 7fffffff, too large",
        "00000803 7fffffff 00000100 00000100, cannot hold them",
        "00000802 7fffffff 00000000, size of dimension 2 is 0",
        "00000801 ffffffff, size of dimension 1 is 4294967295",
        "00000801 7ffffff0, cannot hold them",
        "000008ff, ends within its header of 255 dimensions",
        "00000800, number of dimensions is 0",
        "00000a01 00000001, element type is 0x0a",
        "89504e47 0d0a1a0a, magic number begins with 0x8950",
        "00000801 00000002 010203, bytes after the last element",
    })
    void hostileHeadersAreNamed(String hex, String message) throws IOException {
        byte[] bytes = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
        for (byte[] content : List.of(bytes, gzip(bytes))) {
            Path file = Files.write(folder.resolve("hostile"), content);
            UserError error = assertThrows(UserError.class, () -> Idx.read(file));
            assertTrue(error.getMessage().contains(message), error.getMessage());
        }
    }

    @Test
    void zippedOutputIsTheSameEveryTimeAndHasNoTime() throws IOException {
        Path one = folder.resolve("one.gz");
        Path two = folder.resolve("two.gz");
        Idx.write(one, IdxType.UBYTE, new int[] {2, 3}, List.of(TestData.pixels(2, 3, 1)));
        Idx.write(two, IdxType.UBYTE, new int[] {2, 3}, List.of(TestData.pixels(2, 3, 1)));
        byte[] bytes = Files.readAllBytes(one);
        assertArrayEquals(bytes, Files.readAllBytes(two));
        assertArrayEquals(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 2, -1}, Arrays.copyOf(bytes, 10));
    }

    @Test
    void severalGzipMembersAreOneFileAndGarbageBehindThemIsRefused() throws IOException {
        byte[] plain = {0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9};
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(gzip(Arrays.copyOf(plain, 6)));
        bytes.write(gzip(Arrays.copyOfRange(plain, 6, 11)));
        Path file = Files.write(folder.resolve("two-members"), bytes.toByteArray());
        assertArrayEquals(new double[] {7, 8, 9}, Idx.read(file).values(0));
        bytes.write(new byte[40]);
        Path garbage = Files.write(folder.resolve("garbage"), bytes.toByteArray());
        UserError error = assertThrows(UserError.class, () -> Idx.read(garbage));
        assertTrue(error.getMessage().contains("bytes after the end of the gzip data"), error.getMessage());
    }
}
