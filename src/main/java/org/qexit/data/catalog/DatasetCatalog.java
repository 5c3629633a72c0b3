package org.qexit.data.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.qexit.common.Json;
import org.qexit.common.Suggestions;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.Split;
import org.qexit.data.catalog.DatasetDescriptor.DataFile;
import org.qexit.data.catalog.DatasetDescriptor.Role;
import org.qexit.data.formats.ImageFolder;
import org.qexit.data.formats.ImageOptions;

/**
 * The data sets known by name, from the descriptors in the data directories, and where their files are. Of two descriptors
 * with one name, the one in the earlier directory counts.
 */
public final class DatasetCatalog {
    /** Environment variable that names a data directory. */
    public static final String ENVIRONMENT = "QEXIT_DATA";

    private final List<Path> roots;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private DatasetCatalog(List<Path> roots) {
        this.roots = List.copyOf(roots);
        for (Path root : this.roots) {
            for (Path file : descriptorFiles(root)) {
                DatasetDescriptor descriptor = readDescriptor(file);
                entries.putIfAbsent(descriptor.name(), new Entry(descriptor, file));
            }
        }
    }

    /** Looks in the given directories, in their order. Those that do not exist are passed over. */
    public static DatasetCatalog of(List<Path> directories) {
        return new DatasetCatalog(
                directories.stream().filter(Files::isDirectory).toList());
    }

    /**
     * Looks in {@code dataDirectory} if not null, then in {@value #ENVIRONMENT}, {@code ./datasets} and the program's own
     * {@code datasets/}.
     */
    public static DatasetCatalog standard(Path dataDirectory) {
        Set<Path> directories = new LinkedHashSet<>();
        if (dataDirectory != null) {
            directories.add(existing("--data-dir", dataDirectory));
        }
        String environment = System.getenv(ENVIRONMENT);
        if (environment != null && !environment.isBlank()) {
            directories.add(existing(ENVIRONMENT, Path.of(environment)));
        }
        directories.add(Path.of("datasets"));
        String home = System.getenv("QEXIT_HOME");
        if (home != null && !home.isBlank()) {
            directories.add(Path.of(home, "datasets"));
        }
        return of(List.copyOf(directories));
    }

    private static Path existing(String source, Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new UserError(source + " is '" + directory + "'; expected an existing directory");
        }
        return directory;
    }

    /** All entries, in the order of directories and file names. */
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /** All entries with where their files are, or how to get them. */
    public List<Listing> listings() {
        return entries.values().stream()
                .map(entry -> {
                    DatasetDescriptor d = entry.descriptor();
                    Map<String, String> hashes = new LinkedHashMap<>();
                    d.files().stream().filter(f -> f.sha256() != null).forEach(f -> hashes.put(f.name(), f.sha256()));
                    String foundIn = find(entry).map(Path::toString).orElse(null);
                    return new Listing(d.name(), d.title(), d.licence(), d.home(), foundIn, d.obtain(), hashes);
                })
                .toList();
    }

    /** The entry of a name. */
    public Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new UserError("data set '" + name + "': not a known name; known: " + known());
        }
        return entry;
    }

    private String known() {
        return entries.isEmpty() ? "none" : String.join(", ", entries.keySet());
    }

    /** The directories looked in. */
    public List<Path> roots() {
        return roots;
    }

    /**
     * Loads a split of a data set.
     *
     * @param nameOrPath a name of this catalog; or a path to a descriptor, or to a directory that holds {@code train} and
     *     {@code test} as IDX files, CSV files or image folders
     */
    public Dataset load(String nameOrPath, Split split) {
        Located located = locate(nameOrPath);
        return DatasetLoader.load(located.descriptor(), located.directory(), split);
    }

    /**
     * Loads all images of a directory that has a folder for each class, and no training and test parts.
     *
     * @param nameOrPath as for {@link #load}
     * @param options how its images are read
     * @return nothing where the name or path means something else
     */
    public Optional<Dataset> loadImages(String nameOrPath, ImageOptions options) {
        if (entries.containsKey(nameOrPath)) {
            return Optional.empty();
        }
        Path path = path(nameOrPath);
        if (!Files.isDirectory(path) || DirectoryLayout.find(path).isPresent() || !ImageFolder.holdsImages(path)) {
            return Optional.empty();
        }
        return Optional.of(ImageFolder.read(DirectoryLayout.name(path), path, options, null));
    }

    /** The descriptor of a name or path, without loading; for a bare directory, one made from what it holds. */
    public DatasetDescriptor describe(String nameOrPath) {
        Entry entry = entries.get(nameOrPath);
        if (entry != null) {
            return entry.descriptor();
        }
        return locate(nameOrPath).descriptor();
    }

    /** Where the files of a data set are, if all of them are found. */
    public Optional<Path> find(Entry entry) {
        return find(entry.descriptor(), roots);
    }

    Located locate(String nameOrPath) {
        Entry entry = entries.get(nameOrPath);
        if (entry != null) {
            return new Located(entry.descriptor(), find(entry).orElseThrow(() -> missing(entry.descriptor(), roots)));
        }
        Path path = path(nameOrPath);
        if (Files.isDirectory(path)) {
            return new Located(DirectoryLayout.describe(path), path);
        }
        if (Files.isRegularFile(path) && isDescriptor(path)) {
            return located(readDescriptor(path), path.toAbsolutePath().getParent());
        }
        throw new UserError("data set '" + nameOrPath + "': neither a known name nor a directory or descriptor"
                + Suggestions.maybe(nameOrPath, entries.keySet()) + "; known: " + known());
    }

    /** Where the files of a descriptor are that stands in a configuration. */
    private Located located(DatasetDescriptor descriptor, Path directory) {
        List<Path> places = new ArrayList<>();
        places.add(directory);
        places.addAll(roots);
        return new Located(descriptor, find(descriptor, places).orElseThrow(() -> missing(descriptor, places)));
    }

    /**
     * Loads a split of a data set whose descriptor stands in a configuration.
     *
     * @param descriptor its directories are absolute, or relative to the working directory or a data directory
     */
    public Dataset load(DatasetDescriptor descriptor, Split split) {
        Located located = located(descriptor, Path.of("").toAbsolutePath());
        return DatasetLoader.load(located.descriptor(), located.directory(), split);
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UserError("data set '" + text + "': neither a known name nor a path", e);
        }
    }

    private static UserError missing(DatasetDescriptor descriptor, List<Path> roots) {
        String looked = candidates(descriptor, roots).map(Path::toString).collect(Collectors.joining(", "));
        return new UserError("data set " + descriptor.name() + ": its files are not all in any of: " + looked
                + (descriptor.obtain() == null ? "" : ". Maybe " + descriptor.obtain())
                + (descriptor.home() == null ? "" : " (home: " + descriptor.home() + ")"));
    }

    private static Optional<Path> find(DatasetDescriptor descriptor, List<Path> roots) {
        return candidates(descriptor, roots)
                .filter(directory -> descriptor.files().stream()
                        .allMatch(file -> resolve(directory, file).isPresent()))
                .findFirst();
    }

    private static Stream<Path> candidates(DatasetDescriptor descriptor, List<Path> roots) {
        return roots.stream()
                .flatMap(root -> descriptor.directories().stream().map(root::resolve))
                .distinct();
    }

    /** The file in a directory: as named, or unzipped. */
    static Optional<Path> resolve(Path directory, DataFile file) {
        Path named = directory.resolve(file.name());
        if (Files.exists(named)) {
            return Optional.of(named);
        }
        return file.unzippedName().map(directory::resolve).filter(Files::exists);
    }

    private static List<Path> descriptorFiles(Path root) {
        try (Stream<Path> files = Files.list(root)) {
            return files.filter(DatasetCatalog::isDescriptor)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserError(root + ": cannot be listed: " + e.getMessage(), e);
        }
    }

    private static boolean isDescriptor(Path file) {
        return file.toString().matches(".*\\.(json|yaml|yml)");
    }

    public static DatasetDescriptor readDescriptor(Path file) {
        return file.toString().endsWith(".json")
                ? Json.read(file, DatasetDescriptor.class)
                : Json.readYaml(file, DatasetDescriptor.class);
    }

    /**
     * A data set known by name.
     *
     * @param descriptor what is known about it
     * @param file where that was read
     */
    public record Entry(DatasetDescriptor descriptor, Path file) {}

    /**
     * What a user needs to know of a data set.
     *
     * @param name its name
     * @param title one line on what it is
     * @param licence licence and holder
     * @param home official home
     * @param foundIn the directory that holds its files, or null
     * @param obtain how to get it, or null
     * @param sha256 of each file as published, by name; empty where unknown
     */
    public record Listing(
            String name,
            String title,
            String licence,
            String home,
            String foundIn,
            String obtain,
            Map<String, String> sha256) {}

    /** A descriptor and the directory that holds all its files. */
    record Located(DatasetDescriptor descriptor, Path directory) {
        Path file(Role role) {
            return resolve(directory, descriptor.file(role)).orElseThrow();
        }
    }
}
