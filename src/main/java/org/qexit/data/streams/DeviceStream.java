package org.qexit.data.streams;

import java.util.List;
import java.util.Locale;
import org.qexit.common.Checks;
import org.qexit.data.LabelledSet;

/**
 * The events of one device, each split in stream order. No image is in two splits, or at two devices.
 *
 * @param device the device's id
 * @param validation events that set the thresholds
 * @param calibration events that guarantees are computed on
 * @param test events that are reported
 */
public record DeviceStream(String device, LabelledSet validation, LabelledSet calibration, LabelledSet test) {
    public DeviceStream {
        Checks.notBlank("device", device);
    }

    /** A use that a device's events are put to; no event has two. */
    public enum Part {
        /** Those that set the thresholds. */
        VALIDATION,
        /** Those that guarantees are computed on. */
        CALIBRATION,
        /** Those that are reported. */
        TEST;

        /** As files and messages name it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Validation, calibration, test. */
    public List<LabelledSet> splits() {
        return List.of(validation, calibration, test);
    }

    /** The events of one use, in stream order. */
    public LabelledSet part(Part part) {
        return splits().get(part.ordinal());
    }

    /** Events over all splits. */
    public int size() {
        return splits().stream().mapToInt(LabelledSet::size).sum();
    }

    /** Critical events over all splits. */
    public int positives() {
        return splits().stream().mapToInt(LabelledSet::positives).sum();
    }
}
