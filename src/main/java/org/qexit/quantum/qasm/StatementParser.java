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
            "reset",
            "let",
            "for",
            "if",
            "while",
            "box",
            "delay",
            "stretch",
            "duration");

    private static final Set<String> ASSIGNMENTS =
            Set.of("=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "**=", "<<=", ">>=");
    private static final Set<String> MODIFIERS = Set.of("ctrl", "negctrl", "inv", "pow");

    /** The parser goes as deep as blocks are nested. */
    private static final int MAX_DEPTH = 50;

    /** First words of statements that are not, and what these are. */
    private static final Map<String, String> NOT_READ = notRead();

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int depth;

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
                    case "let" -> alias();
                    case "for", "if", "while", "box" -> control(first);
                    case "delay" -> delay(first);
                    case "stretch" -> ended(new Statement.Time(tokens.expectWord("the name of the stretch"), null));
                    case "duration" -> duration();
                    default -> Type.isType(first) ? variable(first) : callOrAssignment(first);
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
        Expression size = size();
        return ended(first.is("qreg") ? new Statement.Qubits(name, size) : new Statement.Bits(name, size, null, null));
    }

    private Statement declaration(Token first) {
        Expression size = tokens.takeIf("[") ? size() : null;
        Token name = tokens.expectWord("the name of a register");
        if (first.is("qubit")) {
            return ended(new Statement.Qubits(name, size));
        }
        if (!tokens.takeIf("=")) {
            return ended(new Statement.Bits(name, size, null, null));
        }
        if (tokens.current().is("measure")) {
            return ended(new Statement.Bits(name, size, measured(new Statement.Operand(name, null, "")), null));
        }
        return ended(new Statement.Bits(name, size, null, value()));
    }

    private Expression size() {
        Expression size = expressions.one();
        tokens.expect("]");
        return size;
    }

    /** An expression, or the bits of a register in quotes. */
    private Expression value() {
        return tokens.current().kind() == Token.Kind.TEXT ? new Expression.Literal(tokens.take()) : expressions.one();
    }

    private Statement input() {
        Token type = tokens.expectWord("the type of the input");
        if (!type.is("float") && !type.is("angle")) {
            throw type.refused("an input of type " + type.shown() + "; expected float or angle");
        }
        Expression width = tokens.takeIf("[") ? size() : null;
        return ended(
                new Statement.Input(tokens.expectWord("the name of the input"), new Statement.Written(type, width)));
    }

    private Statement definition() {
        Token name = tokens.expectWord("the name of the gate");
        List<Token> rest = new ArrayList<>();
        int open = 0;
        while (!tokens.current().is("}") || open > 1) {
            open += tokens.current().is("{") ? 1 : tokens.current().is("}") ? -1 : 0;
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
        if (!Type.isType(type) || type.is("bit")) {
            throw type.refused(
                    "a constant of type " + type.shown() + "; expected one of [float, angle, int, uint, bool]");
        }
        Expression width = tokens.takeIf("[") ? size() : null;
        Token name = tokens.expectWord("the name of the constant");
        tokens.expect("=");
        return ended(new Statement.Constant(name, new Statement.Written(type, width), expressions.one()));
    }

    private Statement variable(Token type) {
        Expression width = tokens.takeIf("[") ? size() : null;
        Token name = tokens.expectWord("the name of the variable");
        Expression value = tokens.takeIf("=") ? expressions.one() : null;
        return ended(new Statement.Variable(name, new Statement.Written(type, width), value));
    }

    private Statement alias() {
        Token name = tokens.expectWord("the name of the alias");
        tokens.expect("=");
        List<Statement.Operand> parts = new ArrayList<>();
        do {
            parts.add(operand("a register"));
        } while (tokens.takeIf("++"));
        return ended(new Statement.Alias(name, parts));
    }

    private Statement control(Token first) {
        if (++depth > MAX_DEPTH) {
            throw first.refused("more than " + MAX_DEPTH + " blocks inside each other; expected fewer");
        }
        Statement statement = switch (first.text()) {
            case "for" -> loop(first);
            case "box" -> {
                Expression time = tokens.takeIf("[") ? size() : null;
                if (!tokens.current().is("{")) {
                    tokens.expect("{");
                }
                yield new Statement.Box(first, time, block());
            }
            default -> {
                tokens.expect("(");
                Expression condition = expressions.one();
                tokens.expect(")");
                List<Statement> body = block();
                if (first.is("while")) {
                    yield new Statement.While(first, condition, body);
                }
                yield new Statement.If(first, condition, body, tokens.takeIf("else") ? block() : List.of());
            }
        };
        depth--;
        return statement;
    }

    private Statement loop(Token first) {
        Token word = tokens.expectWord("the variable of the loop");
        Statement.Written type = null;
        if (Type.isType(word)) {
            type = new Statement.Written(word, tokens.takeIf("[") ? size() : null);
            word = tokens.expectWord("the variable of the loop");
        }
        tokens.expect("in");
        Statement.Index domain;
        if (tokens.takeIf("[")) {
            domain = index();
            tokens.expect("]");
            if (domain instanceof Statement.Index.One one) {
                throw one.of().at().refused("a loop over one number; expected [first:last]");
            }
        } else if (tokens.current().is("{")) {
            domain = index();
        } else {
            throw tokens.current()
                    .refused("a loop over " + tokens.current().shown() + "; expected [first:last] or {0, 1}");
        }
        return new Statement.For(first, type, word, domain, block());
    }

    /** Statements in braces, or one. */
    private List<Statement> block() {
        List<Statement> all = new ArrayList<>();
        boolean braces = tokens.takeIf("{");
        while (!(braces && tokens.takeIf("}"))) {
            Token at = tokens.current();
            if (tokens.takeIf(";")) {
                if (!braces) {
                    return all;
                }
                continue;
            }
            Statement next = next().orElseThrow(
                            () -> at.refused("the end of the file; expected " + (braces ? "'}'" : "a statement")));
            if (next instanceof Statement.Version
                    || next instanceof Statement.Include
                    || next instanceof Statement.Qubits
                    || next instanceof Statement.Input
                    || next instanceof Statement.GateDefinition) {
                throw at.refused(at.shown() + " inside a block; expected it outside of all");
            }
            all.add(next);
            if (!braces) {
                return all;
            }
        }
        return all;
    }

    private Statement duration() {
        Token name = tokens.expectWord("the name of the duration");
        tokens.expect("=");
        return ended(new Statement.Time(name, expressions.one()));
    }

    private Statement delay(Token first) {
        tokens.expect("[");
        Expression time = size();
        return ended(new Statement.Delay(first, time, operands("a qubit")));
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
        if (tokens.current().is("[")) {
            return ended(assignment(first, indexed(first)));
        }
        if (ASSIGNMENTS.contains(tokens.current().text())) {
            return ended(assignment(first, new Statement.Operand(first, null, "")));
        }
        List<Expression> angles = tokens.takeIf("(") ? expressions.parse() : List.of();
        return ended(new Statement.GateCall(first, List.of(), angles, operands("a qubit")));
    }

    private Statement assignment(Token first, Statement.Operand to) {
        Token operator = tokens.current();
        if (!ASSIGNMENTS.contains(operator.text())) {
            operator = tokens.expect("=");
        }
        tokens.take();
        if (operator.is("=") && tokens.current().is("measure")) {
            return measured(to);
        }
        return new Statement.Assignment(first, to, operator, value());
    }

    private Statement.Measurement measured(Statement.Operand to) {
        return new Statement.Measurement(tokens.take(), operand("a qubit"), to);
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
        if (!tokens.current().is("[")) {
            return new Statement.Operand(name, null, "");
        }
        tokens.record();
        tokens.take();
        Statement.Index index = index();
        tokens.expect("]");
        return new Statement.Operand(name, index, tokens.recorded());
    }

    private Statement.Index index() {
        Token first = tokens.current();
        if (tokens.takeIf("{")) {
            List<Expression> all = new ArrayList<>();
            do {
                all.add(expressions.one());
            } while (tokens.takeIf(","));
            tokens.expect("}");
            return new Statement.Index.Listed(all);
        }
        Expression one = expressions.one();
        if (!tokens.takeIf(":")) {
            return new Statement.Index.One(one);
        }
        Expression last = expressions.one();
        Expression step = null;
        if (tokens.takeIf(":")) {
            step = last;
            last = expressions.one();
        }
        return new Statement.Index.Range(first, one, step, last);
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
        for (String word : List.of("else", "switch", "break", "continue", "return", "end")) {
            all.put(word, "classical control");
        }
        for (String word : List.of("def", "extern", "defcal", "defcalgrammar", "cal")) {
            all.put(word, "a definition");
        }
        for (String word : List.of("output", "complex", "array")) {
            all.put(word, "a classical variable");
        }
        all.put("nop", "timing");
        return all;
    }
}
