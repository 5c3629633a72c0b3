package org.qexit.quantum;

/**
 * How a gate, or half of it, acts on the state: for every basis index k with {@code (k & mask) == value}, a 2×2 matrix
 *
 * <pre>(ψ[k], ψ[k ^ flip]) ← M · (ψ[k], ψ[k ^ flip]);</pre>
 *
 * all other amplitudes stay. {@code mask} holds at least one bit of {@code flip}, so that no pair is met twice. Every gate of
 * {@link Gate} is one or two such blocks on disjoint pairs.
 *
 * @param mask bits that are fixed
 * @param value what they are fixed to
 * @param flip bits in which the two members of a pair differ
 * @param action the 2×2 matrix
 */
public record Block(int mask, int value, int flip, Action action) {
    public Block {
        if ((value & ~mask) != 0 || (flip & mask) == 0) {
            throw new IllegalArgumentException("mask " + mask + ", value " + value + ", flip " + flip
                    + "; expected value within mask and flip to meet it");
        }
    }

    /** A 2×2 unitary, fixed or turning with an angle. */
    public sealed interface Action {
        /** The matrix at an angle; a fixed one ignores it. */
        Matrix2 at(double angle);
    }

    /**
     * A matrix that depends on no angle.
     *
     * @param matrix the matrix
     */
    public record Fixed(Matrix2 matrix) implements Action {
        @Override
        public Matrix2 at(double angle) {
            return matrix;
        }
    }

    /**
     * {@code exp(-i · sign · θ G / 2)}.
     *
     * @param axis the generator G
     * @param sign +1 or -1
     */
    public record Turn(Axis axis, int sign) implements Action {
        @Override
        public Matrix2 at(double angle) {
            double c = Math.cos(angle / 2);
            double s = sign * Math.sin(angle / 2);
            return switch (axis) {
                case X -> new Matrix2(c, 0, 0, -s, 0, -s, c, 0);
                case Y -> Matrix2.real(c, -s, s, c);
                case Z -> new Matrix2(c, -s, 0, 0, 0, 0, c, s);
                case PHASE -> Matrix2.phase(sign * angle);
            };
        }
    }

    /** The generator G of a turn. */
    public enum Axis {
        /** [[0, 1], [1, 0]]. */
        X,
        /** [[0, -i], [i, 0]]. */
        Y,
        /** diag(1, -1). */
        Z,
        /** diag(0, -2), so that the turn is diag(1, e^{iθ}). */
        PHASE
    }
}
