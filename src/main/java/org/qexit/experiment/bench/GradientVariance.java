package org.qexit.experiment.bench;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.common.Checks;
import org.qexit.common.Progress;
import org.qexit.common.RandomStreams;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Ansatz;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Observable;
import org.qexit.quantum.PauliString;
import org.qexit.quantum.statevector.BatchedSimulator;

/**
 * How much of a gradient an ansatz leaves at random angles: over independent draws of θ and x, the sample variance of each
 *
 * <pre>g_j = ∂⟨O⟩/∂θ_j,   Var g_j = Σ_s (g_js − ḡ_j)² / (S − 1),</pre>
 *
 * by the adjoint method. A circuit whose variances fall as 2^-n with the number of qubits n has a barren plateau: McClean et al., Barren
 * plateaus in quantum neural network training landscapes, Nature Communications 9, 4812 (2018). Whether they do depends on depth and on how
 * many qubits O looks at: Cerezo et al., Cost function dependent barren plateaus in shallow parametrized quantum circuits, Nature
 * Communications 12, 1791 (2021).
 */
public final class GradientVariance {
    /** Of the pre-angles z at the model's initialisation, whose inputs are x = π/2 + z [rad]. */
    private static final double PRE_ANGLE_DEVIATION = 0.5;

    private static final int PARTS = 4;
    private static final int BATCH = 64;
    private static final double[] NONE = {};

    private GradientVariance() {}

    /** What is measured. */
    public enum Measured {
        /** Z of one qubit in the middle. */
        LOCAL,
        /** The product of Z on all qubits. */
        GLOBAL;

        Observable on(int qubits) {
            if (this == LOCAL) {
                return Observable.z(qubits / 2);
            }
            PauliString all = PauliString.z(0);
            for (int q = 1; q < qubits; q++) {
                all = all.times(PauliString.z(q));
            }
            return Observable.of(all);
        }
    }

    /** Where the angles are drawn from. */
    public enum Start {
        /** θ and x uniform over the whole circle. */
        UNIFORM,
        /** As models start: θ normal around 0, x around π/2. */
        MODEL
    }

    /**
     * What angles are drawn, and how many.
     *
     * @param angleDeviation standard deviation of θ where models start [rad]
     * @param samples S, independent draws per circuit
     * @param seed of all streams
     */
    public record Draws(double angleDeviation, int samples, long seed) {
        public Draws {
            Checks.within("samples", samples, 8, 1_000_000);
            Checks.nonNegative("angle deviation", angleDeviation);
        }
    }

    /**
     * One circuit and what of it is measured.
     *
     * @param qubits n
     * @param layers of the ansatz
     * @param observable what is measured
     * @param start where the angles are drawn from
     */
    public record Point(int qubits, int layers, Measured observable, Start start) {}

    /**
     * One circuit's variances.
     *
     * @param at the circuit
     * @param samples S, independent draws
     * @param parameters how many g_j there are
     * @param mean of the variances over all j
     * @param greatest of the variances over all j
     * @param first Var g_1, of the RY on qubit 0 in the first layer
     * @param relativeError of the mean: its standard error over itself, from the spread between four parts of the draws
     */
    public record Cell(
            @JsonUnwrapped Point at,
            int samples,
            int parameters,
            double mean,
            double greatest,
            double first,
            double relativeError) {}

    /**
     * How fast the mean variance falls with the number of qubits: least squares of log2 of it over n.
     *
     * @param layers of the ansatz
     * @param observable what is measured
     * @param start where the angles are drawn from
     * @param perQubit the slope; −1 means half of the variance is lost with every qubit. Null where a variance is 0
     */
    public record Slope(int layers, Measured observable, Start start, Double perQubit) {}

    /** Everything measured, in the order layers, observable, start, qubits. */
    public record Report(
            Ansatz.Encoding encoding,
            Ansatz.Entangler entangler,
            boolean reupload,
            List<Cell> cells,
            List<Slope> slopes) {}

    /**
     * Measures an ansatz at all numbers of qubits and layers.
     *
     * @param family encoding, entangler and re-uploading
     */
    public static Report of(Ansatz family, List<Integer> qubits, List<Integer> layers, Draws draws) {
        List<Cell> cells = new ArrayList<>();
        List<Slope> slopes = new ArrayList<>();
        long work = 0;
        for (int n : qubits) {
            Checks.within("qubits", n, 1, 16);
            for (int l : layers) {
                Checks.within("layers", l, 1, 1000);
                work += cost(n, l);
            }
        }
        try (Progress progress =
                Progress.start("gradient variances", work * Measured.values().length * Start.values().length)) {
            for (int l : layers) {
                for (Measured measured : Measured.values()) {
                    for (Start start : Start.values()) {
                        List<Cell> row = new ArrayList<>();
                        for (int n : qubits) {
                            Ansatz ansatz = new Ansatz(n, l, family.encoding(), family.entangler(), family.reupload());
                            row.add(cell(ansatz, measured, start, draws));
                            progress.step(cost(n, l));
                        }
                        cells.addAll(row);
                        if (qubits.stream().distinct().count() > 1) {
                            slopes.add(new Slope(l, measured, start, slope(row)));
                        }
                    }
                }
            }
        }
        return new Report(family.encoding(), family.entangler(), family.reupload(), cells, slopes);
    }

    private static long cost(int qubits, int layers) {
        return (long) layers * qubits << qubits;
    }

    /** One circuit; its draws come from a stream named after it. */
    static Cell cell(Ansatz ansatz, Measured measured, Start start, Draws draws) {
        int n = ansatz.qubits();
        int samples = draws.samples();
        Circuit circuit = ansatz.circuit().withObservables(List.of(measured.on(n)));
        SplittableRandom stream =
                RandomStreams.of(draws.seed()).stream("variance/" + n + "x" + ansatz.layers() + "/" + start);
        double[][] gradients = gradients(circuit, start, draws.angleDeviation(), samples, stream);
        int parameters = ansatz.parameters();
        double sum = 0;
        double greatest = 0;
        double[] ofParts = new double[PARTS];
        double first = 0;
        for (int j = 0; j < parameters; j++) {
            double variance = variance(gradients, j, 0, samples);
            sum += variance;
            greatest = Math.max(greatest, variance);
            first = j == 1 ? variance : first;
            for (int p = 0; p < PARTS; p++) {
                ofParts[p] += variance(gradients, j, samples * p / PARTS, samples * (p + 1) / PARTS) / parameters;
            }
        }
        double mean = sum / parameters;
        double spread = 0;
        double centre = (ofParts[0] + ofParts[1] + ofParts[2] + ofParts[3]) / PARTS;
        for (double part : ofParts) {
            spread += (part - centre) * (part - centre);
        }
        double error = Math.sqrt(spread / (PARTS - 1) / PARTS);
        Point at = new Point(n, ansatz.layers(), measured, start);
        return new Cell(at, samples, parameters, mean, greatest, first, mean > 0 ? error / mean : 0);
    }

    /** g_j of every draw, {@code [draw][parameter]}, of a circuit with one observable. */
    static double[][] gradients(
            Circuit circuit, Start start, double angleDeviation, int samples, SplittableRandom stream) {
        BatchedSimulator simulator = BatchedSimulator.of(allInputs(circuit));
        int parameters = circuit.parameters();
        int inputs = parameters + circuit.inputs();
        double[][] gradients = new double[samples][];
        double[] angles = new double[BATCH * inputs];
        double[] toAngles = new double[BATCH * inputs];
        double[] ones = new double[BATCH];
        Arrays.fill(ones, 1);
        for (int from = 0; from < samples; from += BATCH) {
            int batch = Math.min(BATCH, samples - from);
            for (int i = 0; i < batch * inputs; i++) {
                boolean theta = i % inputs < parameters;
                angles[i] = start == Start.UNIFORM
                        ? stream.nextDouble(2 * Math.PI)
                        : (theta ? 0 : Math.PI / 2)
                                + (theta ? angleDeviation : PRE_ANGLE_DEVIATION) * stream.nextGaussian();
            }
            simulator.backward(angles, NONE, batch, ones, toAngles, NONE);
            for (int s = 0; s < batch; s++) {
                gradients[from + s] = Arrays.copyOfRange(toAngles, s * inputs, s * inputs + parameters);
            }
        }
        return gradients;
    }

    /** The circuit with θ as its first inputs and x behind them, so that one batch may differ in all angles. */
    static Circuit allInputs(Circuit circuit) {
        Circuit.Builder builder = Circuit.builder(circuit.qubits())
                .inputs(circuit.parameters() + circuit.inputs())
                .observe(circuit.observables());
        for (Gate gate : circuit.gates()) {
            Angle angle = gate.angle().orElse(null);
            if (angle instanceof Angle.Parameter p) {
                builder.add(Gate.of(rotation(gate), new Angle.Input(p.index(), p.factor()), qubits(gate)));
            } else if (angle instanceof Angle.Input in) {
                int index = circuit.parameters() + in.index();
                builder.add(Gate.of(rotation(gate), new Angle.Input(index, in.factor()), qubits(gate)));
            } else {
                builder.add(gate);
            }
        }
        return builder.build();
    }

    private static Gate.RotationKind rotation(Gate gate) {
        return ((Gate.Rotation) gate).kind();
    }

    private static Integer[] qubits(Gate gate) {
        return gate.qubits().toArray(Integer[]::new);
    }

    private static double variance(double[][] gradients, int parameter, int from, int to) {
        double mean = 0;
        for (int s = from; s < to; s++) {
            mean += gradients[s][parameter] / (to - from);
        }
        double sum = 0;
        for (int s = from; s < to; s++) {
            double off = gradients[s][parameter] - mean;
            sum += off * off;
        }
        return sum / (to - from - 1);
    }

    /** Least squares of log2 of the mean variance over the number of qubits. */
    static Double slope(List<Cell> row) {
        if (row.stream().anyMatch(c -> !(c.mean() > 0))) {
            return null;
        }
        double n = row.size();
        double meanX = row.stream().mapToDouble(c -> c.at().qubits()).sum() / n;
        double meanY = row.stream().mapToDouble(c -> log2(c.mean())).sum() / n;
        double xy = 0;
        double xx = 0;
        for (Cell cell : row) {
            xy += (cell.at().qubits() - meanX) * (log2(cell.mean()) - meanY);
            xx += (cell.at().qubits() - meanX) * (cell.at().qubits() - meanX);
        }
        return xy / xx;
    }

    static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}
