package org.qexit.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * The network without early exits that costs as much as an early-exit model does in the mean: all of the model's blocks, narrower, and its
 * last head. Who asks whether early exits are worth it compares with this one, trained in the same way, and not with the whole network.
 */
public final class StaticTwin {
    /** Scales of width that are told apart; widths are whole numbers, at most {@link #WIDEST}. */
    private static final int SCALES = 1 << 13;

    private static final int WIDEST = 4096;

    private StaticTwin() {}

    /**
     * The static network whose multiply-accumulates come nearest to a number. All blocks get the same share of their channels, rounded, at
     * least one: the largest share that costs no more; the last block's channels then take up what rounding left.
     *
     * @param model whose input shape is known
     * @param macs wanted for an event; what cannot be reached by a block's width is missed by as little as can be
     * @return of one exit, named after the model
     */
    public static ModelConfig of(ModelConfig model, double macs) {
        model.checkResolved();
        List<BlockConfig> parts =
                model.blocks().stream().flatMap(block -> block.parts().stream()).toList();
        int share = last(1, SCALES, macs, scale -> macs(scaled(model, parts, scale, 0)));
        int last = last(1, WIDEST, macs, width -> macs(scaled(model, parts, share, width)));
        ModelConfig below = scaled(model, parts, share, last);
        ModelConfig above = scaled(model, parts, share, Math.min(WIDEST, last + 1));
        return macs(above) - macs < macs - macs(below) ? above : below;
    }

    /** Multiply-accumulates of an event in a static network. */
    public static long macs(ModelConfig oneExit) {
        return ExitCost.of(oneExit).get(0).macs();
    }

    /** The largest number whose cost, which grows with it, is at most the wanted one; the first where none is. */
    private static int last(int first, int end, double wanted, IntToLongFunction cost) {
        int low = first;
        int high = end;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (cost.applyAsLong(middle) <= wanted) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** @param width of the last block, or 0 for the same share as the others */
    private static ModelConfig scaled(ModelConfig model, List<BlockConfig> parts, int scale, int width) {
        List<BlockConfig> narrow = new ArrayList<>();
        for (BlockConfig part : parts) {
            int channels = Math.max(1, Math.round((float) part.channels() * scale / SCALES));
            narrow.add(new BlockConfig(channels, part.kernel(), part.pool(), part.convolutions()));
        }
        BlockConfig last = narrow.remove(narrow.size() - 1);
        BlockConfig block = new BlockConfig(
                width == 0 ? last.channels() : width, last.kernel(), last.pool(), last.convolutions(), narrow);
        return new ModelConfig(
                name(model),
                model.channels(),
                model.height(),
                model.width(),
                model.activation(),
                List.of(block),
                List.of(model.heads().get(model.exits() - 1)),
                model.classes());
    }

    /** What the twin of a model is called. */
    public static String name(ModelConfig model) {
        return model.name() + "-static";
    }
}
