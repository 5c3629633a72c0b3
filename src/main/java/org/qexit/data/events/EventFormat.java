package org.qexit.data.events;

import org.qexit.common.Checks;
import org.qexit.data.Dataset;

/**
 * What events look like.
 *
 * @param channels C
 * @param height H
 * @param width W
 * @param maximum values are 0 to this: 255 for a model that takes the levels of 8-bit images, 1 for one that takes scaled values
 * @param levels whether numbers in text are levels 0 to 255, whatever the maximum
 * @param resize whether images of another size are scaled by area
 * @param ignoredColumn index of a column of text rows that is no part of the event, such as its label; or null
 */
public record EventFormat(
        int channels, int height, int width, float maximum, boolean levels, boolean resize, Integer ignoredColumn) {
    static final float MOST_LEVEL = 255f;

    public EventFormat {
        Checks.within("channels", channels, 1, 1 << 26);
        Checks.within("height", height, 1, 1 << 26);
        Checks.within("width", width, 1, 1 << 26);
        Checks.positive("maximum", maximum);
        if ((double) channels * height * width > 1 << 26) {
            throw new IllegalArgumentException(
                    "events of " + channels + " x " + height + " x " + width + " are too large");
        }
        if (ignoredColumn != null) {
            Checks.within("ignoredColumn", ignoredColumn, 0, size());
        }
    }

    /** Values per event. */
    public int size() {
        return channels * height * width;
    }

    String shape() {
        return channels + " x " + height + " x " + width;
    }

    /**
     * Whether an array's dimensions say an event: all values in one, or the event's shape, from the left without any of size 1. The same
     * number of values in another shape is another event.
     */
    boolean accepts(int[] dims) {
        if (dims.length == 1) {
            return dims[0] == size();
        }
        int[] shape = {channels, height, width};
        int more = dims.length - shape.length;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] != (i < more ? 1 : shape[i - more])) {
                return false;
            }
        }
        return more >= 0 || channels == 1;
    }

    /** What a level is worth; for a maximum of 1 as in {@link Dataset}, so that runtime and training see the same bits. */
    float perLevel() {
        return maximum / MOST_LEVEL;
    }

    /** Numbers beyond what the model knows get an answer, too, but one that means nothing. */
    void checkRange(float[] values, float most) {
        for (int i = 0; i < values.length; i++) {
            if (!(values[i] >= 0 && values[i] <= most)) {
                throw new IllegalArgumentException("value " + i + " is " + values[i] + "; expected 0 to " + most
                        + (most == 1 ? ". Maybe these are levels 0 to 255" : ""));
            }
        }
    }

    float[] ofLevels(byte[] bytes) {
        float[] values = new float[bytes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (bytes[i] & 0xff) * perLevel();
        }
        return values;
    }
}
