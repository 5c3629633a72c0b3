package org.qexit.quantum.lab;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.CircuitFile;
import org.qexit.quantum.shots.OutcomeDistribution;
import org.qexit.quantum.shots.OutcomeSampler;
import org.qexit.quantum.statevector.BatchedSimulator;

/**
 * What a case's qubits are at the end. Basis states are bit strings, qubit n-1 first, so that the last bit is qubit 0.
 *
 * @param name of the case
 * @param qubits n
 * @param state amplitudes {@code [sample][k][re, im]}, with the phase that the gates' matrices give it; null if not asked for
 * @param probabilities {@code [sample][k]}; null if not asked for
 * @param counts how many shots showed a bit string, those that none showed left out, {@code [sample]}; null if not asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Outcomes(
        String name, int qubits, double[][][] state, double[][] probabilities, List<Map<String, Long>> counts) {
    /** Beyond it a list is no longer read by anyone. */
    public static final int MAX_QUBITS = 16;

    /** What is wanted. */
    public record Wanted(boolean state, boolean probabilities, boolean counts) {
        public boolean any() {
            return state || probabilities || counts;
        }
    }

    /** @throws IllegalArgumentException for too many qubits, or the state of a machine with noise, or counts without shots */
    public static Outcomes of(CircuitFile.Case c, SimulatorChoice choice, Wanted wanted) {
        c.checkAngles();
        Circuit circuit = c.circuit();
        Checks.within("qubits (of outcomes)", circuit.qubits(), 1, MAX_QUBITS);
        if (wanted.state() && !choice.isPure()) {
            throw new IllegalArgumentException(
                    "--state with noise or another simulator; expected the state vector alone. Maybe ask for --probabilities");
        }
        if (wanted.counts() && choice.shots() == 0) {
            throw new IllegalArgumentException("--counts without --shots; expected how many, such as --shots 1000");
        }
        int batch = c.x().length;
        int outcomes = 1 << circuit.qubits();
        double[] probabilities = new double[batch * outcomes];
        double[][][] state = null;
        if (choice.isPure()) {
            BatchedSimulator simulator = BatchedSimulator.of(circuit, choice.options());
            double[] re = new double[probabilities.length];
            double[] im = new double[probabilities.length];
            simulator.state(c.flatInputs(), c.theta(), batch, re, im);
            for (int i = 0; i < re.length; i++) {
                probabilities[i] = re[i] * re[i] + im[i] * im[i];
            }
            state = wanted.state() ? amplitudes(re, im, batch, outcomes) : null;
        } else {
            OutcomeDistribution.of(circuit, choice::exact).of(c.flatInputs(), c.theta(), batch, probabilities);
        }
        double[][] rows = new double[batch][];
        Arrays.setAll(rows, s -> Arrays.copyOfRange(probabilities, s * outcomes, (s + 1) * outcomes));
        List<Map<String, Long>> counts = null;
        if (wanted.counts()) {
            counts = new ArrayList<>();
            SplittableRandom random = RandomStreams.of(choice.seed()).stream("counts/" + c.name());
            for (double[] row : rows) {
                counts.add(counts(row, choice.shots(), circuit.qubits(), random));
            }
        }
        return new Outcomes(c.name(), circuit.qubits(), state, wanted.probabilities() ? rows : null, counts);
    }

    private static double[][][] amplitudes(double[] re, double[] im, int batch, int outcomes) {
        double[][][] state = new double[batch][outcomes][];
        for (int s = 0; s < batch; s++) {
            for (int k = 0; k < outcomes; k++) {
                state[s][k] = new double[] {re[s * outcomes + k], im[s * outcomes + k]};
            }
        }
        return state;
    }

    private static Map<String, Long> counts(double[] probabilities, long shots, int qubits, SplittableRandom random) {
        OutcomeSampler sampler = new OutcomeSampler(probabilities, 0, probabilities.length);
        long[] seen = new long[probabilities.length];
        for (long shot = 0; shot < shots; shot++) {
            seen[sampler.draw(random)]++;
        }
        Map<String, Long> counts = new TreeMap<>();
        for (int k = 0; k < seen.length; k++) {
            if (seen[k] > 0) {
                counts.put(bits(k, qubits), seen[k]);
            }
        }
        return counts;
    }

    /** The bit string of a basis state. */
    public static String bits(int k, int qubits) {
        StringBuilder bits = new StringBuilder();
        for (int q = qubits - 1; q >= 0; q--) {
            bits.append((k >> q & 1) == 1 ? '1' : '0');
        }
        return bits.toString();
    }
}
