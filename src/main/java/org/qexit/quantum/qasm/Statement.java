package org.qexit.quantum.qasm;

import java.util.List;
import org.qexit.common.UserError;

/** A statement as written; {@code at} is the token that a message about the whole of it points to. */
sealed interface Statement {
    Token at();

    /** {@code OPENQASM number;}. */
    record Version(Token at, Token number) implements Statement {}

    /** {@code include "file";}, the quotes still around it. */
    record Include(Token at, Token file) implements Statement {}

    /** {@code qreg at[size];}, {@code qubit[size] at;} or, size null, {@code qubit at;}. */
    record Qubits(Token at, Expression size) implements Statement {}

    /** {@code creg at[size];}, {@code bit[size] at;} or, size null, {@code bit at;}; perhaps with {@code = measure from} or {@code =
     * value}. */
    record Bits(Token at, Expression size, Measurement measured, Expression value) implements Statement {}

    /** {@code input float[64] at;}. */
    record Input(Token at, Written type) implements Statement {}

    /**
     * {@code const float[64] at = value;}.
     *
     * @param whole whether its type holds whole numbers alone
     */
    record Constant(Token at, Written type, Expression value) implements Statement {}

    /**
     * A type with its width.
     *
     * @param width null where none is written
     */
    record Written(Token type, Expression width) {}

    /** {@code float[64] at = value;}; the value may be null. */
    record Variable(Token at, Written type, Expression value) implements Statement {}

    /** {@code target operator value;} with = or +=, -= and their like. */
    record Assignment(Token at, Operand target, Token operator, Expression value) implements Statement {}

    /** {@code let at = first ++ second;}. */
    record Alias(Token at, List<Operand> parts) implements Statement {
        public Alias {
            parts = List.copyOf(parts);
        }
    }

    /**
     * {@code at type variable in domain body}.
     *
     * @param type null where none is written
     */
    record For(Token at, Written type, Token variable, Index domain, List<Statement> body) implements Statement {
        public For {
            body = List.copyOf(body);
        }
    }

    /** {@code at (condition) body else otherwise}. */
    record If(Token at, Expression condition, List<Statement> body, List<Statement> otherwise) implements Statement {
        public If {
            body = List.copyOf(body);
            otherwise = List.copyOf(otherwise);
        }
    }

    /** {@code at (condition) body}. */
    record While(Token at, Expression condition, List<Statement> body) implements Statement {
        public While {
            body = List.copyOf(body);
        }
    }

    /** {@code box[time] { body }}; the time may be null. */
    record Box(Token at, Expression time, List<Statement> body) implements Statement {
        public Box {
            body = List.copyOf(body);
        }
    }

    /** {@code stretch at;} or {@code duration at = value;}. */
    record Time(Token at, Expression value) implements Statement {}

    /** {@code delay[time] operands;}. */
    record Delay(Token at, Expression time, List<Operand> operands) implements Statement {
        public Delay {
            operands = List.copyOf(operands);
        }
    }

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

    /** What stands in brackets after a register, or after "in". */
    sealed interface Index {
        /** {@code [of]}. */
        record One(Expression of) implements Index {}

        /** {@code [first:step:last]}, the last included; the step may be null. */
        record Range(Token at, Expression first, Expression step, Expression last) implements Index {}

        /** {@code {all}}. */
        record Listed(List<Expression> all) implements Index {
            public Listed {
                all = List.copyOf(all);
            }
        }
    }

    /**
     * A register or some of its elements.
     *
     * @param name the register
     * @param index which, or null for all
     * @param written the index as in the program, brackets included; empty for all
     */
    record Operand(Token name, Index index, String written) {
        /** As in a program. */
        String shown() {
            return "'" + name.text() + UserError.shown(written) + "'";
        }
    }
}
