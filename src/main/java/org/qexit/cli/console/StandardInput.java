package org.qexit.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.qexit.common.UserError;

/** A file that is read from its beginning more than once, in the place of {@code -}: what came on standard input, put down first. */
public final class StandardInput {
    private static final Path DASH = Path.of("-");

    private StandardInput() {}

    /**
     * The file itself, or for {@code -} one of what standard input holds, CSV; gone when the program ends.
     *
     * @throws UserError if it cannot be put down
     */
    public static Path orFile(Path given) {
        return given.equals(DASH) ? csv(System.in) : given;
    }

    static Path csv(InputStream in) {
        try {
            Path file = Files.createTempFile("standard-input", ".csv");
            file.toFile().deleteOnExit();
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new UserError("standard input cannot be put down: " + e.getMessage(), e);
        }
    }
}
