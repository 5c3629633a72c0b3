package org.qexit.scale.spark;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;
import org.qexit.common.UserError;

/** What Spark's failures mean: found beneath the stages and tasks that they come wrapped in. */
final class SparkFailures {
    private static final int DEEPEST = 30;
    private static final String OURS = UserError.class.getName() + ": ";
    /** How Spark quotes what a task threw: its class, what it says, and where it was thrown. */
    private static final Pattern QUOTED =
            Pattern.compile("\\): ([\\w.$]+(?:Exception|Error)(?:: [^\\n]*)?)\\n((?:\\tat [^\\n]*\\n?)+)");

    private SparkFailures() {}

    /** A file that cannot be read as what its footer says. */
    static final class DamagedFile extends UserError {
        private static final long serialVersionUID = 1L;

        private final String file;

        DamagedFile(String file, Throwable cause) {
            super(file + ": is damaged: it cannot be read as the Parquet file that its footer speaks of", cause);
            this.file = file;
        }

        String file() {
            return file;
        }
    }

    /** The failure as the user's mistake where it is one; else as it is. */
    static RuntimeException of(Throwable failure, String what) {
        Throwable at = failure;
        Throwable root = failure;
        for (int depth = 0; at != null && depth < DEEPEST; depth++, at = at.getCause()) {
            root = at;
            if (at instanceof UserError mistake) {
                return mistake;
            }
            if (at instanceof OutOfMemoryError) {
                return new IllegalStateException("memory does not suffice", at);
            }
            if (at instanceof SparkThrowable told
                    && String.valueOf(told.getCondition()).startsWith("FAILED_READ_FILE")) {
                Map<String, String> parameters = told.getMessageParameters();
                return new DamagedFile(TraceFiles.shown(parameters.getOrDefault("path", "a file")), failure);
            }
            String message = String.valueOf(at.getMessage());
            int ours = message.indexOf(OURS);
            if (ours >= 0) {
                return new UserError(
                        message.substring(ours + OURS.length())
                                .lines()
                                .findFirst()
                                .orElse(""),
                        failure);
            }
        }
        String reason = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
        if (thrownHere(root)) {
            return new IllegalStateException(root.getClass().getSimpleName() + ": " + reason, failure);
        }
        Matcher quoted = QUOTED.matcher(String.valueOf(root.getMessage()));
        if (quoted.find() && thrownHere(quoted.group(2).lines().map(line -> line.substring("\tat ".length())))) {
            return new IllegalStateException(quoted.group(1), failure);
        }
        if (root instanceof java.io.IOException
                || root.getClass().getName().startsWith("org.apache.")
                || failure.getClass().getName().startsWith("org.apache.")) {
            return new UserError(
                    what + ": " + UserError.shown(root.getClass().getSimpleName() + ": " + reason), failure);
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(reason, failure);
    }

    /** Whether a program error, not one of files or networks, was thrown by this program's own code or for it by Java's. */
    private static boolean thrownHere(Throwable root) {
        return (root instanceof RuntimeException || root instanceof Error)
                && !(root instanceof UncheckedIOException)
                && !root.getClass().getName().startsWith("org.apache.")
                && thrownHere(Arrays.stream(root.getStackTrace()).map(StackTraceElement::getClassName));
    }

    /** @param frames the innermost first; each begins with its class, or its module and that */
    private static boolean thrownHere(Stream<String> frames) {
        return frames.map(frame -> frame.substring(frame.indexOf('/') + 1))
                .filter(frame -> !frame.startsWith("java.") && !frame.startsWith("jdk."))
                .findFirst()
                .map(frame -> frame.startsWith("org.qexit."))
                .orElse(false);
    }
}
