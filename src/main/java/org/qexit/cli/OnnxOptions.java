package org.qexit.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.qexit.common.UserError;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.streams.DeviceStream;
import org.qexit.experiment.onnx.ForeignEvents;
import org.qexit.experiment.onnx.ForeignTracing;
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
            description = "ONNX model: which of its outputs are exits, first exit first.")
    private List<String> outputs;

    @Option(names = "--images", paramLabel = "FILE", description = "ONNX model: the events, an IDX file.")
    private Path images;

    @Option(names = "--labels", paramLabel = "FILE", description = "ONNX model: their classes, an IDX file.")
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
        if (probabilities && logits) {
            throw new UserError("--probabilities and --logits are both given; expected one of the two");
        }
        ForeignTracing.Reading reading = new ForeignTracing.Reading(
                critical,
                criticalLabels == null && images != null,
                probabilities
                        ? ExitScores.Said.PROBABILITIES
                        : logits ? ExitScores.Said.LOGITS : ExitScores.Said.NOTHING,
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
