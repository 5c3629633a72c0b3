package org.qexit.quantum.qasm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Expressions in the languages' order: power before the sign before *, / and % before + and -, then shifts, comparisons, bits, logic; power
 * from the right, the others from the left.
 */
final class ExpressionParser {
    /** Far more than any angle has; parser and evaluation go as deep as an expression is long. */
    private static final int MAX_STEPS = 500;

    /** Operators of two sides but power; the higher the number, the earlier they are applied. */
    private static final Map<String, Integer> RANKS = ranks();

    private final TokenStream tokens;
    private int steps;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    /** Expressions between commas up to the closing parenthesis, which is taken too; perhaps none. */
    List<Expression> parse() {
        steps = 0;
        return list();
    }

    /** One expression. */
    Expression one() {
        steps = 0;
        return binary(0);
    }

    private List<Expression> list() {
        List<Expression> all = new ArrayList<>();
        if (tokens.takeIf(")")) {
            return all;
        }
        do {
            all.add(binary(0));
        } while (tokens.takeIf(","));
        tokens.expect(")");
        return all;
    }

    /** Operators of this rank and above. */
    private Expression binary(int least) {
        Expression left = signed();
        for (int rank = rank(); rank >= least; rank = rank()) {
            left = new Expression.Binary(step(), left, binary(rank + 1));
        }
        return left;
    }

    private int rank() {
        return tokens.current().kind() == Token.Kind.SYMBOL
                ? RANKS.getOrDefault(tokens.current().text(), -1)
                : -1;
    }

    private static Map<String, Integer> ranks() {
        Map<String, Integer> ranks = new HashMap<>();
        List<String> levels = List.of("||", "&&", "|", "&", "== !=", "< <= > >=", "<< >>", "+ -", "* / %");
        for (int rank = 0; rank < levels.size(); rank++) {
            for (String operator : levels.get(rank).split(" ")) {
                ranks.put(operator, rank);
            }
        }
        return ranks;
    }

    private Expression signed() {
        if (tokens.current().is("!") || tokens.current().is("~")) {
            return new Expression.Not(step(), signed());
        }
        return tokens.current().is("-") ? new Expression.Negation(step(), signed()) : power();
    }

    private Expression power() {
        Expression base = primary();
        return tokens.current().is("^") || tokens.current().is("**")
                ? new Expression.Binary(step(), base, signed())
                : base;
    }

    private Expression primary() {
        Token first = tokens.current();
        if (first.kind() == Token.Kind.NUMBER || first.kind() == Token.Kind.DURATION) {
            return new Expression.Literal(tokens.take());
        }
        if (first.kind() == Token.Kind.WORD) {
            tokens.take();
            if (Type.isType(first)
                    && (tokens.current().is("(") || tokens.current().is("["))) {
                return cast(first);
            }
            if (tokens.current().is("[")) {
                step();
                Expression index = binary(0);
                tokens.expect("]");
                return new Expression.Element(first, index);
            }
            if (!tokens.current().is("(")) {
                return new Expression.Name(first);
            }
            step();
            return new Expression.Call(first, list());
        }
        if (first.is("(")) {
            step();
            Expression inner = binary(0);
            tokens.expect(")");
            return inner;
        }
        throw first.refused(first.shown() + "; expected a number, a constant, an input or a function");
    }

    private Expression cast(Token type) {
        Expression width = null;
        if (tokens.current().is("[")) {
            step();
            width = binary(0);
            tokens.expect("]");
        }
        tokens.expect("(");
        steps++;
        Expression of = binary(0);
        tokens.expect(")");
        return new Expression.Cast(type, width, of);
    }

    private Token step() {
        if (++steps > MAX_STEPS) {
            throw tokens.current()
                    .refused("an expression of more than " + MAX_STEPS + " operators; expected a shorter one");
        }
        return tokens.take();
    }
}
