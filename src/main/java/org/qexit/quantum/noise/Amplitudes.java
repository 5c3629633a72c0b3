package org.qexit.quantum.noise;

import org.qexit.quantum.Block;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Matrix2;

/** One vector of 2^n complex amplitudes, straight from the definitions. */
final class Amplitudes {
    final double[] re;
    final double[] im;

    /** |0…0⟩. */
    Amplitudes(int qubits) {
        re = new double[1 << qubits];
        im = new double[1 << qubits];
        re[0] = 1;
    }

    /** Applies a gate with constant angle, its qubits moved up by {@code shift}; conjugated if asked. */
    void apply(Gate gate, int shift, boolean conjugate) {
        double angle = gate.angle().map(a -> a.of(null, null)).orElse(0.0);
        for (Block block : gate.blocks()) {
            Matrix2 m = block.action().at(angle);
            apply(conjugate ? conjugate(m) : m, block.mask() << shift, block.value() << shift, block.flip() << shift);
        }
    }

    /** Applies any 2×2 matrix to one qubit. */
    void apply(Matrix2 m, int qubit) {
        apply(m, 1 << qubit, 0, 1 << qubit);
    }

    private void apply(Matrix2 m, int mask, int value, int flip) {
        for (int k = 0; k < re.length; k++) {
            if ((k & mask) != value) {
                continue;
            }
            int j = k ^ flip;
            double pr = re[k];
            double pi = im[k];
            double qr = re[j];
            double qi = im[j];
            re[k] = m.aRe() * pr - m.aIm() * pi + m.bRe() * qr - m.bIm() * qi;
            im[k] = m.aRe() * pi + m.aIm() * pr + m.bRe() * qi + m.bIm() * qr;
            re[j] = m.cRe() * pr - m.cIm() * pi + m.dRe() * qr - m.dIm() * qi;
            im[j] = m.cRe() * pi + m.cIm() * pr + m.dRe() * qi + m.dIm() * qr;
        }
    }

    /** ‖Mψ‖² for M on one qubit, without changing ψ. */
    double weight(Matrix2 m, int qubit) {
        double sum = 0;
        int flip = 1 << qubit;
        for (int k = 0; k < re.length; k++) {
            if ((k & flip) == 0) {
                int j = k | flip;
                sum += square(
                                m.aRe() * re[k] - m.aIm() * im[k] + m.bRe() * re[j] - m.bIm() * im[j],
                                m.aRe() * im[k] + m.aIm() * re[k] + m.bRe() * im[j] + m.bIm() * re[j])
                        + square(
                                m.cRe() * re[k] - m.cIm() * im[k] + m.dRe() * re[j] - m.dIm() * im[j],
                                m.cRe() * im[k] + m.cIm() * re[k] + m.dRe() * im[j] + m.dIm() * re[j]);
            }
        }
        return sum;
    }

    void scale(double factor) {
        for (int k = 0; k < re.length; k++) {
            re[k] *= factor;
            im[k] *= factor;
        }
    }

    static Matrix2 conjugate(Matrix2 m) {
        return new Matrix2(m.aRe(), -m.aIm(), m.bRe(), -m.bIm(), m.cRe(), -m.cIm(), m.dRe(), -m.dIm());
    }

    private static double square(double x, double y) {
        return x * x + y * y;
    }
}
