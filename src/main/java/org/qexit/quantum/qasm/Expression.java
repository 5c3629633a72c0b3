package org.qexit.quantum.qasm;

import java.util.List;

/** An arithmetic expression as written; {@code at} is the token that a message about it points to. */
sealed interface Expression {
    Token at();

    /** A number. */
    record Literal(Token at) implements Expression {}

    /** A constant or an input. */
    record Name(Token at) implements Expression {}

    /** {@code -of}. */
    record Negation(Token at, Expression of) implements Expression {}

    /** {@code left at right} with one of + - * / ^ **. */
    record Binary(Token at, Expression left, Expression right) implements Expression {}

    /** {@code at(arguments)}. */
    record Call(Token at, List<Expression> arguments) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }
}
