package org.qexit.quantum.statevector;

import java.util.Arrays;
import java.util.List;
import org.qexit.quantum.Block;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Observable;
import org.qexit.quantum.statevector.Step.Source;

/**
 * Any circuit, gate by gate. Adjoint differentiation (Jones and Gacon 2020, arXiv 2009.02823): with |λ⟩ = Σ_o g_o O_o |ψ⟩ and a
 * gate exp(-iθG/2), walking backwards, ∂L/∂θ = Im⟨λ|G|ψ⟩ after the gate; then the gate is undone on both. Costs three passes
 * over the state per gate with an angle, two for others.
 */
final class GeneralPlan implements CircuitPlan {
    private final Circuit circuit;
    private final List<Step> steps;
    /** The eight entries of each block's matrix, block by block, for steps that all samples share. */
    private final double[] shared;
    /** Where in it the first block of each step is. */
    private final int[] sharedAt;

    GeneralPlan(Circuit circuit) {
        this.circuit = circuit;
        this.steps = Step.of(circuit);
        this.sharedAt = new int[steps.size()];
        int entries = 0;
        for (int g = 0; g < sharedAt.length; g++) {
            sharedAt[g] = entries;
            entries += 8 * steps.get(g).blocks().size();
        }
        this.shared = new double[entries];
    }

    @Override
    public void prepare(double[] theta) {
        for (int g = 0; g < sharedAt.length; g++) {
            Step step = steps.get(g);
            if (step.source() != Source.INPUT) {
                double angle = step.angle(null, 0, theta);
                for (int b = 0; b < step.blocks().size(); b++) {
                    step.blocks().get(b).action().write(angle, shared, sharedAt[g] + 8 * b, 1);
                }
            }
        }
    }

    /** One for every gate. */
    @Override
    public int sums() {
        return steps.size();
    }

    @Override
    public void finish(double[] sums, double[] gradTheta) {
        Arrays.fill(gradTheta, 0, circuit.parameters(), 0);
        for (int g = 0; g < steps.size(); g++) {
            if (steps.get(g).source() == Source.PARAMETER) {
                gradTheta[steps.get(g).index()] += steps.get(g).factor() * sums[g];
            }
        }
    }

    @Override
    public int states() {
        return 2;
    }

    @Override
    public Engine engine(TileKernels kernels) {
        return new Engine(kernels);
    }

    /** Runs tiles of this plan. */
    final class Engine implements TileEngine {
        private static final int PSI = 0;
        private static final int LAMBDA = 1;
        private final TileKernels kernels;
        private final int width;
        private final int qubits;
        private final double[] matrix;
        private final double[] row;

        private Engine(TileKernels kernels) {
            this.kernels = kernels;
            this.width = kernels.width();
            this.qubits = circuit.qubits();
            this.matrix = new double[8 * width];
            this.row = new double[width];
        }

        @Override
        public int width() {
            return width;
        }

        @Override
        public void forward(double[] inputs, int first, int count, double[] outputs) {
            run(inputs, first, count);
            int m = circuit.observables().size();
            for (int o = 0; o < m; o++) {
                List<Observable.Term> terms = circuit.observables().get(o).terms();
                for (int t = 0; t < terms.size(); t++) {
                    kernels.expectation(PSI, qubits, terms.get(t).string(), row);
                    for (int s = 0; s < count; s++) {
                        double before = t == 0 ? 0 : outputs[(first + s) * m + o];
                        outputs[(first + s) * m + o] = before + terms.get(t).weight() * row[s];
                    }
                }
            }
        }

        /** The final amplitudes, {@code [sample][amplitude]}. */
        void state(double[] inputs, int first, int count, double[] re, double[] im) {
            run(inputs, first, count);
            for (int s = 0; s < count; s++) {
                kernels.read(PSI, qubits, s, re, im, first + s << qubits);
            }
        }

        @Override
        public void backward(
                double[] inputs, int first, int count, double[] upstream, double[] gradInputs, double[] sums, int at) {
            run(inputs, first, count);
            kernels.allocate(LAMBDA, qubits);
            observe(upstream, first, count);
            int in = circuit.inputs();
            Arrays.fill(gradInputs, first * in, (first + count) * in, 0);
            Arrays.fill(sums, at, at + steps.size(), 0);
            for (int g = steps.size() - 1; g >= 0; g--) {
                Step step = steps.get(g);
                if (step.trainable()) {
                    differentiate(step);
                    if (step.source() == Source.PARAMETER) {
                        sums[at + g] = Lanes.sum(row, 0, width, count);
                    } else {
                        for (int s = 0; s < count; s++) {
                            gradInputs[(first + s) * in + step.index()] += step.factor() * row[s];
                        }
                    }
                }
                for (int b = 0; b < step.blocks().size(); b++) {
                    Block block = step.blocks().get(b);
                    fill(g, b, inputs, first, count);
                    transposeConjugate();
                    kernels.apply(PSI, qubits, block.mask(), block.value(), block.flip(), matrix);
                    kernels.apply(LAMBDA, qubits, block.mask(), block.value(), block.flip(), matrix);
                }
            }
        }

        private void differentiate(Step step) {
            Arrays.fill(row, 0);
            for (int b = 0; b < step.blocks().size(); b++) {
                Block block = step.blocks().get(b);
                Block.Turn turn = (Block.Turn) block.action();
                kernels.overlap(
                        PSI, LAMBDA, qubits, block.mask(), block.value(), block.flip(), turn.axis(), turn.sign(), row);
            }
        }

        private void run(double[] inputs, int first, int count) {
            kernels.allocate(PSI, qubits);
            kernels.reset(PSI, qubits);
            for (int g = 0; g < steps.size(); g++) {
                Step step = steps.get(g);
                for (int b = 0; b < step.blocks().size(); b++) {
                    Block block = step.blocks().get(b);
                    fill(g, b, inputs, first, count);
                    kernels.apply(PSI, qubits, block.mask(), block.value(), block.flip(), matrix);
                }
            }
        }

        /** λ = Σ_o g_o O_o ψ. */
        private void observe(double[] upstream, int first, int count) {
            kernels.zero(LAMBDA, qubits);
            int m = circuit.observables().size();
            for (int o = 0; o < m; o++) {
                List<Observable.Term> terms = circuit.observables().get(o).terms();
                for (int t = 0; t < terms.size(); t++) {
                    Arrays.fill(row, 0);
                    for (int s = 0; s < count; s++) {
                        row[s] = terms.get(t).weight() * upstream[(first + s) * m + o];
                    }
                    kernels.addPauli(PSI, LAMBDA, qubits, terms.get(t).string(), row);
                }
            }
        }

        /** The matrix of block b of step g for every sample of the tile. */
        private void fill(int g, int b, double[] inputs, int first, int count) {
            Step step = steps.get(g);
            if (step.source() == Source.INPUT) {
                Block.Action action = step.blocks().get(b).action();
                for (int s = 0; s < width; s++) {
                    int sample = first + Math.min(s, count - 1);
                    action.write(step.angle(inputs, sample * circuit.inputs(), null), matrix, s, width);
                }
            } else {
                for (int e = 0; e < 8; e++) {
                    Arrays.fill(matrix, e * width, (e + 1) * width, shared[sharedAt[g] + 8 * b + e]);
                }
            }
        }

        private void transposeConjugate() {
            for (int s = 0; s < width; s++) {
                matrix[width + s] = -matrix[width + s];
                matrix[7 * width + s] = -matrix[7 * width + s];
                double re = matrix[2 * width + s];
                double im = matrix[3 * width + s];
                matrix[2 * width + s] = matrix[4 * width + s];
                matrix[3 * width + s] = -matrix[5 * width + s];
                matrix[4 * width + s] = re;
                matrix[5 * width + s] = -im;
            }
        }
    }
}
