package org.qexit.quantum.qasm;

import java.util.Arrays;
import java.util.List;

/** What a name stands for. */
sealed interface Declaration {
    /** In words, for messages. */
    String what();

    /** A register or a single element. */
    sealed interface Register extends Declaration {
        int size();

        /** Declared without a size: no index is possible. */
        boolean single();
    }

    /**
     * Qubits of the circuit.
     *
     * @param numbers the circuit's numbers of its elements
     * @param alias whether it is another name of qubits that are declared elsewhere
     */
    record Qubits(List<Integer> numbers, boolean single, boolean alias) implements Register {
        public Qubits {
            numbers = List.copyOf(numbers);
        }

        @Override
        public int size() {
            return numbers.size();
        }

        @Override
        public String what() {
            return "a quantum register";
        }
    }

    /** Bits, each of which is known, was never set, or was measured. They are set in place. */
    final class Bits implements Register {
        /** What a bit holds that is neither 0 nor 1; a line number of the measurement is stored as this less the line. */
        private static final int UNSET = -1;

        private final int[] held;
        private final boolean single;

        /** @param zero whether bits are 0 before they are set, as in version 2 */
        Bits(int size, boolean single, boolean zero) {
            held = new int[size];
            Arrays.fill(held, zero ? 0 : UNSET);
            this.single = single;
        }

        void set(int index, int bit) {
            held[index] = bit;
        }

        void measured(int index, Token measurement) {
            held[index] = UNSET - measurement.line();
        }

        /** 0 or 1. */
        int bit(int index, Token name) {
            int bit = held[index];
            if (bit < UNSET) {
                throw controlled(bit, name);
            }
            if (bit == UNSET) {
                throw name.refused(name.shown() + " is not set before it is used; expected a value");
            }
            return bit;
        }

        /** Refuses what would depend on a measurement, whether or not other bits are set. */
        void refuseMeasured(Token name) {
            for (int bit : held) {
                if (bit < UNSET) {
                    throw controlled(bit, name);
                }
            }
        }

        private static Refusal controlled(int bit, Token name) {
            return name.refused("classical control by the measurement in line " + (UNSET - bit)
                    + " is not read; expected measurements at the end");
        }

        @Override
        public int size() {
            return held.length;
        }

        @Override
        public boolean single() {
            return single;
        }

        @Override
        public String what() {
            return "a classical register";
        }
    }

    /** A number with a name. */
    record Constant(LinearAngle value) implements Declaration {
        @Override
        public String what() {
            return "a constant";
        }
    }

    /**
     * A number that may be set again.
     *
     * @param value null before it is set
     */
    record Variable(Type type, LinearAngle value) implements Declaration {
        @Override
        public String what() {
            return "a classical variable";
        }
    }

    /** A duration or a stretch; how long it is is never asked. */
    record Time() implements Declaration {
        @Override
        public String what() {
            return "a duration";
        }
    }

    /** An input or a parameter. */
    record Input(LinearAngle value) implements Declaration {
        @Override
        public String what() {
            return "an input";
        }
    }
}
