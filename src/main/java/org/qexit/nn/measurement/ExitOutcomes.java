package org.qexit.nn.measurement;

import java.util.Optional;
import java.util.function.Function;
import org.qexit.data.LabelledSet;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.QuantumHead;
import org.qexit.nn.layer.QuantumLayer;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Simulator;
import org.qexit.quantum.noise.DensityMatrixSimulator;
import org.qexit.quantum.noise.NoiseModel;
import org.qexit.quantum.shots.OutcomeDistribution;
import org.qexit.quantum.shots.Readout;
import org.qexit.quantum.statevector.BatchedSimulator;

/**
 * What one exit says of a set of events: the logit difference of critical and normal as infinitely many shots would give it and, where
 * the head has a
 * circuit, with which probability one shot shows each bit string.
 *
 * @param margins {@code [event]}
 * @param gates of the circuit, run once per shot; 0 without one
 * @param twoQubitGates of these
 * @param readout null without a circuit
 * @param values what the readout makes of each bit string; null without a circuit
 * @param probabilities {@code [event][bit string]}, flattened; null without a circuit
 */
record ExitOutcomes(
        double[] margins, int gates, int twoQubitGates, Readout readout, double[] values, double[] probabilities) {
    private static final int BATCH = 256;

    boolean isMeasured() {
        return readout != null;
    }

    int qubits() {
        return readout.qubits();
    }

    /** An exit without a circuit. */
    static ExitOutcomes exact(double[] margins) {
        return new ExitOutcomes(margins, 0, 0, null, null, null);
    }

    /**
     * An exit with one.
     *
     * @param exit from 0
     */
    static ExitOutcomes measured(
            EarlyExitModel model, int exit, QuantumHead head, LabelledSet events, NoiseModel noise) {
        Circuit circuit = head.ansatz().circuit();
        Readout readout = readout(model, exit, circuit.qubits());
        double[] values = readout.values();
        double[] inputs = inputs(model, exit, head, events);
        double[] theta = doubles(
                model.headTensor(exit, QuantumHead.CIRCUIT, QuantumLayer.THETA).values());
        OutcomeDistribution distribution = OutcomeDistribution.of(circuit, machine(noise));
        int outcomes = distribution.outcomes();
        double[] probabilities = new double[Math.multiplyExact(events.size(), outcomes)];
        double[] margins = new double[events.size()];
        int in = circuit.inputs();
        double[] part = new double[BATCH * outcomes];
        for (int first = 0; first < margins.length; first += BATCH) {
            int batch = Math.min(BATCH, margins.length - first);
            distribution.of(java.util.Arrays.copyOfRange(inputs, first * in, (first + batch) * in), theta, batch, part);
            System.arraycopy(part, 0, probabilities, first * outcomes, batch * outcomes);
        }
        for (int k = 0; k < margins.length; k++) {
            for (int b = 0; b < outcomes; b++) {
                margins[k] += probabilities[k * outcomes + b] * values[b];
            }
        }
        int two = (int) circuit.gates().stream()
                .filter(gate -> gate.qubits().size() == 2)
                .count();
        return new ExitOutcomes(margins, circuit.gates().size(), two, readout, values, probabilities);
    }

    private static Function<Circuit, Simulator> machine(NoiseModel noise) {
        return noise.equals(NoiseModel.NONE)
                ? BatchedSimulator::of
                : circuit -> DensityMatrixSimulator.of(circuit, noise);
    }

    /** The logits are W y + b: their difference is a linear form in the ⟨Z_i⟩. */
    private static Readout readout(EarlyExitModel model, int exit, int qubits) {
        float[] weight = model.headTensor(exit, HeadConfig.LOGITS, "weight").values();
        float[] bias = model.headTensor(exit, HeadConfig.LOGITS, "bias").values();
        double[] difference = new double[qubits];
        for (int i = 0; i < qubits; i++) {
            difference[i] = (double) weight[2 * i + 1] - weight[2 * i];
        }
        return Readout.of((double) bias[1] - bias[0], difference);
    }

    private static double[] inputs(EarlyExitModel model, int exit, QuantumHead head, LabelledSet events) {
        double[] preAngles = model.preAngles(exit, events);
        Optional<double[]> scale = head.scales() == 0
                ? Optional.empty()
                : Optional.of(doubles(model.headTensor(exit, QuantumHead.CIRCUIT, QuantumLayer.SCALE)
                        .values()));
        int n = head.qubits();
        int in = head.ansatz().inputs();
        double[] inputs = new double[events.size() * in];
        for (int k = 0; k < events.size(); k++) {
            for (int i = 0; i < in; i++) {
                double factor = scale.isPresent() ? scale.get()[i] : 1;
                inputs[k * in + i] = QuantumLayer.angle(preAngles[k * n + i % n], factor);
            }
        }
        return inputs;
    }

    private static double[] doubles(float[] values) {
        double[] all = new double[values.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = values[i];
        }
        return all;
    }
}
