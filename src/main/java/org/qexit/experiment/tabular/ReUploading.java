package org.qexit.experiment.tabular;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Observable;
import org.qexit.quantum.Simulator;

/**
 * Data re-uploading (Pérez-Salinas and others 2020): three features per qubit, q = ⌈d/3⌉. A layer has Rot(ω∘x), Rot(θ) on each qubit and CZ
 * on neighbouring pairs; at the end Rot(ω∘x + θ). Weighted fidelities with the two basis states on the first qubits are fitted by squares.
 *
 * <p>Weights: ω {@code [layers + 1][qubit][3]}, θ {@code [layers + 1][qubit][3]}, α {@code [2][measured]}.
 */
final class ReUploading implements Differentiable {
    private final int width;
    private final int qubits;
    private final int layers;
    private final int measured;
    private final int perLayer;
    private final Simulator simulator;
    private final int thetaAt;
    private final int alphaAt;
    private final double[] theta;
    private final double[] gradTheta;
    private double[] angles = new double[0];
    private double[] gradAngles = new double[0];
    private double[] outputs = new double[0];
    private double[] upstream = new double[0];

    /** How many qubits are measured. */
    enum Measured {
        SINGLE,
        HALF,
        FULL;

        int of(int qubits) {
            return switch (this) {
                case SINGLE -> 1;
                case HALF -> Math.max(1, qubits / 2);
                case FULL -> qubits;
            };
        }
    }

    /** @param entangled false leaves the CZs out */
    ReUploading(int width, int layers, Measured measured, boolean entangled, Function<Circuit, Simulator> simulators) {
        this.width = width;
        this.qubits = (width + 2) / 3;
        this.layers = layers;
        this.measured = measured.of(qubits);
        this.perLayer = 3 * qubits;
        this.simulator = simulators.apply(circuit(qubits, layers, this.measured, entangled));
        this.thetaAt = (layers + 1) * perLayer;
        this.alphaAt = 2 * thetaAt;
        this.theta = new double[layers * perLayer];
        this.gradTheta = new double[theta.length];
    }

    static Circuit circuit(int qubits, int layers, int measured, boolean entangled) {
        int perLayer = 3 * qubits;
        Circuit.Builder builder =
                Circuit.builder(qubits).inputs((layers + 1) * perLayer).parameters(layers * perLayer);
        for (int layer = 0; layer < layers; layer++) {
            for (int q = 0; q < qubits; q++) {
                Circuits.rotByInputs(builder, q, layer * perLayer + 3 * q);
            }
            for (int q = 0; q < qubits; q++) {
                Circuits.rot(builder, q, layer * perLayer + 3 * q);
            }
            for (int q = layer % 2; entangled && q + 1 < qubits; q += 2) {
                builder.add(Gate.FixedKind.CZ, q, q + 1);
            }
        }
        for (int q = 0; q < qubits; q++) {
            Circuits.rotByInputs(builder, q, layers * perLayer + 3 * q);
        }
        List<Observable> observables = new ArrayList<>();
        for (int q = 0; q < measured; q++) {
            observables.add(Observable.z(q));
        }
        return builder.observe(observables).build();
    }

    @Override
    public int parameters() {
        return alphaAt + 2 * measured;
    }

    @Override
    public void initialise(double[] weights, SplittableRandom random) {
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i < alphaAt ? random.nextDouble() : 1;
        }
    }

    private void run(double[] rows, int batch, double[] weights) {
        int inputs = thetaAt;
        if (angles.length < batch * inputs) {
            angles = new double[batch * inputs];
            gradAngles = new double[batch * inputs];
            outputs = new double[batch * measured];
            upstream = new double[batch * measured];
        }
        for (int s = 0; s < batch; s++) {
            for (int i = 0; i < inputs; i++) {
                int feature = i % perLayer;
                double x = feature < width ? rows[s * width + feature] : 0;
                double shift = i >= theta.length ? weights[thetaAt + i] : 0;
                angles[s * inputs + i] = weights[i] * x + shift;
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
            double first = (1 - labels[s]) / 2.0;
            double second = (1 + labels[s]) / 2.0;
            for (int j = 0; j < measured; j++) {
                double z = outputs[s * measured + j];
                double alpha0 = weights[alphaAt + j];
                double alpha1 = weights[alphaAt + measured + j];
                double off0 = alpha0 * (1 - z) / 2 - first;
                double off1 = alpha1 * (1 + z) / 2 - second;
                loss += (off0 * off0 + off1 * off1) / 2;
                gradient[alphaAt + j] += off0 * (1 - z) / 2 / batch;
                gradient[alphaAt + measured + j] += off1 * (1 + z) / 2 / batch;
                upstream[s * measured + j] = (off1 * alpha1 - off0 * alpha0) / 2 / batch;
            }
        }
        simulator.backward(angles, theta, batch, upstream, gradAngles, gradTheta);
        System.arraycopy(gradTheta, 0, gradient, thetaAt, theta.length);
        int inputs = thetaAt;
        for (int s = 0; s < batch; s++) {
            for (int i = 0; i < inputs; i++) {
                double slope = gradAngles[s * inputs + i];
                int feature = i % perLayer;
                if (feature < width) {
                    gradient[i] += slope * rows[s * width + feature];
                }
                if (i >= theta.length) {
                    gradient[thetaAt + i] += slope;
                }
            }
        }
        return loss / batch;
    }

    @Override
    public void scores(double[] rows, int batch, double[] weights, double[] scores) {
        run(rows, batch, weights);
        for (int s = 0; s < batch; s++) {
            double sum = 0;
            for (int j = 0; j < measured; j++) {
                sum += outputs[s * measured + j];
            }
            scores[s] = sum;
        }
    }
}
