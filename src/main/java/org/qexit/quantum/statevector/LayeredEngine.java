package org.qexit.quantum.statevector;

import java.util.Arrays;
import java.util.List;
import org.qexit.quantum.Angle;
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
    private static final int TABLES = 7;

    private final LayeredPlan plan;
    /** The state after the first layer; those after the others follow. */
    private final int start;

    private final TileKernels kernels;
    private final int width;
    private final int qubits;
    private final int lowQubits;
    private final int highQubits;
    private final ProductPart product;
    private final int[] everyQubit;
    private final int[] everyRow;
    private final double[] rows;
    private final double[] phaseSums;

    /** How many states, of whatever size, an engine names. */
    static int statesOf(LayeredPlan plan) {
        return TABLES + plan.tables.size() + Math.max(1, plan.layers.size());
    }

    LayeredEngine(LayeredPlan plan, TileKernels kernels) {
        this.plan = plan;
        this.kernels = kernels;
        this.width = kernels.width();
        this.qubits = plan.qubits;
        this.lowQubits = qubits / 2;
        this.highQubits = qubits - lowQubits;
        this.product = new ProductPart(plan, kernels);
        this.everyQubit = new int[qubits];
        Arrays.setAll(everyQubit, q -> q);
        this.everyRow = new int[1 << qubits];
        Arrays.setAll(everyRow, k -> TileKernels.rowOf(k, width));
        this.rows = new double[qubits * width];
        this.start = TABLES + plan.tables.size();
        this.phaseSums = new double[TileKernels.slots(qubits) * width];
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
        } else if (plan.singles) {
            kernels.zSums(psi, psi, qubits, measuredRows(), rows, 0);
            combineRows(outputs, first, count);
        } else {
            measure(plan.diagonal ? psi : end(psi), first, count, outputs);
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

    /** Outputs that are sums of ⟨Z_q⟩ and constants. */
    private void combineRows(double[] outputs, int first, int count) {
        int m = plan.circuit.observables().size();
        for (int o = 0; o < m; o++) {
            List<Observable.Term> terms = plan.circuit.observables().get(o).terms();
            for (int s = 0; s < count; s++) {
                double sum = 0;
                for (int t = 0; t < terms.size(); t++) {
                    int mask = terms.get(t).string().zMask();
                    sum += terms.get(t).weight()
                            * (mask == 0 ? 1 : rows[Integer.numberOfTrailingZeros(mask) * width + s]);
                }
                outputs[(first + s) * m + o] = sum;
            }
        }
    }

    /** The weight of each Z_q; a constant has no gradient. */
    private void gatherTerms(double[] upstream, int first, int count) {
        int m = plan.circuit.observables().size();
        Arrays.fill(rows, 0);
        for (int o = 0; o < m; o++) {
            List<Observable.Term> terms = plan.circuit.observables().get(o).terms();
            for (int t = 0; t < terms.size(); t++) {
                int mask = terms.get(t).string().zMask();
                int row = Integer.numberOfTrailingZeros(mask) * width;
                for (int s = 0; mask != 0 && s < count; s++) {
                    rows[row + s] += terms.get(t).weight() * upstream[(first + s) * m + o];
                }
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
                if (plan.diagonal) {
                    int mask = terms.get(t).string().zMask();
                    kernels.signedNorms(end, qubits, measuredRows(), mask, rows);
                } else {
                    kernels.expectation(end, qubits, terms.get(t).string(), rows);
                }
                addOutput(o, terms.get(t).weight(), t == 0, first, count, outputs);
            }
        }
    }

    private void addOutput(int o, double weight, boolean anew, int first, int count, double[] outputs) {
        int m = plan.circuit.observables().size();
        for (int s = 0; s < count; s++) {
            double before = anew ? 0 : outputs[(first + s) * m + o];
            outputs[(first + s) * m + o] = before + weight * rows[s];
        }
    }

    /** Runs all layers and returns the state after the last one; keeps the last {@code kept} of them. */
    private int run(double[] inputs, int first, int count, int kept) {
        product.angles(inputs, first, count);
        product.forward();
        for (int i = 0; i < plan.tables.size(); i++) {
            tabulate(plan.tables.get(i), TABLES + i);
        }
        kernels.outer(LOW, product.vectors, 0, lowQubits);
        kernels.outer(HIGH, product.vectors, lowQubits, highQubits);
        int psi = start;
        kernels.allocate(psi, qubits);
        kernels.spread(LOW, lowQubits, HIGH, highQubits, psi, plan.first.rows, plan.first.diag);
        for (int i = 0; i < plan.layers.size(); i++) {
            Layer layer = plan.layers.get(i);
            if (i > 0) {
                int next = start + i % kept;
                move(psi, next, layer.before, i);
                psi = next;
            }
            turn(layer, psi, false);
        }
        return psi;
    }

    /** The phases that the samples of this tile have of their own; works in the states for λ. */
    private void tabulate(OwnPhases phases, int table) {
        kernels.allocate(table, qubits);
        kernels.allocate(LAMBDA, qubits);
        for (int g = 0; g < phases.slots.size(); g++) {
            int[] places = phases.places.get(g);
            int to = g == 0 && places == null ? table : LAMBDA_NEXT;
            kernels.allocate(to, qubits);
            kernels.phases(to, LAMBDA, qubits, phases.slots.get(g), product.sin, product.cos);
            if (to != table) {
                if (g == 0) {
                    kernels.ones(table, qubits);
                }
                kernels.multiply(table, to, qubits, places == null ? everyRow : places);
            }
        }
    }

    private void move(int from, int to, Monomial monomial, int index) {
        kernels.allocate(to, qubits);
        int table = plan.tableBefore[index];
        if (table < 0) {
            kernels.permute(from, to, qubits, monomial.rows, monomial.diag);
        } else {
            kernels.permutePhased(from, to, qubits, monomial.rows, monomial.diag, TABLES + table);
        }
    }

    private void moveBack(int from, int to, Monomial monomial, int index) {
        int table = plan.tableBefore[index];
        if (table < 0) {
            kernels.permuteBack(from, to, qubits, monomial.rows, monomial.diag);
        } else {
            kernels.permutePhasedBack(from, to, qubits, monomial.rows, monomial.diag, TABLES + table);
        }
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
        move(psi, END, plan.last, plan.layers.size());
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
        differentiatePhases(layers, lambda, first, count, gradInputs, sums, at);
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
                moveBack(lambda, other, layer.before, i);
                lambda = other;
                differentiatePhases(i, lambda, first, count, gradInputs, sums, at);
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

    /** Derivatives by the diagonal rotations of the permutation before layer i; λ is before it, too. */
    private void differentiatePhases(
            int i, int lambda, int first, int count, double[] gradInputs, double[] sums, int at) {
        List<LayeredPlan.TrainedPhases> all = plan.trainedBefore.get(i);
        for (int g = 0; g < all.size(); g++) {
            LayeredPlan.TrainedPhases trained = all.get(g);
            int psi = start + i - 1;
            if (trained.group().pairs()) {
                kernels.pairSums(psi, lambda, qubits, trained.rows(), phaseSums);
            } else {
                kernels.zSums(psi, lambda, qubits, trained.rows(), phaseSums, 0);
            }
            addToInputs(trained.group().own, first, count, gradInputs);
            if (trained.group().hasParameters()) {
                for (int m = 0; m < trained.group().sums(); m++) {
                    sums[at + trained.sumsAt() + m] = Lanes.sum(phaseSums, m * width, width, count);
                }
            }
        }
    }

    private void addToInputs(List<PhaseGroup.Term> own, int first, int count, double[] gradInputs) {
        int in = plan.circuit.inputs();
        for (int t = 0; t < own.size(); t++) {
            PhaseGroup.Term term = own.get(t);
            Angle.Input input = (Angle.Input) term.angle();
            double factor = term.weight() * input.factor();
            int row = term.slot() * width;
            for (int s = 0; s < count; s++) {
                gradInputs[(first + s) * in + input.index()] += factor * phaseSums[row + s];
            }
        }
    }

    /** λ = Σ_o g_o O_o ψ in the frame after the last layer. */
    private int observe(int psi, int first, int count, double[] upstream) {
        if (plan.singles) {
            if (plan.allZ) {
                gatherRows(upstream, first, count);
            } else {
                gatherTerms(upstream, first, count);
            }
            kernels.weigh(psi, LAMBDA, qubits, measuredRows(), rows);
            return LAMBDA;
        }
        int end = plan.diagonal ? psi : end(psi);
        int m = plan.circuit.observables().size();
        kernels.zero(LAMBDA, qubits);
        for (int o = 0; o < m; o++) {
            List<Observable.Term> terms = plan.circuit.observables().get(o).terms();
            for (int t = 0; t < terms.size(); t++) {
                gatherOutput(o, terms.get(t).weight(), upstream, first, count);
                if (plan.diagonal) {
                    int mask = terms.get(t).string().zMask();
                    kernels.addSigned(end, LAMBDA, qubits, measuredRows(), mask, rows);
                } else {
                    kernels.addPauli(end, LAMBDA, qubits, terms.get(t).string(), rows);
                }
            }
        }
        if (plan.last == null || plan.diagonal) {
            return LAMBDA;
        }
        moveBack(LAMBDA, LAMBDA_NEXT, plan.last, plan.layers.size());
        return LAMBDA_NEXT;
    }

    private void gatherOutput(int o, double weight, double[] upstream, int first, int count) {
        int m = plan.circuit.observables().size();
        Arrays.fill(rows, 0, width, 0);
        for (int s = 0; s < count; s++) {
            rows[s] = weight * upstream[(first + s) * m + o];
        }
    }

    /** Im⟨λ|X|ψ⟩, Im⟨λ|Y|ψ⟩ and, where needed, Im⟨λ|Z|ψ⟩ after layer i, on the qubits it turns. */
    private void overlaps(int i, int lambda) {
        Layer layer = plan.layers.get(i);
        kernels.overlaps(start + i, lambda, qubits, layer.trained, layer.trained.length, product.tx, product.ty, 0);
        if (!layer.isShared()) {
            return;
        }
        if (i == plan.layers.size() - 1 && plan.diagonal) {
            // λ is ψ with real weights, so Im⟨λ|Z|ψ⟩ = 0.
            Arrays.fill(product.tz, 0);
        } else {
            kernels.zSums(start + i, lambda, qubits, everyRow, product.tz, 0);
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
            sums[to] = Lanes.sum(product.tx, q * width, width, count);
            sums[to + 1] = Lanes.sum(product.ty, q * width, width, count);
            sums[to + 2] = Lanes.sum(product.tz, q * width, width, count);
        }
    }
}
