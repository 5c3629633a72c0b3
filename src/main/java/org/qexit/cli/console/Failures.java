package org.qexit.cli.console;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.qexit.common.InfeasibleError;
import org.qexit.common.UserError;
import org.qexit.common.Version;
import org.qexit.common.WriteReasons;

/** Says in one line why a command ends without a result, and with which exit code: whatever happens, that is all that is seen. */
public final class Failures {
    /** Set to anything, it shows a bug's stack too. */
    public static final String STACK = "QEXIT_STACK";

    private static final String OURS = "org.qexit.";
    private static final int DEEPEST = 20;

    private Failures() {}

    /** Prints the line; returns the exit code. */
    public static int explain(Throwable failure, PrintWriter err) {
        Optional<String> mendable = mendable(failure);
        err.println("qexit: " + mendable.orElseGet(() -> bug(failure)));
        if (mendable.isEmpty() && System.getenv(STACK) != null) {
            failure.printStackTrace(err);
        }
        err.flush();
        if (failure instanceof InfeasibleError) {
            return ExitCode.INFEASIBLE;
        }
        return mendable.isPresent() ? ExitCode.USER_ERROR : ExitCode.BUG;
    }

    /** What the user can do something about: a mistake, memory, disk space, permissions. */
    private static Optional<String> mendable(Throwable failure) {
        if (failure instanceof UserError) {
            return Optional.of(failure.getMessage());
        }
        List<Throwable> causes = causes(failure);
        for (Throwable cause : causes) {
            if (cause instanceof OutOfMemoryError) {
                return Optional.of("memory does not suffice (" + line(cause) + "; the heap is "
                        + (Runtime.getRuntime().maxMemory() >> 20)
                        + " MiB). Maybe set another, such as QEXIT_HEAP=8g");
            }
        }
        Throwable root = causes.get(causes.size() - 1);
        boolean linking = causes.stream().anyMatch(LinkageError.class::isInstance);
        if (linking && (root instanceof UnsatisfiedLinkError || root instanceof IOException)) {
            return Optional.of("a native library cannot be loaded: "
                    + (root instanceof IOException refused ? WriteReasons.of(refused) : afterFile(line(root)))
                    + ". Maybe " + System.getProperty("java.io.tmpdir") + " or "
                    + System.getProperty("org.bytedeco.javacpp.cachedir", "the home directory")
                    + " is full or may not hold programs (noexec): set TMPDIR to another");
        }
        if (failure instanceof UncheckedIOException unchecked) {
            String reason = WriteReasons.of(unchecked.getCause());
            return Optional.of(
                    unchecked.getCause() instanceof FileSystemException refused
                            ? refused.getFile() + ": " + reason
                            : line(failure).contains(reason) ? line(failure) : line(failure) + ": " + reason);
        }
        return Optional.empty();
    }

    private static String bug(Throwable failure) {
        List<Throwable> causes = causes(failure);
        Throwable root = causes.get(causes.size() - 1);
        StackTraceElement at = null;
        for (StackTraceElement frame : root.getStackTrace()) {
            if (frame.getClassName().startsWith(OURS)) {
                at = frame;
                break;
            }
        }
        return "this is a bug in qexit " + Version.current() + ", please report it: "
                + root.getClass().getSimpleName()
                + (root.getMessage() == null ? "" : ": " + UserError.shown(line(root)))
                + (at == null ? "" : ", at " + at)
                + ". With " + STACK + "=1 the stack is shown";
    }

    /** The failure, what caused it, what caused that. */
    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = failure; cause != null && causes.size() < DEEPEST; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    private static String line(Throwable failure) {
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    /** Without the file's name, which loaders write twice, and without the path that was searched. */
    private static String afterFile(String message) {
        int search = message.indexOf(" in java.library.path");
        return search >= 0
                ? message.substring(0, search)
                : message.substring(message.lastIndexOf(": ") + 1).trim();
    }
}
