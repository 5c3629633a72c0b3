package org.qexit.cli.console;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.qexit.common.ConfigText;
import picocli.CommandLine.Option;

/** Other values for fields of a configuration. */
public final class SetOptions {
    @Option(
            names = "--set",
            paramLabel = "FIELD=VALUE",
            description =
                    "Another value for a field, such as training.epochs=20, data.task.critical=[coat] or model.blocks.0.channels=4;"
                            + " may be given several times.")
    private List<String> assignments = new ArrayList<>();

    /** The configuration with these values. */
    public ConfigText read(Path file, Class<?> type) {
        return ConfigText.of(file, assignments, type);
    }

    public List<String> assignments() {
        return assignments;
    }
}
