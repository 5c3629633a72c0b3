package org.qexit.data.formats;

import java.awt.image.BufferedImage;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;

/** A data set from one folder per class, each with PNG or JPEG files; files in the order of their names. */
public final class ImageFolder {
    /** Of the heap, for the images; the rest is for training on them. */
    private static final double MEMORY_SHARE = 0.8;

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
        FolderContents.refuseLeftOut(folder, found);
        Reading reading = new Reading(options);
        List<List<Path>> files = new ArrayList<>();
        long count = 0;
        for (String each : names) {
            files.add(found.contains(each) ? FolderContents.images(folder.resolve(each)) : List.of());
            count += files.get(files.size() - 1).size();
        }
        for (int c = 0; c < names.size(); c++) {
            for (Path file : files.get(c)) {
                reading.add(file, c);
                if (reading.pixels.size() == 1) {
                    checkMemory(
                            folder, count, reading.shape, Runtime.getRuntime().maxMemory());
                }
            }
        }
        if (reading.pixels.isEmpty()) {
            throw new UserError(folder + ": no images; expected a folder per class with .png, .jpg or .jpeg files");
        }
        int[] classes = reading.classes.stream().mapToInt(Integer::intValue).toArray();
        return Dataset.ofBytes(name, reading.shape, reading.pixels.toArray(byte[][]::new), classes, names);
    }

    /** All images are held at a byte for each value; told at the first one, not after reading for long. */
    static void checkMemory(Path folder, long count, int[] shape, long heap) {
        long bytes = Math.multiplyExact(count, (long) shape[0] * shape[1] * shape[2]);
        if (bytes > MEMORY_SHARE * heap) {
            throw new UserError(folder + ": " + count + " images of " + shape[0] + " x " + shape[1] + " x " + shape[2]
                    + " need " + (bytes >> 20) + " MiB, more than " + Math.round(100 * MEMORY_SHARE)
                    + " % of this program's " + (heap >> 20)
                    + " MiB. Maybe set images.resize, or give it more by QEXIT_HEAP");
        }
    }

    /** Channels, height and width of the first image. */
    public static int[] shape(Path folder, ImageOptions options) {
        Reading reading = new Reading(options);
        for (String name : classFolders(folder)) {
            List<Path> images = FolderContents.images(folder.resolve(name));
            if (!images.isEmpty()) {
                reading.add(images.get(0), 0);
                return reading.shape;
            }
        }
        throw new UserError(folder + ": no images; expected a folder per class with .png, .jpg or .jpeg files");
    }

    /**
     * Names of the folders that hold something, by class id: in the order of their names, or of their numbers if all are numbers.
     * Hidden folders and those of operating systems are none.
     */
    public static List<String> classFolders(Path folder) {
        List<String> names = FolderContents.entries(folder).stream()
                .filter(Files::isDirectory)
                .filter(inner -> !FolderContents.isEmpty(inner))
                .map(p -> p.getFileName().toString())
                .toList();
        return names.stream().allMatch(name -> name.matches("[0-9]+"))
                ? names.stream().sorted(Comparator.comparing(BigInteger::new)).toList()
                : names;
    }

    /** Whether a directory has folders of images, which are then its classes. */
    public static boolean holdsImages(Path directory) {
        return classFolders(directory).stream()
                .anyMatch(
                        name -> !FolderContents.images(directory.resolve(name)).isEmpty());
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
