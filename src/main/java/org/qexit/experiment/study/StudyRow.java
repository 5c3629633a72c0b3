package org.qexit.experiment.study;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.qexit.common.Hashing;
import org.qexit.common.UserError;

/**
 * What one training came to on the test events.
 *
 * @param data name of the data set
 * @param head its heads
 * @param loss name of the loss
 * @param budget ω
 * @param seed of all random choices
 * @param settings first digits of the SHA-256 of all settings that make the row
 * @param bestEpoch the epoch kept, from 1
 * @param lower l, chosen exactly on the validation events within the budget
 * @param upper u; infinite for "never"
 * @param validation what the thresholds do there
 * @param test what they do on the test events
 * @param frontier true positives on the test events with the best thresholds for exactly the budget there: what the scores'
 *     order is worth
 * @param crossEntropy mean cross-entropy of the test events at the last exit [nat]
 * @param calibrationError expected calibration error at the last exit, 15 bins of equal width
 * @param cpuSeconds processor time of the training behind the warm-up
 */
record StudyRow(
        String data,
        String head,
        String loss,
        double budget,
        long seed,
        String settings,
        int bestEpoch,
        float lower,
        float upper,
        Counts validation,
        Counts test,
        int frontier,
        double crossEntropy,
        double calibrationError,
        double cpuSeconds)
        implements Serializable {
    /** The header of earlier versions, whose rows have no digest. */
    static final String BARE_HEADER = "data,head,loss,budget,seed,settings,best_epoch,lower,upper,"
            + "validation_events,validation_critical,validation_tp,validation_fp,"
            + "test_events,test_critical,test_tp,test_fp,test_tpr,test_ofr,"
            + "test_frontier_tp,test_frontier_tpr,test_cross_entropy,test_calibration_error,cpu_seconds";

    static final String HEADER = BARE_HEADER + ",row_sha256";
    private static final int COLUMNS = BARE_HEADER.split(",").length;
    private static final int DIGEST_DIGITS = 12;

    /**
     * @param events all
     * @param critical |P|
     * @param truePositives TP
     * @param falsePositives FP
     */
    record Counts(int events, int critical, int truePositives, int falsePositives) implements Serializable {
        Counts {
            if (critical < 1
                    || critical > events
                    || truePositives < 0
                    || truePositives > critical
                    || falsePositives < 0
                    || falsePositives > events - critical) {
                throw new IllegalArgumentException(truePositives + " + " + falsePositives + " offloads of " + critical
                        + " critical in " + events + " events; expected counts that fit");
            }
        }

        double truePositiveRate() {
            return (double) truePositives / critical;
        }

        double offloadRate() {
            return (double) (truePositives + falsePositives) / events;
        }
    }

    /** What makes a row: two rows of one key are the same measurement. */
    String key() {
        return data + "/" + head + "/" + loss + "/" + budget + "/" + seed;
    }

    /** TPR on the test events within exactly the budget. */
    double frontierRate() {
        return (double) frontier / test.critical;
    }

    /** The row as it stands in the file: its columns, and the first digits of their SHA-256. */
    String line() {
        String columns = columns();
        return columns + "," + digest(columns);
    }

    private static String digest(String columns) {
        return Hashing.sha256Hex(columns.getBytes(StandardCharsets.UTF_8)).substring(0, DIGEST_DIGITS);
    }

    private String columns() {
        return String.join(
                ",",
                data,
                head,
                loss,
                Double.toString(budget),
                Long.toString(seed),
                settings,
                Integer.toString(bestEpoch),
                Float.toString(lower),
                Float.toString(upper),
                Integer.toString(validation.events),
                Integer.toString(validation.critical),
                Integer.toString(validation.truePositives),
                Integer.toString(validation.falsePositives),
                Integer.toString(test.events),
                Integer.toString(test.critical),
                Integer.toString(test.truePositives),
                Integer.toString(test.falsePositives),
                decimals(test.truePositiveRate()),
                decimals(test.offloadRate()),
                Integer.toString(frontier),
                decimals(frontierRate()),
                decimals(crossEntropy),
                decimals(calibrationError),
                String.format(Locale.ROOT, "%.1f", cpuSeconds));
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.5f", value);
    }

    /**
     * Reads a line that {@link #line} wrote.
     *
     * @param place file and line, for messages
     * @throws UserError if it is not what was written
     */
    static StudyRow parse(String place, String line) {
        int end = line.lastIndexOf(',');
        if (end < 0 || !line.substring(end + 1).equals(digest(line.substring(0, end)))) {
            throw new UserError(
                    place + ": its SHA-256 is not what its last column says; it was changed after it was written."
                            + " Maybe remove the line, so that the study trains it again");
        }
        return parse(place, List.of(line.substring(0, end).split(",", -1)));
    }

    /** As {@link #parse}, for a line of an earlier version: without a digest, the rates must fit the counts at least. */
    static StudyRow parseBare(String place, String line) {
        List<String> f = List.of(line.split(",", -1));
        StudyRow row = parse(place, f);
        List<String> rates = List.of(
                decimals(row.test.truePositiveRate()), decimals(row.test.offloadRate()), decimals(row.frontierRate()));
        List<String> read = List.of(f.get(17), f.get(18), f.get(20));
        if (!rates.equals(read)) {
            throw new UserError(place + ": test_tpr, test_ofr and test_frontier_tpr are " + read + "; expected " + rates
                    + " by the counts beside them");
        }
        return row;
    }

    private static StudyRow parse(String place, List<String> f) {
        if (f.size() != COLUMNS) {
            throw new UserError(place + ": " + f.size() + " columns; expected " + COLUMNS);
        }
        try {
            return new StudyRow(
                    f.get(0),
                    f.get(1),
                    f.get(2),
                    Double.parseDouble(f.get(3)),
                    Long.parseLong(f.get(4)),
                    f.get(5),
                    Integer.parseInt(f.get(6)),
                    Float.parseFloat(f.get(7)),
                    Float.parseFloat(f.get(8)),
                    counts(f, 9),
                    counts(f, 13),
                    Integer.parseInt(f.get(19)),
                    Double.parseDouble(f.get(21)),
                    Double.parseDouble(f.get(22)),
                    Double.parseDouble(f.get(23)));
        } catch (IllegalArgumentException e) {
            throw new UserError(place + ": " + e.getMessage(), e);
        }
    }

    private static Counts counts(List<String> fields, int at) {
        return new Counts(
                Integer.parseInt(fields.get(at)),
                Integer.parseInt(fields.get(at + 1)),
                Integer.parseInt(fields.get(at + 2)),
                Integer.parseInt(fields.get(at + 3)));
    }
}
