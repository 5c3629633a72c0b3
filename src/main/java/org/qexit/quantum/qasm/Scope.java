package org.qexit.quantum.qasm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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

    /** The longest range that is written out. */
    private static final int MAX_RANGE = 1 << 20;

    private final Deque<Map<String, Declaration>> blocks = new ArrayDeque<>(List.of(new LinkedHashMap<>()));
    private final Map<Angle, Token> taken = new LinkedHashMap<>();
    private Dialect dialect = Dialect.UNSTATED;
    private int qubits;
    private int inputs;
    private int parameters;

    /** Names in expressions at this place of the program. */
    private final Names local = new Names() {
        @Override
        public LinearAngle value(Token name) {
            return angle(name, found(name, "an input"));
        }

        @Override
        public LinearAngle element(Token name, int index) {
            return bit(name, found(name, "a register"), index);
        }
    };

    /** Names in the definitions of gates, which see constants and inputs alone. */
    private final Names global = new Names() {
        @Override
        public LinearAngle value(Token name) {
            Declaration declaration = blocks.getLast().get(name.text());
            if (declaration instanceof Declaration.Variable || declaration instanceof Declaration.Bits) {
                throw name.refused(name.shown() + " is " + declaration.what() + ", which gates do not see; expected a"
                        + " constant");
            }
            if (declaration == null) {
                throw undeclared(name, "an input");
            }
            return angle(name, declaration);
        }

        @Override
        public LinearAngle element(Token name, int index) {
            throw name.refused("an element of " + name.shown() + " in a gate; expected a constant");
        }
    };

    void dialect(Dialect of) {
        dialect = of;
    }

    /** What is declared from here on ends with {@link #leave}. */
    void enter() {
        blocks.push(new LinkedHashMap<>());
    }

    void leave() {
        blocks.pop();
    }

    AngleEvaluation evaluation() {
        return new AngleEvaluation(dialect, local);
    }

    Names global() {
        return global;
    }

    int qubits() {
        return qubits;
    }

    int inputs() {
        return inputs;
    }

    int parameters() {
        return parameters;
    }

    void qubits(Token name, Expression size) {
        int count = size(size);
        if (count > Circuit.MAX_QUBITS - qubits) {
            throw (size == null ? name : size.at())
                    .refused("register " + name.shown() + " makes " + ((long) qubits + count)
                            + " qubits; expected at most " + Circuit.MAX_QUBITS);
        }
        int first = qubits;
        declare(
                name,
                new Declaration.Qubits(
                        IntStream.range(first, first + count).boxed().toList(), size == null, false));
        qubits += count;
    }

    void bits(Token name, Expression size) {
        int count = size(size);
        if (count > MAX_BITS) {
            throw size.at()
                    .refused("register " + name.shown() + " of " + count + " bits; expected at most " + MAX_BITS);
        }
        declare(name, new Declaration.Bits(count, size == null, dialect == Dialect.V2));
    }

    void input(Token name) {
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

    void constant(Token name, LinearAngle value) {
        if (dialect.constants().containsKey(name.text())) {
            throw name.refused("a constant named " + name.shown() + ", which the language has already; expected another"
                    + " name");
        }
        declare(name, new Declaration.Constant(value));
    }

    void variable(Token name, Type type, LinearAngle value) {
        if (dialect.constants().containsKey(name.text())) {
            throw name.refused("a variable named " + name.shown() + ", which the language has already; expected another"
                    + " name");
        }
        declare(name, new Declaration.Variable(type, value == null ? null : type.fit(value, name)));
    }

    /** A stretch, value null, or a duration. */
    void time(Token name, Expression value) {
        if (value != null) {
            checkTime(value);
        }
        declare(name, new Declaration.Time());
    }

    /** Refuses what is no duration by its names; how long it is does not matter, as nothing happens meanwhile. */
    void checkTime(Expression e) {
        if (e instanceof Expression.Binary binary) {
            checkTime(binary.left());
            checkTime(binary.right());
        } else if (e instanceof Expression.Negation negation) {
            checkTime(negation.of());
        } else if (!(e instanceof Expression.Literal literal && literal.at().kind() == Token.Kind.DURATION)
                && !(e instanceof Expression.Name name && found(name.at(), "a duration") instanceof Declaration.Time)) {
            evaluation().of(e);
        }
    }

    /** Another name for elements of registers. */
    void alias(Token name, List<Statement.Operand> parts) {
        List<Integer> numbers = new ArrayList<>();
        boolean single = parts.size() == 1;
        for (Statement.Operand part : parts) {
            Elements elements = qubits(part);
            single &= elements.single();
            for (int number : elements.numbers()) {
                if (numbers.contains(number)) {
                    throw part.name().refused(part.shown() + " twice in an alias; expected different qubits");
                }
                numbers.add(number);
            }
        }
        declare(name, new Declaration.Qubits(numbers, single, true));
    }

    /** Sets a variable, a register of bits, or one bit. */
    void assign(Statement.Operand target, Token operator, Expression value) {
        Token name = target.name();
        Declaration declaration = found(name, "a variable");
        if (declaration instanceof Declaration.Bits bits) {
            int[] indices = elements(target, bits).numbers();
            if (!operator.is("=")) {
                throw operator.refused(operator.shown() + " on bits; expected '='");
            }
            set(bits, indices, value);
            return;
        }
        if (!(declaration instanceof Declaration.Variable variable)) {
            throw name.refused(name.shown() + " is " + declaration.what() + "; expected a variable");
        }
        if (target.index() != null) {
            throw name.refused("an element of " + name.shown() + " is set; expected the whole variable");
        }
        Expression whole = operator.is("=")
                ? value
                : new Expression.Binary(
                        new Token(
                                Token.Kind.SYMBOL,
                                operator.text().substring(0, operator.text().length() - 1),
                                operator.line(),
                                operator.column()),
                        new Expression.Name(name),
                        value);
        Declaration set = new Declaration.Variable(
                variable.type(), variable.type().fit(evaluation().of(whole), name));
        for (Map<String, Declaration> block : blocks) {
            if (block.replace(name.text(), set) != null) {
                return;
            }
        }
    }

    /** The first values of a register of bits. */
    void initial(Token name, Expression value) {
        Declaration.Bits bits = (Declaration.Bits) found(name, "a register");
        set(bits, IntStream.range(0, bits.size()).toArray(), value);
    }

    private void set(Declaration.Bits bits, int[] indices, Expression value) {
        Token at = value.at();
        if (value instanceof Expression.Literal && at.kind() == Token.Kind.TEXT) {
            String text = at.text().substring(1, at.text().length() - 1);
            if (!text.matches("[01]+") || text.length() != indices.length) {
                throw at.refused(at.shown() + "; expected " + indices.length + " bits, 0 or 1 each");
            }
            // The last character is bit 0.
            for (int i = 0; i < indices.length; i++) {
                bits.set(indices[i], text.charAt(text.length() - 1 - i) - '0');
            }
            return;
        }
        Token type = new Token(Token.Kind.WORD, "bit", at.line(), at.column());
        long number = (long)
                new Type(type, indices.length).fit(evaluation().of(value), at).constant();
        for (int i = 0; i < indices.length; i++) {
            bits.set(indices[i], i > 52 ? 0 : (int) (number >> i & 1));
        }
    }

    private LinearAngle angle(Token name, Declaration declaration) {
        if (declaration instanceof Declaration.Input input) {
            return input.value();
        }
        if (declaration instanceof Declaration.Constant constant) {
            return constant.value();
        }
        if (declaration instanceof Declaration.Variable variable) {
            if (variable.value() == null) {
                throw name.refused(name.shown() + " is not set before it is used; expected a value");
            }
            return variable.value();
        }
        if (declaration instanceof Declaration.Bits bits) {
            bits.refuseMeasured(name);
            double number = 0;
            for (int i = bits.size() - 1; i >= 0; i--) {
                number = 2 * number + bits.bit(i, name);
            }
            return LinearAngle.of(number).withWhole(true);
        }
        throw name.refused(name.shown() + " is " + declaration.what() + "; expected an input");
    }

    private LinearAngle bit(Token name, Declaration declaration, int index) {
        if (declaration instanceof Declaration.Bits bits && !bits.single()) {
            return LinearAngle.of(bits.bit(position(name, index, bits.size(), name), name))
                    .withWhole(true);
        }
        LinearAngle value = angle(name, declaration);
        if (declaration instanceof Declaration.Bits
                || !value.whole()
                || value.constant() < 0
                || index < 0
                || index > 52) {
            throw name.refused(
                    "element " + index + " of " + name.shown() + "; expected bits or a whole number of 0 or more");
        }
        return LinearAngle.of((long) value.constant() >> index & 1).withWhole(true);
    }

    /**
     * Elements of a register.
     *
     * @param numbers qubits of the circuit, or indices of bits
     * @param single whether it is one by its form: not a register of one
     */
    record Elements(int[] numbers, boolean single) {}

    /** Qubits by their numbers in the circuit. */
    Elements qubits(Statement.Operand operand) {
        Declaration declaration = found(operand.name(), "a qubit");
        if (!(declaration instanceof Declaration.Qubits register)) {
            throw operand.name().refused(operand.name().shown() + " is " + declaration.what() + "; expected a qubit");
        }
        Elements elements = elements(operand, register);
        return new Elements(
                Arrays.stream(elements.numbers()).map(register.numbers()::get).toArray(), elements.single());
    }

    /** How many bits; they hold a measurement from here on. */
    int measured(Statement.Operand operand, Token measurement) {
        Declaration declaration = found(operand.name(), "a bit");
        if (!(declaration instanceof Declaration.Bits register)) {
            throw operand.name().refused(operand.name().shown() + " is " + declaration.what() + "; expected a bit");
        }
        int[] indices = elements(operand, register).numbers();
        for (int index : indices) {
            register.measured(index, measurement);
        }
        return indices.length;
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
        int registers = 0;
        for (Map.Entry<String, Declaration> entry : blocks.getLast().entrySet()) {
            if (entry.getValue() instanceof Declaration.Qubits register && !register.alias()) {
                registers++;
                for (int i = 0; i < register.size(); i++) {
                    elements.put(
                            "qubit " + register.numbers().get(i),
                            register.single() ? entry.getKey() : entry.getKey() + "[" + i + "]");
                }
            }
        }
        if (registers > 1) {
            legend.putAll(elements);
        }
        return legend;
    }

    private int size(Expression size) {
        if (size == null) {
            return 1;
        }
        int count = evaluation().whole(size, "size");
        if (count < 1) {
            throw size.at().refused("size is " + LinearAngle.shown(count) + "; expected 1 or more");
        }
        return count;
    }

    private void declare(Token name, Declaration declaration) {
        if (StatementParser.KEYWORDS.contains(name.text()) || Type.isType(name)) {
            throw name.refused(name.shown() + " is a word of the language; expected another name");
        }
        if (blocks.peek().putIfAbsent(name.text(), declaration) != null) {
            throw name.refused(name.shown() + " is declared twice");
        }
    }

    private Declaration found(Token name, String expected) {
        for (Map<String, Declaration> block : blocks) {
            Declaration declaration = block.get(name.text());
            if (declaration != null) {
                return declaration;
            }
        }
        throw undeclared(name, expected);
    }

    private static Refusal undeclared(Token name, String expected) {
        return name.refused(name.shown() + " is not declared; expected " + expected);
    }

    /**
     * Numbers that a range or a list names.
     *
     * @param size added to the ends of a range that are negative; 0 outside of registers
     */
    List<Integer> numbers(Statement.Index index, String what, int size) {
        AngleEvaluation evaluation = evaluation();
        if (index instanceof Statement.Index.One one) {
            return List.of(evaluation.whole(one.of(), what));
        }
        if (index instanceof Statement.Index.Listed listed) {
            return listed.all().stream().map(e -> evaluation.whole(e, what)).toList();
        }
        Statement.Index.Range range = (Statement.Index.Range) index;
        long first = end(evaluation.whole(range.first(), what), size);
        long last = end(evaluation.whole(range.last(), what), size);
        long step = range.step() == null ? 1 : evaluation.whole(range.step(), "step");
        if (step == 0) {
            throw range.step().at().refused("a range by steps of 0; expected another number");
        }
        long count = Math.max(0, (last - first) / step + 1);
        if ((last - first) * Long.signum(step) < 0) {
            count = 0;
        }
        if (count > MAX_RANGE) {
            throw range.at().refused("a range of " + count + " numbers; expected at most " + MAX_RANGE);
        }
        return LongStream.range(0, count)
                .mapToObj(i -> (int) (first + i * step))
                .toList();
    }

    private static long end(int index, int size) {
        return index < 0 ? (long) index + size : index;
    }

    private Elements elements(Statement.Operand operand, Declaration.Register register) {
        if (operand.index() == null) {
            return new Elements(IntStream.range(0, register.size()).toArray(), register.single());
        }
        Token name = operand.name();
        Token at = operand.index() instanceof Statement.Index.One one
                ? one.of().at()
                : operand.index() instanceof Statement.Index.Range range ? range.at() : name;
        if (register.single()) {
            throw at.refused(operand.shown() + " has an index, but " + name.shown() + " is declared without a size");
        }
        List<Integer> indices = numbers(operand.index(), "index of " + name.shown(), register.size());
        // A register's last element is [-1], in ranges too.
        int[] positions = indices.stream()
                .mapToInt(i -> position(name, i, register.size(), at))
                .toArray();
        if (positions.length == 0) {
            throw at.refused(operand.shown() + " is empty; expected one element or more");
        }
        if (Arrays.stream(positions).distinct().count() < positions.length) {
            throw at.refused(operand.shown() + " has an element twice; expected different ones");
        }
        return new Elements(positions, operand.index() instanceof Statement.Index.One);
    }

    private int position(Token name, int index, int size, Token at) {
        int position = index < 0 && dialect != Dialect.V2 ? size + index : index;
        if (position < 0 || position >= size) {
            throw at.refused("'" + name.text() + "[" + index + "]' does not exist; expected an index below " + size);
        }
        return position;
    }
}
