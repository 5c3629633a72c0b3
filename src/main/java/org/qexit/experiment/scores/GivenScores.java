package org.qexit.experiment.scores;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.qexit.common.Hashing;
import org.qexit.common.Provenance;
import org.qexit.common.UserError;
import org.qexit.common.Version;
import org.qexit.experiment.onnx.ForeignEvents;
import org.qexit.onnx.foreign.ExitScores;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.EventOrigins;
import org.qexit.trace.TraceMetadata;
import org.qexit.trace.TraceWriter;

/**
 * Scores of another program as confidence traces.
 *
 * @param name of the file they are from
 * @param sha256 SHA-256 of that file
 * @param scores how numbers became confidences
 * @param traces of each device
 */
public record GivenScores(String name, String sha256, ExitScores scores, List<DeviceTrace> traces) {
    /**
     * Where they are and what they mean.
     *
     * @param files one .npy or .npz, or .npy or .csv files, one for each exit
     * @param labels an IDX or .npy file, or null where the files hold them
     * @param outputs names of an archive's arrays, first exit first, or null
     * @param axes what the axes of an array are, or null
     * @param critical the critical classes of the scores
     * @param criticalLabels labels that are critical, or null where they are the scores' classes
     * @param said whether they are probabilities
     */
    public record Source(
            List<Path> files,
            Path labels,
            List<String> outputs,
            List<String> axes,
            List<Integer> critical,
            List<Integer> criticalLabels,
            ExitScores.Said said) {
        public Source {
            files = List.copyOf(files);
            if (critical == null || critical.isEmpty()) {
                throw new UserError("--critical is missing; expected the ids of the critical classes");
            }
        }
    }

    /** @throws UserError for files that are not read, or that do not fit each other */
    public static GivenScores read(Source source) {
        ScoreFiles files = ScoreFiles.read(source.files(), source.labels(), source.outputs(), source.axes());
        ScoreArray array = files.scores();
        ExitScores scores =
                ExitScores.of(array.exits(), array.classes(), array.values(), source.critical(), source.said());
        List<Integer> critical = source.criticalLabels() == null ? source.critical() : source.criticalLabels();
        int known = Math.max(2, array.classes());
        for (int k = 0; k < files.labels().length; k++) {
            if (source.criticalLabels() == null && files.labels()[k] >= known) {
                throw new UserError(
                        "event " + k + " has the label " + files.labels()[k] + "; expected 0 to " + (known - 1)
                                + ", which the scores tell apart. Maybe say which labels are critical: --critical-labels");
            }
        }
        Path first = source.files().get(0);
        try {
            return new GivenScores(
                    String.valueOf(first.getFileName()),
                    Hashing.sha256Hex(first),
                    scores,
                    traces(files, scores.confidences(array.values()), critical));
        } catch (IOException e) {
            throw new UserError(first + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<DeviceTrace> traces(ScoreFiles files, float[][] confidences, List<Integer> critical) {
        Map<String, List<Integer>> devices = new LinkedHashMap<>();
        if (files.devices() != null) {
            new TreeSet<>(Arrays.asList(files.devices())).forEach(id -> devices.put(id, new ArrayList<>()));
        }
        for (int k = 0; k < files.labels().length; k++) {
            devices.computeIfAbsent(
                            files.devices() == null ? ForeignEvents.DEVICE : files.devices()[k],
                            id -> new ArrayList<>())
                    .add(k);
        }
        List<DeviceTrace> traces = new ArrayList<>();
        devices.forEach((id, events) -> {
            int[] at = events.stream().mapToInt(Integer::intValue).toArray();
            int[] classes = Arrays.stream(at).map(k -> files.labels()[k]).toArray();
            float[][] own = new float[confidences.length][at.length];
            for (int q = 0; q < own.length; q++) {
                for (int i = 0; i < at.length; i++) {
                    own[q][i] = confidences[q][at[i]];
                }
            }
            traces.add(new DeviceTrace(
                    id,
                    Arrays.stream(at).asLongStream().toArray(),
                    marks(classes, critical),
                    own,
                    EventOrigins.of(classes, at)));
        });
        return traces;
    }

    private static byte[] marks(int[] classes, List<Integer> critical) {
        byte[] labels = new byte[classes.length];
        for (int k = 0; k < labels.length; k++) {
            labels[k] = (byte) (critical.contains(classes[k]) ? 1 : 0);
        }
        return labels;
    }

    /** Writes the trace file. */
    public void write(Path file) {
        TraceMetadata metadata = TraceMetadata.of(
                name, sha256, null, null, new Provenance(Version.current(), null, null, Map.of(name, sha256)));
        TraceWriter.write(file, traces.get(0).exits(), metadata, out -> traces.forEach(out::append));
    }
}
