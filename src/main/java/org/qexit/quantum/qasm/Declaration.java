package org.qexit.quantum.qasm;

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
     * @param first the circuit's number of element 0
     */
    record Qubits(int first, int size, boolean single) implements Register {
        @Override
        public String what() {
            return "a quantum register";
        }
    }

    /** Bits; what they hold is never asked. */
    record Bits(int size, boolean single) implements Register {
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

    /** An input or a parameter. */
    record Input(LinearAngle value) implements Declaration {
        @Override
        public String what() {
            return "an input";
        }
    }
}
