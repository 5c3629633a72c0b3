package org.qexit.quantum.statevector;

import org.qexit.quantum.Block.Axis;
import org.qexit.quantum.PauliString;

/**
 * The inner loops over one tile of {@link #width} samples. An implementation owns the amplitudes, in states that callers name by small
 * numbers, and so hides their precision; coefficients come and results go in double.
 *
 * <p>Layout: amplitude k of sample s has its real part at {@code rowOf(k, width) + s} and its imaginary part {@code width} further. The
 * rows are skewed, so that rows 2^q apart do not meet in one cache set; for disjoint bits
 * {@code rowOf(a | b) = rowOf(a) + rowOf(b)}. Real rows of results are {@code [row * width + s]}.
 *
 * <p>Public only because the Vector API kernels live in a package of their own. Trusts its callers.
 */
public interface TileKernels {
    /** A row of padding after every 32 rows of 128 bytes, one page. */
    int SKEW_BITS = 5;

    /** Where amplitude k begins. */
    static int rowOf(int k, int width) {
        return (k + (k >> SKEW_BITS)) * 2 * width;
    }

    /** Numbers in one state of that many qubits. */
    static int size(int qubits, int width) {
        return rowOf((1 << qubits) - 1, width) + 2 * width;
    }

    /** States that a set of kernels can hold. */
    int MOST_STATES = 4096;

    /** (-1) to the number of bits that are 1. */
    static int sign(int bits) {
        return 1 - 2 * (Integer.bitCount(bits) & 1);
    }

    /** The place of Z_a Z_b, a below b, among all products of one or two Z of n qubits; that of Z_q is q. */
    static int slot(int a, int b, int n) {
        return n + b * (b - 1) / 2 + a;
    }

    /** How many such products there are. */
    static int slots(int n) {
        return n + n * (n - 1) / 2;
    }

    /** Samples per tile. */
    int width();

    /** Makes room for a state, unless it is there. */
    void allocate(int state, int qubits);

    /** sin and cos of the first {@code count} angles, always in double. */
    void sinCos(double[] angles, int count, double[] sin, double[] cos);

    /** [[a, -b*], [b, a*]] on the vector of a single qubit, {@code v[at + {0r, 0i, 1r, 1i} * width + s]}, always in double. */
    void applySingle(double[] v, int at, double ar, double ai, double br, double bi);

    /** [[cos, -sin], [sin, cos]] of each sample on such a vector. */
    void turnSingle(double[] v, int at, double[] cos, double[] sin, int row);

    /** (tx, ty, tz) ← r (tx, ty, tz) in a row, with a 3 × 3 matrix row by row. */
    void turnBloch(double[] tx, double[] ty, double[] tz, int row, double[] r);

    /** |0…0⟩ for every sample. */
    void reset(int state, int qubits);

    /** The product of single-qubit vectors {@code v[(4q + {0r, 0i, 1r, 1i}) * width + s]} of the qubits from {@code first} on. */
    void outer(int state, double[] v, int first, int qubits);

    /** to[rows[k]] = diag[k] · high[k >> lowQubits] · low[k mod 2^lowQubits]; {@code diag[2k], diag[2k + 1]} complex. */
    void spread(int low, int lowQubits, int high, int highQubits, int to, int[] rows, double[] diag);

    /** to[rows[k]] = diag[k] · from[k]. */
    void permute(int from, int to, int qubits, int[] rows, double[] diag);

    /** to[k] = conj(diag[k]) · from[rows[k]]: undoes {@link #permute} with unit phases. */
    void permuteBack(int from, int to, int qubits, int[] rows, double[] diag);

    /**
     * to[k] = Π_m e^{-iφ_m Z_m(k)/2} over the products m of one or two Z: sin and cos of φ_m/2 of each sample in row {@code slots[m]}, none
     * where that is negative. Costs 4 complex products per amplitude at most. {@code spare} is a state to work in.
     */
    void phases(int to, int spare, int qubits, int[] slots, double[] sin, double[] cos);

    /** to[k] = by[k'] · to[k] where k' begins at {@code rows[k]}. */
    void multiply(int to, int by, int qubits, int[] rows);

    /** to[rows[k]] = diag[k] · phases[k] · from[k]; the phases are a state. */
    void permutePhased(int from, int to, int qubits, int[] rows, double[] diag, int phases);

    /** Undoes it, with unit phases. */
    void permutePhasedBack(int from, int to, int qubits, int[] rows, double[] diag, int phases);

    /** z[m] = Im⟨λ|Z_m|ψ⟩ for all products m of one or two Z, amplitude k at {@code rows[k]}. */
    void pairSums(int psi, int lambda, int qubits, int[] rows, double[] z);

    /** sum = ⟨ψ|Z…Z|ψ⟩ with Z on the qubits of a mask. */
    void signedNorms(int psi, int qubits, int[] rows, int mask, double[] sum);

    /** λ += weight · Z…Z ψ. */
    void addSigned(int psi, int lambda, int qubits, int[] rows, int mask, double[] weight);

    /**
     * [[c, -s], [s, c]] on each listed qubit, or its inverse; c, s of qubit q at {@code cs[2q], cs[2q + 1]}. Real, so real and
     * imaginary parts do not mix.
     */
    void rotate(int state, int qubits, int[] which, int count, double[] cs, boolean back);

    /** The same on one qubit with c, s of each sample. */
    void rotateRows(int state, int qubits, int which, double[] c, double[] s, int at, boolean back);

    /** tx[q] = Im⟨λ|X_q|ψ⟩, ty[q] = Im⟨λ|Y_q|ψ⟩ for each listed qubit, in row {@code first + q}. */
    void overlaps(int psi, int lambda, int qubits, int[] which, int count, double[] tx, double[] ty, int first);

    /**
     * z[q] = Σ_k (-1)^{k_q} f(k), q = 0 … qubits-1, in row {@code first + q}: with f = |ψ[rows[k]]|² if both states are the same,
     * else f = Im(conj(λ[rows[k]]) ψ[rows[k]]).
     */
    void zSums(int psi, int lambda, int qubits, int[] rows, double[] z, int first);

    /** λ[rows[k]] = Σ_q (-1)^{k_q} g[q] · ψ[rows[k]]. */
    void weigh(int psi, int lambda, int qubits, int[] rows, double[] g);

    /**
     * With μ[k] = conj(diag[k]) λ[rows[k]]: outLow[i] = Σ_h μ[h, i] conj(high[h]), outHigh[h] = Σ_i μ[h, i] conj(low[i]).
     */
    void contract(
            int lambda,
            int low,
            int lowQubits,
            int high,
            int highQubits,
            int outLow,
            int outHigh,
            int[] rows,
            double[] diag);

    /** The 2×2 matrix of each sample on the pairs of a block; {@code m[entry * width + s]}, aRe aIm bRe … dIm. */
    void apply(int state, int qubits, int mask, int value, int flip, double[] m);

    /** sum += sign · Im⟨λ|G|ψ⟩ over the pairs of a block. */
    void overlap(int psi, int lambda, int qubits, int mask, int value, int flip, Axis axis, int sign, double[] sum);

    /** sum = ⟨ψ|P|ψ⟩. */
    void expectation(int psi, int qubits, PauliString string, double[] sum);

    /** λ = 0. */
    void zero(int lambda, int qubits);

    /** 1 everywhere. */
    void ones(int state, int qubits);

    /** λ += weight · P ψ. */
    void addPauli(int psi, int lambda, int qubits, PauliString string, double[] weight);

    /** The amplitudes of one sample. */
    void read(int state, int qubits, int sample, double[] re, double[] im, int at);
}
