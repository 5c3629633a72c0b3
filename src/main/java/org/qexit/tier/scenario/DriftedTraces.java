package org.qexit.tier.scenario;

import java.util.List;
import org.qexit.trace.DeviceTrace;

/** The confidences that the devices' model has of the same events when their images get noisy or dark. */
@FunctionalInterface
public interface DriftedTraces {
    /**
     * The traces of all devices, in order: events, labels and origins as in the undisturbed ones, scores of the disturbed images. The same
     * arguments give the same scores.
     *
     * @param noise standard deviation of Gaussian noise, in units of the greatest value
     * @param darkness 0 to 1, the share of its brightness that an image loses
     */
    List<DeviceTrace> disturbed(double noise, double darkness);
}
