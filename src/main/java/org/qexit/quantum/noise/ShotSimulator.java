package org.qexit.quantum.noise;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.quantum.Angle;
import org.qexit.quantum.BatchChecks;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Observable;
import org.qexit.quantum.ParameterShift;
import org.qexit.quantum.Simulator;
import org.qexit.quantum.statevector.BatchedSimulator;

/**
 * What a machine would report that measures each Pauli string a finite number of times: with exact value e, the number of outcomes +1 among
 * N is binomial with probability (1+e)/2, and the estimate is 2k/N - 1, with standard deviation √((1-e²)/N). Strings are measured
 * independently of each other. Each call goes on drawing from the seed's stream.
 *
 * <p>Gradients are what the parameter-shift rule gives on such a machine: each angle a quarter turn up and down, every string measured N times
 * in each, so unbiased, with the machine's own spread. Up to {@value DensityMatrixSimulator#MAX_QUBITS} qubits (and where all trained angles are
 * those of RX, RY, RZ, P, RXX, RYY and RZZ) the exact values of all these circuits come from one adjoint pass per string, and only the outcomes
 * are drawn; else circuit by circuit.
 */
public final class ShotSimulator implements Simulator {
    /** As many states are kept at once. */
    private static final int MOST_STRINGS = 16;

    private final Circuit circuit;
    private final Function<Circuit, Simulator> exact;
    private final Simulator terms;
    private final long shots;
    private final SplittableRandom random;
    private final int[] outputOf;
    private final double[] weights;
    private DensityMatrixSimulator shifting;

    private ShotSimulator(Circuit circuit, Function<Circuit, Simulator> exact, long shots, SplittableRandom random) {
        this.circuit = circuit;
        this.exact = exact;
        if (shots < 1) {
            throw new IllegalArgumentException("shots is " + shots + "; expected at least 1");
        }
        this.shots = shots;
        this.random = random;
        List<Observable> strings = new ArrayList<>();
        List<Observable.Term> all = new ArrayList<>();
        List<Integer> outputs = new ArrayList<>();
        for (int o = 0; o < circuit.observables().size(); o++) {
            for (Observable.Term term : circuit.observables().get(o).terms()) {
                strings.add(Observable.of(term.string()));
                all.add(term);
                outputs.add(o);
            }
        }
        this.outputOf = outputs.stream().mapToInt(Integer::intValue).toArray();
        this.weights = all.stream().mapToDouble(Observable.Term::weight).toArray();
        this.terms = exact.apply(circuit.withObservables(strings));
    }

    /** Uses what {@code exact} makes for the exact values. */
    public static ShotSimulator of(Circuit circuit, Function<Circuit, Simulator> exact, long shots, long seed) {
        return new ShotSimulator(
                circuit, Checks.present("simulator", exact), shots, RandomStreams.of(seed).stream("shots"));
    }

    @Override
    public Circuit circuit() {
        return circuit;
    }

    @Override
    public void forward(double[] inputs, double[] theta, int batch, double[] outputs) {
        BatchChecks.forward(circuit, inputs, theta, batch, outputs);
        int strings = terms.circuit().observables().size();
        double[] values = new double[batch * strings];
        terms.forward(inputs, theta, batch, values);
        int at = 0;
        int outs = circuit.observables().size();
        for (int s = 0; s < batch; s++) {
            for (int o = 0; o < outs; o++) {
                double sum = 0;
                for (Observable.Term term : circuit.observables().get(o).terms()) {
                    sum += term.weight() * estimate(values[at++]);
                }
                outputs[s * outs + o] = sum;
            }
        }
    }

    @Override
    public void backward(
            double[] inputs, double[] theta, int batch, double[] upstream, double[] gradInputs, double[] gradTheta) {
        DensityMatrixSimulator all = shifting();
        if (all == null) {
            ParameterShift.of(circuit, c -> new ShotSimulator(c, exact, shots, random))
                    .backward(inputs, theta, batch, upstream, gradInputs, gradTheta);
            return;
        }
        BatchChecks.angles(circuit, inputs, theta, batch);
        BatchChecks.gradients(circuit, batch, upstream, gradInputs, gradTheta);
        int in = circuit.inputs();
        int outs = circuit.observables().size();
        Arrays.fill(gradInputs, 0, batch * in, 0);
        Arrays.fill(gradTheta, 0, circuit.parameters(), 0);
        List<Angle> turns = all.turns();
        all.shifted(inputs, theta, batch, (sample, turn, string, above, below) -> {
            double weight = upstream[sample * outs + outputOf[string]] * weights[string];
            double derivative = weight * (estimate(above) - estimate(below)) / 2;
            if (turns.get(turn) instanceof Angle.Input input) {
                gradInputs[sample * in + input.index()] += input.factor() * derivative;
            } else if (turns.get(turn) instanceof Angle.Parameter p) {
                gradTheta[p.index()] += p.factor() * derivative;
            }
        });
    }

    /** What gives the exact values of all shifted circuits at once; null where nothing does. */
    private DensityMatrixSimulator shifting() {
        if (shifting == null) {
            if (terms instanceof DensityMatrixSimulator noisy) {
                shifting = noisy;
            } else if (terms instanceof BatchedSimulator && circuit.qubits() <= DensityMatrixSimulator.MAX_QUBITS) {
                shifting = DensityMatrixSimulator.of(terms.circuit(), NoiseModel.NONE);
            }
        }
        boolean few = terms.circuit().observables().size() <= MOST_STRINGS;
        return shifting != null && few && shifting.shifts() ? shifting : null;
    }

    private double estimate(double value) {
        double plus = Math.min(1, Math.max(0, (1 + value) / 2));
        return 2.0 * Binomial.draw(shots, plus, random) / shots - 1;
    }
}
