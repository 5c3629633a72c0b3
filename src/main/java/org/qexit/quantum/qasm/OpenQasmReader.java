package org.qexit.quantum.qasm;

import java.util.Optional;
import org.qexit.common.UserError;

/**
 * Reads the part of OpenQASM 2 and 3 that is a circuit with measurements at its end: registers, inputs, constants, the gates of the standard
 * includes, definitions and modifiers, on qubits and whole registers, with angles that are linear in the inputs. Everything else is refused by line and
 * column: no statement is skipped.
 */
public final class OpenQasmReader {
    private OpenQasmReader() {}

    /**
     * Reads a program.
     *
     * @param name stands for the file in messages
     * @throws UserError naming line, column and what is wrong
     */
    public static OpenQasmProgram read(String name, String text) {
        try {
            StatementParser parser = new StatementParser(new TokenStream(new Tokenizer(text)));
            CircuitAssembly assembly = new CircuitAssembly();
            for (Optional<Statement> next = parser.next(); next.isPresent(); next = parser.next()) {
                assembly.add(next.get());
            }
            return assembly.finish(parser.end());
        } catch (Refusal e) {
            throw new UserError(name + " " + e.getMessage(), e);
        }
    }
}
