package org.qexit.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.qexit.common.UserError;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.streams.DeviceStream;
import org.qexit.experiment.onnx.ForeignEvents;
import org.qexit.experiment.onnx.ForeignTracing;
import org.qexit.experiment.scores.GivenScores;
import org.qexit.onnx.foreign.EventInput;
import org.qexit.onnx.foreign.ExitScores;
import org.qexit.onnx.foreign.ForeignModel;
import picocli.CommandLine.Option;

/** A multi-exit ONNX model of another exporter, and the events that it is run on. */
final class OnnxOptions {
    @Option(
            names = "--outputs",
            paramLabel = "E1,E2,…",
            split = ",",
            description =
                    "ONNX model: which of its outputs are exits, first exit first. Of scores in a .npz file: which of its arrays.")
    private List<String> outputs;

    @Option(names = "--images", paramLabel = "FILE", description = "ONNX model: the events, an IDX file.")
    private Path images;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "ONNX model or scores: the events' classes, an IDX file; of scores a .npy file, too.")
    private Path labels;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description =
                    "ONNX model: instead of --images and --labels, a configuration with data and streams, or a data set's name,"
                            + " descriptor or directory, all of whose test events are then those of a device d0.")
    private String data;

    @Option(
            names = "--critical",
            paramLabel = "ID,…",
            split = ",",
            description =
                    "ONNX model: its critical classes; of a single number per exit 1, or 0 if it is the probability of normal."
                            + " Default: those of the configuration.")
    private List<Integer> critical;

    @Option(
            names = "--critical-labels",
            paramLabel = "ID,…",
            split = ",",
            description = "ONNX model: which labels are critical, where they are not the model's classes.")
    private List<Integer> criticalLabels;

    @Option(
            names = "--scale",
            paramLabel = "X",
            defaultValue = "1",
            description = "ONNX model: values are divided by this before it; 255 for images.")
    private float scale;

    @Option(
            names = "--mean",
            paramLabel = "X,…",
            split = ",",
            description = "ONNX model: then this is subtracted, one number or one per channel.")
    private List<Float> mean;

    @Option(names = "--std", paramLabel = "X,…", split = ",", description = "ONNX model: then divided by this.")
    private List<Float> deviation;

    @Option(
            names = "--probabilities",
            description =
                    "ONNX model: its exits say probabilities. Default: they are recognised, else taken for logits.")
    private boolean probabilities;

    @Option(names = "--logits", description = "ONNX model: its exits say logits.")
    private boolean logits;

    /** Whether a path is an ONNX file rather than a directory of ours. */
    static boolean isOnnx(Path path) {
        return path != null && !Files.isDirectory(path) && path.toString().endsWith(".onnx");
    }

    /** @throws UserError if an option for ONNX models was given beside another */
    void checkAbsent(Path model) {
        if (outputs != null || images != null || labels != null || critical != null || data != null) {
            throw new UserError(
                    model + ": is no ONNX file; expected one beside --outputs, --images, --labels, --data and"
                            + " --critical");
        }
    }

    /** Whether a path is a file of scores rather than a model. */
    static boolean isScores(Path path) {
        return path != null
                && !Files.isDirectory(path)
                && path.toString().toLowerCase(Locale.ROOT).matches("(?s).*\\.(npy|npz|csv)");
    }

    /**
     * Scores of another program.
     *
     * @param more files of later exits, or null
     * @param axes what an array's axes are, or null
     */
    GivenScores scores(Path file, List<Path> more, List<String> axes) {
        if (images != null || data != null || scale != 1 || mean != null || deviation != null) {
            throw new UserError(file + ": holds scores; expected neither --images, --data, --scale, --mean nor --std");
        }
        List<Path> files = new ArrayList<>(List.of(file));
        files.addAll(more == null ? List.of() : more);
        return GivenScores.read(new GivenScores.Source(files, labels, outputs, axes, critical, criticalLabels, said()));
    }

    private ExitScores.Said said() {
        if (probabilities && logits) {
            throw new UserError("--probabilities and --logits are both given; expected one of the two");
        }
        return probabilities
                ? ExitScores.Said.PROBABILITIES
                : logits ? ExitScores.Said.LOGITS : ExitScores.Said.NOTHING;
    }

    /** What was said, as it was. */
    String words() {
        return (outputs == null ? "" : " --outputs " + String.join(",", outputs))
                + (images == null ? "" : " --images " + images + " --labels " + labels)
                + (data == null ? "" : " --data " + data)
                + (critical == null ? "" : " --critical " + joined(critical))
                + (criticalLabels == null ? "" : " --critical-labels " + joined(criticalLabels))
                + (scale == 1 ? "" : " --scale " + scale)
                + (mean == null ? "" : " --mean " + joined(mean) + " --std " + joined(deviation))
                + (probabilities ? " --probabilities" : "")
                + (logits ? " --logits" : "");
    }

    private static String joined(List<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** The model and what it says of the events. */
    ForeignTracing trace(Path file, DeviceStream.Part part, DatasetCatalog catalog) {
        if (outputs == null) {
            throw new UserError("--outputs is missing; expected the model's exits, first exit first");
        }
        ForeignTracing.Reading reading = new ForeignTracing.Reading(
                critical,
                criticalLabels == null && images != null,
                said(),
                new EventInput.Normalisation(scale, array(mean), array(deviation)));
        ForeignEvents.Source source = new ForeignEvents.Source(images, labels, data, part);
        ForeignModel model = ForeignModel.read(file, outputs);
        ForeignEvents events = ForeignEvents.read(source, criticalLabels == null ? critical : criticalLabels, catalog);
        return ForeignTracing.of(model, events, reading);
    }

    private static float[] array(List<Float> numbers) {
        List<Float> given = numbers == null ? new ArrayList<>() : numbers;
        float[] values = new float[given.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = given.get(i);
        }
        return values;
    }
}
