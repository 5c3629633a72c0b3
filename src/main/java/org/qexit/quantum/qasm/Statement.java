package org.qexit.quantum.qasm;

import java.util.List;

/** A statement as written; {@code at} is the token that a message about the whole of it points to. */
sealed interface Statement {
    Token at();

    /** {@code OPENQASM number;}. */
    record Version(Token at, Token number) implements Statement {}

    /** {@code include "file";}, the quotes still around it. */
    record Include(Token at, Token file) implements Statement {}

    /** {@code qreg at[size];}, {@code qubit[size] at;} or, size null, {@code qubit at;}. */
    record Qubits(Token at, Token size) implements Statement {}

    /** {@code creg at[size];}, {@code bit[size] at;} or, size null, {@code bit at;}; perhaps with {@code = measure from}. */
    record Bits(Token at, Token size, Measurement measured) implements Statement {}

    /** {@code input float[64] at;}. */
    record Input(Token at) implements Statement {}

    /**
     * {@code const float[64] at = value;}.
     *
     * @param whole whether its type holds whole numbers alone
     */
    record Constant(Token at, boolean whole, Expression value) implements Statement {}

    /** {@code reset operand;}. */
    record Reset(Token at, Operand operand) implements Statement {}

    /**
     * {@code gate at(parameters) qubits { body }}.
     *
     * @param rest all tokens after the name, the braces included
     */
    record GateDefinition(Token at, List<Token> rest, List<Token> parameters, List<Token> qubits, List<GateCall> body)
            implements Statement {
        public GateDefinition {
            rest = List.copyOf(rest);
            parameters = List.copyOf(parameters);
            qubits = List.copyOf(qubits);
            body = List.copyOf(body);
        }
    }

    /** {@code at(argument) @} before a gate: ctrl, negctrl, inv or pow; the argument may be null. */
    record Modifier(Token at, Expression argument) {}

    /** {@code barrier operands;}; none stands for all qubits. */
    record Barrier(Token at, List<Operand> operands) implements Statement {
        public Barrier {
            operands = List.copyOf(operands);
        }
    }

    /** {@code measure from -> to;}, {@code to = measure from;} or, to null, {@code measure from;}. */
    record Measurement(Token at, Operand from, Operand to) implements Statement {}

    /** {@code modifiers at(angles) operands;}. */
    record GateCall(Token at, List<Modifier> modifiers, List<Expression> angles, List<Operand> operands)
            implements Statement {
        public GateCall {
            modifiers = List.copyOf(modifiers);
            angles = List.copyOf(angles);
            operands = List.copyOf(operands);
        }
    }

    /**
     * A register or one of its elements.
     *
     * @param name the register
     * @param index the element, or null for all
     */
    record Operand(Token name, Token index) {
        /** As in a program. */
        String shown() {
            return "'" + name.text() + (index == null ? "" : "[" + index.text() + "]") + "'";
        }
    }
}
