package org.qexit.cli.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.qexit.bundle.Bundle;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.experiment.bench.ServeBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A node under load. */
@Command(
        name = "serve",
        description =
                "Measures a node under load over loopback: with early exit, with all stages always, and with a journal, in turn in"
                        + " one run; or its heap over many requests.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit bench serve bundles/en --clients 2 --rounds 8 --seconds 5",
            "  qexit bench serve bundles/en --requests 1000000        the heap after each tenth",
        })
final class BenchServeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "BUNDLE", description = "An edge node's bundle; its golden events are sent.")
    private Path bundle;

    @Option(
            names = "--clients",
            paramLabel = "C",
            defaultValue = "2",
            description = "At a time, each on a connection of its own (${DEFAULT-VALUE}).")
    private int clients;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1",
            description = "Events in a request (${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--rounds", paramLabel = "R", defaultValue = "8", description = "Of each way (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "5", description = "Each (${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--requests",
            paramLabel = "N",
            description = "Instead: so many requests with a journal, and the heap after each tenth.")
    private Long requests;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (requests != null && requests < 10) {
            throw new UserError("--requests is " + requests + "; expected at least 10");
        }
        Bundle opened = Bundle.open(bundle);
        Path state = Files.createTempDirectory("qexit-bench-serve");
        try {
            ServeBench.Settings settings = new ServeBench.Settings(clients, batch, rounds, seconds, state);
            if (requests == null) {
                print(ServeBench.compare(opened, settings));
            } else {
                print(ServeBench.memory(opened, settings, requests));
            }
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw new UserError("--" + e.getMessage(), e);
        } finally {
            remove(state);
        }
    }

    private static void remove(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    private void print(ServeBench.Figures figures) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(figures));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%s: %d clients, %d events a request, %d rounds of %.1f s%n",
                figures.model(),
                figures.clients(),
                figures.batch(),
                figures.rounds(),
                figures.seconds());
        out.printf(Locale.ROOT, "%-12s %12s %12s %12s %12s%n", "", "requests", "requests/s", "p50 [us]", "p99 [us]");
        for (ServeBench.Arm arm : figures.arms()) {
            out.printf(
                    Locale.ROOT,
                    "%-12s %12d %12.0f %12.0f %12.0f%n",
                    arm.name(),
                    arm.requests(),
                    arm.requestsPerSecond(),
                    arm.p50Micros(),
                    arm.p99Micros());
        }
        double[] ratios = figures.ratios();
        out.printf(
                Locale.ROOT,
                "early exit answers %.2f times as many requests as all exits (half of the rounds: %.2f to %.2f)%n",
                figures.ratio(),
                ratios[ratios.length / 4],
                ratios[3 * ratios.length / 4]);
    }

    private void print(ServeBench.Memory memory) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(memory));
            return;
        }
        out.printf(Locale.ROOT, "%d requests, %.0f a second%n", memory.requests(), memory.requestsPerSecond());
        out.printf(
                Locale.ROOT,
                "heap in use after each tenth [MB]: %s%n",
                Arrays.stream(memory.heapBytes())
                        .mapToObj(bytes -> String.valueOf(Math.round(bytes / 1e5) / 10.0))
                        .toList());
    }
}
