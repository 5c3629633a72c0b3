package org.qexit.cli.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.bundle.Bundle;
import org.qexit.cli.console.ExitCode;
import org.qexit.cli.console.InferenceOptions;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.data.events.EventSource;
import org.qexit.device.EdgeRuntime;
import org.qexit.experiment.bench.EarlyExitStudy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What early exit saves on a device. */
@Command(
        name = "infer",
        description =
                "Times a bundle with early exit and with all stages always, stage after stage and in one call of the whole graph, on the"
                        + " same events in turn in one run, and says whether early exit pays on this machine.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit bench infer BUNDLE --device ue1 --input t10k-images-idx3-ubyte.gz",
            "  qexit bench infer BUNDLE --device ue1 --input rows.csv --repetitions 20",
        })
final class BenchInferCommand implements Callable<Integer> {
    @Mixin
    private InferenceOptions options;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "1000",
            description = "At most so many, the first of the input (${DEFAULT-VALUE}).")
    private int most;

    @Option(
            names = "--repetitions",
            paramLabel = "R",
            defaultValue = "5",
            description = "After one that does not count (${DEFAULT-VALUE}).")
    private int repetitions;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Bundle bundle = options.bundle();
        try (EdgeRuntime runtime = options.open(bundle)) {
            List<float[]> events = new ArrayList<>();
            try (EventSource source = options.events(runtime, System.in, new AtomicBoolean())) {
                Optional<EventSource.Event> event = source.next();
                while (events.size() < most && event.isPresent()) {
                    if (event.get().problem() != null) {
                        throw new UserError(event.get().problem());
                    }
                    events.add(event.get().values());
                    event = source.next();
                }
            }
            runtime.notice().ifPresent(warning -> spec.commandLine().getErr().println("qexit: " + warning));
            print(EarlyExitStudy.run(bundle, runtime, events, repetitions), runtime.backend());
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    private void print(EarlyExitStudy.Savings result, String backend) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(result));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%d events, %d repetitions, device %s; decided at exits 1, 2, ...: %s; decisions agree on %d%n",
                result.events(),
                result.repetitions(),
                options.device(),
                java.util.Arrays.toString(result.exits()),
                result.agreeing());
        out.printf(Locale.ROOT, "stages: %s; one call: ONNX Runtime%n", backend);
        out.printf(Locale.ROOT, "%-12s %12s %12s %12s %14s%n", "", "mean [us]", "p50 [us]", "p99 [us]", "stages/event");
        row(out, "early exit", result.earlyExit());
        row(out, "all stages", result.allStages());
        row(out, "one call", result.oneCall());
        row(out, "  with exit", result.oneCallEarlyExit());
        out.printf(Locale.ROOT, "early exit is %.2f times as fast in the mean%n", result.meanSpeedup());
        EarlyExitStudy.Verdict verdict = result.verdict();
        out.printf(
                Locale.ROOT,
                "a call costs about %.1f us, %s%n",
                verdict.callMicros(),
                verdict.macsPerMicro() == null
                        ? "beside which the model's arithmetic does not show"
                        : String.format(
                                Locale.ROOT,
                                "as much as %,.0f multiply-accumulates",
                                verdict.callMicros() * verdict.macsPerMicro()));
        out.println(words(verdict, result.repetitions()));
    }

    private static String words(EarlyExitStudy.Verdict verdict, int repetitions) {
        String how = verdict.better().equals("stages") ? "stage after stage" : "inside the whole graph";
        if (verdict.pays() == null) {
            return "verdict: these events do not tell whether early exit pays against all stages always. Maybe give more, or more than "
                    + repetitions + " --repetitions";
        }
        return verdict.pays()
                ? String.format(
                        Locale.ROOT,
                        "verdict: early exit pays on this machine, best %s: %.2f times as fast as all stages always",
                        how,
                        verdict.speedup())
                : String.format(
                        Locale.ROOT,
                        "verdict: early exit does not pay on this machine: all stages always take %.2f of the best early exit's time."
                                + " Maybe run all stages, or a model with more arithmetic between fewer exits",
                        verdict.speedup());
    }

    private static void row(PrintWriter out, String name, EarlyExitStudy.Arm arm) {
        out.printf(
                Locale.ROOT,
                "%-12s %12.1f %12.1f %12.1f %14.3f%n",
                name,
                arm.meanMicros(),
                arm.p50Micros(),
                arm.p99Micros(),
                arm.meanStages());
    }
}
