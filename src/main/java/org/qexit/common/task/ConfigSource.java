package org.qexit.common.task;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;
import org.qexit.common.ConfigText;

/**
 * A configuration on its way to other processes, with what was set on the command line.
 *
 * @param file where it was read, absolute
 * @param text with the values that were set
 */
public record ConfigSource(String file, String text) implements Serializable {
    /** Of a configuration that was read here. */
    public static ConfigSource of(ConfigText text) {
        return new ConfigSource(text.file().toAbsolutePath().normalize().toString(), text.text());
    }

    /** As it was read. */
    public ConfigText config() {
        return new ConfigText(Path.of(file), text, Map.of());
    }
}
