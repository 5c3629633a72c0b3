package org.qexit.data.formats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.qexit.common.UserError;

/** What lies in folders of images, without what operating systems leave there. */
public final class FolderContents {
    private static final Set<String> SYSTEM = Set.of(
            "__macosx",
            "thumbs.db",
            "ehthumbs.db",
            "desktop.ini",
            "@eadir",
            "$recycle.bin",
            "lost+found",
            "system volume information");

    /** Notes beside the images; all else that is no image to be read is told. */
    private static final Set<String> NOTES =
            Set.of("txt", "md", "csv", "tsv", "json", "yaml", "yml", "xml", "html", "pdf", "log", "md5", "sha256");

    private static final int MAX_DEPTH = 16;

    private FolderContents() {}

    /** Whether a file or folder, or one on the way from a folder to it, is hidden or an operating system's. */
    public static boolean isForeign(Path folder, Path inner) {
        return StreamSupport.stream(folder.relativize(inner).spliterator(), false)
                .anyMatch(FolderContents::isForeign);
    }

    private static boolean isForeign(Path path) {
        String name = path.getFileName().toString();
        return name.startsWith(".") || SYSTEM.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Files and folders in a folder, by name. */
    static List<Path> entries(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new UserError(folder + ": not a directory; expected a folder per class");
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !isForeign(entry))
                    .sorted(Comparator.comparing(entry -> entry.getFileName().toString()))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new UserError(folder + ": cannot be listed: " + e.getMessage(), e);
        }
    }

    static List<Path> images(Path classFolder) {
        return entries(classFolder).stream()
                .filter(ImageFile::isImage)
                .filter(file -> !Files.isDirectory(file))
                .toList();
    }

    /** Whether there is nothing in a folder but notes and foreign files. */
    static boolean isEmpty(Path folder) {
        return files(folder).allMatch(FolderContents::isNote);
    }

    /** Refuses what would be no sample without a word: images of other formats, beside the class folders, or deeper than those. */
    static void refuseLeftOut(Path folder, List<String> classes) {
        List<Path> leftOut = new ArrayList<>(entries(folder).stream()
                .filter(entry -> !Files.isDirectory(entry) && !isNote(entry))
                .toList());
        for (String name : classes) {
            Path classFolder = folder.resolve(name);
            files(classFolder)
                    .filter(file -> !isNote(file))
                    .filter(file -> !ImageFile.isImage(file) || !classFolder.equals(file.getParent()))
                    .forEach(leftOut::add);
        }
        if (!leftOut.isEmpty()) {
            throw new UserError(folder + ": " + leftOut.size()
                    + (leftOut.size() == 1 ? " file is" : " files are")
                    + " no PNG or JPEG in the folder of a class, the first is " + folder.relativize(leftOut.get(0))
                    + "; expected .png, .jpg or .jpeg. Maybe convert or remove "
                    + (leftOut.size() == 1 ? "it" : "them"));
        }
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> all = Files.walk(folder, MAX_DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            return all
                    .filter(file -> !file.equals(folder) && !isForeign(folder, file) && !Files.isDirectory(file))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException | UncheckedIOException e) {
            throw new UserError(folder + ": cannot be listed: " + e.getMessage(), e);
        }
    }

    private static boolean isNote(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return NOTES.contains(name.substring(name.lastIndexOf('.') + 1)) || name.matches("readme|license|licence");
    }
}
