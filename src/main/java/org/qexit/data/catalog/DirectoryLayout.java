package org.qexit.data.catalog;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.qexit.common.UserError;
import org.qexit.data.catalog.DatasetDescriptor.DataFile;
import org.qexit.data.catalog.DatasetDescriptor.Format;
import org.qexit.data.catalog.DatasetDescriptor.Role;
import org.qexit.data.formats.ImageFolder;

/** Tells from its file names how a directory without descriptor holds a data set. */
final class DirectoryLayout {
    private static final List<String> SUFFIXES = List.of("", ".gz");

    private DirectoryLayout() {}

    static DatasetDescriptor describe(Path directory) {
        return find(directory)
                .orElseThrow(
                        () -> new UserError(directory + ": holds no data set; expected train-images-idx3-ubyte and its"
                                + " three fellows (.gz or not), or train.csv and test.csv, or folders train/ and test/ with a"
                                + " folder of images per class"));
    }

    /** Nothing where the names are none of a data set's with a training and a test part. */
    static Optional<DatasetDescriptor> find(Path directory) {
        return idx(directory)
                .or(() -> pair(directory, Role.TRAIN_TABLE, "train.csv", Role.TEST_TABLE, "test.csv"))
                .map(files ->
                        descriptor(directory, files.get(0).role() == Role.TRAIN_TABLE ? Format.CSV : Format.IDX, files))
                .or(() -> pair(directory, Role.TRAIN_FOLDER, "train", Role.TEST_FOLDER, "test")
                        .map(files -> descriptor(directory, Format.IMAGES, files)));
    }

    private static Optional<List<DataFile>> idx(Path directory) {
        List<DataFile> files = new ArrayList<>();
        for (Role role : List.of(Role.TRAIN_IMAGES, Role.TRAIN_LABELS, Role.TEST_IMAGES, Role.TEST_LABELS)) {
            boolean train = role == Role.TRAIN_IMAGES || role == Role.TRAIN_LABELS;
            boolean images = role == Role.TRAIN_IMAGES || role == Role.TEST_IMAGES;
            List<String> stems = train ? List.of("train") : List.of("t10k", "test");
            Optional<String> name = stems.stream()
                    .flatMap(stem -> images
                            ? Stream.of(2, 3, 4).flatMap(rank -> spelt(stem + "-images", rank))
                            : spelt(stem + "-labels", 1))
                    .flatMap(stem -> SUFFIXES.stream().map(suffix -> stem + suffix))
                    .filter(file -> Files.isRegularFile(directory.resolve(file)))
                    .findFirst();
            name.ifPresent(found -> files.add(new DataFile(role, found, null, null)));
        }
        return files.size() == 4 ? Optional.of(files) : Optional.empty();
    }

    /** As published, and as some programs unzip it. */
    private static Stream<String> spelt(String stem, int rank) {
        return Stream.of("-", ".").map(separator -> stem + separator + "idx" + rank + "-ubyte");
    }

    private static Optional<List<DataFile>> pair(
            Path directory, Role trainRole, String train, Role testRole, String test) {
        Optional<String> trainName = found(directory, train);
        Optional<String> testName = found(directory, test);
        if (trainName.isPresent() && testName.isPresent()) {
            return Optional.of(List.of(
                    new DataFile(trainRole, trainName.get(), null, null),
                    new DataFile(testRole, testName.get(), null, null)));
        }
        return Optional.empty();
    }

    private static Optional<String> found(Path directory, String name) {
        return SUFFIXES.stream()
                .map(suffix -> name + suffix)
                .filter(file -> Files.exists(directory.resolve(file)))
                .findFirst();
    }

    /** A directory's own name as a data set's. */
    static String name(Path directory) {
        Path last = directory.toAbsolutePath().normalize().getFileName();
        return last == null
                ? "data"
                : last.toString().replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^[^A-Za-z0-9]", "d");
    }

    private static DatasetDescriptor descriptor(Path directory, Format format, List<DataFile> files) {
        // Ids must mean the same in both splits, also where one lacks a class.
        List<String> classNames = format == Format.IMAGES ? ImageFolder.classFolders(directory.resolve("train")) : null;
        return new DatasetDescriptor(
                name(directory),
                null,
                null,
                null,
                null,
                format,
                classNames,
                List.of("."),
                files,
                null,
                null,
                null,
                null);
    }
}
