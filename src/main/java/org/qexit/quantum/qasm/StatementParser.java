package org.qexit.quantum.qasm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Statements of OpenQASM 2 and 3, one at a time. Those that no circuit can hold are refused by what they are. */
final class StatementParser {
    /** First words of statements that are understood. */
    static final Set<String> KEYWORDS = Set.of(
            "OPENQASM",
            "include",
            "qreg",
            "creg",
            "qubit",
            "bit",
            "input",
            "gate",
            "barrier",
            "measure",
            "const",
            "reset");

    private static final Set<String> MODIFIERS = Set.of("ctrl", "negctrl", "inv", "pow");
    private static final List<String> CONSTANTS = List.of("float", "angle", "int", "uint");

    /** First words of statements that are not, and what these are. */
    private static final Map<String, String> NOT_READ = notRead();

    private final TokenStream tokens;
    private final ExpressionParser expressions;

    StatementParser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    /** The next statement, or none at the end. */
    Optional<Statement> next() {
        while (tokens.takeIf(";")) {
            // An empty statement does nothing.
        }
        Token first = tokens.current();
        if (first.kind() == Token.Kind.END) {
            return Optional.empty();
        }
        if (NOT_READ.containsKey(first.text())) {
            throw first.refused(NOT_READ.get(first.text()) + " (" + first.shown()
                    + ") is not read; expected declarations, gates, barriers and measurements");
        }
        if (MODIFIERS.contains(first.text())) {
            return Optional.of(modified());
        }
        tokens.expectWord("a statement");
        return Optional.of(
                switch (first.text()) {
                    case "OPENQASM" -> version(first);
                    case "include" -> include(first);
                    case "qreg", "creg" -> register(first);
                    case "qubit", "bit" -> declaration(first);
                    case "input" -> input();
                    case "gate" -> definition();
                    case "const" -> constant();
                    case "reset" -> ended(new Statement.Reset(first, operand("a qubit")));
                    case "barrier" -> ended(new Statement.Barrier(first, operands("a qubit")));
                    case "measure" -> measurement(first);
                    default -> callOrAssignment(first);
                });
    }

    /** Where the program ends. */
    Token end() {
        return tokens.current();
    }

    private Statement version(Token first) {
        if (tokens.current().kind() != Token.Kind.NUMBER) {
            throw tokens.current().refused("version is " + tokens.current().shown() + "; expected 2.0 or 3.0");
        }
        return ended(new Statement.Version(first, tokens.take()));
    }

    private Statement include(Token first) {
        if (tokens.current().kind() != Token.Kind.TEXT) {
            throw tokens.current().refused(tokens.current().shown() + "; expected the file to include, in quotes");
        }
        return ended(new Statement.Include(first, tokens.take()));
    }

    private Statement register(Token first) {
        Token name = tokens.expectWord("the name of a register");
        tokens.expect("[");
        Token size = size();
        return ended(first.is("qreg") ? new Statement.Qubits(name, size) : new Statement.Bits(name, size, null));
    }

    private Statement declaration(Token first) {
        Token size = tokens.takeIf("[") ? size() : null;
        Token name = tokens.expectWord("the name of a register");
        if (first.is("qubit")) {
            return ended(new Statement.Qubits(name, size));
        }
        Statement.Measurement measured =
                tokens.current().is("=") ? assignment(new Statement.Operand(name, null)) : null;
        return ended(new Statement.Bits(name, size, measured));
    }

    private Token size() {
        Token size = tokens.current();
        size.whole("size");
        tokens.take();
        tokens.expect("]");
        return size;
    }

    private Statement input() {
        Token type = tokens.expectWord("the type of the input");
        if (!type.is("float") && !type.is("angle")) {
            throw type.refused("an input of type " + type.shown() + "; expected float or angle");
        }
        if (tokens.takeIf("[")) {
            size();
        }
        return ended(new Statement.Input(tokens.expectWord("the name of the input")));
    }

    private Statement definition() {
        Token name = tokens.expectWord("the name of the gate");
        List<Token> rest = new ArrayList<>();
        while (!tokens.current().is("}")) {
            if (tokens.current().kind() == Token.Kind.END) {
                throw name.refused("the gate definition of " + name.shown() + " does not end; expected '}'");
            }
            rest.add(tokens.take());
        }
        rest.add(tokens.take());
        if (name.text().startsWith(StandardGate.OWN)) {
            return new Statement.GateDefinition(name, rest, List.of(), List.of(), List.of());
        }
        return new StatementParser(TokenStream.of(rest)).body(name, rest);
    }

    /** What follows the name of a gate that is defined, up to its closing brace. */
    private Statement body(Token name, List<Token> rest) {
        List<Token> parameters = new ArrayList<>();
        if (tokens.takeIf("(") && !tokens.takeIf(")")) {
            names(parameters, "a parameter");
            tokens.expect(")");
        }
        List<Token> qubits = new ArrayList<>();
        names(qubits, "a qubit of the gate");
        tokens.expect("{");
        List<Statement.GateCall> calls = new ArrayList<>();
        for (Optional<Statement> next = next(); next.isPresent(); next = next()) {
            if (next.get() instanceof Statement.GateCall call) {
                calls.add(call);
            } else if (!(next.get() instanceof Statement.Barrier)) {
                throw next.get()
                        .at()
                        .refused("in the definition of gate " + name.shown() + " stands "
                                + next.get().at().shown() + "; expected gates");
            }
        }
        return new Statement.GateDefinition(name, rest, parameters, qubits, calls);
    }

    private void names(List<Token> to, String what) {
        do {
            to.add(tokens.expectWord(what));
        } while (tokens.takeIf(","));
    }

    private Statement constant() {
        Token type = tokens.expectWord("the type of the constant");
        if (!CONSTANTS.contains(type.text())) {
            throw type.refused("a constant of type " + type.shown() + "; expected one of " + CONSTANTS);
        }
        if (tokens.takeIf("[")) {
            size();
        }
        Token name = tokens.expectWord("the name of the constant");
        tokens.expect("=");
        return ended(new Statement.Constant(name, type.text().endsWith("int"), expressions.one()));
    }

    private Statement modified() {
        List<Statement.Modifier> modifiers = new ArrayList<>();
        while (MODIFIERS.contains(tokens.current().text())) {
            Token modifier = tokens.take();
            List<Expression> arguments = tokens.takeIf("(") ? expressions.parse() : List.of();
            int least = modifier.is("pow") ? 1 : 0;
            int most = modifier.is("inv") ? 0 : 1;
            if (arguments.size() < least || arguments.size() > most) {
                throw modifier.refused(modifier.shown() + " has " + arguments.size() + " arguments; expected "
                        + (least == most ? least : "none or 1"));
            }
            tokens.expect("@");
            modifiers.add(new Statement.Modifier(modifier, arguments.isEmpty() ? null : arguments.get(0)));
        }
        Token name = tokens.expectWord("a gate");
        List<Expression> angles = tokens.takeIf("(") ? expressions.parse() : List.of();
        return ended(new Statement.GateCall(name, modifiers, angles, operands("a qubit")));
    }

    private Statement measurement(Token first) {
        Statement.Operand from = operand("a qubit");
        Statement.Operand to = tokens.takeIf("->") ? operand("a bit") : null;
        return ended(new Statement.Measurement(first, from, to));
    }

    private Statement callOrAssignment(Token first) {
        if (tokens.current().is("=") || tokens.current().is("[")) {
            return ended(assignment(indexed(first)));
        }
        List<Expression> angles = tokens.takeIf("(") ? expressions.parse() : List.of();
        return ended(new Statement.GateCall(first, List.of(), angles, operands("a qubit")));
    }

    private Statement.Measurement assignment(Statement.Operand to) {
        tokens.expect("=");
        Token measure = tokens.current();
        if (!measure.is("measure")) {
            throw measure.refused(measure.shown() + "; expected 'measure'");
        }
        tokens.take();
        return new Statement.Measurement(measure, operand("a qubit"), to);
    }

    private List<Statement.Operand> operands(String what) {
        List<Statement.Operand> all = new ArrayList<>();
        if (!tokens.current().is(";")) {
            do {
                all.add(operand(what));
            } while (tokens.takeIf(","));
        }
        return all;
    }

    private Statement.Operand operand(String what) {
        return indexed(tokens.expectWord(what));
    }

    private Statement.Operand indexed(Token name) {
        if (!tokens.takeIf("[")) {
            return new Statement.Operand(name, null);
        }
        Token index = tokens.current();
        index.whole("index of " + name.shown());
        tokens.take();
        tokens.expect("]");
        return new Statement.Operand(name, index);
    }

    private Statement ended(Statement statement) {
        tokens.expect(";");
        return statement;
    }

    private static Map<String, String> notRead() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("opaque", "an opaque gate");
        all.put("@", "an annotation");
        for (String word : List.of("#", "pragma")) {
            all.put(word, "a pragma");
        }
        for (String word : List.of("if", "else", "for", "while", "switch", "break", "continue", "return", "end")) {
            all.put(word, "classical control");
        }
        for (String word : List.of("def", "extern", "defcal", "defcalgrammar", "cal")) {
            all.put(word, "a definition");
        }
        for (String word : List.of("let", "output", "int", "uint", "float", "bool", "angle", "complex", "array")) {
            all.put(word, "a classical variable");
        }
        for (String word : List.of("duration", "stretch", "delay", "box", "nop")) {
            all.put(word, "timing");
        }
        return all;
    }
}
