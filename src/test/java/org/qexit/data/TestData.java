package org.qexit.data;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.common.RandomStreams;

/** Made-up data sets. */
public final class TestData {
    private TestData() {}

    /** {@code perClass} one-pixel images of each class, class ids in turn. */
    public static Dataset blank(int classes, int perClass) {
        byte[][] pixels = new byte[classes * perClass][1];
        int[] ids = new int[pixels.length];
        List<String> names = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i % classes;
            pixels[i][0] = (byte) (i % 256);
        }
        for (int c = 0; c < classes; c++) {
            names.add("class" + c);
        }
        return Dataset.ofBytes("blank", new int[] {1, 1, 1}, pixels, ids, names);
    }

    /** Random pixels. */
    public static byte[][] pixels(int images, int features, long seed) {
        SplittableRandom random = RandomStreams.of(seed).stream("pixels");
        byte[][] pixels = new byte[images][features];
        for (byte[] image : pixels) {
            random.nextBytes(image);
        }
        return pixels;
    }
}
