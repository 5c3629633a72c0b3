package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.common.UserError;
import org.qexit.common.Waiting;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** However a command fails, one line comes out, with 2 for what its user can mend and 70 for a bug; never 1, which rejects a bundle. */
class FailuresTest {
    /** A command that fails. */
    @Command(name = "boom")
    private static final class Boom implements Callable<Integer> {
        private final Throwable failure;

        Boom(Throwable failure) {
            this.failure = failure;
        }

        @Override
        public Integer call() throws Exception {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        }
    }

    private static Throwable causedBy(Throwable outer, Throwable cause) {
        return outer.initCause(cause);
    }

    static List<Arguments> failures() {
        IOException full = new IOException("No space left on device");
        return List.of(
                Arguments.of(new UserError("a.yaml: wrong"), 2, "qexit: a.yaml: wrong"),
                Arguments.of(new OutOfMemoryError("Java heap space"), 2, "QEXIT_HEAP"),
                Arguments.of(
                        new IllegalStateException("x", new OutOfMemoryError("unable to create native thread")),
                        2,
                        "native thread"),
                Arguments.of(new StackOverflowError(), 70, "bug"),
                Arguments.of(
                        new NullPointerException("first\nsecond"), 70, "NullPointerException: first, at org.qexit."),
                Arguments.of(new AssertionError(), 70, "bug"),
                Arguments.of(new NoClassDefFoundError("org/qexit/Missing"), 70, "Missing"),
                Arguments.of(
                        new ExceptionInInitializerError(new RuntimeException(full)),
                        2,
                        "cannot be loaded: No space left"),
                Arguments.of(
                        causedBy(
                                new NoClassDefFoundError("Could not initialize class org.duckdb.DuckDBNative"),
                                new UnsatisfiedLinkError("/a/b.so: /a/b.so: failed to map segment from shared object")),
                        2,
                        "cannot be loaded: failed to map segment from shared object. Maybe"),
                Arguments.of(new UncheckedIOException(full), 2, "No space left on device"),
                Arguments.of(new UncheckedIOException("cannot list d", full), 2, "cannot list d: No space left"),
                Arguments.of(
                        new UncheckedIOException(new AccessDeniedException("/etc/shadow")),
                        2,
                        "/etc/shadow: no permission"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyFailureIsOneLine(Throwable failure, int code, String part) {
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.addSubcommand(new Boom(failure));
        line.setErr(new PrintWriter(err, true));
        line.getSubcommands().get("boom").setErr(new PrintWriter(err, true));
        assertEquals(code, line.execute("boom"), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().startsWith("qexit: ") && err.toString().contains(part), err.toString());
        assertTrue(Stream.of("\tat ", "Exception in thread").noneMatch(err.toString()::contains), err.toString());
    }

    /** Another thread's failure is as good as one's own. */
    @ParameterizedTest
    @MethodSource("failures")
    void anotherThreadsFailureIsTheSame(Throwable failure, int code, String part) {
        CompletableFuture<Object> future = new CompletableFuture<>();
        future.completeExceptionally(failure);
        Throwable seen = null;
        try {
            Waiting.resultOf(future);
        } catch (RuntimeException | Error e) {
            seen = e;
        }
        assertEquals(failure, seen, part + code);
    }
}
