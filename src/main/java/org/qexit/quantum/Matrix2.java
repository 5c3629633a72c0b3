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
}
