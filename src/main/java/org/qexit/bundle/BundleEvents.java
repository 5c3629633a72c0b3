package org.qexit.bundle;

import org.qexit.common.Checks;

/**
 * Events of one device as a bundle's graphs take them. The arrays are not copied; do not change them.
 *
 * @param device the device's id
 * @param labels 1 = critical, 0 = normal, {@code [event]}
 * @param values row-major, {@code [event][channel * height * width]}, flattened; from 0 to the input's maximum
 */
public record BundleEvents(String device, byte[] labels, float[] values) {
    public BundleEvents {
        Checks.notBlank("device", device);
        if (labels.length == 0 ? values.length != 0 : values.length % labels.length != 0) {
            throw new IllegalArgumentException(values.length + " values for " + labels.length + " events");
        }
    }

    public int size() {
        return labels.length;
    }

    /** From what the graphs take to what the network sees, 0 to 1. */
    public float[] scaled(float maximum) {
        return scaled(values, maximum);
    }

    /** The same of any values, exactly as the graphs do it. */
    public static float[] scaled(float[] values, float maximum) {
        float factor = 1 / maximum;
        float[] scaled = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = values[i] * factor;
        }
        return scaled;
    }
}
