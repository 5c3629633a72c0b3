package org.qexit.data.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.qexit.common.Hashing;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.Split;
import org.qexit.data.catalog.DatasetDescriptor.DataFile;
import org.qexit.data.catalog.DatasetDescriptor.Role;
import org.qexit.data.formats.CsvColumn;
import org.qexit.data.formats.CsvDataset;
import org.qexit.data.formats.CsvOptions;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.IdxArray;
import org.qexit.data.formats.IdxDataset;
import org.qexit.data.formats.ImageFolder;
import org.qexit.data.formats.ImageOptions;

/** Loads what a descriptor describes, and refuses files whose content is not the one it names. */
final class DatasetLoader {
    private DatasetLoader() {}

    static Dataset load(DatasetDescriptor descriptor, Path directory, Split split) {
        Dataset data = samples(descriptor, directory, split);
        if (descriptor.groups() == null) {
            return data;
        }
        List<String> groups = groups(descriptor, directory, split);
        if (groups.size() != data.size()) {
            throw new UserError(path(descriptor, directory, Role.groups(split)) + ": " + groups.size()
                    + " rows; expected " + data.size() + ", one for each sample");
        }
        Split other = split == Split.TRAIN ? Split.TEST : Split.TRAIN;
        GroupTables.checkDisjoint(
                "data set " + descriptor.name() + ": " + descriptor.groups(),
                groups,
                groups(descriptor, directory, other));
        return data.withGroups(groups);
    }

    private static List<String> groups(DatasetDescriptor descriptor, Path directory, Split split) {
        return CsvColumn.read(checked(descriptor, directory, Role.groups(split)), descriptor.groups());
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
                        descriptor.csv() == null ? CsvOptions.DEFAULT : descriptor.csv(),
                        descriptor.classNames());
            case IMAGES ->
                ImageFolder.read(
                        descriptor.name(),
                        path(descriptor, directory, train ? Role.TRAIN_FOLDER : Role.TEST_FOLDER),
                        descriptor.images() == null ? ImageOptions.DEFAULT : descriptor.images(),
                        descriptor.classNames());
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
