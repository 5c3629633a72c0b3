package org.qexit.data.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qexit.common.Checks;
import org.qexit.data.Split;
import org.qexit.data.formats.CsvOptions;
import org.qexit.data.formats.ImageOptions;

/**
 * What is known about a data set: a YAML or JSON file in a data directory.
 *
 * @param name short name, as given on the command line
 * @param title one line on what it is
 * @param home official home
 * @param licence licence and holder
 * @param obtain how to get it, one line; null if it comes with the program
 * @param format file format
 * @param classNames names by class id; null means the ids, or the folder names
 * @param directories where its files may lie, absolute or relative to a data directory; null means its name
 * @param files its files
 * @param csv options for tables; null for the defaults
 * @param images options for image folders; null for the defaults
 * @param groups column that names each sample's group, of the files with role train_groups and test_groups (all_groups), or, where there
 *     are none, of the table itself; null for no groups
 * @param made how it was made from another data set; null for an original
 * @param testFraction share of the samples, or of whole groups, that becomes the test part where the files (roles all_table, all_folder,
 *     all_images and all_labels) have no parts; null means that they have
 */
public record DatasetDescriptor(
        String name,
        String title,
        String home,
        String licence,
        String obtain,
        Format format,
        List<String> classNames,
        List<String> directories,
        List<DataFile> files,
        CsvOptions csv,
        ImageOptions images,
        String groups,
        Made made,
        Double testFraction) {
    /** Of files that come in two parts. */
    public DatasetDescriptor(
            String name,
            String title,
            String home,
            String licence,
            String obtain,
            Format format,
            List<String> classNames,
            List<String> directories,
            List<DataFile> files,
            CsvOptions csv,
            ImageOptions images,
            String groups,
            Made made) {
        this(
                name,
                title,
                home,
                licence,
                obtain,
                format,
                classNames,
                directories,
                files,
                csv,
                images,
                groups,
                made,
                null);
    }

    public DatasetDescriptor {
        Checks.notBlank("name", name);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException(
                    "name is '" + name + "'; expected letters, digits, '.', '_' and '-' only");
        }
        Checks.present("format", format);
        Checks.present("files", files);
        files = List.copyOf(files);
        classNames = classNames == null ? null : List.copyOf(classNames);
        directories = directories == null ? List.of(name) : List.copyOf(directories);
        if (csv != null && format != Format.CSV || images != null && format != Format.IMAGES) {
            throw new IllegalArgumentException("csv or images has options, but format is " + format);
        }
        if (testFraction != null && !(testFraction > 0 && testFraction < 1)) {
            throw new IllegalArgumentException(
                    "testFraction is " + testFraction + "; expected more than 0 and less than 1");
        }
        List<Role> roles = new ArrayList<>();
        if (testFraction != null) {
            roles.addAll(Role.whole(format));
        } else {
            for (Split split : Split.values()) {
                roles.addAll(Role.of(format, split));
            }
        }
        if (groups != null
                && !(format == Format.CSV
                        && files.stream().noneMatch(f -> f.role().isGroups()))) {
            roles.addAll(
                    testFraction != null ? List.of(Role.ALL_GROUPS) : List.of(Role.TRAIN_GROUPS, Role.TEST_GROUPS));
        }
        for (Role role : roles) {
            long count = files.stream().filter(f -> f.role() == role).count();
            if (count != 1) {
                throw new IllegalArgumentException("files holds " + count + " with role "
                        + role.name().toLowerCase(java.util.Locale.ROOT) + "; expected one");
            }
        }
    }

    /** The same with other directories in which its files may lie. */
    public DatasetDescriptor within(List<String> others) {
        return new DatasetDescriptor(
                name,
                title,
                home,
                licence,
                obtain,
                format,
                classNames,
                others,
                files,
                csv,
                images,
                groups,
                made,
                testFraction);
    }

    /** Whether the groups' column is one of the table that holds the samples. */
    boolean groupsInTable() {
        return groups != null && files.stream().noneMatch(f -> f.role().isGroups());
    }

    /** Options of the table, without the groups' column. */
    CsvOptions tableOptions() {
        CsvOptions options = csv == null ? CsvOptions.DEFAULT : csv;
        return groupsInTable() ? options.ignoring(groups) : options;
    }

    /** The file with a role that the format asks for. */
    DataFile file(Role role) {
        return files.stream().filter(f -> f.role() == role).findFirst().orElseThrow();
    }

    /** File formats that loaders know. */
    public enum Format {
        /** IDX files of images and of labels, plain or gzipped. */
        IDX,
        /** A table with a label column and pixel columns, plain or gzipped. */
        CSV,
        /** A folder per class with PNG or JPEG files. */
        IMAGES
    }

    /** What a file of a data set is for. */
    public enum Role {
        TRAIN_IMAGES,
        TRAIN_LABELS,
        TEST_IMAGES,
        TEST_LABELS,
        TRAIN_TABLE,
        TEST_TABLE,
        TRAIN_FOLDER,
        TEST_FOLDER,
        TRAIN_GROUPS,
        TEST_GROUPS,
        ALL_IMAGES,
        ALL_LABELS,
        ALL_TABLE,
        ALL_FOLDER,
        ALL_GROUPS,
        OTHER;

        boolean isGroups() {
            return this == TRAIN_GROUPS || this == TEST_GROUPS || this == ALL_GROUPS;
        }

        /** The roles of files that have no parts. */
        public static List<Role> whole(Format format) {
            return switch (format) {
                case IDX -> List.of(ALL_IMAGES, ALL_LABELS);
                case CSV -> List.of(ALL_TABLE);
                case IMAGES -> List.of(ALL_FOLDER);
            };
        }

        /** The table that names each sample's group. */
        static Role groups(Split split) {
            return split == Split.TRAIN ? TRAIN_GROUPS : TEST_GROUPS;
        }

        /** The roles that make up a split. */
        static List<Role> of(Format format, Split split) {
            boolean train = split == Split.TRAIN;
            return switch (format) {
                case IDX -> train ? List.of(TRAIN_IMAGES, TRAIN_LABELS) : List.of(TEST_IMAGES, TEST_LABELS);
                case CSV -> List.of(train ? TRAIN_TABLE : TEST_TABLE);
                case IMAGES -> List.of(train ? TRAIN_FOLDER : TEST_FOLDER);
            };
        }
    }

    /**
     * A file or folder of a data set.
     *
     * @param role what it is for
     * @param name its name; a name that ends in .gz also stands for the unzipped file
     * @param sha256 of the file as published, or null
     * @param contentSha256 of the unzipped file, or null; zip programs differ, contents do not
     */
    public record DataFile(Role role, String name, String sha256, String contentSha256) {
        public DataFile {
            Checks.present("role", role);
            Checks.notBlank("name", name);
            checkHash("sha256", sha256);
            checkHash("contentSha256", contentSha256);
        }

        private static void checkHash(String field, String hash) {
            if (hash != null && !hash.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException(
                        field + " is '" + hash + "'; expected 64 lower-case hexadecimal digits");
            }
        }

        Optional<String> unzippedName() {
            return name.endsWith(".gz") ? Optional.of(name.substring(0, name.length() - 3)) : Optional.empty();
        }
    }

    /**
     * How a data set was made from another.
     *
     * @param command the command that makes the same bytes again
     * @param source name of the data set it was made from
     * @param sourceSha256 SHA-256 of each source file as it was, by name
     */
    public record Made(String command, String source, Map<String, String> sourceSha256) {
        public Made {
            sourceSha256 = sourceSha256 == null ? Map.of() : new java.util.TreeMap<>(sourceSha256);
        }
    }
}
