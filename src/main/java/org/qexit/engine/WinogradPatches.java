package org.qexit.engine;

/** Where {@link WinogradFilter}'s patches lie, and how far apart the points of what comes of them. */
final class WinogradPatches {
    private static final int PATCH = Kernels.PATCH;
    /** Numbers of a channel in a block of four patches. */
    static final int BLOCK = Kernels.PATCHES * Grid.LANES;

    private WinogradPatches() {}

    /**
     * Rows {corner in from, four places in to} of the patches that cover what is wanted, up to a multiple of four.
     *
     * @param scale what the places in {@code to} are divided by
     * @param none what stands for places that are not wanted, or wanted already
     */
    static int[] table(Grid from, Grid to, int rows, int columns, int scale, int none) {
        int across = (columns + 1) / 2;
        int count = (rows + 1) / 2 * across;
        int[] table = new int[(count + Kernels.PATCHES - 1) / Kernels.PATCHES * Kernels.PATCHES * PATCH];
        for (int p = 0; p < table.length / PATCH; p++) {
            int which = Math.min(p, count - 1);
            int wantedRow = which / across * 2;
            int wantedColumn = which % across * 2;
            // Of an odd number of rows the last patch lies one further up, so as not to read what is behind the border.
            int row = Math.min(wantedRow, rows - 2);
            int column = Math.min(wantedColumn, columns - 2);
            table[p * PATCH] = from.at(row - 1, column - 1);
            for (int i = 0; i < 4; i++) {
                int r = row + i / 2;
                int c = column + i % 2;
                boolean wanted = p < count && r >= wantedRow && c >= wantedColumn;
                table[p * PATCH + 1 + i] = wanted ? to.at(r / scale, c / scale) : none;
            }
        }
        return table;
    }

    /** Numbers from a point to the next: a line of the cache more than needed, lest the same places of all points share a set of it. */
    static int step(Grid grid, int blocks) {
        return Math.addExact(Math.multiplyExact(blocks * BLOCK, Grid.padded(grid.channels)), Grid.LANES);
    }
}
