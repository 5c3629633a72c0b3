package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.cli.console.DataLocation;
import org.qexit.cli.console.ExitCode;
import org.qexit.cli.console.SetOptions;
import org.qexit.cli.console.StopSignal;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.common.Warning;
import org.qexit.experiment.run.EdgeNodeTraining;
import org.qexit.experiment.run.ModelWarnings;
import org.qexit.experiment.run.RunData;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.nn.ExitCost;
import org.qexit.nn.Twin;
import org.qexit.nn.node.Payload;
import org.qexit.nn.node.PayloadKind;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;
import org.qexit.nn.training.EpochRecord;
import org.qexit.nn.training.TrainedModel;
import org.qexit.nn.training.TrainingInterrupted;
import org.qexit.nn.training.TrainingListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains one model. */
@Command(
        name = "train",
        description = "Trains a device's early-exit model under an offload budget, or an edge node's that tells classes"
                + " apart, and keeps its best epoch in a model directory.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit train experiments/quickstart.yaml --out models/hybrid",
            "  qexit train experiments/quickstart.yaml --out models/hybrid --resume   go on after an interruption",
            "  qexit train experiments/quickstart.yaml --out models/twin --twin matched",
            "  qexit train experiments/quickstart.yaml --out models/wide --set model.blocks.2.channels=64",
            "  qexit train edge.yaml --edge-node --out models/en-event                    the edge node's model",
            "  qexit train edge.yaml --edge-node --payload features --ue models/hybrid --out models/en-features",
        })
final class TrainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CONFIG", description = "YAML with data, model and training; a run's will do.")
    private Path config;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The model directory to write.")
    private Path out;

    @Option(names = "--seed", description = "Instead of the configuration's.")
    private Long seed;

    @Option(
            names = "--twin",
            paramLabel = "KIND",
            description = "Train the model's twin instead, with other heads in place of the quantum ones: separable (no"
                    + " entanglers), matched (classical, the same number of parameters within 2 %%), linear, or classical"
                    + " (plain mlp of the nearest number of parameters).")
    private Twin twin;

    @Option(
            names = "--edge-node",
            description = "Train the edge node's model that the section edgeNode describes instead of the device's.")
    private boolean edgeNode;

    @Option(
            names = "--payload",
            paramLabel = "KIND",
            description = "What the edge node is sent, instead of the section's first: ${COMPLETION-CANDIDATES}.")
    private PayloadKind payload;

    @Option(
            names = "--ue",
            paramLabel = "DIR",
            description = "The device's model whose first block makes the features that are sent.")
    private Path ue;

    @Option(
            names = "--resume",
            description = {
                "Take up the unfinished training in DIR, after Ctrl-C, kill or a crash; the result is the same to the last bit.",
                "Starts from the beginning where DIR holds none, and says so where it is over already."
            })
    private boolean resume;

    @Mixin
    private DataLocation data;

    @Mixin
    private SetOptions set;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final List<Warning> warnings = new ArrayList<>();

    @Override
    public Integer call() {
        return StopSignal.heeded(this::train);
    }

    private int train(AtomicBoolean stop) {
        TrainingRun run = TrainingRun.read(set.read(config, TrainingRun.class));
        if (seed != null) {
            run = run.withSeed(seed);
        }
        if (!edgeNode && (payload != null || ue != null)) {
            throw new UserError("--payload and --ue say what an edge node is sent; expected --edge-node beside them");
        }
        if (edgeNode && twin != null) {
            throw new UserError("--twin stands beside --edge-node; expected one of the two");
        }
        RunData images = RunData.of(run, data.catalog());
        if (twin != null) {
            run = run.withTwin(twin, images);
        }
        PrintWriter err = spec.commandLine().getErr();
        warn(run.warnings(images, edgeNode));
        try {
            TrainingListener watch = new Watch(err, stop);
            print(edgeNode ? trainNode(run, images, watch) : run.train(images, out, resume, watch));
            return ExitCode.OK;
        } catch (TrainingInterrupted e) {
            err.println("qexit: " + e.getMessage() + "; go on with the same command and --resume");
            err.flush();
            return ExitCode.INTERRUPTED;
        }
    }

    private TrainedModel trainNode(TrainingRun run, RunData images, TrainingListener watch) {
        EdgeNodeTraining training = EdgeNodeTraining.of(run, images);
        StoredModel device = ue == null ? null : ModelDirectory.read(ue).forDevice(ue.toString());
        return training.train(payload == null ? training.deployed() : payload, device, out, resume, watch);
    }

    /** Prints a line per epoch, and passes a signal on. */
    private record Watch(PrintWriter err, AtomicBoolean stop) implements TrainingListener {
        @Override
        public void epochEnded(EpochRecord record) {
            err.println(line(record));
            err.flush();
        }

        @Override
        public boolean stopRequested() {
            return stop.get();
        }
    }

    private static String line(EpochRecord record) {
        return String.format(
                Locale.ROOT,
                "epoch %d: loss %.4f, held-out %s, %.1f s",
                record.epoch(),
                record.loss(),
                record.words(4),
                record.seconds());
    }

    private void warn(List<Warning> found) {
        warnings.addAll(found);
        found.forEach(warning -> spec.commandLine().getErr().println("qexit: " + warning));
    }

    private void print(TrainedModel trained) {
        warn(ModelWarnings.ofTraining(trained.model().config().name(), trained.history(), trained.bestEpoch()));
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", trained.model().config().name());
            result.put("directory", out.toString());
            result.put("parametersSha256", trained.model().sha256());
            result.put("best", trained.best());
            result.put("exits", ExitCost.of(trained.model().config()));
            if (edgeNode) {
                Payload sent = ModelDirectory.read(out).edgeNode().payload();
                result.put("payload", sent);
                result.put("payloadBits", sent.bitsPerEvent());
            }
            result.put("warnings", warnings);
            stdout.println(Json.compact(result));
            return;
        }
        EpochRecord best = trained.best();
        stdout.printf(Locale.ROOT, "%s: best epoch %d, held-out %s", out, best.epoch(), best.words(4));
        if (best.hasThresholds()) {
            stdout.printf(Locale.ROOT, " with %s%n", RuleText.of(best.thresholds()));
        } else {
            Payload sent = ModelDirectory.read(out).edgeNode().payload();
            stdout.printf(
                    Locale.ROOT,
                    ", cross-entropy %.4f; %s of %d x %d x %d values, %,d bits per event%n",
                    best.heldOutLoss(),
                    sent.kind().label(),
                    sent.channels(),
                    sent.height(),
                    sent.width(),
                    sent.bitsPerEvent());
        }
        for (ExitCost cost : ExitCost.of(trained.model().config())) {
            stdout.printf(
                    Locale.ROOT,
                    "  exit %d  %-8s %,9d parameters  %,12d MACs  %,12d memory accesses%s%n",
                    cost.exit(),
                    cost.head().toLowerCase(Locale.ROOT),
                    cost.parameters(),
                    cost.macs(),
                    cost.memoryAccesses(),
                    cost.qubits() == 0
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    "  %d qubits, depth %d, %d gates, %d on two qubits%s",
                                    cost.qubits(),
                                    cost.circuitDepth(),
                                    cost.gates(),
                                    cost.twoQubitGates(),
                                    cost.circuitOperations() == 0
                                            ? ""
                                            : String.format(
                                                    Locale.ROOT, ", %,d shots × gates", cost.circuitOperations())));
        }
    }
}
