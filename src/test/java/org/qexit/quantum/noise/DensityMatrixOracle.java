package org.qexit.quantum.noise;

import java.util.Arrays;
import java.util.List;
import org.qexit.quantum.BatchChecks;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Matrix2;
import org.qexit.quantum.Observable;
import org.qexit.quantum.ParameterShift;
import org.qexit.quantum.PauliString;
import org.qexit.quantum.Simulator;

/**
 * The definition of {@link DensityMatrixSimulator}, gate by gate and Kraus operator by Kraus operator: ρ ← Σ_i K_i ρ K_i†. The matrix is kept as a vector of 2n qubits, ρ[r, c] at index r + 2^n c, so that A ρ A† is A on the
 * low qubits and its conjugate on the high ones. 4^n amplitudes per sample.
 */
final class DensityMatrixOracle implements Simulator {
    /** 4^7 amplitudes pass in a millisecond; beyond, trajectories are the better tool. */
    public static final int MAX_QUBITS = 7;

    private final Circuit circuit;
    private final NoiseModel noise;
    private final List<List<Matrix2>> channels;

    private DensityMatrixOracle(Circuit circuit, NoiseModel noise) {
        if (circuit.qubits() > MAX_QUBITS) {
            throw new IllegalArgumentException("density matrix of " + circuit.qubits() + " qubits; expected at most "
                    + MAX_QUBITS + ". Maybe use trajectories");
        }
        this.circuit = circuit;
        this.noise = noise;
        this.channels = noise.channels();
    }

    public static DensityMatrixOracle of(Circuit circuit, NoiseModel noise) {
        return new DensityMatrixOracle(circuit, noise);
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
        for (int s = 0; s < batch; s++) {
            Amplitudes rho = run(circuit.bind(Arrays.copyOfRange(inputs, s * in, (s + 1) * in), theta));
            for (int o = 0; o < outs; o++) {
                outputs[s * outs + o] = expectation(rho, circuit.observables().get(o));
            }
        }
    }

    private Amplitudes run(Circuit bound) {
        int n = bound.qubits();
        Amplitudes rho = new Amplitudes(2 * n);
        for (Gate gate : bound.gates()) {
            rho.apply(gate, 0, false);
            rho.apply(gate, n, true);
            for (List<Matrix2> channel : channels) {
                for (int q : gate.qubits()) {
                    apply(channel, rho, q, n);
                }
            }
        }
        return rho;
    }

    private static void apply(List<Matrix2> channel, Amplitudes rho, int qubit, int n) {
        double[] re = rho.re.clone();
        double[] im = rho.im.clone();
        double[] sumRe = new double[re.length];
        double[] sumIm = new double[re.length];
        for (Matrix2 kraus : channel) {
            System.arraycopy(re, 0, rho.re, 0, re.length);
            System.arraycopy(im, 0, rho.im, 0, im.length);
            rho.apply(kraus, qubit);
            rho.apply(Amplitudes.conjugate(kraus), n + qubit);
            for (int k = 0; k < re.length; k++) {
                sumRe[k] += rho.re[k];
                sumIm[k] += rho.im[k];
            }
        }
        System.arraycopy(sumRe, 0, rho.re, 0, re.length);
        System.arraycopy(sumIm, 0, rho.im, 0, im.length);
    }

    /** tr(Oρ) = Σ_k ⟨k|Pρ|k⟩, with P|k⟩ = phase |k ^ x⟩: the element ρ[k, k ^ x]. */
    private double expectation(Amplitudes rho, Observable observable) {
        int n = circuit.qubits();
        double sum = 0;
        for (Observable.Term term : observable.terms()) {
            PauliString p = term.string();
            double re = 0;
            double im = 0;
            for (int k = 0; k < 1 << n; k++) {
                int sign = 1 - 2 * (Integer.bitCount(k & p.zMask()) & 1);
                int at = k + ((k ^ p.xMask()) << n);
                re += sign * rho.re[at];
                im += sign * rho.im[at];
            }
            double value = switch (p.yCount() & 3) {
                case 0 -> re;
                case 1 -> -im;
                case 2 -> -re;
                default -> im;
            };
            sum += term.weight() * value * readout(noise, p);
        }
        return sum;
    }

    /** What readout errors leave of a Pauli string. */
    static double readout(NoiseModel noise, PauliString string) {
        return Math.pow(1 - 2 * noise.readoutError(), Integer.bitCount(string.xMask() | string.zMask()));
    }

    @Override
    public void backward(
            double[] inputs, double[] theta, int batch, double[] upstream, double[] gradInputs, double[] gradTheta) {
        ParameterShift.of(circuit, c -> of(c, noise)).backward(inputs, theta, batch, upstream, gradInputs, gradTheta);
    }
}
