package org.qexit.data.formats;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;

/** A data set from one folder per class, each with PNG or JPEG files; classes and files in the order of their names. */
public final class ImageFolder {
    private ImageFolder() {}

    /** @param classNames the folders to expect, by class id; null means those there are */
    public static Dataset read(String name, Path folder, ImageOptions options, List<String> classNames) {
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
                    if (ImageFile.isImage(file)) {
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
    public static List<String> classFolders(Path folder) {
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
            BufferedImage image = ImageFile.decode(file);
            int channels = options.channels() != null ? options.channels() : ImageFile.isGrey(image) ? 1 : 3;
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
            byte[] planes = ImageFile.bytes(image, channels);
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
}
