package org.qexit.quantum.noise;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.quantum.BatchChecks;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Observable;
import org.qexit.quantum.ParameterShift;
import org.qexit.quantum.Simulator;

/**
 * What a machine would report that measures each Pauli string a finite number of times: with exact value e, the number of outcomes +1 among
 * N is binomial with probability (1+e)/2, and the estimate is 2k/N - 1, with standard deviation √((1-e²)/N). Strings are measured
 * independently of each other. Gradients by parameter shift, from estimates too. Each call goes on drawing from the seed's stream.
 */
public final class ShotSimulator implements Simulator {
    private final Circuit circuit;
    private final Function<Circuit, Simulator> exact;
    private final Simulator terms;
    private final long shots;
    private final SplittableRandom random;

    private ShotSimulator(Circuit circuit, Function<Circuit, Simulator> exact, long shots, SplittableRandom random) {
        this.circuit = circuit;
        this.exact = exact;
        if (shots < 1) {
            throw new IllegalArgumentException("shots is " + shots + "; expected at least 1");
        }
        this.shots = shots;
        this.random = random;
        List<Observable> strings = new ArrayList<>();
        for (Observable observable : circuit.observables()) {
            observable.terms().forEach(term -> strings.add(Observable.of(term.string())));
        }
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
                    double plus = Math.min(1, Math.max(0, (1 + values[at++]) / 2));
                    sum += term.weight() * (2.0 * Binomial.draw(shots, plus, random) / shots - 1);
                }
                outputs[s * outs + o] = sum;
            }
        }
    }

    @Override
    public void backward(
            double[] inputs, double[] theta, int batch, double[] upstream, double[] gradInputs, double[] gradTheta) {
        ParameterShift.of(circuit, c -> new ShotSimulator(c, exact, shots, random))
                .backward(inputs, theta, batch, upstream, gradInputs, gradTheta);
    }
}
