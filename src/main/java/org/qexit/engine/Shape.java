package org.qexit.engine;

import java.util.ArrayList;
import java.util.List;

/** A {@link Blueprint} laid out: its convolutions with their grids, where the features that heads see lie, where parameters stand. */
final class Shape {
    final Blueprint blueprint;
    /** All convolutions from the input on. */
    final List<Convolution> convolutions = new ArrayList<>();
    /** Which of them is the last before each head. */
    final int[] lastBefore;

    final List<Head> heads = new ArrayList<>();
    final int parameters;
    /** Of all exits together. */
    final int logits;

    Shape(Blueprint blueprint) {
        this.blueprint = blueprint;
        List<Blueprint.Block> blocks = blueprint.blocks();
        this.lastBefore = new int[blueprint.heads().size()];
        Grid grid = new Grid(
                blueprint.channels(),
                blueprint.rows(),
                blueprint.columns(),
                blocks.get(0).kernelRows() / 2,
                blocks.get(0).kernelColumns() / 2);
        int at = 0;
        int exit = 0;
        for (int b = 0; b < blocks.size(); b++) {
            Blueprint.Block block = blocks.get(b);
            for (int i = 0; i < block.convolutions(); i++) {
                boolean last = i == block.convolutions() - 1;
                // The border that whoever reads it next needs.
                Blueprint.Block next = !last ? block : b + 1 < blocks.size() ? blocks.get(b + 1) : null;
                int[] border = next == null ? new int[2] : new int[] {next.kernelRows() / 2, next.kernelColumns() / 2};
                Convolution convolution = new Convolution(grid, block, last, blueprint.tanh(), border, at);
                convolutions.add(convolution);
                grid = convolution.out;
                at = convolution.end();
            }
            if (block.exit()) {
                lastBefore[exit++] = convolutions.size() - 1;
            }
        }
        int logit = 0;
        for (int q = 0; q < lastBefore.length; q++) {
            Blueprint.Head wanted = blueprint.heads().get(q);
            Head head = new Head(wanted, convolutions.get(lastBefore[q]).out, at, logit);
            heads.add(head);
            at = head.end();
            logit += head.outputs();
        }
        this.parameters = at;
        this.logits = logit;
    }

    /** Numbers that a thread needs between {@link WinogradFilter}'s transformations, of three kinds. */
    long[] scratch() {
        long[] most = new long[Filter.Scratch.KINDS];
        for (Convolution each : convolutions) {
            long[] scratch = each.scratch();
            for (int i = 0; i < most.length; i++) {
                most[i] = Math.max(most[i], scratch[i]);
            }
        }
        return most;
    }

    /**
     * Numbers that a tile needs between forward and backward, and a thread besides, at four bytes each.
     *
     * @param tiles that are kept
     * @param threads that work
     */
    long numbers(long tiles, long threads) {
        long perTile = convolutions.get(0).in.size();
        long perThread = 0;
        for (long size : scratch()) {
            perThread += size;
        }
        for (Convolution each : convolutions) {
            perTile += each.out.size() * (each.pools() ? 2 : 1);
            perThread += each.out.size() + each.full.size() + each.sums() + each.sums() / Grid.LANES;
        }
        return tiles * perTile + threads * perThread;
    }
}
