package org.qexit.quantum.qasm;

import java.util.ArrayList;
import java.util.List;

/**
 * Expressions in the languages' order: power before the sign before * and / before + and -; power from the right, the others from the left.
 */
final class ExpressionParser {
    /** Far more than any angle has; parser and evaluation go as deep as an expression is long. */
    private static final int MAX_STEPS = 500;

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
        return sum();
    }

    private List<Expression> list() {
        List<Expression> all = new ArrayList<>();
        if (tokens.takeIf(")")) {
            return all;
        }
        do {
            all.add(sum());
        } while (tokens.takeIf(","));
        tokens.expect(")");
        return all;
    }

    private Expression sum() {
        Expression left = product();
        while (tokens.current().is("+") || tokens.current().is("-")) {
            left = new Expression.Binary(step(), left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = signed();
        while (tokens.current().is("*") || tokens.current().is("/")) {
            left = new Expression.Binary(step(), left, signed());
        }
        return left;
    }

    private Expression signed() {
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
        if (first.kind() == Token.Kind.NUMBER) {
            return new Expression.Literal(tokens.take());
        }
        if (first.kind() == Token.Kind.WORD) {
            tokens.take();
            if (!tokens.current().is("(")) {
                return new Expression.Name(first);
            }
            step();
            return new Expression.Call(first, list());
        }
        if (first.is("(")) {
            step();
            Expression inner = sum();
            tokens.expect(")");
            return inner;
        }
        throw first.refused(first.shown() + "; expected a number, a constant, an input or a function");
    }

    private Token step() {
        if (++steps > MAX_STEPS) {
            throw tokens.current()
                    .refused("an expression of more than " + MAX_STEPS + " operators; expected a shorter one");
        }
        return tokens.take();
    }
}
