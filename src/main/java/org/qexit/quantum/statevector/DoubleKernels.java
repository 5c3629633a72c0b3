package org.qexit.quantum.statevector;

import org.qexit.quantum.Block;
import org.qexit.quantum.Block.Axis;
import org.qexit.quantum.PauliString;

/**
 * Plain loops over one tile. State: {@code re[k * width + s]}, {@code im[k * width + s]} for amplitude k of sample s. A matrix
 * is {@code m[entry * width + s]} with entries aRe aIm bRe bIm cRe cIm dRe dIm, each its own per sample. One block costs
 * 2^n · 14 flops per sample divided by two for each fixed bit beyond the first.
 */
final class DoubleKernels {
    private DoubleKernels() {}

    /** ψ ← M ψ on the pairs of a block. */
    static void apply(double[] re, double[] im, int dim, int width, Block block, double[] m) {
        int free = (dim - 1) & ~block.mask();
        int rest = 0;
        do {
            int k = rest | block.value();
            pair(re, im, k * width, (k ^ block.flip()) * width, width, m);
            rest = ((rest | ~free) + 1) & free;
        } while (rest != 0);
    }

    private static void pair(double[] re, double[] im, int p, int q, int width, double[] m) {
        for (int s = 0; s < width; s++) {
            double pr = re[p + s];
            double pi = im[p + s];
            double qr = re[q + s];
            double qi = im[q + s];
            double ar = m[s];
            double ai = m[width + s];
            double br = m[2 * width + s];
            double bi = m[3 * width + s];
            re[p + s] = ar * pr - ai * pi + br * qr - bi * qi;
            im[p + s] = ar * pi + ai * pr + br * qi + bi * qr;
            double cr = m[4 * width + s];
            double ci = m[5 * width + s];
            double dr = m[6 * width + s];
            double di = m[7 * width + s];
            re[q + s] = cr * pr - ci * pi + dr * qr - di * qi;
            im[q + s] = cr * pi + ci * pr + dr * qi + di * qr;
        }
    }

    /** sum[s] += sign · Im⟨λ|G|ψ⟩ over the pairs of a block. */
    static void overlap(
            double[] lr,
            double[] li,
            double[] re,
            double[] im,
            int dim,
            int width,
            Block block,
            Axis axis,
            int sign,
            double[] sum) {
        int free = (dim - 1) & ~block.mask();
        int rest = 0;
        do {
            int k = rest | block.value();
            int p = k * width;
            int q = (k ^ block.flip()) * width;
            for (int s = 0; s < width; s++) {
                double t = 0;
                switch (axis) {
                    case X ->
                        t = lr[p + s] * im[q + s]
                                - li[p + s] * re[q + s]
                                + lr[q + s] * im[p + s]
                                - li[q + s] * re[p + s];
                    case Y ->
                        t = lr[q + s] * re[p + s]
                                + li[q + s] * im[p + s]
                                - lr[p + s] * re[q + s]
                                - li[p + s] * im[q + s];
                    case Z ->
                        t = lr[p + s] * im[p + s]
                                - li[p + s] * re[p + s]
                                - lr[q + s] * im[q + s]
                                + li[q + s] * re[q + s];
                    case PHASE -> t = -2 * (lr[q + s] * im[q + s] - li[q + s] * re[q + s]);
                    default -> throw new IllegalStateException("axis " + axis);
                }
                sum[s] += sign * t;
            }
            rest = ((rest | ~free) + 1) & free;
        } while (rest != 0);
    }

    /** sum[s] = ⟨ψ|P|ψ⟩. */
    static void expectation(double[] re, double[] im, int dim, int width, PauliString string, double[] sum) {
        java.util.Arrays.fill(sum, 0, width, 0);
        int turns = string.yCount() & 3;
        for (int k = 0; k < dim; k++) {
            int p = k * width;
            int q = (k ^ string.xMask()) * width;
            int sign = 1 - 2 * (Integer.bitCount(k & string.zMask()) & 1);
            // Real part of i^turns · conj(ψ[q]) ψ[p]; the imaginary parts cancel in the sum.
            if ((turns & 1) == 0) {
                double w = turns == 0 ? sign : -sign;
                for (int s = 0; s < width; s++) {
                    sum[s] += w * (re[q + s] * re[p + s] + im[q + s] * im[p + s]);
                }
            } else {
                double w = turns == 1 ? -sign : sign;
                for (int s = 0; s < width; s++) {
                    sum[s] += w * (re[q + s] * im[p + s] - im[q + s] * re[p + s]);
                }
            }
        }
    }

    /** λ += weight[s] · P ψ. */
    static void addPauli(
            double[] lr,
            double[] li,
            double[] re,
            double[] im,
            int dim,
            int width,
            PauliString string,
            double[] weight) {
        int turns = string.yCount() & 3;
        for (int k = 0; k < dim; k++) {
            int p = k * width;
            int q = (k ^ string.xMask()) * width;
            double sign = 1 - 2 * (Integer.bitCount(k & string.zMask()) & 1);
            double w = turns < 2 ? sign : -sign;
            if ((turns & 1) == 0) {
                for (int s = 0; s < width; s++) {
                    lr[q + s] += w * weight[s] * re[p + s];
                    li[q + s] += w * weight[s] * im[p + s];
                }
            } else {
                for (int s = 0; s < width; s++) {
                    lr[q + s] -= w * weight[s] * im[p + s];
                    li[q + s] += w * weight[s] * re[p + s];
                }
            }
        }
    }
}
