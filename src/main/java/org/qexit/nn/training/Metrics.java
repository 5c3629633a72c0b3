package org.qexit.nn.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.trace.ExitThresholds;

/** An epoch's record as a flat row of named numbers, the same names in CSV and TensorBoard. */
final class Metrics {
    private Metrics() {}

    /** Values by name, for a training always the same names in the same order; null where there is none. */
    static Map<String, Double> of(EpochRecord epoch) {
        Map<String, Double> row = new LinkedHashMap<>();
        row.put("train/loss", epoch.loss());
        for (int q = 0; q < epoch.crossEntropies().size(); q++) {
            row.put("train/cross_entropy_" + (q + 1), epoch.crossEntropies().get(q));
        }
        boolean budgeted = epoch.hasThresholds();
        if (budgeted) {
            row.put("train/utility", epoch.utility());
            row.put("train/offload", epoch.offload());
            row.put("train/false_positives", epoch.falsePositives());
        }
        row.put("train/learning_rate", epoch.learningRate());
        if (budgeted) {
            row.put("train/steepness", epoch.steepness());
            row.put("train/multiplier", epoch.multiplier());
            row.put("train/false_positive_multiplier", epoch.falsePositiveMultiplier());
            row.put("train/lower", epoch.trainingLower());
            row.put("train/upper", epoch.trainingUpper());
        }
        row.put("held_out/loss", epoch.heldOutLoss());
        for (int q = 0; q < epoch.heldOutAccuracies().size(); q++) {
            row.put("held_out/accuracy_" + (q + 1), epoch.heldOutAccuracies().get(q));
        }
        if (budgeted) {
            row.put("held_out/true_positive_rate", epoch.heldOutTruePositiveRate());
            row.put("held_out/offload_rate", epoch.heldOutOffloadRate());
            row.put("held_out/false_positive_rate", epoch.heldOutFalsePositiveRate());
            row.put("held_out/lower", epoch.lower());
            row.put("held_out/upper", epoch.upper());
            putExits(row, "train", epoch.trainingPerExit());
            putExits(row, "held_out", epoch.perExit());
        }
        row.put("seconds", epoch.seconds());
        return row;
    }

    /** Thresholds per exit; of a test that never or always fires, no number. */
    private static void putExits(Map<String, Double> row, String of, ExitThresholds thresholds) {
        for (int q = 0; thresholds != null && q < thresholds.exits(); q++) {
            row.put(of + "/lower_" + (q + 1), EpochRecord.finite(thresholds.lower(q)));
            row.put(of + "/upper_" + (q + 1), EpochRecord.finite(thresholds.upper(q)));
        }
    }

    /** A header line, then one line per epoch; a field is empty where there is no value. */
    static String csv(List<EpochRecord> history) {
        StringBuilder text = new StringBuilder();
        for (EpochRecord epoch : history) {
            Map<String, Double> row = of(epoch);
            if (text.isEmpty()) {
                text.append("epoch,").append(String.join(",", row.keySet())).append('\n');
            }
            text.append(epoch.epoch());
            row.values().forEach(value -> text.append(',').append(value == null ? "" : value.toString()));
            text.append('\n');
        }
        return text.toString();
    }

    /** An epoch as TensorBoard events. */
    static byte[] event(EpochRecord epoch, double wallTimeSeconds) {
        Map<String, Double> row = of(epoch);
        row.values().removeIf(java.util.Objects::isNull);
        return EventFile.scalars(wallTimeSeconds, epoch.epoch(), row);
    }
}
