package org.qexit.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.qexit.common.UserError;
import org.qexit.common.WriteReasons;
import org.qexit.scale.Engine;
import org.qexit.scale.Session;
import picocli.CommandLine.Option;

/** How to reach Spark, and what can be told of paths without it. */
final class SparkOptions {
    @Option(
            names = "--master",
            paramLabel = "URL",
            description =
                    "Where Spark runs: local[N] for N cores of this machine, spark://HOST:PORT, yarn; by default what"
                            + " spark-submit says, else all cores of this machine.")
    private String master;

    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description = "A setting of Spark's own, such as spark.executor.memory=8g; may be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    Session open() {
        return Engine.connect(master, settings);
    }

    /** Looks at a path of this machine before Spark starts, which takes seconds; patterns and addresses are Spark's. */
    static void checkInput(String path) {
        if (isLocal(path) && !path.matches(".*[*?\\[{].*") && Files.notExists(Path.of(path))) {
            throw new UserError(path + ": no such file or directory");
        }
    }

    static void checkOutput(String directory) {
        if (isLocal(directory)) {
            try {
                WriteReasons.check(Path.of(directory), true);
            } catch (UserError e) {
                throw new UserError("--out " + e.getMessage(), e);
            }
        }
    }

    private static boolean isLocal(String path) {
        if (path.isBlank()) {
            throw new UserError("a path is empty; expected a file or a directory");
        }
        try {
            Path.of(path);
        } catch (InvalidPathException e) {
            throw new UserError(UserError.shown(path) + ": is no path", e);
        }
        return !path.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*");
    }
}
