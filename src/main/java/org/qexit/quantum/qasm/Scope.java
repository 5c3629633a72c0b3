package org.qexit.quantum.qasm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;

/**
 * The names of a program. Registers take the circuit's qubits in the order of their declaration. An input {@code x_i} is x[i] and an input
 * {@code theta_j} is θ[j], as {@link OpenQasm} writes them; any other is the x after the highest so far.
 */
final class Scope {
    private static final Pattern NUMBERED = Pattern.compile("(x|theta)_(0|[1-9]\\d{0,8})");
    /** As many as a circuit may have. */
    private static final int MAX_INPUTS = 1 << 20;

    /** Far more than one for each measurement of a circuit's qubits. */
    private static final int MAX_BITS = 1 << 16;

    private final Map<String, Declaration> declared = new LinkedHashMap<>();
    private final Map<Angle, Token> taken = new LinkedHashMap<>();
    private int qubits;
    private int inputs;
    private int parameters;

    int qubits() {
        return qubits;
    }

    int inputs() {
        return inputs;
    }

    int parameters() {
        return parameters;
    }

    void qubits(Token name, Token size) {
        int count = size(size);
        if (count > Circuit.MAX_QUBITS - qubits) {
            throw size.refused("register " + name.shown() + " makes " + ((long) qubits + count)
                    + " qubits; expected at most " + Circuit.MAX_QUBITS);
        }
        declare(name, new Declaration.Qubits(qubits, count, size == null));
        qubits += count;
    }

    void bits(Token name, Token size) {
        int count = size(size);
        if (count > MAX_BITS) {
            throw size.refused("register " + name.shown() + " of " + count + " bits; expected at most " + MAX_BITS);
        }
        declare(name, new Declaration.Bits(count, size == null));
    }

    void input(Token name, Dialect dialect) {
        if (dialect.constants().containsKey(name.text())) {
            throw name.refused("an input named " + name.shown() + ", which is a constant; expected another name");
        }
        Matcher numbered = NUMBERED.matcher(name.text());
        boolean known = numbered.matches();
        int index = known ? Integer.parseInt(numbered.group(2)) : inputs;
        if (index >= MAX_INPUTS) {
            throw name.refused("input " + name.shown() + "; expected a number below " + MAX_INPUTS);
        }
        Angle angle = known && numbered.group(1).equals("theta") ? Angle.parameter(index) : Angle.input(index);
        declare(name, new Declaration.Input(LinearAngle.of(angle)));
        Token other = taken.put(angle, name);
        if (other != null) {
            throw name.refused("input " + name.shown() + " is input number " + index + ", as " + other.shown()
                    + " in line " + other.line() + " is; expected it before the inputs with other names");
        }
        if (angle instanceof Angle.Input) {
            inputs = Math.max(inputs, index + 1);
        } else {
            parameters = Math.max(parameters, index + 1);
        }
    }

    void constant(Token name, LinearAngle value, Dialect dialect) {
        if (dialect.constants().containsKey(name.text())) {
            throw name.refused("a constant named " + name.shown() + ", which the language has already; expected another"
                    + " name");
        }
        declare(name, new Declaration.Constant(value));
    }

    /** The value of a name in an angle. */
    LinearAngle angle(Token name) {
        Declaration declaration = found(name, "an input");
        if (declaration instanceof Declaration.Input input) {
            return input.value();
        }
        if (declaration instanceof Declaration.Constant constant) {
            return constant.value();
        }
        throw name.refused(name.shown() + " is " + declaration.what() + "; expected an input");
    }

    /** Qubits by their numbers in the circuit. */
    int[] qubits(Statement.Operand operand) {
        return elements(operand, Declaration.Qubits.class, "a qubit");
    }

    /** Bits by their indices. */
    int[] bits(Statement.Operand operand) {
        return elements(operand, Declaration.Bits.class, "a bit");
    }

    /** Whether it stands for all elements of a register that has a size. */
    boolean isWhole(Statement.Operand operand) {
        return operand.index() == null
                && declared.get(operand.name().text()) instanceof Declaration.Register r
                && !r.single();
    }

    /** What the circuit's numbers stand for where the program's names do not say it. */
    Map<String, String> legend() {
        Map<String, String> legend = new LinkedHashMap<>();
        taken.forEach((angle, name) -> {
            if (!NUMBERED.matcher(name.text()).matches()) {
                legend.put("x[" + ((Angle.Input) angle).index() + "]", name.text());
            }
        });
        Map<String, String> elements = new LinkedHashMap<>();
        declared.forEach((name, declaration) -> {
            if (declaration instanceof Declaration.Qubits register) {
                for (int i = 0; i < register.size(); i++) {
                    elements.put("qubit " + (register.first() + i), register.single() ? name : name + "[" + i + "]");
                }
            }
        });
        if (declared.values().stream()
                        .filter(Declaration.Qubits.class::isInstance)
                        .count()
                > 1) {
            legend.putAll(elements);
        }
        return legend;
    }

    private static int size(Token size) {
        if (size == null) {
            return 1;
        }
        int count = size.whole("size");
        if (count < 1) {
            throw size.refused("size is " + size.shown() + "; expected 1 or more");
        }
        return count;
    }

    private void declare(Token name, Declaration declaration) {
        if (StatementParser.KEYWORDS.contains(name.text())) {
            throw name.refused(name.shown() + " is a word of the language; expected another name");
        }
        if (declared.putIfAbsent(name.text(), declaration) != null) {
            throw name.refused(name.shown() + " is declared twice");
        }
    }

    private Declaration found(Token name, String expected) {
        Declaration declaration = declared.get(name.text());
        if (declaration == null) {
            throw name.refused(name.shown() + " is not declared; expected " + expected);
        }
        return declaration;
    }

    private <R extends Declaration.Register> int[] elements(Statement.Operand operand, Class<R> kind, String expected) {
        Declaration declaration = found(operand.name(), expected);
        if (!kind.isInstance(declaration)) {
            throw operand.name()
                    .refused(operand.name().shown() + " is " + declaration.what() + "; expected " + expected);
        }
        Declaration.Register register = (Declaration.Register) declaration;
        int first = declaration instanceof Declaration.Qubits q ? q.first() : 0;
        if (operand.index() == null) {
            return IntStream.range(first, first + register.size()).toArray();
        }
        if (register.single()) {
            throw operand.index()
                    .refused(operand.shown() + " has an index, but "
                            + operand.name().shown() + " is declared without a size");
        }
        int index = operand.index().whole("index");
        if (index >= register.size()) {
            throw operand.index()
                    .refused(operand.shown() + " does not exist; expected an index below " + register.size());
        }
        return new int[] {first + index};
    }
}
