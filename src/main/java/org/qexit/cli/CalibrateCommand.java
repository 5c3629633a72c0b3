package org.qexit.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.qexit.cli.console.DataLocation;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.AtomicFiles;
import org.qexit.common.DirectoryLock;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.data.LabelledSet;
import org.qexit.data.streams.DeviceStream;
import org.qexit.experiment.run.RunData;
import org.qexit.experiment.run.RunFiles;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.calibration.Calibration;
import org.qexit.nn.calibration.Reliability;
import org.qexit.nn.calibration.ReliabilityPlot;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;
import org.qexit.nn.training.Trainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Fits temperatures, and shows how reliable confidences are. */
@Command(
        name = "calibrate",
        description = {
            "Fits a temperature to every exit of a model on the devices' validation events, and says how reliable its confidences are on the"
                    + " calibration events, before and after: expected calibration error (ECE), log loss and, with --plot, a picture.",
            "The temperatures and the thresholds that then fit the training's budget go into the model directory, unless --dry-run."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit calibrate models/hybrid experiments/quickstart.yaml --plot reliability.svg",
            "  qexit calibrate models/hybrid experiments/quickstart.yaml --dry-run --json",
            "  qexit calibrate models/hybrid experiments/quickstart.yaml --off        as trained again",
        })
final class CalibrateCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL", description = "A model directory, as train writes it.")
    private Path model;

    @Parameters(index = "1", paramLabel = "CONFIG", description = "YAML with data and streams; a run's will do.")
    private Path config;

    @Option(names = "--off", description = "Take the temperatures away instead.")
    private boolean off;

    @Option(names = "--dry-run", description = "Leave the model directory as it is.")
    private boolean dryRun;

    @Option(names = "--plot", paramLabel = "FILE", description = "Write the reliability diagrams as SVG.")
    private Path plot;

    @Option(names = "--seed", description = "Instead of the configuration's.")
    private Long seed;

    @Mixin
    private DataLocation data;

    @Option(names = "--json", description = "Print one JSON object, bins included.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        TrainingRun run = TrainingRun.read(config);
        if (seed != null) {
            run = run.withSeed(seed);
        }
        if (plot != null && !plot.toString().endsWith(".svg")) {
            throw new UserError("--plot is '" + plot + "'; expected a name that ends in .svg");
        }
        if (!dryRun && RunFiles.within(model).isPresent()) {
            throw new UserError(model + ": is a finished run's model, whose plans are for its confidences as they are."
                    + " Maybe calibrate a copy outside the run, or look only: --dry-run");
        }
        StoredModel stored = ModelDirectory.read(model).forDevice(model.toString());
        RunData images = RunData.of(run, data.catalog()).fitting(stored.model().config());
        LabelledSet fitting = images.events(DeviceStream.Part.VALIDATION);
        LabelledSet fresh = images.events(DeviceStream.Part.CALIBRATION);
        TrainingConfig training = stored.training() == null ? run.training() : stored.training();
        Calibration calibration = off
                ? Calibration.none(
                        stored.model(),
                        fitting,
                        TrainingRun.chooser(training),
                        training.budget().offload())
                : Calibration.fit(
                        stored.model(),
                        fitting,
                        TrainingRun.chooser(training),
                        training.budget().offload());
        List<Reliability> before = Calibration.reliability(stored.model().withTemperatures(null), fresh);
        List<Reliability> after = off ? before : Calibration.reliability(calibration.model(), fresh);
        if (!dryRun) {
            write(stored.with(calibration.model(), calibration.thresholds()));
        }
        if (plot != null) {
            AtomicFiles.writeString(
                    plot, ReliabilityPlot.of(stored.model().config().name(), before, off ? null : after));
        }
        if (json) {
            spec.commandLine().getOut().println(Json.compact(result(calibration, before, after)));
        } else {
            print(calibration, before, after);
        }
        return ExitCode.OK;
    }

    private void write(StoredModel calibrated) {
        DirectoryLock lock = DirectoryLock.inside(model);
        try {
            if (Trainer.canResume(model)) {
                throw new UserError(model + ": its training is not over. Maybe end it first: qexit train --resume");
            }
            ModelDirectory.write(model, calibrated);
        } finally {
            lock.close();
        }
    }

    private Map<String, Object> result(Calibration calibration, List<Reliability> before, List<Reliability> after) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("model", model.toString());
        result.put("written", !dryRun);
        result.put("temperatures", calibration.temperatures());
        result.put("lower", calibration.thresholds().lowerEntry());
        result.put("upper", calibration.thresholds().upperEntry());
        result.put("before", before);
        result.put("after", after);
        return result;
    }

    private void print(Calibration calibration, List<Reliability> before, List<Reliability> after) {
        var out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "On %,d fresh events, before -> after:%n",
                before.get(0).events());
        for (int q = 0; q < before.size(); q++) {
            out.printf(
                    Locale.ROOT,
                    "  exit %d  T = %-8s ECE %6.2f %% -> %5.2f %%   equal masses %6.2f %% -> %5.2f %%   log loss %.4f -> %.4f%n",
                    q + 1,
                    off
                            ? "none"
                            : String.format(
                                    Locale.ROOT,
                                    "%.4f",
                                    calibration.temperatures().get(q)),
                    100 * before.get(q).ece(),
                    100 * after.get(q).ece(),
                    100 * before.get(q).equalMassEce(),
                    100 * after.get(q).equalMassEce(),
                    before.get(q).logLoss(),
                    after.get(q).logLoss());
        }
        out.printf(
                Locale.ROOT,
                "%s: %s%s%n",
                model,
                RuleText.of(calibration.thresholds()),
                dryRun ? " (not written)" : "");
    }
}
