package org.qexit.quantum.statevector;

import org.qexit.quantum.Block;
import org.qexit.quantum.Block.Axis;
import org.qexit.quantum.PauliString;

/**
 * Plain loops over one tile. State: {@code re[k * width + s]}, {@code im[k * width + s]} for amplitude k of sample s. A matrix
 * is {@code m[entry * width + s]} with entries aRe aIm bRe bIm cRe cIm dRe dIm, each its own per sample. One block costs
 * 2^n · 14 flops per sample divided by two for each fixed bit beyond the first.
 */
final class FloatKernels {
    private FloatKernels() {}

    /** ψ ← M ψ on the pairs of a block. */
    static void apply(float[] re, float[] im, int dim, int width, Block block, float[] m) {
        int free = (dim - 1) & ~block.mask();
        int rest = 0;
        do {
            int k = rest | block.value();
            pair(re, im, k * width, (k ^ block.flip()) * width, width, m);
            rest = ((rest | ~free) + 1) & free;
        } while (rest != 0);
    }

    private static void pair(float[] re, float[] im, int p, int q, int width, float[] m) {
        for (int s = 0; s < width; s++) {
            float pr = re[p + s];
            float pi = im[p + s];
            float qr = re[q + s];
            float qi = im[q + s];
            float ar = m[s];
            float ai = m[width + s];
            float br = m[2 * width + s];
            float bi = m[3 * width + s];
            re[p + s] = ar * pr - ai * pi + br * qr - bi * qi;
            im[p + s] = ar * pi + ai * pr + br * qi + bi * qr;
            float cr = m[4 * width + s];
            float ci = m[5 * width + s];
            float dr = m[6 * width + s];
            float di = m[7 * width + s];
            re[q + s] = cr * pr - ci * pi + dr * qr - di * qi;
            im[q + s] = cr * pi + ci * pr + dr * qi + di * qr;
        }
    }

    /** sum[s] += sign · Im⟨λ|G|ψ⟩ over the pairs of a block. */
    static void overlap(
            float[] lr,
            float[] li,
            float[] re,
            float[] im,
            int dim,
            int width,
            Block block,
            Axis axis,
            int sign,
            float[] sum) {
        int free = (dim - 1) & ~block.mask();
        int rest = 0;
        do {
            int k = rest | block.value();
            int p = k * width;
            int q = (k ^ block.flip()) * width;
            for (int s = 0; s < width; s++) {
                float t = 0;
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
    static void expectation(float[] re, float[] im, int dim, int width, PauliString string, float[] sum) {
        java.util.Arrays.fill(sum, 0, width, 0);
        int turns = string.yCount() & 3;
        for (int k = 0; k < dim; k++) {
            int p = k * width;
            int q = (k ^ string.xMask()) * width;
            int sign = 1 - 2 * (Integer.bitCount(k & string.zMask()) & 1);
            // Real part of i^turns · conj(ψ[q]) ψ[p]; the imaginary parts cancel in the sum.
            if ((turns & 1) == 0) {
                float w = turns == 0 ? sign : -sign;
                for (int s = 0; s < width; s++) {
                    sum[s] += w * (re[q + s] * re[p + s] + im[q + s] * im[p + s]);
                }
            } else {
                float w = turns == 1 ? -sign : sign;
                for (int s = 0; s < width; s++) {
                    sum[s] += w * (re[q + s] * im[p + s] - im[q + s] * re[p + s]);
                }
            }
        }
    }

    /** λ += weight[s] · P ψ. */
    static void addPauli(
            float[] lr, float[] li, float[] re, float[] im, int dim, int width, PauliString string, float[] weight) {
        int turns = string.yCount() & 3;
        for (int k = 0; k < dim; k++) {
            int p = k * width;
            int q = (k ^ string.xMask()) * width;
            float sign = 1 - 2 * (Integer.bitCount(k & string.zMask()) & 1);
            float w = turns < 2 ? sign : -sign;
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
