package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.qexit.cli.console.DataLocation;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.data.Split;
import org.qexit.experiment.evaluate.Evaluation;
import org.qexit.experiment.report.Interval;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Models and bundles on data. */
@Command(
        name = "evaluate",
        description =
                "Says what a model, or a bundle as one of its devices, does on a data set: rates with 95 %% Wilson intervals, exits"
                        + " taken, and what is wrong of each class. A model decides by the thresholds of its training.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit evaluate models/quickstart-hybrid experiments/quickstart.yaml",
            "  qexit evaluate models/bundle-hybrid fashion-mnist-12k --device ue1 --critical pullover,coat,shirt",
            "  qexit evaluate runs/own/bundle own.yaml --json",
            "  qexit evaluate models/quickstart-hybrid photos/ --critical coat,shirt",
        })
final class EvaluateCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL_OR_BUNDLE", description = "A model's directory, or a bundle.")
    private Path source;

    @Parameters(
            index = "1",
            paramLabel = "DATA",
            description =
                    "A data set's name or path, a directory with a folder of images per class, all of which are brought to"
                            + " the model's size, or a configuration, whose data and task it takes.")
    private String samples;

    @Option(
            names = "--critical",
            paramLabel = "CLASS",
            split = ",",
            description = "The critical classes, by name or number. Default: the configuration's.")
    private List<String> critical = List.of();

    @Option(
            names = "--split",
            paramLabel = "PART",
            description = "${COMPLETION-CANDIDATES}. Default: TEST, or all where images have no parts.")
    private Split split;

    @Option(names = "--device", paramLabel = "ID", description = "Bundle: which device decides. Default: its first.")
    private String device;

    @Mixin
    private DataLocation data;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Evaluation found =
                Evaluation.of(source, device, new Evaluation.Samples(samples, critical, split), data.catalog());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(found));
            return ExitCode.OK;
        }
        out.printf(
                Locale.ROOT,
                "%s on %s: %,d events, %,d critical%n",
                source,
                found.data(),
                found.events(),
                found.critical());
        out.printf(
                Locale.ROOT,
                "TPR %s  FPR %s  CAR %s  OFR %s%n",
                words(found.tpr()),
                words(found.fpr()),
                words(found.car()),
                words(found.ofr()));
        out.println("events decided at each exit: " + Arrays.toString(found.exits()));
        out.printf(Locale.ROOT, "%-20s %-8s %8s  %s%n", "class", "is", "events", "missed, or false alarms");
        for (Evaluation.OfClass row : found.classes()) {
            out.printf(
                    Locale.ROOT,
                    "%-20s %-8s %8d  %s%n",
                    row.name(),
                    row.critical() ? "critical" : "normal",
                    row.events(),
                    words(row.wrong()));
        }
        return ExitCode.OK;
    }

    private static String words(Interval rate) {
        return rate.value() == null
                ? "undefined"
                : String.format(
                        Locale.ROOT, "%.1f%% (%.1f-%.1f)", 100 * rate.value(), 100 * rate.low(), 100 * rate.high());
    }
}
