package org.qexit.quantum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.qexit.quantum.Gate.RotationKind;

/**
 * Gradients by the parameter-shift rule: exact for these gates, from expectation values alone, as hardware would measure them.
 *
 * <p>A gate whose generator has two eigenvalues that are 1 apart (RX, RY, RZ, P, CP, RXX, RYY, RZZ):
 *
 * <pre>f' = [f(θ + π/2) - f(θ - π/2)] / 2.</pre>
 *
 * With eigenvalues 0, ±1/2 (CRX, CRY, CRZ, XY; Anselmetti et al. 2021, arXiv 2104.05695):
 *
 * <pre>f' = (√2+1)/(4√2) [f(θ + π/2) - f(θ - π/2)] - (√2-1)/(4√2) [f(θ + 3π/2) - f(θ - 3π/2)].</pre>
 *
 * Each occurrence of an angle is shifted by itself and the results are summed.
 */
public final class ParameterShift {
    private static final double NEAR = (Math.sqrt(2) + 1) / (4 * Math.sqrt(2));
    private static final double FAR = (Math.sqrt(2) - 1) / (4 * Math.sqrt(2));

    private final Circuit circuit;
    private final Simulator unrolled;
    private final List<Angle> angles = new ArrayList<>();
    private final List<RotationKind> kinds = new ArrayList<>();

    private ParameterShift(Circuit circuit, Function<Circuit, Simulator> simulator) {
        this.circuit = circuit;
        List<Gate> gates = new ArrayList<>();
        for (Gate gate : circuit.gates()) {
            if (gate instanceof Gate.Rotation r && !(r.turn() instanceof Angle.Constant)) {
                gates.add(new Gate.Rotation(r.kind(), r.qubits(), Angle.input(angles.size())));
                angles.add(r.turn());
                kinds.add(r.kind());
            } else {
                gates.add(gate);
            }
        }
        this.unrolled = simulator.apply(new Circuit(circuit.qubits(), angles.size(), 0, gates, circuit.observables()));
    }

    /** Uses what {@code simulator} makes for expectation values. */
    public static ParameterShift of(Circuit circuit, Function<Circuit, Simulator> simulator) {
        return new ParameterShift(circuit, simulator);
    }

    /** As {@link Simulator#backward}. */
    public void backward(
            double[] inputs, double[] theta, int batch, double[] upstream, double[] gradInputs, double[] gradTheta) {
        BatchChecks.angles(circuit, inputs, theta, batch);
        BatchChecks.gradients(circuit, batch, upstream, gradInputs, gradTheta);
        int in = circuit.inputs();
        int outs = circuit.observables().size();
        Arrays.fill(gradInputs, 0, batch * in, 0);
        Arrays.fill(gradTheta, 0, circuit.parameters(), 0);
        for (int s = 0; s < batch; s++) {
            double[] sample = Arrays.copyOfRange(inputs, s * in, (s + 1) * in);
            double[] at = angles.stream().mapToDouble(a -> a.of(sample, theta)).toArray();
            double[] weights = Arrays.copyOfRange(upstream, s * outs, (s + 1) * outs);
            for (int a = 0; a < at.length; a++) {
                double derivative = derivative(at, a, weights);
                if (angles.get(a) instanceof Angle.Input input) {
                    gradInputs[s * in + input.index()] += input.factor() * derivative;
                } else if (angles.get(a) instanceof Angle.Parameter p) {
                    gradTheta[p.index()] += p.factor() * derivative;
                }
            }
        }
    }

    private double derivative(double[] at, int which, double[] weights) {
        double near = difference(at, which, Math.PI / 2, weights);
        return switch (kinds.get(which)) {
            case CRX, CRY, CRZ, XY -> NEAR * near - FAR * difference(at, which, 3 * Math.PI / 2, weights);
            default -> near / 2;
        };
    }

    /** Σ_o w_o [f_o(θ + shift) - f_o(θ - shift)]. */
    private double difference(double[] at, int which, double shift, double[] weights) {
        double[] both = Arrays.copyOf(at, 2 * at.length);
        System.arraycopy(at, 0, both, at.length, at.length);
        both[which] += shift;
        both[at.length + which] -= shift;
        double[] outputs = new double[2 * weights.length];
        unrolled.forward(both, new double[0], 2, outputs);
        double sum = 0;
        for (int o = 0; o < weights.length; o++) {
            sum += weights[o] * (outputs[o] - outputs[weights.length + o]);
        }
        return sum;
    }
}
