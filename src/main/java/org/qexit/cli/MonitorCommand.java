package org.qexit.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.Emissions;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.tier.EmissionLog;
import org.qexit.tier.EmissionMonitor;
import org.qexit.trace.Rule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Watches what devices emit. */
@Command(
        name = "monitor",
        description =
                "Looks for drift in what a device emitted, as qexit infer --json prints it: labels are not needed, nor the"
                        + " confidences of exits that were not taken. Events are held against what the bundle says of its device's test"
                        + " events, or, where it says nothing, against the log's first events. Valid after every event: while nothing"
                        + " drifts an alarm ever comes with probability --alpha at most.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit monitor BUNDLE --device ue1 --log infer.jsonl",
            "  qexit monitor BUNDLE --device ue1 --log infer.jsonl --alpha 0.001 --json",
            "  qexit infer BUNDLE --device ue1 --input photos/ --json | qexit monitor BUNDLE --device ue1 --log -",
            "%nExit code 0: no alarm; 4: alarm.",
        })
final class MonitorCommand implements Callable<Integer> {
    /** Events of a log without expectations that are taken for normal: as many as running devices take, or less of a short log. */
    private static final int LEARNING = 250;

    private static final int SHORT = 4;

    @Parameters(paramLabel = "BUNDLE", description = "The device's bundle, a directory or zip file.")
    private Path bundle;

    @Option(
            names = "--device",
            paramLabel = "ID",
            required = true,
            description = "Which of its devices emitted the log.")
    private String device;

    @Option(
            names = "--log",
            paramLabel = "FILE",
            required = true,
            description = "JSON lines with exit, decision and confidences; - for standard input.")
    private String log;

    @Option(
            names = "--alpha",
            paramLabel = "A",
            description = "Probability of an alarm, ever, while nothing drifts. Default: ${DEFAULT-VALUE}.")
    private double alpha = 0.01;

    @Option(
            names = "--learning",
            paramLabel = "N",
            description = "Take the log's first N events for normal instead of what the bundle says.")
    private Integer learning;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!(alpha > 0 && alpha < 1)) {
            throw new UserError("--alpha is " + alpha + "; expected more than 0 and less than 1");
        }
        if (learning != null && (learning < 1 || learning > 1_000_000)) {
            throw new UserError("--learning is " + learning + "; expected 1 to 1000000");
        }
        Bundle opened = Bundle.open(bundle);
        opened.checkForDevice();
        Rule thresholds = opened.device(device).thresholds();
        Optional<Emissions.Device> expected = learning == null ? Emissions.of(opened, device) : Optional.empty();
        try (BufferedReader lines = open()) {
            EmissionLog events = new EmissionLog(log, lines, opened.manifest().exits(), thresholds);
            List<EmissionLog.Emission> all = new ArrayList<>();
            for (Optional<EmissionLog.Emission> event = events.next(); event.isPresent(); event = events.next()) {
                all.add(event.get());
            }
            if (all.isEmpty()) {
                throw new UserError(log + ": holds no events; expected lines as qexit infer --json prints them");
            }
            return watch(all, events.otherwise(), expected, opened.manifest().exits());
        } catch (IOException e) {
            throw new UserError(log + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private BufferedReader open() throws IOException {
        if (log.equals("-")) {
            return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        }
        try {
            return Files.newBufferedReader(Path.of(log));
        } catch (NoSuchFileException e) {
            throw new UserError(log + ": no such file", e);
        }
    }

    private int watch(List<EmissionLog.Emission> all, long otherwise, Optional<Emissions.Device> expected, int exits) {
        var random = RandomStreams.of(0).stream("monitor/" + device);
        int learnt = learning != null ? learning : Math.min(LEARNING, all.size() / SHORT);
        EmissionMonitor monitor = expected.map(known -> EmissionMonitor.against(known, alpha, random))
                .orElseGet(() -> new EmissionMonitor(exits, learnt, alpha, random));
        Optional<EmissionMonitor.Alarm> alarm = Optional.empty();
        long critical = 0;
        long[] left = new long[exits];
        for (EmissionLog.Emission event : all) {
            critical += event.critical() ? 1 : 0;
            left[event.exit() - 1]++;
            Optional<EmissionMonitor.Alarm> raised = monitor.see(event.exit(), event.critical(), event.confidences());
            alarm = alarm.isPresent() ? alarm : raised;
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("alarm", alarm.isPresent());
        result.put("device", device);
        result.put("events", all.size());
        result.put("critical", critical);
        result.put("offloadRate", (double) critical / all.size());
        result.put(
                "expectedOffloadRate",
                expected.map(e -> (double) e.offloads() / e.events()).orElse(null));
        result.put("exits", left);
        result.put("expected", expected.isPresent() ? "bundle" : "first events");
        result.put("learningEvents", expected.isPresent() ? 0 : Math.min(learnt, all.size()));
        result.put("alpha", alpha);
        alarm.ifPresent(raised -> {
            result.put("view", raised.view());
            result.put("afterEvents", raised.events());
            result.put("wealth", raised.wealth());
        });
        result.put("decidedOtherwise", otherwise);
        print(result, alarm, otherwise);
        return alarm.isPresent() ? ExitCode.ALARM : ExitCode.OK;
    }

    private void print(Map<String, Object> result, Optional<EmissionMonitor.Alarm> alarm, long otherwise) {
        PrintWriter console = spec.commandLine().getOut();
        if (otherwise > 0) {
            spec.commandLine()
                    .getErr()
                    .println("qexit: warning: " + otherwise + " events were not decided as the bundle's thresholds of "
                            + device + " do: others are in force there, or the log is of another bundle");
        }
        if (json) {
            console.println(Json.compact(result));
            return;
        }
        Object rate = result.get("expectedOffloadRate");
        console.printf(
                Locale.ROOT,
                "%s: %d events, %.1f %% offloaded%s, held against %s%n",
                device,
                (Integer) result.get("events"),
                100 * (Double) result.get("offloadRate"),
                rate == null ? "" : String.format(Locale.ROOT, " (%.1f %% expected)", 100 * (Double) rate),
                rate == null ? "the first " + result.get("learningEvents") + " events" : "the bundle's test events");
        console.println(alarm.map(raised -> String.format(
                        Locale.ROOT,
                        "ALARM after %d events: %s drifted (wealth %.0f)",
                        raised.events(),
                        words(raised.view()),
                        raised.wealth()))
                .orElse("no alarm"));
    }

    private static String words(String view) {
        return view.equals("decisions") ? "decisions and exits" : "the confidences of " + view.replace('-', ' ');
    }
}
