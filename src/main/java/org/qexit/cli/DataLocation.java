package org.qexit.cli;

import java.nio.file.Path;
import org.qexit.data.DatasetCatalog;
import picocli.CommandLine.Option;

/** Where commands that read data sets look for them. */
final class DataLocation {
    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Look for data sets here first, then in $" + DatasetCatalog.ENVIRONMENT
                    + " and the program's datasets/.")
    private Path directory;

    /** As given, or null. */
    Path directory() {
        return directory;
    }

    DatasetCatalog catalog() {
        return DatasetCatalog.standard(directory);
    }
}
