package org.qexit.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.qexit.cli.console.DataLocation;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.data.streams.DeviceStream;
import org.qexit.experiment.onnx.ForeignTracing;
import org.qexit.experiment.run.EdgeNodeModel;
import org.qexit.experiment.run.RunData;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.experiment.scores.GivenScores;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Records confidence traces of a trained model. */
@Command(
        name = "trace",
        description =
                "Records what a trained model says at every exit of the events of a configuration's devices: a device's model its"
                        + " confidences, an edge node's the probabilities of all classes. Or what an ONNX model of another"
                        + " exporter, with an output for each exit, says of labelled events; or scores that another program has"
                        + " written: NumPy's .npy and .npz, or CSV of two columns, score and label.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit trace models/hybrid experiments/quickstart.yaml --out validation.parquet",
            "  qexit trace models/hybrid experiments/quickstart.yaml --part test --out test.csv",
            "  qexit trace models/en-features experiments/edge-node.yaml --ue models/hybrid --out en.parquet",
            "  qexit trace net.onnx --outputs e1,e2,e3 --images t10k-images-idx3-ubyte.gz \\",
            "      --labels t10k-labels-idx1-ubyte.gz --critical 2,4,6 --scale 255 --out t.csv",
            "  qexit trace logits.npy --labels labels.npy --axes event,exit,class --critical 1 --out t.parquet",
            "  qexit trace scores.npz --outputs e1,e2,e3 --critical 1 --out t.parquet",
            "  qexit trace e1.csv --more e2.csv,e3.csv --critical 1 --out t.csv",
        })
final class TraceCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A model directory, as train writes it; or an ONNX file; or scores, .npy, .npz or .csv.")
    private Path model;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "CONFIG",
            description = "YAML with data and streams; a run's will do. Not for an ONNX file.")
    private Path config;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "The trace to write, .parquet or .csv.")
    private Path out;

    @Option(
            names = "--part",
            defaultValue = "validation",
            description = "Which of each device's events: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private DeviceStream.Part part;

    @Option(
            names = "--ue",
            paramLabel = "DIR",
            description = "The device's model whose features an edge node's model is given.")
    private Path ue;

    @Option(names = "--seed", description = "Instead of the configuration's.")
    private Long seed;

    @Option(
            names = "--more",
            paramLabel = "FILE,…",
            split = ",",
            description = "Scores: files of the later exits, where every exit has one of its own.")
    private List<Path> more;

    @Option(
            names = "--axes",
            paramLabel = "AXIS,…",
            split = ",",
            description =
                    "Scores: what the axes of an array are, such as exit,event,class. Default: by the number of labels, or an array"
                            + " 'axes' or 'dims' of the archive.")
    private List<String> axes;

    @Mixin
    private OnnxOptions onnx;

    @Mixin
    private DataLocation data;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (OnnxOptions.isOnnx(model)) {
            checkNoScores();
            return foreign();
        }
        if (OnnxOptions.isScores(model)) {
            return scores();
        }
        checkNoScores();
        onnx.checkAbsent(model);
        if (config == null) {
            throw new UserError("CONFIG is missing; expected YAML with data and streams");
        }
        TrainingRun run = TrainingRun.read(config);
        if (seed != null) {
            run = run.withSeed(seed);
        }
        StoredModel stored = ModelDirectory.read(model);
        RunData images = RunData.of(run, data.catalog());
        TrainingRun.Recorded recorded;
        if (stored.edgeNode() == null) {
            if (ue != null) {
                throw new UserError("--ue stands beside a device's model; expected it beside an edge node's");
            }
            recorded = run.trace(stored, images, part, out);
        } else {
            StoredModel device = ue == null ? null : ModelDirectory.read(ue).forDevice(ue.toString());
            recorded = new TrainingRun.Recorded(EdgeNodeModel.of(stored, device).trace(images, part, out), List.of());
        }
        print(recorded, stored.model().config().exits(), stored.parametersSha256());
        return ExitCode.OK;
    }

    private void checkNoScores() {
        if (more != null || axes != null) {
            throw new UserError(model + ": is a model; expected scores, .npy, .npz or .csv, beside --more and --axes");
        }
    }

    private int scores() {
        if (config != null || ue != null || seed != null) {
            throw new UserError(model + ": holds scores; expected neither CONFIG nor --ue nor --seed beside it");
        }
        GivenScores scores = onnx.scores(model, more, axes);
        scores.write(out);
        print(
                new TrainingRun.Recorded(scores.traces().size(), List.of()),
                scores.scores().probabilities().size(),
                scores.sha256());
        return ExitCode.OK;
    }

    private int foreign() {
        if (config != null || ue != null || seed != null) {
            throw new UserError(
                    model + ": is an ONNX file; expected neither CONFIG nor --ue nor --seed beside it. Maybe"
                            + " give the configuration as --data");
        }
        ForeignTracing tracing = onnx.trace(model, part, data.catalog());
        tracing.write(out);
        print(
                new TrainingRun.Recorded(tracing.traces().size(), tracing.warnings()),
                tracing.scores().probabilities().size(),
                tracing.run().graph().model().sha256());
        return ExitCode.OK;
    }

    private void print(TrainingRun.Recorded recorded, int exits, String sha256) {
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("trace", out.toString());
            result.put("devices", recorded.devices());
            result.put("exits", exits);
            result.put("modelSha256", sha256);
            result.put("warnings", recorded.warnings());
            spec.commandLine().getOut().println(Json.compact(result));
        } else {
            spec.commandLine().getOut().printf(Locale.ROOT, "%s: %d devices%n", out, recorded.devices());
        }
        recorded.warnings().forEach(warning -> spec.commandLine().getErr().println("qexit: " + warning));
    }
}
