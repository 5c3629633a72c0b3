package org.qexit.data.streams;

import java.util.List;
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

    /** Validation, calibration, test. */
    public List<LabelledSet> splits() {
        return List.of(validation, calibration, test);
    }

    /** Events over all splits. */
    public int size() {
        return validation.size() + calibration.size() + test.size();
    }

    /** Critical events over all splits. */
    public int positives() {
        return validation.positives() + calibration.positives() + test.positives();
    }
}
