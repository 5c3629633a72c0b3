package org.qexit.quantum.statevector;

import java.util.Arrays;
import java.util.List;
import org.qexit.quantum.Observable;

/** Runs tiles of a {@link LayeredPlan}. Keeps ψ after every layer, so that going back only λ has to be undone. */
final class LayeredEngine implements TileEngine {
    private static final int LOW = 0;
    private static final int HIGH = 1;
    private static final int LOW_GRADIENT = 2;
    private static final int HIGH_GRADIENT = 3;
    private static final int LAMBDA = 4;
    private static final int LAMBDA_NEXT = 5;
    private static final int END = 6;
    private static final int PSI = 7;

    private final LayeredPlan plan;
    private final TileKernels kernels;
    private final int width;
    private final int qubits;
    private final int lowQubits;
    private final int highQubits;
    private final ProductPart product;
    private final int[] everyQubit;
    private final int[] everyRow;
    private final double[] rows;

    LayeredEngine(LayeredPlan plan, TileKernels kernels) {
        this.plan = plan;
        this.kernels = kernels;
        this.width = kernels.width();
        this.qubits = plan.qubits;
        this.lowQubits = qubits / 2;
        this.highQubits = qubits - lowQubits;
        this.product = new ProductPart(plan, width);
        this.everyQubit = new int[qubits];
        Arrays.setAll(everyQubit, q -> q);
        this.everyRow = new int[1 << qubits];
        Arrays.setAll(everyRow, k -> TileKernels.rowOf(k, width));
        this.rows = new double[qubits * width];
        kernels.allocate(LOW, lowQubits);
        kernels.allocate(HIGH, highQubits);
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public void forward(double[] inputs, int first, int count, double[] outputs) {
        int psi = run(inputs, first, count, 2);
        if (plan.allZ) {
            kernels.zSums(psi, psi, qubits, measuredRows(), rows, 0);
            scatterRows(outputs, first, count);
        } else {
            measure(end(psi), first, count, outputs);
        }
    }

    // Loops over samples stand in methods of their own: a loop beside a call of a kernel makes the compiler take in the
    // whole kernel anew.
    private void scatterRows(double[] outputs, int first, int count) {
        for (int s = 0; s < count; s++) {
            for (int q = 0; q < qubits; q++) {
                outputs[(first + s) * qubits + q] = rows[q * width + s];
            }
        }
    }

    private void gatherRows(double[] upstream, int first, int count) {
        for (int q = 0; q < qubits; q++) {
            for (int s = 0; s < count; s++) {
                rows[q * width + s] = upstream[(first + s) * qubits + q];
            }
            Arrays.fill(rows, q * width + count, (q + 1) * width, 0);
        }
    }

    private void measure(int end, int first, int count, double[] outputs) {
        int m = plan.circuit.observables().size();
        for (int o = 0; o < m; o++) {
            List<Observable.Term> terms = plan.circuit.observables().get(o).terms();
            for (int t = 0; t < terms.size(); t++) {
                kernels.expectation(end, qubits, terms.get(t).string(), rows);
                for (int s = 0; s < count; s++) {
                    double before = t == 0 ? 0 : outputs[(first + s) * m + o];
                    outputs[(first + s) * m + o] = before + terms.get(t).weight() * rows[s];
                }
            }
        }
    }

    /** Runs all layers and returns the state after the last one; keeps the last {@code kept} of them. */
    private int run(double[] inputs, int first, int count, int kept) {
        product.angles(inputs, first, count, kernels);
        product.forward();
        kernels.outer(LOW, product.vectors, 0, lowQubits);
        kernels.outer(HIGH, product.vectors, lowQubits, highQubits);
        int psi = PSI;
        kernels.allocate(psi, qubits);
        kernels.spread(LOW, lowQubits, HIGH, highQubits, psi, plan.first.rows, plan.first.diag);
        for (int i = 0; i < plan.layers.size(); i++) {
            Layer layer = plan.layers.get(i);
            if (i > 0) {
                int next = PSI + i % kept;
                kernels.allocate(next, qubits);
                kernels.permute(psi, next, qubits, layer.before.rows, layer.before.diag);
                psi = next;
            }
            turn(layer, psi, false);
        }
        return psi;
    }

    private void turn(Layer layer, int state, boolean back) {
        if (layer.isShared()) {
            kernels.rotate(state, qubits, layer.qubits, layer.qubits.length, layer.cs, back);
        } else {
            for (int q : layer.qubits) {
                int row = layer.turns[q].row() * width;
                kernels.rotateRows(state, qubits, q, product.cos, product.sin, row, back);
            }
        }
    }

    /** The final state, where other than ⟨Z_i⟩ is measured. */
    private int end(int psi) {
        if (plan.last == null) {
            return psi;
        }
        kernels.allocate(END, qubits);
        kernels.permute(psi, END, qubits, plan.last.rows, plan.last.diag);
        return END;
    }

    /** Measuring needs no phases: it looks the rows up where the last permutation would take them from. */
    private int[] measuredRows() {
        return plan.last == null ? everyRow : plan.last.rowsBack;
    }

    @Override
    public void backward(
            double[] inputs, int first, int count, double[] upstream, double[] gradInputs, double[] sums, int at) {
        int layers = plan.layers.size();
        int psi = run(inputs, first, count, Math.max(1, layers));
        kernels.allocate(LAMBDA, qubits);
        kernels.allocate(LAMBDA_NEXT, qubits);
        int lambda = observe(psi, first, count, upstream);
        int in = plan.circuit.inputs();
        Arrays.fill(gradInputs, first * in, (first + count) * in, 0);
        for (int i = layers - 1; i >= 0; i--) {
            Layer layer = plan.layers.get(i);
            if (layer.trained.length > 0) {
                overlaps(i, lambda);
                if (layer.isShared()) {
                    sumOverSamples(layer, count, sums, at);
                } else {
                    addToInputs(layer, first, count, gradInputs);
                }
            }
            turn(layer, lambda, true);
            if (i > 0) {
                int other = lambda == LAMBDA ? LAMBDA_NEXT : LAMBDA;
                kernels.permuteBack(lambda, other, qubits, layer.before.rows, layer.before.diag);
                lambda = other;
            }
        }
        kernels.allocate(LOW_GRADIENT, lowQubits);
        kernels.allocate(HIGH_GRADIENT, highQubits);
        kernels.contract(
                lambda,
                LOW,
                lowQubits,
                HIGH,
                highQubits,
                LOW_GRADIENT,
                HIGH_GRADIENT,
                plan.first.rows,
                plan.first.diag);
        kernels.overlaps(LOW, LOW_GRADIENT, lowQubits, everyQubit, lowQubits, product.tx, product.ty, 0);
        kernels.zSums(LOW, LOW_GRADIENT, lowQubits, everyRow, product.tz, 0);
        kernels.overlaps(HIGH, HIGH_GRADIENT, highQubits, everyQubit, highQubits, product.tx, product.ty, lowQubits);
        kernels.zSums(HIGH, HIGH_GRADIENT, highQubits, everyRow, product.tz, lowQubits);
        product.backward(first, count, gradInputs, sums, at);
    }

    /** λ = Σ_o g_o O_o ψ in the frame after the last layer. */
    private int observe(int psi, int first, int count, double[] upstream) {
        if (plan.allZ) {
            gatherRows(upstream, first, count);
            kernels.weigh(psi, LAMBDA, qubits, measuredRows(), rows);
            return LAMBDA;
        }
        int end = end(psi);
        int m = plan.circuit.observables().size();
        kernels.zero(LAMBDA, qubits);
        for (int o = 0; o < m; o++) {
            List<Observable.Term> terms = plan.circuit.observables().get(o).terms();
            for (int t = 0; t < terms.size(); t++) {
                Arrays.fill(rows, 0, width, 0);
                for (int s = 0; s < count; s++) {
                    rows[s] = terms.get(t).weight() * upstream[(first + s) * m + o];
                }
                kernels.addPauli(end, LAMBDA, qubits, terms.get(t).string(), rows);
            }
        }
        if (plan.last == null) {
            return LAMBDA;
        }
        kernels.permuteBack(LAMBDA, LAMBDA_NEXT, qubits, plan.last.rows, plan.last.diag);
        return LAMBDA_NEXT;
    }

    /** Im⟨λ|X|ψ⟩, Im⟨λ|Y|ψ⟩ and, where needed, Im⟨λ|Z|ψ⟩ after layer i, on the qubits it turns. */
    private void overlaps(int i, int lambda) {
        Layer layer = plan.layers.get(i);
        kernels.overlaps(PSI + i, lambda, qubits, layer.trained, layer.trained.length, product.tx, product.ty, 0);
        if (!layer.isShared()) {
            return;
        }
        if (i == plan.layers.size() - 1 && plan.allZ) {
            // λ is ψ with real weights, so Im⟨λ|Z|ψ⟩ = 0.
            Arrays.fill(product.tz, 0);
        } else {
            kernels.zSums(PSI + i, lambda, qubits, everyRow, product.tz, 0);
        }
    }

    private void addToInputs(Layer layer, int first, int count, double[] gradInputs) {
        int in = plan.circuit.inputs();
        for (int q : layer.trained) {
            Run.Turn turn = layer.turns[q];
            for (int s = 0; s < count; s++) {
                gradInputs[(first + s) * in + turn.input()] += turn.factor() * product.ty[q * width + s];
            }
        }
    }

    private void sumOverSamples(Layer layer, int count, double[] sums, int at) {
        for (int q : layer.trained) {
            int to = at + layer.segments[q].sumsAt;
            sums[to] = sum(product.tx, q, count);
            sums[to + 1] = sum(product.ty, q, count);
            sums[to + 2] = sum(product.tz, q, count);
        }
    }

    private double sum(double[] t, int row, int count) {
        double sum = 0;
        for (int s = 0; s < count; s++) {
            sum += t[row * width + s];
        }
        return sum;
    }
}
