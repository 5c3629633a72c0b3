package org.qexit.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.bundle.Bundle;
import org.qexit.cli.console.BudgetOptions;
import org.qexit.cli.console.ExitCode;
import org.qexit.cli.console.InferenceOptions;
import org.qexit.cli.console.StopSignal;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.common.Warning;
import org.qexit.data.events.EventSource;
import org.qexit.device.BudgetFollower;
import org.qexit.device.EdgeRuntime;
import org.qexit.device.InferenceSummary;
import org.qexit.device.NodeRuntime;
import org.qexit.device.RangeWatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The device runtime. */
@Command(
        name = "infer",
        description =
                "Runs a bundle as one of its devices, or an edge node's: each event through the stages until an exit decides. A bad"
                        + " event is reported and skipped. Ctrl-C ends with the summary.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit infer BUNDLE --device ue1 --input photos/",
            "  qexit infer BUNDLE --device ue1 --input t10k-images-idx3-ubyte.gz --quiet",
            "  qexit infer BUNDLE --device ue1 --input rows.csv --levels --ignore-column 0",
            "  qexit infer EDGE_NODE_BUNDLE --input photos/            the class of each event, or a false alarm",
            "  qexit infer BUNDLE --device ue1 --input photos/ --follow-budget 0.1      whatever the events are",
            "  sensor | qexit infer BUNDLE.zip --device ue1 --input - --json",
        })
final class InferCommand implements Callable<Integer> {
    @Mixin
    private InferenceOptions options;

    @Mixin
    private BudgetOptions budget;

    @Option(
            names = "--joules-per-access",
            paramLabel = "J",
            description = "Energy of one 32-bit memory access; adds an energy estimate.")
    private Double joulesPerMemoryAccess;

    @Option(names = "--quiet", description = "Only the summary.")
    private boolean quiet;

    @Option(names = "--json", description = "Print one JSON object per event and one with the summary.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private PrintWriter out;
    private RangeWatch watch;
    private boolean told;
    /** Null where the device's thresholds decide. */
    private BudgetFollower follower;

    @Override
    public Integer call() {
        out = spec.commandLine().getOut();
        if (joulesPerMemoryAccess != null && !(joulesPerMemoryAccess >= 0 && joulesPerMemoryAccess < 1)) {
            throw new UserError("--joules-per-access is " + joulesPerMemoryAccess + "; expected 0 to 1, such as 5e-9");
        }
        Bundle bundle = options.bundle();
        if (bundle.manifest().forEdgeNode()) {
            return StopSignal.heeded(stop -> classify(bundle, stop));
        }
        return StopSignal.heeded(stop -> {
            InferenceSummary summary = run(bundle, stop);
            Optional<Warning> range = watch.warning();
            if (range.isPresent()) {
                throw new UserError(range.get().text());
            }
            if (!stop.get() && summary.skipped() > 0) {
                throw new UserError(summary.skipped() + " of " + (summary.events() + summary.skipped())
                        + " events could not be used; see above");
            }
            return ExitCode.OK;
        });
    }

    private int classify(Bundle bundle, AtomicBoolean stop) {
        if (joulesPerMemoryAccess != null) {
            throw new UserError("--joules-per-access is for devices; " + bundle.origin() + " is an edge node's bundle");
        }
        if (budget.budget().isPresent()) {
            throw new UserError("--follow-budget is for devices; " + bundle.origin() + " is an edge node's bundle");
        }
        try (NodeRuntime runtime = options.openNode(bundle);
                EventSource events = options.events(runtime.input(), System.in, stop)) {
            say(runtime.notice());
            NodeInference inference = new NodeInference(
                    runtime, quiet, json, out, spec.commandLine().getErr());
            long skipped = inference.run(events, stop);
            if (!stop.get() && skipped > 0) {
                throw new UserError(
                        skipped + " of " + (inference.events() + skipped) + " events could not be used; see above");
            }
            return ExitCode.OK;
        }
    }

    private void say(Optional<Warning> notice) {
        notice.ifPresent(warning -> spec.commandLine().getErr().println("qexit: " + warning));
    }

    private InferenceSummary run(Bundle bundle, AtomicBoolean stop) {
        try (EdgeRuntime runtime = options.open(bundle);
                EventSource events = options.events(runtime, System.in, stop)) {
            say(runtime.notice());
            watch = new RangeWatch(runtime.input());
            follower = budget.follower(bundle, options.device());
            InferenceSummary.Tally tally = new InferenceSummary.Tally(runtime, joulesPerMemoryAccess);
            long number = 0;
            for (Optional<EventSource.Event> event = events.next();
                    event.isPresent() && !stop.get();
                    event = events.next()) {
                decide(runtime, event.get(), number++, tally);
            }
            InferenceSummary summary = tally.summary();
            print(summary, runtime.backend());
            out.flush();
            return summary;
        }
    }

    private void decide(EdgeRuntime runtime, EventSource.Event event, long number, InferenceSummary.Tally tally) {
        if (event.problem() != null) {
            skip(event.problem(), tally);
            return;
        }
        EdgeRuntime.Result result;
        long nanos;
        try {
            long start = System.nanoTime();
            result = follower == null ? runtime.classify(event.values()) : follower.classify(runtime, event.values());
            nanos = System.nanoTime() - start;
        } catch (UserError | IllegalArgumentException e) {
            skip(event.name() + ": " + e.getMessage(), tally);
            return;
        }
        tally.add(result, nanos);
        watch.add(event.values());
        if (!told && watch.warning().isPresent()) {
            told = true;
            spec.commandLine().getErr().println("qexit: " + watch.warning().get());
        }
        if (json && !quiet) {
            printJson(runtime, event, number, result, nanos);
        } else if (!quiet) {
            StringBuilder confidences = new StringBuilder();
            for (float confidence : result.confidences()) {
                confidences.append(String.format(Locale.ROOT, " %.4f", confidence));
            }
            out.printf(
                    Locale.ROOT,
                    "%-8s exit %d %8.1f us %s  %s%n",
                    result.critical() ? "critical" : "normal",
                    result.exit(),
                    nanos / 1000.0,
                    confidences,
                    event.name());
        }
        // Whoever reads a stream of decisions wants each at once.
        out.flush();
    }

    private void skip(String problem, InferenceSummary.Tally tally) {
        tally.skip();
        spec.commandLine().getErr().println("qexit: skipped: " + problem);
    }

    private void printJson(
            EdgeRuntime runtime, EventSource.Event event, long number, EdgeRuntime.Result result, long nanos) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", number);
        line.put("name", event.name());
        line.put("decision", result.critical() ? 1 : 0);
        line.put("exit", result.exit());
        line.put("confidences", result.confidences());
        line.put("micros", nanos / 1000.0);
        if (follower != null) {
            line.put("tau", follower.tau());
        }
        if (joulesPerMemoryAccess != null) {
            line.put("joules", runtime.joules(result.exit(), joulesPerMemoryAccess));
        }
        out.println(Json.compact(line));
    }

    private void print(InferenceSummary summary, String backend) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("summary", summary);
            line.put("backend", backend);
            if (follower != null) {
                line.put("tau", follower.tau());
            }
            line.put("warnings", watch.warning().stream().toList());
            out.println(Json.compact(line));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%d events, %d critical, %d skipped; %s%n",
                summary.events(),
                summary.critical(),
                summary.skipped(),
                backend);
        if (follower != null && summary.events() > 0) {
            out.printf(
                    Locale.ROOT,
                    "offloaded %.2f %%, now at tau %.3f of the path%n",
                    100.0 * summary.critical() / summary.events(),
                    follower.tau());
        }
        out.printf(
                Locale.ROOT,
                "%-8s %10s %10s %12s %12s%s%n",
                "exit",
                "events",
                "critical",
                "p50 [us]",
                "p99 [us]",
                energyTitle());
        for (InferenceSummary.Exit exit : summary.exits()) {
            out.println(row(
                    Integer.toString(exit.exit()),
                    exit.events(),
                    exit.critical(),
                    exit.p50Micros(),
                    exit.p99Micros(),
                    exit.joules()));
        }
        out.println(row(
                "all",
                summary.events(),
                summary.critical(),
                summary.p50Micros(),
                summary.p99Micros(),
                summary.meanJoules()));
    }

    private String energyTitle() {
        return joulesPerMemoryAccess == null ? "" : String.format(Locale.ROOT, "%14s", "J per event");
    }

    private String row(String name, long events, long critical, Double p50, Double p99, Double joules) {
        return String.format(Locale.ROOT, "%-8s %10d %10d %12s %12s", name, events, critical, micros(p50), micros(p99))
                + (joulesPerMemoryAccess == null
                        ? ""
                        : joules == null
                                ? String.format(Locale.ROOT, "%14s", "-")
                                : String.format(Locale.ROOT, "%14.3g", joules));
    }

    private static String micros(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.1f", value);
    }
}
