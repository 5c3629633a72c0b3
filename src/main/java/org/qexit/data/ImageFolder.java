package org.qexit.data;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.qexit.common.UserError;

/** A data set from one folder per class, each with PNG or JPEG files; classes and files in the order of their names. */
final class ImageFolder {
    /** Larger claims are refused before a pixel is decoded: 64 million pixels are 256 MB decoded. */
    private static final long MAX_PIXELS = 1L << 26;

    private ImageFolder() {}

    /** @param classNames the folders to expect, by class id; null means those there are */
    static Dataset read(String name, Path folder, ImageOptions options, List<String> classNames) {
        List<String> found = classFolders(folder);
        List<String> names = classNames == null ? found : classNames;
        for (String extra : found) {
            if (!names.contains(extra)) {
                throw new UserError(
                        folder.resolve(extra) + ": unknown class; expected one of: " + String.join(", ", names));
            }
        }
        Reading reading = new Reading(options);
        for (int c = 0; c < names.size(); c++) {
            Path classFolder = folder.resolve(names.get(c));
            if (Files.isDirectory(classFolder)) {
                for (Path file : list(classFolder)) {
                    if (isImage(file)) {
                        reading.add(file, c);
                    }
                }
            }
        }
        if (reading.pixels.isEmpty()) {
            throw new UserError(folder + ": no images; expected a folder per class with .png, .jpg or .jpeg files");
        }
        int[] classes = reading.classes.stream().mapToInt(Integer::intValue).toArray();
        return Dataset.ofBytes(name, reading.shape, reading.pixels.toArray(byte[][]::new), classes, names);
    }

    /** Names of the folders in a folder, in order. */
    static List<String> classFolders(Path folder) {
        return list(folder).stream()
                .filter(Files::isDirectory)
                .map(p -> p.getFileName().toString())
                .toList();
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new UserError(folder + ": not a directory; expected a folder per class");
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(p -> !p.getFileName().toString().startsWith("."))
                    .sorted((a, b) ->
                            a.getFileName().toString().compareTo(b.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new UserError(folder + ": cannot be listed: " + e.getMessage(), e);
        }
    }

    private static boolean isImage(Path file) {
        String lower = file.toString().toLowerCase(Locale.ROOT);
        return lower.endsWith(".png") || lower.endsWith(".jpg") || lower.endsWith(".jpeg");
    }

    /** Images read so far; the first one settles what the options leave open. */
    private static final class Reading {
        private final ImageOptions options;
        private final List<byte[]> pixels = new ArrayList<>();
        private final List<Integer> classes = new ArrayList<>();
        private int[] shape;
        private Path first;

        Reading(ImageOptions options) {
            this.options = options;
        }

        void add(Path file, int classId) {
            BufferedImage image = decode(file);
            int channels = options.channels() != null ? options.channels() : isGrey(image) ? 1 : 3;
            int height = options.resize() != null ? options.resize().get(0) : image.getHeight();
            int width = options.resize() != null ? options.resize().get(1) : image.getWidth();
            if (shape == null) {
                shape = new int[] {channels, height, width};
                first = file;
            } else if (shape[1] != height || shape[2] != width) {
                throw new UserError(file + ": image is " + height + " x " + width + "; expected " + shape[1] + " x "
                        + shape[2] + " as " + first + ". Maybe set images.resize");
            } else if (shape[0] != channels) {
                throw new UserError(file + ": image is " + colour(channels) + "; expected " + colour(shape[0]) + " as "
                        + first + ". Maybe set images.channels");
            }
            byte[] planes = bytes(image, channels);
            pixels.add(
                    image.getHeight() == height && image.getWidth() == width
                            ? planes
                            : Resampling.byArea(planes, channels, image.getHeight(), image.getWidth(), height, width));
            classes.add(classId);
        }

        private static String colour(int channels) {
            return channels == 1 ? "grey" : "in colour";
        }
    }

    private static BufferedImage decode(Path file) {
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
    private static boolean isGrey(BufferedImage image) {
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return IntStream.range(0, palette.getMapSize())
                    .allMatch(
                            i -> palette.getRed(i) == palette.getGreen(i) && palette.getGreen(i) == palette.getBlue(i));
        }
        return image.getColorModel().getNumColorComponents() == 1;
    }

    /** Channel by channel. Grey files give their levels unchanged: getRGB would bend them through a colour space. */
    private static byte[] bytes(BufferedImage image, int channels) {
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
