package org.qexit.nn;

import org.qexit.common.Checks;

/**
 * A block: convolutions that keep height and width, each with its activation, then max pooling. The first block is the stem.
 *
 * @param channels output channels of each convolution
 * @param kernel side of the square kernel, odd; null means 3. Inputs of height 1 get kernels of height 1
 * @param pool side and step of the max pooling; 1 means none, null means 2. Rows and columns left over are dropped
 * @param convolutions how many convolutions in a row; null means 1
 */
public record BlockConfig(int channels, Integer kernel, Integer pool, Integer convolutions) {
    public BlockConfig {
        Checks.within("channels", channels, 1, 4096);
        kernel = kernel == null ? 3 : Checks.within("kernel", kernel, 1, 31);
        if (kernel % 2 == 0) {
            throw new IllegalArgumentException(
                    "kernel is " + kernel + "; expected an odd number, so that height and width stay");
        }
        pool = pool == null ? 2 : Checks.within("pool", pool, 1, 16);
        convolutions = convolutions == null ? 1 : Checks.within("convolutions", convolutions, 1, 16);
    }

    /** One 3×3 convolution and 2×2 pooling. */
    public static BlockConfig of(int channels) {
        return new BlockConfig(channels, null, null, null);
    }
}
