package org.qexit.data.catalog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.Split;

/** Batches written here by hand in both forms: the same data set, byte for byte. */
class CifarImagesTest {
    private static final List<String> BATCHES =
            List.of("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch");
    private static final int RECORD = 3073;

    @TempDir
    private Path folder;

    /** Two images a batch, three in the fifth. */
    private static byte[] batch(int number) {
        byte[] bytes = new byte[(number == 4 ? 3 : 2) * RECORD];
        new SplittableRandom(number).nextBytes(bytes);
        for (int i = 0; i < bytes.length; i += RECORD) {
            bytes[i] = (byte) ((number + i / RECORD) % 10);
        }
        return bytes;
    }

    private Path binaries() throws IOException {
        Path source = Files.createDirectories(folder.resolve("bin"));
        for (int b = 0; b < BATCHES.size(); b++) {
            Files.write(source.resolve(BATCHES.get(b) + ".bin"), batch(b));
        }
        return source;
    }

    private Path sheets() throws IOException {
        Path source = Files.createDirectories(folder.resolve("png"));
        StringBuilder train = new StringBuilder("[");
        for (int b = 0; b < BATCHES.size(); b++) {
            byte[] bytes = batch(b);
            int images = bytes.length / RECORD;
            BufferedImage sheet = new BufferedImage(1024, images, BufferedImage.TYPE_INT_RGB);
            StringBuilder labels = b == 5 ? new StringBuilder("[") : train;
            for (int i = 0; i < images; i++) {
                labels.append(labels.length() > 1 ? "," : "").append(bytes[i * RECORD]);
                for (int p = 0; p < 1024; p++) {
                    int at = i * RECORD + 1 + p;
                    sheet.setRGB(
                            p, i, (bytes[at] & 0xff) << 16 | (bytes[at + 1024] & 0xff) << 8 | bytes[at + 2048] & 0xff);
                }
            }
            ImageIO.write(sheet, "png", source.resolve(BATCHES.get(b) + ".png").toFile());
            if (b == 5) {
                Files.writeString(source.resolve("test_lables.json"), labels + "]");
            }
        }
        Files.writeString(source.resolve("train_lables.json"), train + "]");
        return source;
    }

    @Test
    void bothFormsGiveTheSameImages() throws IOException {
        Path made = folder.resolve("made");
        CifarImages.write(binaries(), made.resolve("cifar10"));
        CifarImages.write(sheets(), made.resolve("sheets"));
        DatasetCatalog catalog = DatasetCatalog.standard(made);
        Dataset train = catalog.load("cifar10", Split.TRAIN);
        Dataset test = catalog.load("cifar10", Split.TEST);
        assertEquals(List.of(11, 3, 32, 32), List.of(train.size(), train.channels(), train.height(), train.width()));
        assertEquals(2, test.size());
        assertEquals("truck", train.classNames().get(9));
        // The third image of the fifth batch is of class 6.
        assertEquals(6, train.classOf(10));
        byte[] fifth = batch(4);
        assertArrayEquals(java.util.Arrays.copyOfRange(fifth, 2 * RECORD + 1, 3 * RECORD), train.rawBytes(10));
        assertEquals(train.sha256(), catalog.load("sheets", Split.TRAIN).sha256());
        assertEquals(test.sha256(), catalog.load("sheets", Split.TEST).sha256());
    }

    @ParameterizedTest
    @CsvSource({
        "bin, data_batch_3.bin, missing, has neither data_batch_3.bin nor data_batch_3.png",
        "bin, test_batch.bin, short, has 3072 bytes",
        "bin, test_batch.bin, class, at byte 0: class 200; expected 0 to 9",
        "png, test_lables.json, missing, no such file",
        "png, test_lables.json, '[1]', has 1 labels",
        "png, train_lables.json, '[0,1,1,2,2,3,3,4,4,5,6,7]', has 12 labels for 11 images",
        "png, train_lables.json, '[0,1,1,2,2,3,3,4,4,5,10]', label 10: class 10",
        "png, data_batch_1.png, class, not an image",
    })
    void whatIsNoneIsRefused(String form, String file, String what, String told) throws IOException {
        Path source = form.equals("bin") ? binaries() : sheets();
        Path spoilt = source.resolve(file);
        switch (what) {
            case "missing" -> Files.delete(spoilt);
            case "short" -> Files.write(spoilt, new byte[3072]);
            case "class" -> {
                byte[] wrong = new byte[RECORD];
                wrong[0] = (byte) 200;
                Files.write(spoilt, wrong);
            }
            default -> Files.writeString(spoilt, what);
        }
        Path made = folder.resolve("none/cifar10");
        UserError error = assertThrows(UserError.class, () -> CifarImages.write(source, made));
        assertTrue(error.getMessage().contains(told), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
        assertTrue(Files.notExists(made));
    }
}
