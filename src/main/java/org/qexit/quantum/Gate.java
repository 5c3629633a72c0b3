package org.qexit.quantum;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.qexit.quantum.Block.Axis;

/** One gate on named qubits. Controls come first: CNOT is (control, target), CCX (control, control, target). */
public sealed interface Gate {
    /** Its qubits in the order that its formula names them. */
    List<Integer> qubits();

    /** Its name as circuit files write it. */
    String name();

    /** The angle it turns by; empty for a fixed gate. */
    Optional<Angle> angle();

    /** What it does to the amplitudes: one or two blocks on disjoint pairs. */
    List<Block> blocks();

    /** The gate that undoes it. */
    Gate inverse();

    static Gate of(FixedKind kind, Integer... qubits) {
        return new Fixed(kind, List.of(qubits));
    }

    static Gate of(RotationKind kind, Angle angle, Integer... qubits) {
        return new Rotation(kind, List.of(qubits), angle);
    }

    /**
     * A gate without an angle.
     *
     * @param kind which one
     * @param qubits its qubits, controls first
     */
    record Fixed(FixedKind kind, List<Integer> qubits) implements Gate {
        public Fixed {
            qubits = checked(kind.name(), kind.arity(), qubits);
        }

        @Override
        public String name() {
            return kind.name();
        }

        @Override
        public Optional<Angle> angle() {
            return Optional.empty();
        }

        @Override
        public List<Block> blocks() {
            return kind.blocks(qubits);
        }

        @Override
        public Gate inverse() {
            return switch (kind) {
                case S -> of(RotationKind.P, Angle.constant(-Math.PI / 2), qubits.get(0));
                case T -> of(RotationKind.P, Angle.constant(-Math.PI / 4), qubits.get(0));
                case ISWAP -> new Rotation(RotationKind.XY, qubits, Angle.constant(-Math.PI));
                default -> this;
            };
        }
    }

    /**
     * A gate that turns by an angle.
     *
     * @param kind which one
     * @param qubits its qubits, controls first
     * @param turn the angle
     */
    record Rotation(RotationKind kind, List<Integer> qubits, Angle turn) implements Gate {
        public Rotation {
            qubits = checked(kind.name(), kind.arity(), qubits);
            if (turn == null) {
                throw new IllegalArgumentException(
                        kind + " has no angle; expected an input, a parameter or a constant");
            }
        }

        @Override
        public String name() {
            return kind.name();
        }

        @Override
        public Optional<Angle> angle() {
            return Optional.of(turn);
        }

        @Override
        public List<Block> blocks() {
            return kind.blocks(qubits);
        }

        @Override
        public Gate inverse() {
            return new Rotation(kind, qubits, turn.negated());
        }
    }

    private static List<Integer> checked(String name, int arity, List<Integer> qubits) {
        if (qubits == null || qubits.size() != arity || new HashSet<>(qubits).size() != arity) {
            throw new IllegalArgumentException(name + " on qubits " + qubits + "; expected " + arity
                    + " different qubit" + (arity == 1 ? "" : "s"));
        }
        for (int q : qubits) {
            if (q < 0 || q >= Circuit.MAX_QUBITS) {
                throw new IllegalArgumentException(
                        name + " on qubit " + q + "; expected 0 to " + (Circuit.MAX_QUBITS - 1));
            }
        }
        return List.copyOf(qubits);
    }

    /** Gates without an angle. Two-qubit matrices act on (first, second) as listed. */
    enum FixedKind {
        /** [[1, 1], [1, -1]] / √2. */
        H(1, 0, Matrix2.real(Math.sqrt(0.5), Math.sqrt(0.5), Math.sqrt(0.5), -Math.sqrt(0.5))),
        /** [[0, 1], [1, 0]]. */
        X(1, 0, Matrix2.real(0, 1, 1, 0)),
        /** [[0, -i], [i, 0]]. */
        Y(1, 0, new Matrix2(0, 0, 0, -1, 0, 1, 0, 0)),
        /** diag(1, -1). */
        Z(1, 0, Matrix2.real(1, 0, 0, -1)),
        /** diag(1, i). */
        S(1, 0, new Matrix2(1, 0, 0, 0, 0, 0, 0, 1)),
        /** diag(1, e^{iπ/4}). */
        T(1, 0, new Matrix2(1, 0, 0, 0, 0, 0, Math.sqrt(0.5), Math.sqrt(0.5))),
        /** X on the second qubit where the first is 1. */
        CNOT(2, 1, X.matrix),
        /** Y on the second qubit where the first is 1. */
        CY(2, 1, Y.matrix),
        /** Z on the second qubit where the first is 1. */
        CZ(2, 1, Z.matrix),
        /** |01⟩ ↔ |10⟩. */
        SWAP(2, 0, X.matrix),
        /** |01⟩ → i|10⟩, |10⟩ → i|01⟩. */
        ISWAP(2, 0, new Matrix2(0, 0, 0, 1, 0, 1, 0, 0)),
        /** X on the third qubit where the first two are 1. */
        CCX(3, 2, X.matrix),
        /** SWAP of the last two qubits where the first is 1. */
        CSWAP(3, 1, X.matrix);

        private final int arity;
        private final int controls;
        private final Matrix2 matrix;

        FixedKind(int arity, int controls, Matrix2 matrix) {
            this.arity = arity;
            this.controls = controls;
            this.matrix = matrix;
        }

        public int arity() {
            return arity;
        }

        List<Block> blocks(List<Integer> qubits) {
            int control = bits(qubits.subList(0, controls));
            List<Integer> targets = qubits.subList(controls, arity);
            int first = 1 << targets.get(0);
            Block.Action action = new Block.Fixed(matrix);
            if (targets.size() == 1) {
                return List.of(new Block(control | first, control, first, action));
            }
            int second = 1 << targets.get(1);
            return List.of(new Block(control | first | second, control | first, first | second, action));
        }
    }

    /** Gates with an angle θ. */
    enum RotationKind {
        /** exp(-iθX/2). */
        RX(1, 0, Axis.X),
        /** exp(-iθY/2). */
        RY(1, 0, Axis.Y),
        /** exp(-iθZ/2). */
        RZ(1, 0, Axis.Z),
        /** diag(1, e^{iθ}). */
        P(1, 0, Axis.PHASE),
        /** RX on the second qubit where the first is 1. */
        CRX(2, 1, Axis.X),
        /** RY on the second qubit where the first is 1. */
        CRY(2, 1, Axis.Y),
        /** RZ on the second qubit where the first is 1. */
        CRZ(2, 1, Axis.Z),
        /** diag(1, 1, 1, e^{iθ}). */
        CP(2, 1, Axis.PHASE),
        /** exp(-iθ X⊗X / 2). */
        RXX(2, 0, Axis.X),
        /** exp(-iθ Y⊗Y / 2). */
        RYY(2, 0, Axis.Y),
        /** exp(-iθ Z⊗Z / 2). */
        RZZ(2, 0, Axis.Z),
        /** exp(+iθ (X⊗X + Y⊗Y) / 4). */
        XY(2, 0, Axis.X);

        private final int arity;
        private final int controls;
        private final Axis axis;

        RotationKind(int arity, int controls, Axis axis) {
            this.arity = arity;
            this.controls = controls;
            this.axis = axis;
        }

        public int arity() {
            return arity;
        }

        List<Block> blocks(List<Integer> qubits) {
            int first = 1 << qubits.get(0);
            int second = arity == 2 ? 1 << qubits.get(1) : 0;
            int both = first | second;
            Block.Action plus = new Block.Turn(axis, 1);
            return switch (this) {
                case RX, RY, RZ, P -> List.of(new Block(first, 0, first, plus));
                case CRX, CRY, CRZ, CP -> List.of(new Block(both, first, second, plus));
                // XX maps |00⟩ ↔ |11⟩ and |01⟩ ↔ |10⟩.
                case RXX -> List.of(new Block(both, 0, both, plus), new Block(both, first, both, plus));
                // YY = -X on the pair (|00⟩, |11⟩) and +X on (|01⟩, |10⟩).
                case RYY ->
                    List.of(
                            new Block(both, 0, both, new Block.Turn(Axis.X, -1)),
                            new Block(both, first, both, new Block.Turn(Axis.X, 1)));
                // ZZ = Z on the first qubit where the second is 0, -Z where it is 1.
                case RZZ ->
                    List.of(
                            new Block(both, 0, first, plus),
                            new Block(both, second, first, new Block.Turn(Axis.Z, -1)));
                // (XX + YY) / 2 = X on the pair (|01⟩, |10⟩), 0 elsewhere.
                case XY -> List.of(new Block(both, first, both, new Block.Turn(Axis.X, -1)));
            };
        }
    }

    private static int bits(List<Integer> qubits) {
        int bits = 0;
        for (int q : qubits) {
            bits |= 1 << q;
        }
        return bits;
    }
}
