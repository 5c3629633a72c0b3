package org.qexit.data.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.Split;
import org.qexit.data.TestData;
import org.qexit.data.catalog.DatasetCatalog;

class ImageFolderTest {
    @TempDir
    private Path folder;

    @Test
    void greyImagesKeepTheirLevels() throws IOException {
        byte[][] pixels = TestData.pixels(4, 6, 1);
        for (int i = 0; i < 4; i++) {
            grey(folder.resolve("train/" + (i % 2 == 0 ? "cat" : "dog") + "/" + i + ".png"), 2, 3, pixels[i]);
        }
        grey(folder.resolve("test/dog/0.png"), 2, 3, pixels[0]);
        Files.writeString(folder.resolve("train/cat/notes.txt"), "not an image");
        DatasetCatalog catalog = DatasetCatalog.of(List.of());
        Dataset data = catalog.load(folder.toString(), Split.TRAIN);
        Dataset expected = Dataset.ofBytes(
                "d",
                new int[] {1, 2, 3},
                new byte[][] {pixels[0], pixels[2], pixels[1], pixels[3]},
                new int[] {0, 0, 1, 1},
                List.of("cat", "dog"));
        assertEquals(expected.sha256(), data.sha256());
        // The test folder has no cats; dogs are class 1 all the same.
        assertEquals(1, catalog.load(folder.toString(), Split.TEST).classOf(0));
        grey(folder.resolve("test/emu/0.png"), 2, 3, pixels[0]);
        assertMessage(
                "emu: unknown class; expected one of: cat, dog",
                assertThrows(UserError.class, () -> catalog.load(folder.toString(), Split.TEST)));
    }

    @Test
    void colourImagesGiveThreePlanesOrTheirLuma() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0xff8000);
        image.setRGB(1, 0, 0x0102ff);
        save(folder.resolve("a/0.png"), image, "png");
        Dataset colour = ImageFolder.read("d", folder, ImageOptions.DEFAULT, null);
        assertArrayEquals(new byte[] {-1, 1, -128, 2, 0, -1}, colour.rawBytes(0));
        Dataset grey = ImageFolder.read("d", folder, new ImageOptions(1, null), null);
        // 0.299 * 255 + 0.587 * 128 = 151.4; 0.299 + 0.587 * 2 + 0.114 * 255 = 30.5
        assertArrayEquals(new byte[] {(byte) 151, 31}, grey.rawBytes(0));
    }

    @Test
    void jpegAndPaletteGreysAndGreyAsColourAreRead() throws IOException {
        BufferedImage flat = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
        byte[] levels = new byte[256];
        Arrays.fill(levels, (byte) 100);
        flat.getRaster().setDataElements(0, 0, 16, 16, levels);
        save(folder.resolve("a/0.JPG"), flat, "jpg");
        Dataset data = ImageFolder.read("d", folder, ImageOptions.DEFAULT, null);
        assertEquals(1, data.channels());
        for (byte b : data.rawBytes(0)) {
            assertEquals(100, b, 1);
        }
        assertEquals(
                3,
                ImageFolder.read("d", folder, new ImageOptions(3, null), null).channels());
        BufferedImage binary = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
        binary.setRGB(1, 0, 0xffffff);
        save(folder.resolve("b/a/0.png"), binary, "png");
        Dataset two = ImageFolder.read("d", folder.resolve("b"), ImageOptions.DEFAULT, null);
        assertEquals(1, two.channels());
        assertArrayEquals(new byte[] {0, -1}, two.rawBytes(0));
    }

    @Test
    void sizesMustAgreeUnlessResized() throws IOException {
        grey(folder.resolve("a/0.png"), 2, 2, new byte[] {0, 0, 0, 0});
        grey(folder.resolve("a/1.png"), 4, 4, TestData.pixels(1, 16, 1)[0]);
        assertMessage(
                "1.png: image is 4 x 4; expected 2 x 2",
                assertThrows(UserError.class, () -> ImageFolder.read("d", folder, ImageOptions.DEFAULT, null)));
        Dataset data = ImageFolder.read("d", folder, new ImageOptions(null, List.of(2, 2)), null);
        byte[] fine = TestData.pixels(1, 16, 1)[0];
        int[] corner = {fine[0] & 0xff, fine[1] & 0xff, fine[4] & 0xff, fine[5] & 0xff};
        assertEquals(Math.round(Arrays.stream(corner).sum() / 4.0), data.rawBytes(1)[0] & 0xff);
    }

    @Test
    void resamplingKeepsTheMeanAndWeighsParts() {
        assertArrayEquals(new byte[] {10, 20}, Resampling.byArea(new byte[] {10, 10, 10, 20, 20, 20}, 1, 1, 6, 1, 2));
        // Three cells to two: the middle one counts half in each.
        assertArrayEquals(new byte[] {20, 50}, Resampling.byArea(new byte[] {0, 60, 45}, 1, 3, 1, 2, 1));
        byte[] two = TestData.pixels(1, 2 * 5 * 7, 9)[0];
        assertArrayEquals(two, Resampling.byArea(two, 2, 5, 7, 5, 7));
        byte[] up = Resampling.byArea(two, 2, 5, 7, 10, 14);
        assertEquals(two[7], up[2 * 14]);
        byte[] flat = new byte[35];
        Arrays.fill(flat, (byte) 200);
        for (byte b : Resampling.byArea(flat, 1, 5, 7, 3, 11)) {
            assertEquals((byte) 200, b);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "text", "cut", "bomb"})
    void filesThatAreNoImagesAreNamed(String kind) throws IOException {
        Path file = folder.resolve("a/0.png");
        grey(file, 40, 40, TestData.pixels(1, 1600, 1)[0]);
        byte[] good = Files.readAllBytes(file);
        switch (kind) {
            case "empty" -> Files.write(file, new byte[0]);
            case "text" -> Files.writeString(file, "hello");
            case "cut" -> Files.write(file, Arrays.copyOf(good, 300));
            default -> Files.write(file, claiming(good, 2_000_000_000));
        }
        UserError error =
                assertThrows(UserError.class, () -> ImageFolder.read("d", folder, ImageOptions.DEFAULT, null));
        assertTrue(error.getMessage().startsWith(file.toString()), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    /** A PNG file that claims another width, its checksum mended. */
    private static byte[] claiming(byte[] png, int width) {
        ByteBuffer buffer = ByteBuffer.wrap(png.clone());
        buffer.putInt(16, width);
        CRC32 crc = new CRC32();
        crc.update(buffer.array(), 12, 17);
        buffer.putInt(29, (int) crc.getValue());
        return buffer.array();
    }

    @Test
    void foldersWithoutImagesAreNamed() throws IOException {
        assertMessage(
                "no images",
                assertThrows(UserError.class, () -> ImageFolder.read("d", folder, ImageOptions.DEFAULT, null)));
        UserError none =
                assertThrows(UserError.class, () -> DatasetCatalog.of(List.of()).load(folder.toString(), Split.TRAIN));
        assertMessage("holds no data set", none);
        Files.createDirectories(folder.resolve("x"));
        assertMessage(
                "not a directory",
                assertThrows(
                        UserError.class, () -> ImageFolder.read("d", folder.resolve("y"), ImageOptions.DEFAULT, null)));
    }

    private static void assertMessage(String part, UserError error) {
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }

    private static void grey(Path file, int height, int width, byte[] levels) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setDataElements(0, 0, width, height, levels);
        save(file, image, "png");
    }

    private static void save(Path file, BufferedImage image, String format) throws IOException {
        Files.createDirectories(file.getParent());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format, bytes));
        Files.write(file, bytes.toByteArray());
    }

    @Test
    void moreImagesThanTheMemoryHoldsAreToldWithTheNumber() {
        int[] shape = {3, 224, 224};
        ImageFolder.checkMemory(Path.of("photos"), 10_000, shape, 3L << 30);
        UserError error = assertThrows(
                UserError.class, () -> ImageFolder.checkMemory(Path.of("photos"), 20_000, shape, 3L << 30));
        assertEquals(
                "photos: 20000 images of 3 x 224 x 224 need 2871 MiB, more than 80 % of this program's 3072 MiB."
                        + " Maybe set images.resize, or give it more by QEXIT_HEAP",
                error.getMessage());
    }
}
