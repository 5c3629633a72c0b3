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

        /** Its entries aRe, aIm, bRe … dIm at {@code to[at], to[at + stride]} …; allocates nothing. */
        void write(double angle, double[] to, int at, int stride);
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

        @Override
        public void write(double angle, double[] to, int at, int stride) {
            put(to, at, 4 * stride, matrix.aRe(), matrix.cRe());
            put(to, at + stride, 4 * stride, matrix.aIm(), matrix.cIm());
            put(to, at + 2 * stride, 4 * stride, matrix.bRe(), matrix.dRe());
            put(to, at + 3 * stride, 4 * stride, matrix.bIm(), matrix.dIm());
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
            double[] m = new double[8];
            write(angle, m, 0, 1);
            return new Matrix2(m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7]);
        }

        @Override
        public void write(double angle, double[] to, int at, int stride) {
            for (int e = 0; e < 8; e++) {
                to[at + e * stride] = 0;
            }
            if (axis == Axis.PHASE) {
                to[at] = 1;
                put(to, at + 6 * stride, stride, StrictMath.cos(angle), sign * StrictMath.sin(angle));
                return;
            }
            double c = StrictMath.cos(angle / 2);
            double s = sign * StrictMath.sin(angle / 2);
            put(to, at, 6 * stride, c, c);
            switch (axis) {
                case X -> put(to, at + 3 * stride, 2 * stride, -s, -s);
                case Y -> put(to, at + 2 * stride, 2 * stride, -s, s);
                default -> put(to, at + stride, 6 * stride, -s, s);
            }
        }
    }

    private static void put(double[] to, int at, int stride, double first, double second) {
        to[at] = first;
        to[at + stride] = second;
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
