package org.qexit.quantum.statevector;

import java.util.Arrays;
import java.util.List;
import org.qexit.quantum.Block;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Matrix2;
import org.qexit.quantum.Observable;
import org.qexit.quantum.statevector.Step.Source;

/**
 * Any circuit, gate by gate, in double precision. Adjoint differentiation (Jones and Gacon 2020, arXiv 2009.02823): with
 * |λ⟩ = Σ_o g_o O_o |ψ⟩ and a gate exp(-iθG/2), walking backwards, ∂L/∂θ = Im⟨λ|G|ψ⟩ after the gate; then the gate is undone on
 * both. Costs three passes per gate with an angle, two for others.
 */
final class DoubleEngine implements TileEngine {
    private final Circuit circuit;
    private final List<Step> steps;
    private final int dim;
    private final int width;
    private final double[] re;
    private final double[] im;
    private double[] lambdaRe;
    private double[] lambdaIm;
    private final double[] matrix;
    private final double[] row;

    DoubleEngine(Circuit circuit, int width) {
        this.circuit = circuit;
        this.steps = Step.of(circuit);
        this.dim = 1 << circuit.qubits();
        this.width = width;
        this.re = new double[dim * width];
        this.im = new double[dim * width];
        this.matrix = new double[8 * width];
        this.row = new double[width];
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public void forward(double[] inputs, double[] theta, int first, int count, double[] outputs) {
        run(inputs, theta, first, count);
        int m = circuit.observables().size();
        for (int o = 0; o < m; o++) {
            for (int s = 0; s < count; s++) {
                outputs[(first + s) * m + o] = 0;
            }
            for (Observable.Term term : circuit.observables().get(o).terms()) {
                DoubleKernels.expectation(re, im, dim, width, term.string(), row);
                for (int s = 0; s < count; s++) {
                    outputs[(first + s) * m + o] += term.weight() * row[s];
                }
            }
        }
    }

    @Override
    public void state(double[] inputs, double[] theta, int first, int count, double[] outRe, double[] outIm) {
        run(inputs, theta, first, count);
        for (int s = 0; s < count; s++) {
            for (int k = 0; k < dim; k++) {
                outRe[(first + s) * dim + k] = re[k * width + s];
                outIm[(first + s) * dim + k] = im[k * width + s];
            }
        }
    }

    @Override
    public void backward(
            double[] inputs,
            double[] theta,
            int first,
            int count,
            double[] upstream,
            double[] gradInputs,
            double[] gradTheta,
            int thetaAt) {
        if (lambdaRe == null) {
            lambdaRe = new double[dim * width];
            lambdaIm = new double[dim * width];
        }
        run(inputs, theta, first, count);
        observe(upstream, first, count);
        int in = circuit.inputs();
        Arrays.fill(gradInputs, first * in, (first + count) * in, 0);
        for (int g = steps.size() - 1; g >= 0; g--) {
            Step step = steps.get(g);
            if (step.trainable()) {
                Arrays.fill(row, 0);
                for (Block block : step.blocks()) {
                    Block.Turn turn = (Block.Turn) block.action();
                    DoubleKernels.overlap(lambdaRe, lambdaIm, re, im, dim, width, block, turn.axis(), turn.sign(), row);
                }
                for (int s = 0; s < count; s++) {
                    if (step.source() == Source.INPUT) {
                        gradInputs[(first + s) * in + step.index()] += step.factor() * row[s];
                    } else {
                        gradTheta[thetaAt + step.index()] += step.factor() * row[s];
                    }
                }
            }
            for (Block block : step.blocks()) {
                fill(step, block, inputs, theta, first, count, true);
                DoubleKernels.apply(re, im, dim, width, block, matrix);
                DoubleKernels.apply(lambdaRe, lambdaIm, dim, width, block, matrix);
            }
        }
    }

    private void run(double[] inputs, double[] theta, int first, int count) {
        Arrays.fill(re, 0);
        Arrays.fill(im, 0);
        Arrays.fill(re, 0, width, 1);
        for (Step step : steps) {
            for (Block block : step.blocks()) {
                fill(step, block, inputs, theta, first, count, false);
                DoubleKernels.apply(re, im, dim, width, block, matrix);
            }
        }
    }

    /** λ = Σ_o g_o O_o ψ. */
    private void observe(double[] upstream, int first, int count) {
        Arrays.fill(lambdaRe, 0);
        Arrays.fill(lambdaIm, 0);
        int m = circuit.observables().size();
        for (int o = 0; o < m; o++) {
            for (Observable.Term term : circuit.observables().get(o).terms()) {
                Arrays.fill(row, 0);
                for (int s = 0; s < count; s++) {
                    row[s] = term.weight() * upstream[(first + s) * m + o];
                }
                DoubleKernels.addPauli(lambdaRe, lambdaIm, re, im, dim, width, term.string(), row);
            }
        }
    }

    private void fill(Step step, Block block, double[] inputs, double[] theta, int first, int count, boolean adjoint) {
        if (step.source() == Source.INPUT) {
            for (int s = 0; s < width; s++) {
                int sample = first + Math.min(s, count - 1);
                put(block.action().at(step.angle(inputs, sample * circuit.inputs(), theta)), adjoint, s, s + 1);
            }
        } else {
            put(block.action().at(step.angle(inputs, 0, theta)), adjoint, 0, width);
        }
    }

    private void put(Matrix2 value, boolean adjoint, int from, int to) {
        Matrix2 m = adjoint ? value.adjoint() : value;
        Arrays.fill(matrix, from, to, m.aRe());
        Arrays.fill(matrix, width + from, width + to, m.aIm());
        Arrays.fill(matrix, 2 * width + from, 2 * width + to, m.bRe());
        Arrays.fill(matrix, 3 * width + from, 3 * width + to, m.bIm());
        Arrays.fill(matrix, 4 * width + from, 4 * width + to, m.cRe());
        Arrays.fill(matrix, 5 * width + from, 5 * width + to, m.cIm());
        Arrays.fill(matrix, 6 * width + from, 6 * width + to, m.dRe());
        Arrays.fill(matrix, 7 * width + from, 7 * width + to, m.dIm());
    }
}
