package org.qexit.tier.live.up;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qexit.common.Checks;
import org.qexit.common.UserError;

/**
 * Nodes as processes: {@code qexit serve en}. A Ctrl-C at the terminal goes to all processes there; the nodes do not heed it, as they have
 * to answer what devices still send. Each has a shell above it that sends it SIGTERM when its own standard input ends: when it is the
 * node's turn, and when this process is no more, whatever killed it.
 */
public final class ProcessNodes implements NodeHost {
    private static final Path SHELL = Path.of("/bin/sh");
    private static final String WATCH = "exec 3<&0; trap '' INT; \"$@\" 3<&- & node=$!;"
            + " { cat <&3; kill -TERM $node; } >/dev/null 2>&1 & exec 3<&- </dev/null; wait $node";
    private static final Pattern READY = Pattern.compile("ready: (https://\\S+) .*");
    private static final long MOST_SECONDS = 60;

    private final List<String> qexit;
    private final Duration patience;

    /** @param qexit the words that start the program, before its own */
    public ProcessNodes(List<String> qexit) {
        this(qexit, Duration.ofSeconds(MOST_SECONDS));
    }

    /** @param patience with a node that does not say that it is ready */
    ProcessNodes(List<String> qexit, Duration patience) {
        this.qexit = List.copyOf(Checks.present("qexit", qexit));
        this.patience = patience;
    }

    @Override
    public Running start(Order order, Consumer<String> say) {
        Process process;
        try {
            process = new ProcessBuilder(words(order)).start();
        } catch (IOException e) {
            throw new UserError("node " + order.id() + " does not start: " + e.getMessage(), e);
        }
        follow("node-" + order.id(), process.getErrorStream(), say);
        boolean ready = false;
        try {
            String address = address(process, order.id(), patience);
            ready = true;
            return new Own(process, address);
        } finally {
            if (!ready) {
                end(process, Duration.ofSeconds(1));
            }
        }
    }

    private List<String> words(Order order) {
        List<String> words = new ArrayList<>();
        if (Files.isExecutable(SHELL)) {
            words.addAll(List.of(SHELL.toString(), "-c", WATCH, "qexit"));
        }
        words.addAll(qexit);
        words.addAll(List.of(
                "serve",
                "en",
                order.bundle().toString(),
                "--plan",
                order.plan().toString(),
                "--node",
                order.id(),
                "--http-port",
                "0",
                "--tls",
                order.tls().toString(),
                "--state",
                order.state().toString(),
                "--period-seconds",
                Double.toString(order.periodSeconds()),
                "--units-per-event",
                Double.toString(order.unitsPerEvent()),
                "--control",
                order.cloud().toString(),
                "--trust",
                order.trust().toString(),
                "--control-seconds",
                Double.toString(LiveDeployment.CONTROL_SECONDS)));
        if (order.tells()) {
            words.addAll(List.of("--cloud", order.cloud().toString()));
        }
        return words;
    }

    private static String address(Process process, String id, Duration patience) {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        CompletableFuture<String> first = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try {
                        first.complete(lines.readLine());
                    } catch (IOException e) {
                        first.completeExceptionally(e);
                    }
                },
                "ready-" + id);
        reader.setDaemon(true);
        reader.start();
        try {
            String line = first.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            Matcher ready = READY.matcher(line == null ? "" : line);
            if (!ready.matches()) {
                throw new UserError("node " + id + " does not start; expected it to say that it is ready");
            }
            return ready.group(1);
        } catch (ExecutionException e) {
            throw new UserError(
                    "node " + id + " does not start: " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new UserError(
                    "node " + id + " does not start: it was not ready within " + patience.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("node " + id + " does not start: interrupted", e);
        }
    }

    /** Hands on what it says. */
    private static void follow(String name, InputStream from, Consumer<String> say) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader lines =
                            new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            say.accept(line.replaceFirst("^qexit: ", ""));
                        }
                    } catch (IOException e) {
                        // It has ended.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private static boolean end(Process process, Duration atMost) {
        try {
            process.getOutputStream().close();
            if (!Files.isExecutable(SHELL)) {
                process.destroy();
            }
            if (process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
        } catch (IOException e) {
            // It has ended.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return false;
    }

    /** A process of ours. To drain it is to end it. */
    private record Own(Process process, String address) implements Running {
        @Override
        public boolean drain(Duration atMost) {
            return end(process, atMost);
        }

        @Override
        public void close() {
            if (process.isAlive()) {
                end(process, Duration.ofSeconds(1));
            }
            try {
                process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
