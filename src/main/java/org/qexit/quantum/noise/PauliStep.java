package org.qexit.quantum.noise;

import java.util.Arrays;
import org.qexit.quantum.Angle;

/**
 * A linear map of the vector r[P] = tr(Pρ) over all Pauli strings P of n qubits, string (x, z) at index x + 2^n z, and its transpose. A row holds
 * one string's value of each sample of a tile.
 */
sealed interface PauliStep {
    /**
     * A turn by an angle in every plane: r[a] ← c r[a] - s r[b], r[b] ← s r[a] + c r[b].
     *
     * @param planes a, b, a, b …
     * @param row where its sine and cosine are
     * @param factor of the angle
     */
    record Turn(int[] planes, int row, double factor, Angle angle) implements PauliStep {
        void apply(double[][] r, double[] sin, double[] cos, int width, boolean back) {
            int at = row * width;
            for (int i = 0; i < planes.length; i += 2) {
                if (back) {
                    turn(r[planes[i + 1]], r[planes[i]], sin, cos, at, width);
                } else {
                    turn(r[planes[i]], r[planes[i + 1]], sin, cos, at, width);
                }
            }
        }

        private static void turn(double[] a, double[] b, double[] sin, double[] cos, int at, int width) {
            for (int s = 0; s < width; s++) {
                double x = a[s];
                double y = b[s];
                a[s] = Math.fma(-sin[at + s], y, cos[at + s] * x);
                b[s] = Math.fma(sin[at + s], x, cos[at + s] * y);
            }
        }

        /**
         * Given λ and r after the turn: its derivative by the angle, Σ λ_b r_a - λ_a r_b, what of λ · r turns, Σ λ_a r_a + λ_b r_b, and λ before.
         */
        void back(double[][] l, double[][] r, double[] slope, double[] turning, double[] sin, double[] cos, int width) {
            int at = row * width;
            Arrays.fill(slope, 0);
            Arrays.fill(turning, 0);
            for (int i = 0; i < planes.length; i += 2) {
                int a = planes[i];
                int b = planes[i + 1];
                cross(l[a], l[b], r[a], r[b], slope, turning, width);
                turn(l[b], l[a], sin, cos, at, width);
            }
        }

        private static void cross(
                double[] la, double[] lb, double[] ra, double[] rb, double[] slope, double[] turning, int width) {
            for (int s = 0; s < width; s++) {
                slope[s] = Math.fma(lb[s], ra[s], slope[s]) - la[s] * rb[s];
                turning[s] = Math.fma(la[s], ra[s], Math.fma(lb[s], rb[s], turning[s]));
            }
        }
    }

    /**
     * r[k] ← factor[k] r[source[k]]: Clifford gates, and noise that shrinks strings.
     *
     * @param source a permutation
     * @param factor with the sign
     */
    record Table(int[] source, double[] factor) implements PauliStep {
        void apply(double[][] from, double[][] to, int width) {
            for (int k = 0; k < source.length; k++) {
                scale(from[source[k]], to[k], factor[k], width);
            }
        }

        void applyTransposed(double[][] from, double[][] to, int width) {
            for (int k = 0; k < source.length; k++) {
                scale(from[k], to[source[k]], factor[k], width);
            }
        }

        private static void scale(double[] from, double[] to, double factor, int width) {
            for (int s = 0; s < width; s++) {
                to[s] = factor * from[s];
            }
        }
    }

    /**
     * Amplitude damping and what else is done to a qubit behind a gate: X and Y of it shrink by {@code across}, Z ← along · Z + shift · 1.
     *
     * @param bit the qubit's
     * @param qubits n
     */
    record Damping(int bit, int qubits, double across, double along, double shift) implements PauliStep {
        void apply(double[][] from, double[][] to, int width) {
            for (int k = 0; k < from.length; k++) {
                boolean x = (k & bit) != 0;
                boolean z = (k >> qubits & bit) != 0;
                if (x) {
                    Table.scale(from[k], to[k], across, width);
                } else if (z) {
                    mix(from[k], from[k ^ bit << qubits], to[k], along, shift, width);
                } else {
                    Table.scale(from[k], to[k], 1, width);
                }
            }
        }

        void applyTransposed(double[][] from, double[][] to, int width) {
            for (int k = 0; k < from.length; k++) {
                boolean x = (k & bit) != 0;
                boolean z = (k >> qubits & bit) != 0;
                if (x || z) {
                    Table.scale(from[k], to[k], x ? across : along, width);
                } else {
                    mix(from[k], from[k | bit << qubits], to[k], 1, shift, width);
                }
            }
        }

        private static void mix(double[] p, double[] q, double[] to, double a, double b, int width) {
            for (int s = 0; s < width; s++) {
                to[s] = Math.fma(b, q[s], a * p[s]);
            }
        }
    }
}
