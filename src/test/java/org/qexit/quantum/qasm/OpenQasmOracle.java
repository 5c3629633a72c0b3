package org.qexit.quantum.qasm;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Programs of the cases, and what they come to by the reader and by the dense evaluation. */
public final class OpenQasmOracle {
    private OpenQasmOracle() {}

    /** Programs that are read. */
    public static List<String> programs() throws IOException {
        return OpenQasmCasesTest.cases()
                .filter(c -> c.expected().startsWith("=> read"))
                .map(OpenQasmCasesTest.Case::program)
                .toList();
    }

    /** ⟨Z⟩ of every qubit, by the product. */
    public static double[] read(String program) {
        return OpenQasmCasesTest.values(program);
    }

    /** The same by {@link DenseProgram}; empty if that does not understand the program. */
    public static Optional<double[]> dense(String program) {
        return DenseProgram.evaluate(program, OpenQasmCasesTest::input);
    }
}
