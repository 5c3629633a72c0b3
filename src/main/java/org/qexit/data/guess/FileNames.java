package org.qexit.data.guess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.qexit.common.UserError;

/** What names of files and folders tell. */
final class FileNames {
    private static final Pattern TRAIN = Pattern.compile("(?i)(^|.*[^a-z])train(ing)?([^a-z].*|$)");
    private static final Pattern TEST =
            Pattern.compile("(?i)(^|.*[^a-z])(test(ing)?|val(id(ation)?)?|eval)([^a-z].*|$)");
    private static final int LONGEST = 40;

    private FileNames() {}

    static boolean isTable(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).matches(".*\\.(csv|tsv|txt|dat)(\\.gz)?");
    }

    static boolean isTrain(Path file) {
        return TRAIN.matcher(file.getFileName().toString()).matches();
    }

    static boolean isTest(Path file) {
        return TEST.matcher(file.getFileName().toString()).matches();
    }

    /** Files and folders in a directory, by name, without hidden ones. */
    static List<Path> entries(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UserError(directory + ": cannot be listed: " + e.getMessage(), e);
        }
    }

    /** Tables that are no notes: where there are others, files called README and the like do not count. */
    static List<Path> tables(Path directory) {
        return entries(directory).stream()
                .filter(Files::isRegularFile)
                .filter(FileNames::isTable)
                .filter(file -> !file.getFileName().toString().matches("(?i)(readme|licen[cs]e|notes|requirements).*"))
                .toList();
    }

    /** The only table, or the one of the training and the one of the test part. */
    static List<Path> parts(Path directory, List<Path> tables) {
        if (tables.size() == 1) {
            return tables;
        }
        List<Path> train = tables.stream().filter(FileNames::isTrain).toList();
        List<Path> test = tables.stream()
                .filter(file -> FileNames.isTest(file) && !FileNames.isTrain(file))
                .toList();
        if (train.size() == 1 && test.size() == 1) {
            return List.of(train.get(0), test.get(0));
        }
        throw new UserError(directory + ": has " + tables.size() + " tables, "
                + tables.get(0).getFileName() + " and others;"
                + " expected one, or one with train and one with test in its name. Maybe name one of them");
    }

    /** A name that data sets and runs may have. */
    static String plain(Path path) {
        Path last = path.getFileName();
        String text =
                (last == null ? "data" : last.toString()).replaceAll("(?i)\\.(csv|tsv|txt|dat|gz|ya?ml|json)", "");
        String plain = text.replaceAll("[^A-Za-z0-9._-]+", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        return plain.isEmpty() ? "data" : plain.substring(0, Math.min(LONGEST, plain.length()));
    }
}
