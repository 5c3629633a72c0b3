package org.qexit.nn.node;

import org.qexit.common.Checks;

/**
 * How a channel of features becomes one byte per value: level = round((x − zero) / scale), at least 0 and at most 255, halves away from
 * zero; the node's network sees level / 255.
 *
 * @param zero what level 0 means
 * @param scale of a level, above 0
 */
public record ChannelScale(float zero, float scale) {
    /** Of the largest level of a byte. */
    static final int LEVELS = 255;

    public ChannelScale {
        if (!Float.isFinite(zero)) {
            throw new IllegalArgumentException("zero is " + zero + "; expected a finite number");
        }
        Checks.positive("scale", scale);
    }

    /** The scale whose levels reach from the least to the largest of some values; a channel that never changes has scale 1. */
    static ChannelScale between(float least, float largest) {
        float scale = (largest - least) / LEVELS;
        return new ChannelScale(least, scale > 0 ? scale : 1);
    }

    /** 0 to 255. */
    public int level(float value) {
        return Math.max(0, Math.min(LEVELS, Math.round((value - zero) / scale)));
    }

    /** What a level stands for. */
    public float value(int level) {
        return zero + level * scale;
    }
}
