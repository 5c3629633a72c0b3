package org.qexit.experiment.tabular;

import java.util.SplittableRandom;
import java.util.function.Function;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Observable;
import org.qexit.quantum.Simulator;

/** One qubit per feature, none of them coupled: e times Rot(θ) and RY(x), then Rot(θ); P(+1) = σ(6 · mean of ⟨Z⟩), cross-entropy. */
final class SeparableVariational implements Differentiable {
    private static final double STEEPNESS = 6;

    private final int width;
    private final Simulator simulator;
    private final int parameters;
    private double[] outputs = new double[0];
    private double[] upstream = new double[0];
    private double[] gradRows = new double[0];

    SeparableVariational(int width, int uploads, Function<Circuit, Simulator> simulators) {
        this.width = width;
        Circuit circuit = circuit(width, uploads);
        this.simulator = simulators.apply(circuit);
        this.parameters = circuit.parameters();
    }

    static Circuit circuit(int width, int uploads) {
        Circuit.Builder builder = Circuit.builder(width).inputs(width).parameters(3 * width * (uploads + 1));
        for (int q = 0; q < width; q++) {
            for (int e = 0; e <= uploads; e++) {
                Circuits.rot(builder, q, 3 * (e * width + q));
                if (e < uploads) {
                    builder.add(Gate.RotationKind.RY, Circuits.input(q), q);
                }
            }
        }
        return builder.observe(Observable.allZ(width)).build();
    }

    @Override
    public int parameters() {
        return parameters;
    }

    @Override
    public void initialise(double[] weights, SplittableRandom random) {
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 2 * Math.PI * random.nextDouble();
        }
    }

    @Override
    public double loss(double[] rows, int[] labels, int batch, double[] weights, double[] gradient) {
        run(rows, batch, weights);
        double loss = 0;
        for (int s = 0; s < batch; s++) {
            double margin = labels[s] * STEEPNESS * mean(s);
            loss += margin > 0 ? Math.log1p(Math.exp(-margin)) : -margin + Math.log1p(Math.exp(margin));
            double slope = -labels[s] * STEEPNESS / width / batch / (1 + Math.exp(margin));
            java.util.Arrays.fill(upstream, s * width, (s + 1) * width, slope);
        }
        simulator.backward(rows, weights, batch, upstream, gradRows, gradient);
        return loss / batch;
    }

    private void run(double[] rows, int batch, double[] weights) {
        if (outputs.length < batch * width) {
            outputs = new double[batch * width];
            upstream = new double[batch * width];
            gradRows = new double[batch * width];
        }
        simulator.forward(rows, weights, batch, outputs);
    }

    private double mean(int sample) {
        double sum = 0;
        for (int q = 0; q < width; q++) {
            sum += outputs[sample * width + q];
        }
        return sum / width;
    }

    @Override
    public void scores(double[] rows, int batch, double[] weights, double[] scores) {
        run(rows, batch, weights);
        for (int s = 0; s < batch; s++) {
            scores[s] = mean(s);
        }
    }
}
