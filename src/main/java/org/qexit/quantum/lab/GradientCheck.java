package org.qexit.quantum.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.ParameterShift;
import org.qexit.quantum.Simulator;
import org.qexit.quantum.statevector.BatchedSimulator;
import org.qexit.quantum.statevector.SimulatorOptions;

/**
 * How far the adjoint gradient is from two others at random angles.
 *
 * @param shift largest difference from the parameter-shift rule
 * @param differences largest difference from central finite differences
 * @param gradient largest entry of the gradient, for scale
 * @param agrees whether both differences are within what rounding explains
 */
public record GradientCheck(double shift, double differences, double gradient, boolean agrees) {
    /** Central differences: truncation about step², rounding about 1e-16 / step. */
    private static final double STEP = 1e-5;

    private static final double SHIFT_TOLERANCE = 1e-10;
    private static final double DIFFERENCES_TOLERANCE = 1e-7;

    /**
     * The circuit with every constant angle of its rotations as a parameter more: what a program without inputs can be checked by.
     *
     * @return itself if it has no constant angles
     */
    public static Circuit withConstantsFreed(Circuit circuit) {
        List<Gate> gates = new ArrayList<>();
        int parameters = circuit.parameters();
        for (Gate gate : circuit.gates()) {
            gates.add(
                    gate instanceof Gate.Rotation turn && turn.turn() instanceof Angle.Constant
                            ? new Gate.Rotation(turn.kind(), turn.qubits(), Angle.parameter(parameters++))
                            : gate);
        }
        return new Circuit(circuit.qubits(), circuit.inputs(), parameters, gates, circuit.observables());
    }

    /** Checks a circuit at {@code trials} random points. */
    public static GradientCheck of(Circuit circuit, int trials, long seed) {
        Checks.within("trials", trials, 1, 1 << 20);
        BatchedSimulator simulator = BatchedSimulator.of(circuit, SimulatorOptions.DEFAULT);
        SplittableRandom random = RandomStreams.of(seed).stream("circuit-check");
        int outs = circuit.observables().size();
        double shift = 0;
        double differences = 0;
        double largest = 0;
        for (int t = 0; t < trials; t++) {
            double[] x = uniform(circuit.inputs(), random);
            double[] theta = uniform(circuit.parameters(), random);
            double[] upstream = uniform(outs, random);
            double[][] adjoint = new double[][] {new double[x.length], new double[theta.length]};
            double[][] shifted = new double[][] {new double[x.length], new double[theta.length]};
            simulator.backward(x, theta, 1, upstream, adjoint[0], adjoint[1]);
            ParameterShift.of(circuit, BatchedSimulator::of).backward(x, theta, 1, upstream, shifted[0], shifted[1]);
            for (int part = 0; part < 2; part++) {
                double[] moved = part == 0 ? x : theta;
                for (int i = 0; i < moved.length; i++) {
                    double at = moved[i];
                    moved[i] = at + STEP;
                    double above = loss(simulator, x, theta, upstream);
                    moved[i] = at - STEP;
                    double below = loss(simulator, x, theta, upstream);
                    moved[i] = at;
                    double found = adjoint[part][i];
                    differences = Math.max(differences, Math.abs((above - below) / (2 * STEP) - found));
                    shift = Math.max(shift, Math.abs(shifted[part][i] - found));
                    largest = Math.max(largest, Math.abs(found));
                }
            }
        }
        double scale = 1 + largest;
        return new GradientCheck(
                shift,
                differences,
                largest,
                shift <= SHIFT_TOLERANCE * scale && differences <= DIFFERENCES_TOLERANCE * scale);
    }

    private static double loss(Simulator simulator, double[] x, double[] theta, double[] upstream) {
        double[] outputs = new double[upstream.length];
        simulator.forward(x, theta, 1, outputs);
        double loss = 0;
        for (int o = 0; o < outputs.length; o++) {
            loss += upstream[o] * outputs[o];
        }
        return loss;
    }

    private static double[] uniform(int count, SplittableRandom random) {
        return random.doubles(count, -Math.PI, Math.PI).toArray();
    }
}
