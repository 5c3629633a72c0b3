package org.qexit.quantum.statevector;

import java.util.Arrays;

/**
 * The first run of each qubit: from |0⟩ to a vector per qubit and sample, and back from the overlaps of these vectors to the gradients.
 */
final class ProductPart {
    private final LayeredPlan plan;
    private final TileKernels kernels;
    private final int width;
    private final double[] half;
    /** cos and sin of half of each angle that differs from sample to sample, {@code [turn * width + s]}. */
    final double[] cos;

    final double[] sin;
    /** {@code [(4q + {0r, 0i, 1r, 1i}) * width + s]}. */
    final double[] vectors;
    /** Im⟨λ|P_q|ψ⟩, rows by qubit. */
    final double[] tx;

    final double[] ty;
    final double[] tz;
    private final double[] rotation = new double[9];

    ProductPart(LayeredPlan plan, TileKernels kernels) {
        this.plan = plan;
        this.kernels = kernels;
        this.width = kernels.width();
        this.half = new double[Math.max(1, plan.turns) * width];
        this.cos = new double[half.length];
        this.sin = new double[half.length];
        this.vectors = new double[4 * plan.qubits * width];
        this.tx = new double[plan.qubits * width];
        this.ty = new double[tx.length];
        this.tz = new double[tx.length];
    }

    /** Cosines and sines of all angles of the circuit that take inputs. */
    void angles(double[] inputs, int first, int count) {
        int in = plan.circuit.inputs();
        Arrays.fill(half, 0, plan.turns * width, 0);
        for (int i = 0; i < plan.encodings.size(); i++) {
            LayeredPlan.Encoding encoding = plan.encodings.get(i);
            add(inputs, first * in + encoding.input(), in, count, 0.5 * encoding.factor(), encoding.row() * width);
        }
        kernels.sinCos(half, plan.turns * width, sin, cos);
    }

    private void add(double[] inputs, int from, int stride, int count, double factor, int to) {
        for (int s = 0; s < count; s++) {
            half[to + s] += factor * inputs[from + s * stride];
        }
    }

    void forward() {
        for (int q = 0; q < plan.qubits; q++) {
            Run run = plan.product[q];
            int at = 4 * q * width;
            Segment begin = run.segments().get(0);
            int turned = 0;
            if (begin.isEmpty() && !run.turns().isEmpty()) {
                int row = run.turns().get(0).row() * width;
                System.arraycopy(cos, row, vectors, at, width);
                System.arraycopy(sin, row, vectors, at + 2 * width, width);
                Arrays.fill(vectors, at + width, at + 2 * width, 0);
                Arrays.fill(vectors, at + 3 * width, at + 4 * width, 0);
                turned = 1;
                apply(run.segments().get(1), at);
            } else {
                Arrays.fill(vectors, at, at + width, 1);
                Arrays.fill(vectors, at + width, at + 4 * width, 0);
                apply(begin, at);
            }
            for (int t = turned; t < run.turns().size(); t++) {
                kernels.turnSingle(vectors, at, cos, sin, run.turns().get(t).row() * width);
                apply(run.segments().get(t + 1), at);
            }
        }
    }

    private void apply(Segment v, int at) {
        if (!v.isEmpty()) {
            kernels.applySingle(vectors, at, v.aRe, v.aIm, v.bRe, v.bIm);
        }
    }

    /** From tx, ty, tz to the gradients of the inputs and the sums of the segments. */
    void backward(int first, int count, double[] gradInputs, double[] sums, int at) {
        int in = plan.circuit.inputs();
        for (int q = 0; q < plan.qubits; q++) {
            Run run = plan.product[q];
            int row = q * width;
            for (int t = run.turns().size(); t >= 0; t--) {
                Segment segment = run.segments().get(t);
                if (!segment.isEmpty()) {
                    addSums(segment, row, count, sums, at);
                }
                if (t > 0) {
                    unapply(segment, row);
                    Run.Turn turn = run.turns().get(t - 1);
                    for (int s = 0; s < count; s++) {
                        gradInputs[(first + s) * in + turn.input()] += turn.factor() * ty[row + s];
                    }
                    if (t > 1 || !run.segments().get(0).isEmpty()) {
                        unturn(turn.row() * width, row);
                    }
                }
            }
        }
    }

    private void addSums(Segment segment, int row, int count, double[] sums, int at) {
        sums[at + segment.sumsAt] = Lanes.sum(tx, row, width, count);
        sums[at + segment.sumsAt + 1] = Lanes.sum(ty, row, width, count);
        sums[at + segment.sumsAt + 2] = Lanes.sum(tz, row, width, count);
    }

    private void unapply(Segment segment, int row) {
        if (segment.isEmpty()) {
            return;
        }
        segment.inverseRotation(rotation);
        kernels.turnBloch(tx, ty, tz, row, rotation);
    }

    /** T before a rotation about y, of which cos and sin of the half angle are in a row. */
    private void unturn(int angles, int row) {
        for (int s = 0; s < width; s++) {
            double c = cos[angles + s] * cos[angles + s] - sin[angles + s] * sin[angles + s];
            double d = 2 * sin[angles + s] * cos[angles + s];
            double x = tx[row + s];
            double z = tz[row + s];
            tx[row + s] = c * x - d * z;
            tz[row + s] = d * x + c * z;
        }
    }
}
