package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.qexit.cli.console.DataLocation;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.data.streams.DeviceStream;
import org.qexit.experiment.run.RunData;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.experiment.shots.ShotReport;
import org.qexit.nn.measurement.ShotDecisions;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;
import org.qexit.quantum.noise.NoiseModel;
import org.qexit.quantum.shots.Bound;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures a trained model's quantum heads shot by shot. */
@Command(
        name = "shots",
        description =
                "Decides a configuration's events by a trained model whose quantum heads are measured shot by shot: each exit stops"
                        + " as soon as a confidence sequence, valid at every number of shots at once, leaves no doubt on which side"
                        + " of which threshold its confidence lies. Says how many shots and gates that takes, and what it gets"
                        + " wrong.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit shots models/quickstart-hybrid experiments/quickstart.yaml",
            "  qexit shots models/quickstart-hybrid experiments/quickstart.yaml --delta 0.01 --max-shots 4000 --json",
            "  qexit shots runs/q/hybrid experiments/quickstart.yaml --noise depolarising=0.002,readout=0.02 --csv shots.csv",
        })
final class ShotsCommand implements Callable<Integer> {
    private static final long MOST_SHOTS = 10_000_000;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A model directory, as train writes it.")
    private Path model;

    @Parameters(index = "1", paramLabel = "CONFIG", description = "YAML with data and streams; a run's will do.")
    private Path config;

    @Option(
            names = "--part",
            defaultValue = "test",
            description = "Which of each device's events: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private DeviceStream.Part part;

    @Option(
            names = "--budget",
            paramLabel = "W",
            description =
                    "Share of events that may be offloaded: thresholds are the best pair on each device's validation events."
                            + " Default: the configuration's training.offloadBudget.")
    private Double budget;

    @Option(names = "--lower", paramLabel = "L", description = "With --upper: thresholds instead of a budget.")
    private Float lower;

    @Option(names = "--upper", paramLabel = "U", description = "Confidences at or above it are critical.")
    private Float upper;

    @Option(
            names = "--delta",
            paramLabel = "D",
            defaultValue = "0.05",
            description =
                    "Probability that an event is decided otherwise than by infinitely many shots (${DEFAULT-VALUE}); split"
                            + " equally over the quantum exits. Events at the cap are outside of it.")
    private double delta;

    @Option(
            names = "--max-shots",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Cap of each exit (${DEFAULT-VALUE}); then the mean so far decides.")
    private long maxShots;

    @Option(
            names = "--bound",
            paramLabel = "BOUND",
            defaultValue = "betting",
            description = "hoeffding, empirical-bernstein, hedged-capital or betting (${DEFAULT-VALUE}).")
    private String bound;

    @Option(
            names = "--noise",
            paramLabel = "NOISE",
            description = "Of the machine, such as depolarising=0.002,readout=0.02; at most 7 qubits.")
    private String noise;

    @Option(names = "--seed", description = "Of data and shots, instead of the configuration's.")
    private Long seed;

    @Mixin
    private DataLocation data;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write one line per event.")
    private Path csv;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ShotReport.Settings settings = settings();
        Thresholds pair = pair();
        TrainingRun run = TrainingRun.read(config);
        if (seed != null) {
            run = run.withSeed(seed);
        }
        StoredModel stored = ModelDirectory.read(model).forDevice(model.toString());
        double share = budget == null ? run.training().budget().offload() : budget;
        RunData images = RunData.of(run, data.catalog());
        StringBuilder lines = new StringBuilder("device,event,label,decision,exit,shots,at_cap,exact_confidence\n");
        ShotReport report;
        try {
            report = ShotReport.of(
                    stored.model(),
                    images,
                    part,
                    pair,
                    share,
                    new ShotReport.Settings(settings.noise(), settings.bound(), delta, maxShots, run.seed()),
                    (device, exact, shots) -> append(lines, device, exact, shots));
        } catch (IllegalArgumentException e) {
            throw new UserError(model + ": " + e.getMessage(), e);
        }
        if (csv != null) {
            AtomicFiles.writeString(csv, lines.toString());
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("modelSha256", stored.parametersSha256());
            result.put("delta", delta);
            result.put("maxShots", maxShots);
            result.put("bound", settings.bound().word());
            result.put("noise", noise);
            result.put("devices", report.devices());
            out.println(Json.compact(result));
        } else {
            report.devices().forEach(device -> print(out, device));
        }
        return ExitCode.OK;
    }

    private ShotReport.Settings settings() {
        if (!(delta > 0 && delta < 1)) {
            throw new UserError("--delta is " + delta + "; expected more than 0 and less than 1");
        }
        if (maxShots < 1 || maxShots > MOST_SHOTS) {
            throw new UserError("--max-shots is " + maxShots + "; expected 1 to " + MOST_SHOTS);
        }
        if (budget != null && !(budget >= 0 && budget <= 1)) {
            throw new UserError("--budget is " + budget + "; expected 0 to 1");
        }
        Bound chosen = null;
        for (Bound one : Bound.values()) {
            chosen = one.word().equals(bound) ? one : chosen;
        }
        if (chosen == null) {
            throw new UserError("--bound is '" + UserError.shown(bound)
                    + "'; expected hoeffding, empirical-bernstein, hedged-capital or betting");
        }
        try {
            NoiseModel machine = noise == null ? NoiseModel.NONE : NoiseModel.parse(noise);
            return new ShotReport.Settings(machine, chosen, delta, maxShots, 0);
        } catch (IllegalArgumentException e) {
            throw new UserError("--noise: " + e.getMessage(), e);
        }
    }

    /** Null where the budget decides. */
    private Thresholds pair() {
        if ((lower == null) != (upper == null) || lower != null && budget != null) {
            throw new UserError("--lower, --upper and --budget: expected both thresholds, or a budget");
        }
        try {
            return lower == null ? null : new Thresholds(lower, upper);
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    private static void append(StringBuilder lines, String device, DeviceTrace exact, ShotDecisions shots) {
        for (int k = 0; k < shots.events(); k++) {
            Thresholds.Decision decision = shots.decisions()[k];
            long sum = 0;
            for (long[] exit : shots.shots()) {
                sum += exit[k];
            }
            lines.append(String.format(
                    Locale.ROOT,
                    "%s,%d,%d,%d,%d,%d,%d,%.7g%n",
                    device,
                    exact.events()[k],
                    exact.labels()[k],
                    decision.critical() ? 1 : 0,
                    decision.exit() + 1,
                    sum,
                    shots.capped()[k] ? 1 : 0,
                    exact.scores()[decision.exit()][k]));
        }
    }

    private static void print(PrintWriter out, ShotReport.Device device) {
        out.printf(
                Locale.ROOT,
                "%s: %d events, l %.4f, u %s: %.1f shots, %.4g gates (%.4g on two qubits) per event%n",
                device.id(),
                device.events(),
                device.lower(),
                device.upper() == null ? "never" : String.format(Locale.ROOT, "%.4f", device.upper()),
                device.shotsPerEvent(),
                device.gatesPerEvent(),
                device.twoQubitGatesPerEvent());
        for (ShotReport.Exit exit : device.exits()) {
            out.printf(
                    Locale.ROOT,
                    "  exit %d: looks at %d, decides %d, %.1f shots of %d gates%n",
                    exit.exit(),
                    exit.looked(),
                    exit.decides(),
                    exit.meanShots(),
                    exit.gates());
        }
        out.printf(
                Locale.ROOT,
                "  at the cap %d; otherwise than by infinitely many shots %d, %d of them before the cap; TPR %s, by"
                        + " infinitely many shots %s%n",
                device.atCap(),
                device.wrong(),
                device.wrongBeforeCap(),
                device.tpr(),
                device.exactTpr());
    }
}
