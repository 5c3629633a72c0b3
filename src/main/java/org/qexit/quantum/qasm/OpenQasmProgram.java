package org.qexit.quantum.qasm;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.qexit.quantum.Circuit;

/**
 * A program as a circuit.
 *
 * @param circuit measured in Z on every qubit
 * @param legend which of the program's names the circuit's numbers are, as "x[0]" for "alpha" or "qubit 2" for "b[1]", where that is not
 *     plain from the names; perhaps empty
 */
public record OpenQasmProgram(Circuit circuit, Map<String, String> legend) {
    public OpenQasmProgram {
        legend = Collections.unmodifiableMap(new LinkedHashMap<>(legend));
    }
}
