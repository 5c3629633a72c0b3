package org.qexit.experiment.tabular;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Observable;
import org.qexit.quantum.Simulator;

/**
 * Features by an IQP embedding (Havlíček and others 2019): r times H, RZ(x_i) and RZZ(x_i x_j) on all pairs; then layers of Rot(θ) and CZs at
 * growing distance; ⟨Z_0 Z_1⟩ against the label, mean of (1 − y⟨ZZ⟩)/2.
 */
final class IqpVariational implements Differentiable {
    private final int width;
    private final int inputs;
    private final Simulator simulator;
    private final int parameters;
    private double[] products = new double[0];
    private double[] gradProducts = new double[0];
    private double[] outputs = new double[0];
    private double[] upstream = new double[0];

    /** Where qubits are coupled. */
    enum Coupling {
        /** RZZ in every repeat of the embedding, CZ in every layer, as documented. */
        ALL,
        /**
         * RZZ in the first repeat only, CZ in every layer: what PennyLane before 0.34 ran, whose default pattern of pairs was an iterator that
         * the first repeat used up.
         */
        ONCE,
        /** Neither. */
        NONE
    }

    IqpVariational(int width, int repeats, int layers, Coupling coupling, Function<Circuit, Simulator> simulators) {
        if (width < 2) {
            throw new IllegalArgumentException("width is " + width + "; expected 2 or more features");
        }
        this.width = width;
        this.inputs = width + width * (width - 1) / 2;
        Circuit circuit = circuit(width, repeats, layers, coupling);
        this.simulator = simulators.apply(circuit);
        this.parameters = circuit.parameters();
    }

    static Circuit circuit(int width, int repeats, int layers, Coupling coupling) {
        Circuit.Builder builder =
                Circuit.builder(width).inputs(width + width * (width - 1) / 2).parameters(3 * width * layers);
        for (int r = 0; r < repeats; r++) {
            for (int q = 0; q < width; q++) {
                builder.add(Gate.FixedKind.H, q);
                builder.add(Gate.RotationKind.RZ, Circuits.input(q), q);
            }
            int pair = width;
            boolean pairs = coupling == Coupling.ALL || coupling == Coupling.ONCE && r == 0;
            for (int a = 0; pairs && a < width; a++) {
                for (int b = a + 1; b < width; b++) {
                    builder.add(Gate.RotationKind.RZZ, Circuits.input(pair++), a, b);
                }
            }
        }
        for (int layer = 0; layer < layers; layer++) {
            for (int q = 0; q < width; q++) {
                Circuits.rot(builder, q, 3 * (layer * width + q));
            }
            int range = layer % (width - 1) + 1;
            for (int q = 0; coupling != Coupling.NONE && q < width; q++) {
                builder.add(Gate.FixedKind.CZ, q, (q + range) % width);
            }
        }
        return builder.observe(List.of(Observable.zz(0, 1))).build();
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

    private void run(double[] rows, int batch, double[] weights) {
        if (outputs.length < batch) {
            products = new double[batch * inputs];
            gradProducts = new double[batch * inputs];
            outputs = new double[batch];
            upstream = new double[batch];
        }
        for (int s = 0; s < batch; s++) {
            int at = s * inputs;
            int row = s * width;
            System.arraycopy(rows, row, products, at, width);
            int pair = at + width;
            for (int a = 0; a < width; a++) {
                for (int b = a + 1; b < width; b++) {
                    products[pair++] = rows[row + a] * rows[row + b];
                }
            }
        }
        simulator.forward(products, weights, batch, outputs);
    }

    @Override
    public double loss(double[] rows, int[] labels, int batch, double[] weights, double[] gradient) {
        run(rows, batch, weights);
        double loss = 0;
        for (int s = 0; s < batch; s++) {
            loss += (1 - labels[s] * outputs[s]) / 2;
            upstream[s] = -labels[s] / 2.0 / batch;
        }
        simulator.backward(products, weights, batch, upstream, gradProducts, gradient);
        return loss / batch;
    }

    @Override
    public void scores(double[] rows, int batch, double[] weights, double[] scores) {
        run(rows, batch, weights);
        System.arraycopy(outputs, 0, scores, 0, batch);
    }
}
