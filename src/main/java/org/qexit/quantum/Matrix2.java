package org.qexit.quantum;

/**
 * The complex matrix [[a, b], [c, d]].
 *
 * @param aRe real part of a, and so on
 */
public record Matrix2(double aRe, double aIm, double bRe, double bIm, double cRe, double cIm, double dRe, double dIm) {

    /** A real matrix. */
    static Matrix2 real(double a, double b, double c, double d) {
        return new Matrix2(a, 0, b, 0, c, 0, d, 0);
    }

    /** The conjugate transpose: the inverse of a unitary matrix. */
    public Matrix2 adjoint() {
        return new Matrix2(aRe, -aIm, cRe, -cIm, bRe, -bIm, dRe, -dIm);
    }

    /** The matrix product {@code this · right}: {@code right} acts first. */
    public Matrix2 times(Matrix2 right) {
        return new Matrix2(
                aRe * right.aRe - aIm * right.aIm + bRe * right.cRe - bIm * right.cIm,
                aRe * right.aIm + aIm * right.aRe + bRe * right.cIm + bIm * right.cRe,
                aRe * right.bRe - aIm * right.bIm + bRe * right.dRe - bIm * right.dIm,
                aRe * right.bIm + aIm * right.bRe + bRe * right.dIm + bIm * right.dRe,
                cRe * right.aRe - cIm * right.aIm + dRe * right.cRe - dIm * right.cIm,
                cRe * right.aIm + cIm * right.aRe + dRe * right.cIm + dIm * right.cRe,
                cRe * right.bRe - cIm * right.bIm + dRe * right.dRe - dIm * right.dIm,
                cRe * right.bIm + cIm * right.bRe + dRe * right.dIm + dIm * right.dRe);
    }
}
