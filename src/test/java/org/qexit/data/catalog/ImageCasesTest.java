package org.qexit.data.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.Split;

/** Folders of images and IDX files with known answers. */
class ImageCasesTest {
    private static final Path CASES = Path.of("src/test/resources/cases");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "i01-bmp-left-out | 2 files are no PNG or JPEG in the folder of a class",
                "i06-cmyk | JPEG of 4 colour components (CMYK); expected grey or RGB",
                "s01-train-and-test-shapes-differ | samples are 1 x",
            })
    void caseIsRefused(String name, String message) {
        for (Split split : Split.values()) {
            assertRefused(message, CASES.resolve(name), split);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "i03-numbered-classes | 0 1 2 9 10 11 | 1 1 1 1 1 1",
                "i04-empty-folder-shifts-ids | cat dog | 1 1",
                "s02-dotted-names | 0 1 | 1 1",
            })
    void caseIsRead(String name, String classes, String counts) {
        for (Split split : Split.values()) {
            Dataset data = load(CASES.resolve(name), split);
            assertEquals(classes, String.join(" ", data.classNames()));
            assertEquals("[" + counts.replace(" ", ", ") + "]", Arrays.toString(data.classCounts()));
        }
    }

    @Test
    void caseWithOrientationIsUpright() {
        Dataset data = load(CASES.resolve("i07-exif-orientation-6"), Split.TRAIN);
        assertEquals(16, data.height());
        assertEquals(8, data.width());
        float[] pixels = data.pixels(0);
        assertTrue(pixels[3 * 8 + 4] < 0.2 && pixels[12 * 8 + 4] > 0.5, pixels[28] + " above " + pixels[100]);
    }

    /** The corners of a stored image of 32 x 16, read row by row: 10, 90, 170, 250. */
    @ParameterizedTest
    @CsvSource({
        "1, 10 90 170 250",
        "2, 90 10 250 170",
        "3, 250 170 90 10",
        "4, 170 250 10 90",
        "5, 10 170 90 250",
        "6, 170 10 250 90",
        "7, 250 90 170 10",
        "8, 90 250 10 170",
        "0, 10 90 170 250",
        "9, 10 90 170 250",
        "65535, 10 90 170 250",
    })
    void imagesAreTurnedAsExifSays(int orientation, String corners) throws IOException {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            jpeg("train/a/1.jpg", exif(orientation, order));
            jpeg("test/a/1.jpg", exif(orientation, order));
            Dataset data = load(folder, Split.TRAIN);
            boolean swapped = orientation >= 5 && orientation <= 8;
            int height = swapped ? 32 : 16;
            int width = swapped ? 16 : 32;
            assertArrayEquals(new int[] {height, width}, new int[] {data.height(), data.width()});
            String[] expected = corners.split(" ");
            for (int corner = 0; corner < 4; corner++) {
                int at = (corner / 2 * height / 2 + height / 4) * width + corner % 2 * width / 2 + width / 4;
                assertEquals(Integer.parseInt(expected[corner]), data.rawBytes(0)[at] & 0xff, 3, "corner " + corner);
            }
        }
    }

    @Test
    void damagedExifIsReadAsNoneOrRefused() throws IOException {
        jpeg("test/a/1.jpg", exif(1, ByteOrder.BIG_ENDIAN));
        var random = RandomStreams.of(7).stream("exif");
        for (int round = 0; round < 400; round++) {
            byte[] segment = exif(6, round % 2 == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            for (int flip = 0; flip <= round % 3; flip++) {
                segment[random.nextInt(segment.length)] = (byte) (random.nextBoolean() ? 0xff : random.nextInt(256));
            }
            byte[] cut = round % 5 == 0 ? Arrays.copyOf(segment, random.nextInt(segment.length)) : segment;
            jpeg("train/a/1.jpg", cut);
            try {
                assertEquals(32 * 16, load(folder, Split.TRAIN).features());
            } catch (UserError e) {
                assertTrue(
                        e.getMessage().contains("test samples are 1 x 16 x 32; expected 1 x 32 x 16"), e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".DS_Store",
                "._1.png",
                "Thumbs.db",
                "desktop.ini",
                "notes.txt",
                "README",
                "@eaDir/1.png",
                ".cache/x.bin"
            })
    void whatSystemsLeaveIsNoClassAndNoSample(String name) throws IOException {
        for (String split : List.of("train", "test")) {
            png(split + "/b/1.png", 2, 2);
            png(split + "/c/1.png", 2, 2);
            for (String place : List.of("/", "/b/", "/__MACOSX/b/", "/.hidden/", "/$RECYCLE.BIN/", "/a-is-empty/")) {
                Path file = folder.resolve(split + place + name);
                Files.createDirectories(file.getParent());
                Files.writeString(file, "no image");
            }
        }
        Files.createDirectories(folder.resolve("train/aa/inner"));
        for (Split split : Split.values()) {
            assertEquals(List.of("b", "c"), load(folder, split).classNames());
            assertEquals(2, load(folder, split).size());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train/a/2.webp | 1 file is no PNG or JPEG in the folder of a class, the first is a/2.webp",
                "train/a/2.tif,train/a/3.gif,train/b/4.heic | 3 files are",
                "train/a/photo | 1 file is",
                "train/a/2.png.bak | 1 file is",
                "train/loose.png | the first is loose.png",
                "train/a/more/2.png,train/a/more/3.png | 2 files are",
                "train/new/1.bmp | the first is new/1.bmp",
            })
    void filesLeftOutAreToldWithTheirNumber(String names, String message) throws IOException {
        png("train/a/1.png", 2, 2);
        png("test/a/1.png", 2, 2);
        for (String name : names.split(",")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), "x");
        }
        assertRefused(message.replace('/', java.io.File.separatorChar), folder, Split.TRAIN);
    }

    @ParameterizedTest
    @CsvSource({
        "10 9 2 1, 1 2 9 10",
        "010 9 11, 9 010 11",
        "class10 class2, class10 class2",
        "10 9 x, 10 9 x",
        "99999999999999999999 8, 8 99999999999999999999",
    })
    void numbersSortByValueAndNamesByLetters(String made, String expected) throws IOException {
        for (String name : made.split(" ")) {
            png("train/" + name + "/1.png", 2, 2);
            png("test/" + name + "/1.png", 2, 2);
        }
        assertEquals(expected, String.join(" ", load(folder, Split.TEST).classNames()));
    }

    @Test
    void idsAreThoseOfTheTrainingFoldersAlsoByDescriptor() throws IOException {
        png("train/a/1.png", 2, 2);
        png("train/b/1.png", 2, 2);
        png("test/b/1.png", 2, 2);
        Path descriptor = Files.writeString(
                folder.resolve("d.yaml"),
                "name: d\nformat: images\ndirectories: [.]\nfiles:\n"
                        + "  - {role: train_folder, name: train}\n  - {role: test_folder, name: test}\n");
        assertEquals(1, load(descriptor, Split.TEST).classOf(0));
        Files.createDirectories(folder.resolve("elsewhere"));
        Files.move(folder.resolve("train/a"), folder.resolve("elsewhere/a"));
        Files.createSymbolicLink(folder.resolve("train/a"), folder.resolve("elsewhere/a"));
        assertEquals(1, load(descriptor, Split.TEST).classOf(0));
    }

    @Test
    void splitsOfOtherShapesAreRefused() throws IOException {
        png("train/a/1.png", 4, 4);
        png("test/a/1.png", 2, 8);
        for (Split split : Split.values()) {
            assertRefused(
                    split == Split.TRAIN ? "test samples are 1 x 2 x 8; expected 1 x 4 x 4" : "1 x 4 x 4",
                    folder,
                    split);
        }
        Path tables = Files.createDirectories(folder.resolve("tables"));
        Files.writeString(tables.resolve("train.csv"), "0,9,8,7,6,5,4,3,2,1\n");
        Files.writeString(tables.resolve("test.csv"), "0,4,3,2,1\n");
        assertRefused("test samples are 1 x 2 x 2; expected 1 x 3 x 3", tables, Split.TRAIN);
        assertRefused("train samples are 1 x 3 x 3; expected 1 x 2 x 2", tables, Split.TEST);
        Files.writeString(tables.resolve("test.csv"), "\n");
        assertRefused("test.csv: no rows", tables, Split.TRAIN);
    }

    private static Dataset load(Path path, Split split) {
        return DatasetCatalog.of(List.of()).load(path.toString(), split);
    }

    private static void assertRefused(String message, Path path, Split split) {
        UserError error = assertThrows(UserError.class, () -> load(path, split));
        assertTrue(error.getMessage().contains(message), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    private void png(String name, int height, int width) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        assertTrue(ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile()));
    }

    /** A grey JPEG of four flat corners with a segment APP1. */
    private void jpeg(String name, byte[] segment) throws IOException {
        BufferedImage image = new BufferedImage(32, 16, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 32; x++) {
                image.getRaster().setSample(x, y, 0, 10 + 80 * (x / 16 + 2 * (y / 8)));
            }
        }
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, "jpg", plain));
        byte[] bytes = plain.toByteArray();
        ByteBuffer all = ByteBuffer.allocate(bytes.length + segment.length + 4);
        all.put(bytes, 0, 2)
                .putShort((short) 0xffe1)
                .putShort((short) (segment.length + 2))
                .put(segment);
        all.put(bytes, 2, bytes.length - 2);
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, all.array());
    }

    /** An Exif segment of two tags, the second of which is the orientation. */
    private static byte[] exif(int orientation, ByteOrder order) {
        ByteBuffer exif = ByteBuffer.allocate(6 + 8 + 2 + 2 * 12 + 4).order(order);
        exif.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
        exif.putShort((short) (order == ByteOrder.BIG_ENDIAN ? 0x4d4d : 0x4949))
                .putShort((short) 42)
                .putInt(8);
        exif.putShort((short) 2);
        exif.putShort((short) 0x010f).putShort((short) 2).putInt(1).putInt(0);
        exif.putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0);
        return exif.array();
    }
}
