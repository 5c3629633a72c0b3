package org.qexit.cli.console;

import java.nio.file.Path;
import org.qexit.data.catalog.DatasetCatalog;
import picocli.CommandLine.Option;

/** Where commands that read data sets look for them. */
public final class DataLocation {
    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Look for data sets here first, then in $" + DatasetCatalog.ENVIRONMENT
                    + " and the program's datasets/.")
    private Path directory;

    /** As given, or null. */
    public Path directory() {
        return directory;
    }

    public DatasetCatalog catalog() {
        return DatasetCatalog.standard(directory);
    }
}
