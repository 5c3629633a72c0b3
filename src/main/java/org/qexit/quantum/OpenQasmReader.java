package org.qexit.quantum;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qexit.common.UserError;

/**
 * Reads the part of OpenQASM 2 and 3 that {@link OpenQasm} writes: one register, the gates of the standard includes that circuits have, our
 * own definitions by their names, angles that are a number, an input or a number times an input. Anything else is refused by line.
 */
public final class OpenQasmReader {
    private static final Pattern REGISTER =
            Pattern.compile("qreg\\s+(\\w+)\\s*\\[\\s*(\\d+)\\s*]|qubit\\s*\\[\\s*(\\d+)\\s*]\\s*(\\w+)");
    private static final Pattern INPUT = Pattern.compile("input\\s+(?:float|angle)(?:\\[\\d+])?\\s+(x|theta)_(\\d+)");
    private static final Pattern CALL = Pattern.compile("(\\w+)\\s*(?:\\(([^()]*)\\))?\\s+(.+)");
    private static final Pattern OPERAND = Pattern.compile("(\\w+)\\s*\\[\\s*(\\d+)\\s*]");
    private static final Pattern ANGLE = Pattern.compile("(?:(.+?)\\s*\\*\\s*)?(-?)(x|theta)_(\\d+)");
    private static final Pattern SKIPPED = Pattern.compile(
            "(?s)(OPENQASM\\s.*|include\\s.*|creg\\s.*|bit\\s*\\[.*|measure\\s.*|\\w+\\s*=\\s*measure\\s.*|barrier\\b.*)");
    private static final Pattern NUMBER =
            Pattern.compile("(-?)(?:pi|([0-9.]+(?:[eE][-+]?\\d+)?)(?:\\s*\\*\\s*(pi))?)(?:\\s*/\\s*([0-9.]+))?");

    private final String name;
    private final Map<String, Gate.FixedKind> fixed = new HashMap<>();
    private final Map<String, Gate.RotationKind> rotations = new HashMap<>();
    private String register;
    private int size;
    private Circuit.Builder builder;
    private int inputs;
    private int parameters;

    private OpenQasmReader(String name) {
        this.name = name;
        for (Gate.FixedKind kind : Gate.FixedKind.values()) {
            namesOf(kind.name()).forEach(n -> fixed.put(n, kind));
        }
        for (Gate.RotationKind kind : Gate.RotationKind.values()) {
            namesOf(kind.name()).forEach(n -> rotations.put(n, kind));
        }
    }

    /** Reads a program; {@code name} stands for the file in messages. */
    public static Circuit read(String name, String text) {
        return new OpenQasmReader(name).parse(text);
    }

    private static List<String> namesOf(String gate) {
        List<String> names = new ArrayList<>(List.of("qexit_" + gate.toLowerCase(Locale.ROOT)));
        for (Map<String, String> table : List.of(OpenQasm.NAMES_2, OpenQasm.NAMES_3)) {
            if (table.containsKey(gate)) {
                names.add(table.get(gate));
            }
        }
        return names;
    }

    private Circuit parse(String text) {
        // Comments and gate definitions become blanks, so that line numbers stay.
        String plain = blank(
                blank(text, Pattern.compile("//[^\\n]*|(?s)/\\*.*?\\*/")),
                Pattern.compile("(?s)\\bgate\\s+qexit_[^{]*\\{[^}]*}"));
        int line = 1;
        int at = 0;
        for (int end = plain.indexOf(';'); end >= 0; end = plain.indexOf(';', at)) {
            String raw = plain.substring(at, end);
            String statement = raw.strip();
            line += lines(raw.substring(0, raw.indexOf(statement)));
            try {
                statement(statement);
            } catch (IllegalArgumentException e) {
                throw new UserError(name + " line " + line + ": " + e.getMessage(), e);
            }
            line += lines(statement) + lines(raw.substring(raw.indexOf(statement) + statement.length()));
            at = end + 1;
        }
        if (!plain.substring(at).isBlank()) {
            throw new UserError(
                    name + " line " + line + ": '" + plain.substring(at).strip() + "'; expected ';' at its end");
        }
        if (builder == null) {
            throw new UserError(name + ": no quantum register; expected 'qreg q[n];' or 'qubit[n] q;'");
        }
        return builder.inputs(inputs).parameters(parameters).build();
    }

    private static int lines(String text) {
        return (int) text.chars().filter(c -> c == '\n').count();
    }

    private static String blank(String text, Pattern pattern) {
        return pattern.matcher(text).replaceAll(m -> m.group().replaceAll("[^\\n]", " "));
    }

    private void statement(String statement) {
        Matcher m = REGISTER.matcher(statement);
        if (m.matches()) {
            if (builder != null) {
                throw new IllegalArgumentException("a second quantum register; expected one");
            }
            register = m.group(1) != null ? m.group(1) : m.group(4);
            size = whole(m.group(1) != null ? m.group(2) : m.group(3));
            builder = Circuit.builder(size);
            return;
        }
        m = INPUT.matcher(statement);
        if (m.matches()) {
            int count = whole(m.group(2)) + 1;
            inputs = m.group(1).equals("x") ? Math.max(inputs, count) : inputs;
            parameters = m.group(1).equals("x") ? parameters : Math.max(parameters, count);
            return;
        }
        if (statement.isEmpty() || SKIPPED.matcher(statement).matches()) {
            return;
        }
        m = CALL.matcher(statement);
        if (!m.matches()) {
            throw new IllegalArgumentException("'" + statement + "'; expected a gate, a register or a measurement");
        }
        gate(m.group(1), m.group(2), m.group(3));
    }

    private void gate(String gate, String angle, String operands) {
        if (builder == null) {
            throw new IllegalArgumentException("gate " + gate + " before the quantum register");
        }
        List<Integer> qubits = new ArrayList<>();
        for (String operand : operands.split(",", -1)) {
            Matcher m = OPERAND.matcher(operand.strip());
            if (!m.matches() || !m.group(1).equals(register)) {
                throw new IllegalArgumentException("'" + operand.strip() + "'; expected a qubit " + register + "[i]");
            }
            int qubit = whole(m.group(2));
            if (qubit >= size) {
                throw new IllegalArgumentException("qubit " + operand.strip() + "; expected an index below " + size);
            }
            qubits.add(qubit);
        }
        if (fixed.containsKey(gate) && angle == null) {
            builder.add(new Gate.Fixed(fixed.get(gate), qubits));
        } else if (rotations.containsKey(gate) && angle != null) {
            builder.add(new Gate.Rotation(rotations.get(gate), qubits, angle(angle.strip())));
        } else if (gate.equals("sdg") || gate.equals("tdg")) {
            builder.add(Gate.of(
                    Gate.RotationKind.P,
                    Angle.constant(gate.equals("sdg") ? -Math.PI / 2 : -Math.PI / 4),
                    qubits.get(0)));
        } else {
            throw new IllegalArgumentException("unknown gate '" + gate + (angle == null ? "'" : "(" + angle + ")'"));
        }
    }

    private static Angle angle(String text) {
        Matcher m = ANGLE.matcher(text);
        if (m.matches()) {
            double factor =
                    (m.group(1) == null ? 1 : number(m.group(1))) * (m.group(2).isEmpty() ? 1 : -1);
            int index = whole(m.group(4));
            return m.group(3).equals("x") ? new Angle.Input(index, factor) : new Angle.Parameter(index, factor);
        }
        return Angle.constant(number(text));
    }

    private static double number(String text) {
        Matcher m = NUMBER.matcher(text.strip());
        if (!m.matches()) {
            throw new IllegalArgumentException(
                    "angle '" + text + "'; expected a number, an input, or a number times an input");
        }
        try {
            double value =
                    m.group(2) == null ? Math.PI : Double.parseDouble(m.group(2)) * (m.group(3) == null ? 1 : Math.PI);
            return (m.group(1).isEmpty() ? value : -value) / (m.group(4) == null ? 1 : Double.parseDouble(m.group(4)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("angle '" + text + "'; expected a number", e);
        }
    }

    private static int whole(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + digits + "'; expected a smaller whole number", e);
        }
    }
}
