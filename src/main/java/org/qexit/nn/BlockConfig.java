package org.qexit.nn;

import java.util.ArrayList;
import java.util.List;
import org.qexit.common.Checks;

/**
 * A block: convolutions that keep height and width, each with its activation, then max pooling. The first block is the stem.
 * Blocks that have no exit of their own stand before the next one that has.
 *
 * @param channels output channels of each convolution
 * @param kernel side of the square kernel, odd; null means 3. Inputs of height 1 get kernels of height 1
 * @param pool side and step of the max pooling; 1 means none, null means 2. Rows and columns left over are dropped
 * @param convolutions how many convolutions in a row; null means 1
 * @param before blocks without an exit that lie in front of this one, from the input on; null for none
 */
public record BlockConfig(int channels, Integer kernel, Integer pool, Integer convolutions, List<BlockConfig> before) {
    private static final int MAX_BEFORE = 64;

    /** With nothing in front of it. */
    public BlockConfig(int channels, Integer kernel, Integer pool, Integer convolutions) {
        this(channels, kernel, pool, convolutions, null);
    }

    public BlockConfig {
        Checks.within("channels", channels, 1, 4096);
        kernel = kernel == null ? 3 : Checks.within("kernel", kernel, 1, 31);
        if (kernel % 2 == 0) {
            throw new IllegalArgumentException(
                    "kernel is " + kernel + "; expected an odd number, so that height and width stay");
        }
        pool = pool == null ? 2 : Checks.within("pool", pool, 1, 16);
        convolutions = convolutions == null ? 1 : Checks.within("convolutions", convolutions, 1, 16);
        before = before == null || before.isEmpty() ? null : List.copyOf(before);
        if (before != null) {
            Checks.within("blocks before a block", before.size(), 1, MAX_BEFORE);
            if (before.stream().anyMatch(block -> block.before() != null)) {
                throw new IllegalArgumentException(
                        "before stands within before; expected one list of blocks, from the input on");
            }
        }
    }

    /** One 3×3 convolution and 2×2 pooling. */
    public static BlockConfig of(int channels) {
        return new BlockConfig(channels, null, null, null);
    }

    /** What lies before this block, and the block itself, from the input on: plain blocks, one after the other. */
    public List<BlockConfig> parts() {
        List<BlockConfig> parts = new ArrayList<>(before == null ? List.of() : before);
        parts.add(new BlockConfig(channels, kernel, pool, convolutions));
        return parts;
    }

    /** Shape {channels, height, width} behind a plain block; a signal has height 1, which stays. */
    public int[] shapeBehind(int[] shape) {
        return new int[] {channels, shape[1] == 1 ? 1 : shape[1] / pool, shape[2] == 1 ? 1 : shape[2] / pool};
    }

    /** Whether a plain block pools a shape {channels, height, width} at all. */
    public boolean pools(int height, int width) {
        return pool > 1 && (height > 1 || width > 1);
    }
}
