package org.qexit.data.guess;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qexit.common.UserError;
import org.qexit.data.catalog.DatasetDescriptor.DataFile;
import org.qexit.data.catalog.DatasetDescriptor.Format;
import org.qexit.data.catalog.DatasetDescriptor.Role;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.TableScan;

/** IDX files as of MNIST: images (or series) and labels, in two parts or one. */
final class IdxGuess {
    private IdxGuess() {}

    static Optional<DataGuess> of(Path directory) {
        List<Path> samples = new ArrayList<>();
        List<Path> labels = new ArrayList<>();
        for (Path file : FileNames.entries(directory)) {
            if (Files.isRegularFile(file)) {
                if (file.getFileName().toString().matches("(?i).*idx[1-4]?([^a-z].*)?")) {
                    (Idx.dims(file).length == 1 ? labels : samples).add(file);
                }
            }
        }
        if (samples.isEmpty() && labels.isEmpty()) {
            return Optional.empty();
        }
        List<String> notes = new ArrayList<>();
        List<DataFile> files = new ArrayList<>();
        if (samples.size() == 1 && labels.size() == 1) {
            files.add(file(Role.ALL_IMAGES, samples.get(0)));
            files.add(file(Role.ALL_LABELS, labels.get(0)));
            notes.add("There is one part: a quarter of each class is kept for tests.");
        } else {
            files.add(file(Role.TRAIN_IMAGES, only(directory, samples, true, "samples")));
            files.add(file(Role.TRAIN_LABELS, only(directory, labels, true, "labels")));
            files.add(file(Role.TEST_IMAGES, only(directory, samples, false, "samples")));
            files.add(file(Role.TEST_LABELS, only(directory, labels, false, "labels")));
        }
        String group = groups(directory, files, notes);
        DataGuess read = DataGuess.read(
                "images",
                directory,
                DataGuess.descriptor(directory, directory, Format.IDX, null, files, null, null, group),
                notes);
        return Optional.of(
                read.train().height() > 1
                        ? read
                        : new DataGuess("series", read.descriptor(), directory, read.train(), read.test(), notes));
    }

    /** Adds tables that say whose each sample is, where there are such beside the samples; their column, or null. */
    private static String groups(Path directory, List<DataFile> files, List<String> notes) {
        List<Path> tables = FileNames.tables(directory);
        boolean whole = files.get(0).role() == Role.ALL_IMAGES;
        List<Path> train = tables.stream().filter(FileNames::isTrain).toList();
        List<Path> test = tables.stream().filter(FileNames::isTest).toList();
        if (tables.size() != (whole ? 1 : 2) || !whole && (train.size() != 1 || test.size() != 1)) {
            return null;
        }
        String column = ColumnNames.group(TableScan.header(tables.get(0)));
        if (column == null || !whole && !TableScan.header(tables.get(1)).contains(column)) {
            return null;
        }
        if (whole) {
            files.add(file(Role.ALL_GROUPS, tables.get(0)));
        } else {
            files.add(file(Role.TRAIN_GROUPS, train.get(0)));
            files.add(file(Role.TEST_GROUPS, test.get(0)));
        }
        notes.add("Column '" + column + "' of " + tables.get(0).getFileName() + " tells the samples' sources apart.");
        return column;
    }

    private static DataFile file(Role role, Path file) {
        return new DataFile(role, file.getFileName().toString(), null, null);
    }

    /** The files of MNIST call the test part t10k. */
    private static Path only(Path directory, List<Path> files, boolean train, String what) {
        List<Path> found = files.stream()
                .filter(file -> FileNames.isTrain(file) == train)
                .filter(file -> train
                        || FileNames.isTest(file)
                        || file.getFileName().toString().startsWith("t10k"))
                .toList();
        if (found.size() != 1) {
            throw new UserError(directory + ": has " + found.size() + " IDX files of " + (train ? "training" : "test")
                    + " " + what + "; expected one, with " + (train ? "train" : "test or t10k") + " in its name");
        }
        return found.get(0);
    }
}
