package org.qexit.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A reader under fuzz.
 *
 * @param name what it reads
 * @param extension of the files it reads
 * @param text whether they are text
 * @param seeds good files
 * @param reader reads a spoilt one
 */
record FuzzTarget(String name, String extension, boolean text, List<byte[]> seeds, Reader reader) {
    /** Reads a file whole, as a command would. */
    @FunctionalInterface
    interface Reader {
        void read(Path file) throws IOException;
    }

    @Override
    public String toString() {
        return name;
    }
}
