package org.qexit.data.guess;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.Split;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.catalog.DatasetDescriptor;
import org.qexit.data.catalog.DatasetDescriptor.DataFile;
import org.qexit.data.catalog.DatasetDescriptor.Format;
import org.qexit.data.catalog.DatasetDescriptor.Role;
import org.qexit.data.formats.CsvOptions;
import org.qexit.data.formats.ImageOptions;

/**
 * What a directory or file holds, as far as its names and contents tell.
 *
 * @param kind "images", "series", "table" or "descriptor"
 * @param descriptor how it is read, its directories absolute; null where the path alone says it
 * @param path what was looked at
 * @param train its training part
 * @param test its test part
 * @param notes what was decided on the way, one sentence each
 */
public record DataGuess(
        String kind, DatasetDescriptor descriptor, Path path, Dataset train, Dataset test, List<String> notes) {
    /** Share of samples that are kept for tests where files have no parts. */
    static final double TEST_FRACTION = 0.25;

    public DataGuess {
        notes = List.copyOf(notes);
    }

    /**
     * What the user says beforehand; each may be null.
     *
     * @param label name or number from 0 of the label's column in a table
     * @param group name of the column that tells patients, machines or the like apart
     */
    public record Said(String label, String group) {}

    /**
     * Looks at a directory or file, and reads all of it once.
     *
     * @throws UserError if nothing in it looks like labelled samples, or they cannot be read
     */
    public static DataGuess of(Path path, Said said) {
        if (!Files.exists(path)) {
            throw new UserError(path + ": no such file or directory");
        }
        Path absolute = path.toAbsolutePath().normalize();
        if (Files.isDirectory(absolute)) {
            return directory(absolute, said);
        }
        String name = absolute.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.matches(".*\\.(ya?ml|json)")) {
            DatasetCatalog catalog = DatasetCatalog.standard(null);
            String text = absolute.toString();
            return new DataGuess(
                    "descriptor",
                    null,
                    absolute,
                    catalog.load(text, Split.TRAIN),
                    catalog.load(text, Split.TEST),
                    List.of());
        }
        if (FileNames.isTable(absolute)) {
            return table(absolute.getParent(), List.of(absolute), said);
        }
        throw new UserError(
                path + ": is no table (.csv, .tsv or .txt, .gz or not) and no descriptor; expected one of these, or a"
                        + " directory of images, tables or IDX files. Maybe convert it to CSV");
    }

    private static DataGuess directory(Path directory, Said said) {
        Optional<DataGuess> idx = IdxGuess.of(directory);
        if (idx.isPresent()) {
            return idx.get();
        }
        List<Path> tables = FileNames.tables(directory);
        if (!tables.isEmpty()) {
            return table(directory, FileNames.parts(directory, tables), said);
        }
        return ImageGuess.of(directory)
                .orElseThrow(
                        () -> new UserError(directory + ": holds nothing that looks like labelled samples; expected a"
                                + " folder of PNG or JPEG files per class (in train/ and test/ or not), tables (.csv, .tsv), or IDX"
                                + " files as of MNIST"));
    }

    /** @param files one table, or those of the training and of the test part */
    private static DataGuess table(Path directory, List<Path> files, Said said) {
        TableGuess guess = TableGuess.of(files, said);
        List<Role> roles = files.size() == 1 ? List.of(Role.ALL_TABLE) : List.of(Role.TRAIN_TABLE, Role.TEST_TABLE);
        List<DataFile> parts = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            parts.add(new DataFile(
                    roles.get(i), directory.relativize(files.get(i)).toString(), null, null));
        }
        return read(
                guess.kind(),
                directory,
                descriptor(
                        directory,
                        files.size() == 1 ? files.get(0) : directory,
                        Format.CSV,
                        guess.classNames(),
                        parts,
                        guess.options(),
                        null,
                        guess.group()),
                guess.notes());
    }

    static DatasetDescriptor descriptor(
            Path directory,
            Path named,
            Format format,
            List<String> classNames,
            List<DataFile> files,
            CsvOptions csv,
            ImageOptions images,
            String groups) {
        boolean whole = files.stream().anyMatch(f -> Role.whole(format).contains(f.role()));
        return new DatasetDescriptor(
                FileNames.plain(named),
                null,
                null,
                null,
                null,
                format,
                classNames,
                List.of(directory.toString()),
                files,
                csv,
                images,
                groups,
                null,
                whole ? TEST_FRACTION : null);
    }

    /** Reads what a descriptor says, which is its proof. */
    static DataGuess read(String kind, Path directory, DatasetDescriptor descriptor, List<String> notes) {
        DatasetCatalog catalog = DatasetCatalog.of(List.of());
        return new DataGuess(
                kind,
                descriptor,
                directory,
                catalog.load(descriptor, Split.TRAIN),
                catalog.load(descriptor, Split.TEST),
                notes);
    }

    /** A name for a run of these data. */
    public String name() {
        return descriptor == null ? FileNames.plain(path) : descriptor.name();
    }

    /** Some names, and how many more there are. */
    static String some(List<String> names) {
        String first = names.stream().limit(6).collect(Collectors.joining(", "));
        return names.size() <= 6 ? first : first + " and " + (names.size() - 6) + " more";
    }
}
