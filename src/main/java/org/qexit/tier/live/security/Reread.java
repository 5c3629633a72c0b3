package org.qexit.tier.live.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.qexit.common.UserError;

/**
 * What files hold, read anew when one of them changes. What is not readable then is told once and what was read before stays: a file that
 * is half copied ends no service.
 */
final class Reread<T> {
    private final List<Path> files;
    private final Supplier<T> reader;
    private final Consumer<String> log;
    private List<Object> stamps;
    private T value;

    /** @throws UserError if the files are not readable at the start */
    Reread(List<Path> files, Supplier<T> reader, Consumer<String> log) {
        this.files = List.copyOf(files);
        this.reader = reader;
        this.log = log;
        stamps = stamps();
        value = reader.get();
    }

    /** The present content; costs a look at each file's attributes. */
    synchronized T get() {
        List<Object> now = stamps();
        if (!now.equals(stamps)) {
            // Before it is read: a change meanwhile is seen by the next call.
            stamps = now;
            try {
                value = reader.get();
            } catch (UserError e) {
                log.accept(e.getMessage() + "; what was read before stays");
            }
        }
        return value;
    }

    private List<Object> stamps() {
        return files.stream().map(Reread::stamp).toList();
    }

    private static Object stamp(Path file) {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(is.lastModifiedTime(), is.size(), String.valueOf(is.fileKey()));
        } catch (IOException e) {
            return "missing";
        }
    }
}
