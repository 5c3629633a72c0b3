package org.qexit.data.formats;

import java.util.Arrays;

/**
 * Scales images by area: a target pixel is the mean of the source rectangle it covers, each source pixel weighted by its
 * covered part. Nothing aliases when shrinking, a constant image stays constant, and no graphics library decides the bytes.
 */
public final class Resampling {
    private Resampling() {}

    /**
     * @param planes {@code [channel * height * width]}
     * @return {@code [channel * newHeight * newWidth]}
     */
    public static byte[] byArea(byte[] planes, int channels, int height, int width, int newHeight, int newWidth) {
        byte[] result = new byte[Math.multiplyExact(channels, Math.multiplyExact(newHeight, newWidth))];
        double[] rows = new double[Math.multiplyExact(newHeight, width)];
        for (int c = 0; c < channels; c++) {
            Arrays.fill(rows, 0);
            for (int y = 0; y < newHeight; y++) {
                Window window = Window.of(y, newHeight, height);
                for (int s = window.first; s <= window.last; s++) {
                    double weight = window.weight(s);
                    for (int x = 0; x < width; x++) {
                        rows[y * width + x] += weight * (planes[(c * height + s) * width + x] & 0xff);
                    }
                }
            }
            for (int x = 0; x < newWidth; x++) {
                Window window = Window.of(x, newWidth, width);
                for (int y = 0; y < newHeight; y++) {
                    double sum = 0;
                    for (int s = window.first; s <= window.last; s++) {
                        sum += window.weight(s) * rows[y * width + s];
                    }
                    result[(c * newHeight + y) * newWidth + x] = (byte) (int) Math.round(sum);
                }
            }
        }
        return result;
    }

    /** What target cell i of n covers of m source cells: [i m / n, (i + 1) m / n), and the share of each in it. */
    private record Window(double from, double to, int first, int last) {
        static Window of(int i, int n, int m) {
            double from = (double) i * m / n;
            double to = (double) (i + 1) * m / n;
            return new Window(from, to, (int) from, Math.min(m, (int) Math.ceil(to)) - 1);
        }

        double weight(int s) {
            return (Math.min(to, s + 1.0) - Math.max(from, s)) / (to - from);
        }
    }
}
