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

    /** {@code at of} with one of ! ~. */
    record Not(Token at, Expression of) implements Expression {}

    /** {@code at[index]}: a bit of a register or of a whole number. */
    record Element(Token at, Expression index) implements Expression {}

    /**
     * {@code at[width](of)}: a value as another type.
     *
     * @param width null where none is written
     */
    record Cast(Token at, Expression width, Expression of) implements Expression {}

    /** {@code left at right} with one of + - * / % ^ ** &lt;&lt; &gt;&gt; &amp; | &amp;&amp; || == != &lt; &lt;= &gt; &gt;=. */
    record Binary(Token at, Expression left, Expression right) implements Expression {}

    /** {@code at(arguments)}. */
    record Call(Token at, List<Expression> arguments) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }
}
