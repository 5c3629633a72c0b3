package org.qexit.quantum.noise;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.quantum.BatchChecks;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Expectation;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Matrix2;
import org.qexit.quantum.Observable;
import org.qexit.quantum.ParameterShift;
import org.qexit.quantum.Simulator;

/**
 * Noise by quantum trajectories (Dalibard, Castin and Mølmer 1992): after each gate, one Kraus operator K_i is drawn with probability
 * ‖K_i ψ‖² and ψ ← K_i ψ / ‖K_i ψ‖. The mean over trajectories converges to the density matrix as 1/√trajectories. Each call draws the same
 * trajectories again: the result is a function of circuit, inputs and seed.
 */
public final class TrajectorySimulator implements Simulator {
    private final Circuit circuit;
    private final NoiseModel noise;
    private final int trajectories;
    private final long seed;
    private final List<List<Matrix2>> channels;

    private TrajectorySimulator(Circuit circuit, NoiseModel noise, int trajectories, long seed) {
        this.circuit = circuit;
        this.noise = noise;
        this.trajectories = Checks.within("trajectories", trajectories, 1, 1 << 30);
        this.seed = seed;
        this.channels = noise.channels();
    }

    public static TrajectorySimulator of(Circuit circuit, NoiseModel noise, int trajectories, long seed) {
        return new TrajectorySimulator(circuit, noise, trajectories, seed);
    }

    @Override
    public Circuit circuit() {
        return circuit;
    }

    @Override
    public void forward(double[] inputs, double[] theta, int batch, double[] outputs) {
        BatchChecks.forward(circuit, inputs, theta, batch, outputs);
        int in = circuit.inputs();
        int outs = circuit.observables().size();
        SplittableRandom random = RandomStreams.of(seed).stream("trajectories");
        Arrays.fill(outputs, 0, batch * outs, 0);
        for (int s = 0; s < batch; s++) {
            Circuit bound = circuit.bind(Arrays.copyOfRange(inputs, s * in, (s + 1) * in), theta);
            for (int t = 0; t < trajectories; t++) {
                Amplitudes psi = run(bound, random);
                for (int o = 0; o < outs; o++) {
                    outputs[s * outs + o] += value(circuit.observables().get(o), psi) / trajectories;
                }
            }
        }
    }

    private double value(Observable observable, Amplitudes psi) {
        double sum = 0;
        for (Observable.Term term : observable.terms()) {
            sum += term.weight()
                    * DensityMatrixSimulator.readout(noise, term.string())
                    * Expectation.of(Observable.of(term.string()), psi.re, psi.im, 0, psi.re.length);
        }
        return sum;
    }

    private Amplitudes run(Circuit bound, SplittableRandom random) {
        Amplitudes psi = new Amplitudes(bound.qubits());
        for (Gate gate : bound.gates()) {
            psi.apply(gate, 0, false);
            for (List<Matrix2> channel : channels) {
                for (int q : gate.qubits()) {
                    jump(channel, psi, q, random);
                }
            }
        }
        return psi;
    }

    private static void jump(List<Matrix2> channel, Amplitudes psi, int qubit, SplittableRandom random) {
        double draw = random.nextDouble();
        double weight = 0;
        Matrix2 chosen = null;
        for (Matrix2 kraus : channel) {
            double w = psi.weight(kraus, qubit);
            if (w > 0) {
                weight = w;
                chosen = kraus;
                draw -= w;
                if (draw < 0) {
                    break;
                }
            }
        }
        psi.apply(chosen, qubit);
        psi.scale(1 / Math.sqrt(weight));
    }

    @Override
    public void backward(
            double[] inputs, double[] theta, int batch, double[] upstream, double[] gradInputs, double[] gradTheta) {
        ParameterShift.of(circuit, c -> of(c, noise, trajectories, seed))
                .backward(inputs, theta, batch, upstream, gradInputs, gradTheta);
    }
}
