package org.qexit.experiment.tabular;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Observable;
import org.qexit.quantum.Simulator;

/**
 * A circuit between two dense layers (Mari and others 2020): angles (π/2) tanh(A x), H and RY on each qubit, layers of RY(θ) and a ring of
 * CNOTs, all ⟨Z⟩, two logits B z. One qubit per feature; no biases.
 */
final class DressedCircuit implements Differentiable {
    private final int width;
    private final Simulator simulator;
    private final TwoLogits logits;
    private final int thetaAt;
    private final int logitsAt;
    private final double[] theta;
    private final double[] gradTheta;
    private double[] angles = new double[0];
    private double[] outputs = new double[0];
    private double[] upstream = new double[0];
    private double[] gradAngles = new double[0];

    /** @param entangled false leaves the CNOTs out */
    DressedCircuit(int width, int layers, boolean entangled, Function<Circuit, Simulator> simulators) {
        this.width = width;
        this.simulator = simulators.apply(circuit(width, layers, entangled));
        this.logits = new TwoLogits(width);
        this.thetaAt = width * width;
        this.theta = new double[layers * width];
        this.gradTheta = new double[theta.length];
        this.logitsAt = thetaAt + theta.length;
    }

    static Circuit circuit(int width, int layers, boolean entangled) {
        Circuit.Builder builder = Circuit.builder(width).inputs(width).parameters(layers * width);
        for (int q = 0; q < width; q++) {
            builder.add(Gate.FixedKind.H, q);
            builder.add(Gate.RotationKind.RY, Circuits.input(q), q);
        }
        for (int layer = 0; layer < layers; layer++) {
            for (int q = 0; q < width; q++) {
                builder.add(Gate.RotationKind.RY, Circuits.parameter(layer * width + q), q);
            }
            if (entangled && width > 1) {
                // Two qubits have one edge.
                for (int q = 0; q < (width == 2 ? 1 : width); q++) {
                    builder.add(Gate.FixedKind.CNOT, q, (q + 1) % width);
                }
            }
        }
        return builder.observe(Observable.allZ(width)).build();
    }

    @Override
    public int parameters() {
        return logitsAt + logits.parameters();
    }

    @Override
    public void initialise(double[] weights, SplittableRandom random) {
        for (int i = 0; i < weights.length; i++) {
            boolean angle = i >= thetaAt && i < logitsAt;
            weights[i] = angle ? 2 * Math.PI * random.nextDouble() : random.nextGaussian() / width;
        }
    }

    private void run(double[] rows, int batch, double[] weights) {
        int size = batch * width;
        if (angles.length < size) {
            angles = new double[size];
            outputs = new double[size];
            upstream = new double[size];
            gradAngles = new double[size];
        }
        for (int s = 0; s < batch; s++) {
            for (int q = 0; q < width; q++) {
                double sum = 0;
                for (int j = 0; j < width; j++) {
                    sum += weights[q * width + j] * rows[s * width + j];
                }
                angles[s * width + q] = Math.PI / 2 * Math.tanh(sum);
            }
        }
        System.arraycopy(weights, thetaAt, theta, 0, theta.length);
        simulator.forward(angles, theta, batch, outputs);
    }

    @Override
    public double loss(double[] rows, int[] labels, int batch, double[] weights, double[] gradient) {
        run(rows, batch, weights);
        Arrays.fill(gradient, 0);
        double loss = 0;
        for (int s = 0; s < batch; s++) {
            loss += logits.loss(outputs, s * width, labels[s], 1.0 / batch, weights, logitsAt, gradient, upstream);
        }
        simulator.backward(angles, theta, batch, upstream, gradAngles, gradTheta);
        System.arraycopy(gradTheta, 0, gradient, thetaAt, theta.length);
        for (int s = 0; s < batch; s++) {
            for (int q = 0; q < width; q++) {
                double t = angles[s * width + q] / (Math.PI / 2);
                double slope = gradAngles[s * width + q] * Math.PI / 2 * (1 - t * t);
                for (int j = 0; j < width; j++) {
                    gradient[q * width + j] += slope * rows[s * width + j];
                }
            }
        }
        return loss / batch;
    }

    @Override
    public void scores(double[] rows, int batch, double[] weights, double[] scores) {
        run(rows, batch, weights);
        for (int s = 0; s < batch; s++) {
            scores[s] = logits.difference(outputs, s * width, weights, logitsAt);
        }
    }
}
