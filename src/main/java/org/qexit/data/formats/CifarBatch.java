package org.qexit.data.formats;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.qexit.common.Json;
import org.qexit.common.UserError;

/**
 * A batch of CIFAR-10 (Krizhevsky 2009) images: 3 x 32 x 32 bytes each, red, green, blue.
 *
 * @param images {@code [sample][3 * 32 * 32]}
 * @param labels 0 to 9
 */
public record CifarBatch(byte[][] images, byte[] labels) {
    public static final int CHANNELS = 3;
    public static final int SIDE = 32;

    private static final int AREA = SIDE * SIDE;
    private static final int BYTES = CHANNELS * AREA;
    private static final int CLASSES = 10;

    /** More than any batch has; a larger file is none. */
    private static final int MOST = 60_000;

    /**
     * The published binary form: for each image a byte of its class, then its pixels.
     *
     * @throws UserError if it is not that
     */
    public static CifarBatch binary(Path file) {
        int record = 1 + BYTES;
        byte[] bytes;
        try {
            long size = Files.size(file);
            if (size == 0 || size % record != 0 || size > (long) MOST * record) {
                throw new UserError(file + ": has " + size + " bytes; expected " + record + " for each of 1 to " + MOST
                        + " images");
            }
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
        byte[][] images = new byte[bytes.length / record][];
        byte[] labels = new byte[images.length];
        for (int i = 0; i < images.length; i++) {
            labels[i] = bytes[i * record];
            checkClass(labels[i] & 0xff, file + " at byte " + i * record);
            images[i] = Arrays.copyOfRange(bytes, i * record + 1, (i + 1) * record);
        }
        return new CifarBatch(images, labels);
    }

    /**
     * A PNG file with an image per row, its 1,024 pixels row by row.
     *
     * @param labels of the images; those from {@code first} on are this sheet's
     * @throws UserError if it is not that
     */
    public static CifarBatch sheet(Path file, Labels labels, int first) {
        BufferedImage sheet = ImageFile.decode(file);
        if (sheet.getWidth() != AREA || sheet.getHeight() > MOST) {
            throw new UserError(file + ": is " + sheet.getWidth() + " x " + sheet.getHeight() + " pixels; expected "
                    + AREA + " columns, an image per row");
        }
        int count = sheet.getHeight();
        if (first + count > labels.classes().length) {
            throw new UserError(labels.file() + ": has " + labels.classes().length + " labels; " + file
                    + " needs those up to " + (first + count));
        }
        byte[] planes = ImageFile.bytes(sheet, CHANNELS);
        byte[][] images = new byte[count][BYTES];
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < CHANNELS; c++) {
                System.arraycopy(planes, (c * count + i) * AREA, images[i], c * AREA, AREA);
            }
        }
        return new CifarBatch(images, Arrays.copyOfRange(labels.classes(), first, first + count));
    }

    /**
     * Classes from a JSON file, a list of numbers.
     *
     * @param classes 0 to 9
     */
    public record Labels(Path file, byte[] classes) {
        /** @throws UserError if it is not that */
        public static Labels read(Path file) {
            int[] numbers = Json.read(file, int[].class);
            byte[] classes = new byte[numbers.length];
            for (int i = 0; i < numbers.length; i++) {
                checkClass(numbers[i], file + ": label " + i);
                classes[i] = (byte) numbers[i];
            }
            return new Labels(file, classes);
        }
    }

    private static void checkClass(int value, String where) {
        if (value < 0 || value >= CLASSES) {
            throw new UserError(where + ": class " + value + "; expected 0 to " + (CLASSES - 1));
        }
    }
}
