package org.qexit.data.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.qexit.common.Hashing;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.Split;
import org.qexit.data.catalog.DatasetDescriptor.DataFile;
import org.qexit.data.catalog.DatasetDescriptor.Role;
import org.qexit.data.formats.CsvColumn;
import org.qexit.data.formats.CsvDataset;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.IdxArray;
import org.qexit.data.formats.IdxDataset;
import org.qexit.data.formats.ImageFolder;
import org.qexit.data.formats.ImageOptions;

/** Loads what a descriptor describes, and refuses files whose content is not the one it names. */
final class DatasetLoader {
    private DatasetLoader() {}

    static Dataset load(DatasetDescriptor descriptor, Path directory, Split split) {
        if (descriptor.testFraction() != null) {
            Dataset all = whole(descriptor, directory);
            return all.select(Division.of(all, descriptor.testFraction()).samples(split));
        }
        Dataset data = samples(descriptor, directory, split);
        checkShape(descriptor, directory, data, split);
        checkClasses(descriptor, directory, data, split);
        if (descriptor.groups() == null) {
            return data;
        }
        List<String> groups = groups(descriptor, directory, split);
        checkRows(descriptor, directory, Role.groups(split), groups, data);
        GroupTables.checkDisjoint(
                "data set " + descriptor.name() + ": " + descriptor.groups(),
                groups,
                groups(descriptor, directory, other(split)));
        return data.withGroups(groups);
    }

    /** All samples of files that have no parts, with their groups. */
    private static Dataset whole(DatasetDescriptor descriptor, Path directory) {
        Dataset data = switch (descriptor.format()) {
            case IDX ->
                IdxDataset.of(
                        descriptor.name(),
                        idx(descriptor, directory, Role.ALL_IMAGES),
                        idx(descriptor, directory, Role.ALL_LABELS),
                        descriptor.classNames());
            case CSV ->
                CsvDataset.read(
                        descriptor.name(),
                        checked(descriptor, directory, Role.ALL_TABLE),
                        descriptor.tableOptions(),
                        descriptor.classNames());
            case IMAGES ->
                ImageFolder.read(
                        descriptor.name(),
                        path(descriptor, directory, Role.ALL_FOLDER),
                        images(descriptor),
                        descriptor.classNames());
        };
        if (descriptor.groups() == null) {
            return data;
        }
        List<String> groups = column(descriptor, directory, Role.ALL_GROUPS, Role.ALL_TABLE);
        checkRows(descriptor, directory, Role.ALL_GROUPS, groups, data);
        return data.withGroups(groups);
    }

    private static void checkRows(
            DatasetDescriptor descriptor, Path directory, Role role, List<String> groups, Dataset data) {
        if (groups.size() != data.size()) {
            throw new UserError(path(descriptor, directory, role) + ": " + groups.size() + " rows; expected "
                    + data.size() + ", one for each sample");
        }
    }

    private static Split other(Split split) {
        return split == Split.TRAIN ? Split.TEST : Split.TRAIN;
    }

    /** A model of one shape cannot read the other, even where both have as many values. */
    private static void checkShape(DatasetDescriptor descriptor, Path directory, Dataset data, Split split) {
        Split other = other(split);
        Path file =
                path(descriptor, directory, Role.of(descriptor.format(), other).get(0));
        int[] shape = {data.channels(), data.height(), data.width()};
        int[] found = switch (descriptor.format()) {
            case IDX -> IdxDataset.shape(Idx.dims(file));
            case CSV -> CsvDataset.shape(file, descriptor.tableOptions());
            case IMAGES -> ImageFolder.shape(file, images(descriptor));
        };
        if (!Arrays.equals(shape, found)) {
            throw new UserError(file + ": " + other.word() + " samples are " + shown(found) + "; expected "
                    + shown(shape) + " as the " + split.word() + " samples");
        }
    }

    /** Bare ids that each split has and the other lacks are counted from 0 in one and from 1 in the other, or are other classes. */
    private static void checkClasses(DatasetDescriptor descriptor, Path directory, Dataset data, Split split) {
        if (descriptor.classNames() != null || descriptor.format() == DatasetDescriptor.Format.IMAGES) {
            return;
        }
        Split other = other(split);
        SortedSet<Integer> here = distinct(data.classes());
        SortedSet<Integer> there = distinct(
                descriptor.format() == DatasetDescriptor.Format.IDX
                        ? IdxDataset.classes(
                                idx(descriptor, directory, other == Split.TRAIN ? Role.TRAIN_LABELS : Role.TEST_LABELS))
                        : CsvDataset.classes(
                                path(
                                        descriptor,
                                        directory,
                                        Role.of(descriptor.format(), other).get(0)),
                                descriptor.tableOptions()));
        SortedSet<Integer> onlyHere = new TreeSet<>(here);
        onlyHere.removeAll(there);
        SortedSet<Integer> onlyThere = new TreeSet<>(there);
        onlyThere.removeAll(here);
        if (!onlyHere.isEmpty() && !onlyThere.isEmpty()) {
            throw new UserError("data set " + descriptor.name() + ": class " + some(onlyHere) + " is only in "
                    + split.word() + ", class " + some(onlyThere) + " only in " + other.word()
                    + "; expected the same classes. Maybe list classNames in a descriptor");
        }
    }

    private static SortedSet<Integer> distinct(int[] classes) {
        return Arrays.stream(classes).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    private static String some(SortedSet<Integer> classes) {
        String first = classes.stream().limit(3).map(String::valueOf).collect(Collectors.joining(", "));
        return classes.size() <= 3 ? first : first + " (and " + (classes.size() - 3) + " more)";
    }

    private static String shown(int[] shape) {
        return shape[0] + " x " + shape[1] + " x " + shape[2];
    }

    private static ImageOptions images(DatasetDescriptor descriptor) {
        return descriptor.images() == null ? ImageOptions.DEFAULT : descriptor.images();
    }

    /** Ids must mean the same in both splits, also where one lacks a class. */
    private static List<String> classFolders(DatasetDescriptor descriptor, Path directory) {
        return descriptor.classNames() != null
                ? descriptor.classNames()
                : ImageFolder.classFolders(path(descriptor, directory, Role.TRAIN_FOLDER));
    }

    private static List<String> groups(DatasetDescriptor descriptor, Path directory, Split split) {
        return column(
                descriptor, directory, Role.groups(split), split == Split.TRAIN ? Role.TRAIN_TABLE : Role.TEST_TABLE);
    }

    /** The groups' column of a file of its own, or else of the table. */
    private static List<String> column(DatasetDescriptor descriptor, Path directory, Role own, Role table) {
        return descriptor.groupsInTable()
                ? CsvColumn.read(
                        checked(descriptor, directory, table),
                        descriptor.groups(),
                        descriptor.tableOptions().separator())
                : CsvColumn.read(checked(descriptor, directory, own), descriptor.groups());
    }

    private static Dataset samples(DatasetDescriptor descriptor, Path directory, Split split) {
        boolean train = split == Split.TRAIN;
        return switch (descriptor.format()) {
            case IDX ->
                IdxDataset.of(
                        descriptor.name(),
                        idx(descriptor, directory, train ? Role.TRAIN_IMAGES : Role.TEST_IMAGES),
                        idx(descriptor, directory, train ? Role.TRAIN_LABELS : Role.TEST_LABELS),
                        descriptor.classNames());
            case CSV ->
                CsvDataset.read(
                        descriptor.name(),
                        checked(descriptor, directory, train ? Role.TRAIN_TABLE : Role.TEST_TABLE),
                        descriptor.tableOptions(),
                        descriptor.classNames());
            case IMAGES ->
                ImageFolder.read(
                        descriptor.name(),
                        path(descriptor, directory, train ? Role.TRAIN_FOLDER : Role.TEST_FOLDER),
                        images(descriptor),
                        classFolders(descriptor, directory));
        };
    }

    private static IdxArray idx(DatasetDescriptor descriptor, Path directory, Role role) {
        DataFile file = descriptor.file(role);
        if (file.contentSha256() == null) {
            return Idx.read(checked(descriptor, directory, role));
        }
        IdxArray array = Idx.read(path(descriptor, directory, role));
        if (!file.contentSha256().equals(array.sha256())) {
            throw new UserError(array.file() + ": unzipped content has SHA-256 " + array.sha256() + "; data set "
                    + descriptor.name() + " expects " + file.contentSha256());
        }
        return array;
    }

    private static Path path(DatasetDescriptor descriptor, Path directory, Role role) {
        DataFile file = descriptor.file(role);
        return DatasetCatalog.resolve(directory, file)
                .orElseThrow(() -> new UserError(directory.resolve(file.name()) + ": no such file"));
    }

    private static Path checked(DatasetDescriptor descriptor, Path directory, Role role) {
        Path path = path(descriptor, directory, role);
        DataFile file = descriptor.file(role);
        if (file.contentSha256() != null) {
            checkContent(descriptor, path, file);
        } else if (file.sha256() != null && path.endsWith(file.name())) {
            try {
                String actual = Hashing.sha256Hex(path);
                if (!actual.equals(file.sha256())) {
                    throw new UserError(path + ": SHA-256 is " + actual + "; data set " + descriptor.name()
                            + " expects " + file.sha256());
                }
            } catch (IOException e) {
                throw new UserError(path + ": cannot be read: " + e.getMessage(), e);
            }
        }
        return path;
    }

    private static void checkContent(DatasetDescriptor descriptor, Path path, DataFile file) {
        String actual = Verification.contentHash(path);
        if (!actual.equals(file.contentSha256())) {
            throw new UserError(path + ": unzipped content has SHA-256 " + actual + "; data set " + descriptor.name()
                    + " expects " + file.contentSha256());
        }
    }
}
