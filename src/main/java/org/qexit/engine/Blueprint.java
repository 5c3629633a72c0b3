package org.qexit.engine;

import java.util.List;

/**
 * An early-exit network as the engine runs it. Its parameters stand one after another: for each convolution, from the input on, weights
 * {@code [output channel][input channel][row][column]} and biases; then, for each head, those of its stages.
 *
 * @param channels of the input
 * @param rows of the input
 * @param columns of the input
 * @param tanh what follows each convolution: tanh, or else max(0, x)
 * @param blocks from the input on
 * @param heads one per block that has an exit, which the last one has
 */
public record Blueprint(int channels, int rows, int columns, boolean tanh, List<Block> blocks, List<Head> heads) {
    public Blueprint {
        blocks = List.copyOf(blocks);
        heads = List.copyOf(heads);
        long exits = blocks.stream().filter(Block::exit).count();
        if (blocks.isEmpty() || !blocks.get(blocks.size() - 1).exit() || heads.size() != exits) {
            throw new IllegalArgumentException(heads.size() + " heads for " + exits + " exits of " + blocks.size()
                    + " blocks; expected one per exit, and one behind the last block");
        }
    }

    /**
     * Convolutions of stride 1 that keep rows and columns, then max pooling whose left-over rows and columns are dropped.
     *
     * @param channels output channels of each convolution
     * @param kernelRows odd
     * @param kernelColumns odd
     * @param convolutions how many in a row
     * @param poolRows rows of a window; 1 for none
     * @param poolColumns columns of a window
     * @param exit whether a head sees what is behind it
     */
    public record Block(
            int channels,
            int kernelRows,
            int kernelColumns,
            int convolutions,
            int poolRows,
            int poolColumns,
            boolean exit) {
        /** With an exit. */
        public Block(int channels, int kernelRows, int kernelColumns, int convolutions, int poolRows, int poolColumns) {
            this(channels, kernelRows, kernelColumns, convolutions, poolRows, poolColumns, true);
        }
    }

    /**
     * What turns the features behind a block into logits.
     *
     * @param average whether it sees each channel's mean; else all values by channel, row and column
     * @param stages in order; the last one's outputs are the logits
     */
    public record Head(boolean average, List<Stage> stages) {
        public Head {
            stages = List.copyOf(stages);
        }
    }

    /** Numbers of one input. */
    public int features() {
        return channels * rows * columns;
    }

    /** Logits of all exits together. */
    public int logits() {
        int sum = 0;
        for (Head head : heads) {
            sum += head.stages().get(head.stages().size() - 1).outputs();
        }
        return sum;
    }
}
