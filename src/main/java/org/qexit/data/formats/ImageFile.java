package org.qexit.data.formats;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.qexit.common.UserError;

/** A PNG or JPEG file as 8-bit planes. */
public final class ImageFile {
    /** Larger claims are refused before a pixel is decoded: 64 million pixels are 256 MB decoded. */
    private static final long MAX_PIXELS = 1L << 26;

    private ImageFile() {}

    public static boolean isImage(Path file) {
        String lower = file.toString().toLowerCase(Locale.ROOT);
        return lower.endsWith(".png") || lower.endsWith(".jpg") || lower.endsWith(".jpeg");
    }

    /** The image as it is to be seen: turned as its Exif orientation says. */
    public static BufferedImage decode(Path file) {
        try {
            JpegHeader header = JpegHeader.read(file);
            if (header.components() != 0 && header.components() != 1 && header.components() != 3) {
                throw new UserError(file + ": JPEG of " + header.components() + " colour components"
                        + (header.components() == 4 ? " (CMYK)" : "")
                        + "; expected grey or RGB. Maybe convert it to PNG");
            }
            return turned(decodeStored(file), header.orientation());
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * @param orientation as Exif says: in 2, 3, 6 and 7 columns run backwards, in 3, 4, 7 and 8 rows do, from 5 on stored columns
     *     are rows
     */
    private static BufferedImage turned(BufferedImage stored, int orientation) {
        if (orientation == 1) {
            return stored;
        }
        boolean swapped = orientation >= 5;
        int width = swapped ? stored.getHeight() : stored.getWidth();
        int height = swapped ? stored.getWidth() : stored.getHeight();
        boolean mirroredX = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
        boolean mirroredY = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
        Raster from = stored.getRaster();
        WritableRaster to = from.createCompatibleWritableRaster(width, height);
        Object pixel = null;
        for (int y = 0; y < height; y++) {
            int v = mirroredY ? height - 1 - y : y;
            for (int x = 0; x < width; x++) {
                int u = mirroredX ? width - 1 - x : x;
                pixel = from.getDataElements(swapped ? v : u, swapped ? u : v, pixel);
                to.setDataElements(x, y, pixel);
            }
        }
        return new BufferedImage(stored.getColorModel(), to, stored.isAlphaPremultiplied(), null);
    }

    private static BufferedImage decodeStored(Path file) {
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = in == null ? null : ImageIO.getImageReaders(in);
            if (readers == null || !readers.hasNext()) {
                throw new UserError(file + ": not an image; expected PNG or JPEG");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                long claimed = (long) reader.getWidth(0) * reader.getHeight(0);
                if (claimed > MAX_PIXELS) {
                    throw new UserError(file + ": image claims " + reader.getWidth(0) + " x " + reader.getHeight(0)
                            + " pixels; expected at most " + MAX_PIXELS);
                }
                return reader.read(0);
            } finally {
                reader.dispose();
            }
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw new UserError(file + ": cannot be decoded as an image: " + e.getMessage(), e);
        }
    }

    /** Whether it holds levels only; PNG files of fewer than 8 bits come as a palette of greys. */
    static boolean isGrey(BufferedImage image) {
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return IntStream.range(0, palette.getMapSize())
                    .allMatch(
                            i -> palette.getRed(i) == palette.getGreen(i) && palette.getGreen(i) == palette.getBlue(i));
        }
        return image.getColorModel().getNumColorComponents() == 1;
    }

    /** Channel by channel. Grey files give their levels unchanged: getRGB would bend them through a colour space. */
    public static byte[] bytes(BufferedImage image, int channels) {
        int area = image.getWidth() * image.getHeight();
        byte[] bytes = new byte[channels * area];
        if (image.getColorModel().getNumColorComponents() == 1) {
            Raster raster = image.getRaster();
            int shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
            int[] levels = raster.getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null);
            for (int c = 0; c < channels; c++) {
                for (int i = 0; i < area; i++) {
                    bytes[c * area + i] = (byte) (levels[i] >> shift);
                }
            }
            return bytes;
        }
        int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        IntStream.range(0, area).forEach(i -> {
            int r = rgb[i] >> 16 & 0xff;
            int g = rgb[i] >> 8 & 0xff;
            int b = rgb[i] & 0xff;
            if (channels == 3) {
                bytes[i] = (byte) r;
                bytes[area + i] = (byte) g;
                bytes[2 * area + i] = (byte) b;
            } else {
                // Luma of ITU-R BT.601, in 1/1000.
                bytes[i] = (byte) ((299 * r + 587 * g + 114 * b + 500) / 1000);
            }
        });
        return bytes;
    }
}
