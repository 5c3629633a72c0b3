package org.qexit.engine;

import java.util.function.Supplier;

/** A layer of a head. */
public sealed interface Stage {
    /** Values in. */
    int inputs();

    /** Values out. */
    int outputs();

    /** How many parameters it has. */
    int parameters();

    /**
     * W x + b, and the tanh of it if that is asked for. Parameters: W {@code [input][output]}, then b.
     *
     * @param tanh whether
     */
    record Dense(int inputs, int outputs, boolean tanh) implements Stage {
        @Override
        public int parameters() {
            return Math.addExact(Math.multiplyExact(inputs, outputs), outputs);
        }
    }

    /**
     * A circuit, or rings.
     *
     * @param width values in and out
     * @param units makes one for each thread
     */
    record Node(int width, int parameters, Supplier<? extends Unit> units) implements Stage {
        @Override
        public int inputs() {
            return width;
        }

        @Override
        public int outputs() {
            return width;
        }
    }
}
