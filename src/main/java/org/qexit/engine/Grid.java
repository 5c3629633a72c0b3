package org.qexit.engine;

/**
 * Where the values of a tile's feature maps lie: {@code [channel][row][column][16]}, sixteen samples of a value side by side, each map within
 * a border of zeros that convolutions read and nobody writes. Channels are padded to a multiple of four, as kernels write them.
 */
final class Grid {
    /** Samples of a tile: the length of the longest vectors there are, whatever this machine's are, so that no sum depends on it. */
    static final int LANES = Kernels.LANES;

    final int channels;
    final int rows;
    final int columns;
    private final int borderRows;
    private final int borderColumns;

    Grid(int channels, int rows, int columns, int borderRows, int borderColumns) {
        this.channels = channels;
        this.rows = rows;
        this.columns = columns;
        this.borderRows = borderRows;
        this.borderColumns = borderColumns;
    }

    /** The next multiple of four. */
    static int padded(int count) {
        return count + 3 & ~3;
    }

    /** Numbers from a row to the next. */
    int row() {
        return (columns + 2 * borderColumns) * LANES;
    }

    /** Numbers from a channel to the next. */
    int step() {
        return (rows + 2 * borderRows) * row();
    }

    /** Numbers of a tile. */
    long size() {
        return (long) padded(channels) * (rows + 2L * borderRows) * (columns + 2L * borderColumns) * LANES;
    }

    /** Where a value of the first channel lies; rows and columns of the border count from −1 down. */
    int at(int row, int column) {
        return (row + borderRows) * row() + (column + borderColumns) * LANES;
    }

    /** Where the real values lie, by channel, row and column: the order in which a dense layer takes them. */
    int[] places() {
        int[] places = new int[channels * rows * columns];
        int next = 0;
        for (int c = 0; c < channels; c++) {
            for (int r = 0; r < rows; r++) {
                for (int w = 0; w < columns; w++) {
                    places[next++] = c * step() + at(r, w);
                }
            }
        }
        return places;
    }
}
