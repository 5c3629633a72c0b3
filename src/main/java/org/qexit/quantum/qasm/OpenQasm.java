package org.qexit.quantum.qasm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;

/**
 * Circuits as OpenQASM programs. Version 3 keeps inputs and parameters as {@code input float[64] x_0, theta_0 …}; version 2 knows none, so
 * there the circuit must be bound to one sample. Gates that the standard includes lack are defined in the program under names that begin
 * with {@code qexit_}; controlled rotations, XY and in version 2 the swap are {@link PlainGates}. Qubit i of the circuit is q[i]; every qubit is measured at the end.
 */
public final class OpenQasm {
    /** Our names to those of qelib1.inc and stdgates.inc; what is missing here is defined. */
    static final Map<String, String> NAMES_2 = names(2);

    static final Map<String, String> NAMES_3 = names(3);

    /** Bodies over the gates that both includes have; t is the angle. Those that divide it are read, but no longer written. */
    private static final Map<String, String> DEFINITIONS = definitions();

    private OpenQasm() {}

    /**
     * Writes a circuit.
     *
     * @param circuit without inputs and parameters for version 2
     * @param version 2 or 3
     */
    public static String write(Circuit circuit, int version) {
        check(circuit, version);
        Map<String, String> names = version == 2 ? NAMES_2 : NAMES_3;
        Map<String, String> all = new LinkedHashMap<>(names);
        Set<String> missing = new TreeSet<>();
        Circuit careful = PlainGates.careful(circuit, version);
        for (Gate gate : careful.gates()) {
            if (!names.containsKey(gate.name())) {
                missing.add(gate.name());
                all.put(gate.name(), StandardGate.OWN + gate.name().toLowerCase(Locale.ROOT));
            }
        }
        StringBuilder include =
                new StringBuilder(version == 2 ? "include \"qelib1.inc\";\n" : "include \"stdgates.inc\";\n");
        missing.forEach(g -> include.append(DEFINITIONS.get(g)).append('\n'));
        return new ProgramText(version, include.toString(), all, "input float[64] ", ProgramText.Measured.REGISTER)
                .of(careful);
    }

    /** Refuses a version that there is not, or that cannot say what the circuit is. */
    static void check(Circuit circuit, int version) {
        if (version != 2 && version != 3) {
            throw new IllegalArgumentException("OpenQASM version " + version + "; expected 2 or 3");
        }
        if (version == 2 && (circuit.inputs() > 0 || circuit.parameters() > 0)) {
            throw new IllegalArgumentException(
                    "OpenQASM 2 has no parameters; expected a circuit bound to one sample. Maybe use version 3");
        }
    }

    /** The whole definition of a gate of ours by its name here. */
    static String definition(String gate) {
        return DEFINITIONS.get(gate);
    }

    /** What follows the name in the definition of a gate of ours, token by token with blanks between; null for other names. */
    static String definitionOf(String name) {
        String prefix = "gate " + name;
        for (String definition : DEFINITIONS.values()) {
            if (definition.startsWith(prefix + "(") || definition.startsWith(prefix + " ")) {
                List<String> tokens = new ArrayList<>();
                Tokenizer rest = new Tokenizer(definition.substring(prefix.length()));
                for (Token t = rest.next(); t.kind() != Token.Kind.END; t = rest.next()) {
                    tokens.add(t.text());
                }
                return String.join(" ", tokens);
            }
        }
        return null;
    }

    private static Map<String, String> names(int version) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String same : List.of("H", "X", "Y", "Z", "S", "T", "RX", "RY", "RZ", "CY", "CZ", "CRZ", "SWAP", "CCX")) {
            names.put(same, same.toLowerCase(Locale.ROOT));
        }
        names.put("CNOT", "cx");
        names.put("P", version == 2 ? "u1" : "p");
        names.put("CP", version == 2 ? "cu1" : "cp");
        if (version == 3) {
            names.put("CRX", "crx");
            names.put("CRY", "cry");
            names.put("CSWAP", "cswap");
        }
        return names;
    }

    private static Map<String, String> definitions() {
        String rxx = "h a; h b; cx a, b; rz(t) b; cx a, b; h a; h b;";
        String zz = "cx a, b; rz(t) b; cx a, b;";
        String toY = "rx(pi/2) a; rx(pi/2) b; ";
        String fromY = " rx(-pi/2) a; rx(-pi/2) b;";
        Map<String, String> all = new LinkedHashMap<>();
        all.put("CRX", "gate qexit_crx(t) a, b { h b; crz(t) a, b; h b; }");
        all.put("CRY", "gate qexit_cry(t) a, b { ry(t/2) b; cx a, b; ry(-t/2) b; cx a, b; }");
        all.put("CSWAP", "gate qexit_cswap a, b, c { cx c, b; ccx a, b, c; cx c, b; }");
        all.put("RXX", "gate qexit_rxx(t) a, b { " + rxx + " }");
        all.put("RYY", "gate qexit_ryy(t) a, b { " + toY + zz + fromY + " }");
        all.put("RZZ", "gate qexit_rzz(t) a, b { " + zz + " }");
        all.put("ISWAP", "gate qexit_iswap a, b { s a; s b; h a; cx a, b; cx b, a; h b; }");
        // XX and YY commute: exp(+it(XX+YY)/4) = RXX(-t/2) RYY(-t/2).
        all.put(
                "XY",
                "gate qexit_xy(t) a, b { " + rxx.replace("(t)", "(-t/2)") + " " + toY + zz.replace("(t)", "(-t/2)")
                        + fromY + " }");
        return all;
    }
}
