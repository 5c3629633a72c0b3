package org.qexit.device.graph;

/**
 * Feature maps as the engine holds them: {@code [row][column][channel]} with a border of zeros, and zeros behind the channels of a place up
 * to {@code stride}.
 *
 * @param stride numbers of a place, at least the channels
 * @param border rows above, columns left, rows below, columns right
 */
record MapLayout(int channels, int height, int width, int stride, int[] border) {
    private int pitch() {
        return width + border[1] + border[3];
    }

    /** Where the channels of a row and column begin; rows and columns of the border are below 0 or beyond the last. */
    int place(int row, int column) {
        return ((row + border[0]) * pitch() + column + border[1]) * stride;
    }

    /** Numbers in all; as a long, for graphs may claim anything. */
    long size() {
        return ((long) height + border[0] + border[2]) * ((long) width + border[1] + border[3]) * stride;
    }

    /** Whether there are as many zeros around it. */
    boolean fits(int[] needed) {
        for (int i = 0; i < needed.length; i++) {
            if (border[i] < needed[i]) {
                return false;
            }
        }
        return true;
    }

    int[] shape() {
        return new int[] {1, channels, height, width};
    }

    /** Where the numbers of {@code [1][channel][row][column]} are. */
    int[] addresses() {
        int[] at = new int[channels * height * width];
        int next = 0;
        for (int c = 0; c < channels; c++) {
            for (int r = 0; r < height; r++) {
                for (int w = 0; w < width; w++) {
                    at[next++] = place(r, w) + c;
                }
            }
        }
        return at;
    }
}
