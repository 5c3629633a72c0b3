package org.qexit.experiment.bench;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.common.ThreadClock;
import org.qexit.common.statistics.Samples;
import org.qexit.quantum.Ansatz;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.statevector.BatchedSimulator;
import org.qexit.quantum.statevector.SimulatorOptions;
import org.qexit.quantum.strange.StrangeSimulator;

/**
 * Times the standard circuit, RY encoding and {@code layers} times [RX RY RZ, CNOT ring], all ⟨Z_i⟩, against Strange. Processor time of the
 * calling thread where it works alone, so that neighbours on the machine disturb little; wall-clock time on several threads.
 */
public final class QuantumBenchmark {
    /** Long enough for the clock and the compiler, short enough for many windows. */
    private static final long WINDOW_NANOS = 10_000_000;

    private static final int WARM_UP_PARTS = 8;

    private final int qubits;
    private final int layers;
    private final int batch;
    private final SimulatorOptions options;

    public QuantumBenchmark(int qubits, int layers, int batch, SimulatorOptions options) {
        this.qubits = qubits;
        this.layers = layers;
        this.batch = Checks.within("batch", batch, 1, 1 << 20);
        this.options = options;
    }

    /**
     * What ran.
     *
     * @param qubits number of qubits
     * @param layers number of layers
     * @param batch samples per call
     * @param threads that worked
     * @param precision double or float
     * @param kernel plain or vector
     */
    public record Setting(int qubits, int layers, int batch, int threads, String precision, String kernel) {}

    /**
     * What was measured, in microseconds per sample.
     *
     * @param setting what ran
     * @param forwardMicrosPerSample least over the windows
     * @param forwardMedianMicrosPerSample median over the windows
     * @param gradientMicrosPerSample forward and full vector-Jacobian product, least over the windows
     * @param gradientMedianMicrosPerSample the same, median
     * @param windows how many there were of each
     * @param strangeMicrosPerSample one forward run of the same circuit in Strange, least over the windows; null if not asked for
     * @param strangeRatio its forward time over ours; null if not asked for
     */
    public record Figures(
            @JsonUnwrapped Setting setting,
            double forwardMicrosPerSample,
            double forwardMedianMicrosPerSample,
            double gradientMicrosPerSample,
            double gradientMedianMicrosPerSample,
            int windows,
            Double strangeMicrosPerSample,
            Double strangeRatio) {}

    /**
     * Runs it.
     *
     * @param seconds for each of forward and gradient, after warming up until nothing gets faster
     * @param withStrange whether Strange runs too
     */
    public Figures run(double seconds, boolean withStrange) {
        Checks.positive("seconds", seconds);
        Circuit circuit = Ansatz.of(qubits, layers).circuit();
        BatchedSimulator simulator = BatchedSimulator.of(circuit, options);
        SplittableRandom random = RandomStreams.of(1).stream("bench/quantum");
        double[] inputs = random.doubles(batch * circuit.inputs(), -3, 3).toArray();
        double[] theta = random.doubles(circuit.parameters(), -3, 3).toArray();
        double[] upstream = random.doubles(batch * qubits, -1, 1).toArray();
        double[] outputs = new double[batch * qubits];
        double[] gradInputs = new double[inputs.length];
        double[] gradTheta = new double[theta.length];
        Runnable forward = () -> simulator.forward(inputs, theta, batch, outputs);
        Runnable gradient = () -> simulator.backward(inputs, theta, batch, upstream, gradInputs, gradTheta);
        // Strange first, so that the compiler knows all code that runs, and ours warmed up right before its windows.
        Double strange = withStrange ? strange(circuit, inputs, theta, seconds) : null;
        warmUp(forward, seconds);
        warmUp(gradient, seconds);
        double[] forwards = windows(forward, batch, seconds);
        double[] gradients = windows(gradient, batch, seconds);
        Setting setting = new Setting(
                qubits,
                layers,
                batch,
                options.threads(),
                options.precision().name().toLowerCase(Locale.ROOT),
                simulator.kernelName());
        return new Figures(
                setting,
                forwards[0],
                Samples.median(forwards),
                gradients[0],
                Samples.median(gradients),
                Math.min(forwards.length, gradients.length),
                strange,
                strange == null ? null : strange / forwards[0]);
    }

    /** Until the compiler has done its best: for twice {@code seconds} no window was faster by a twentieth; at most ten times that. */
    private void warmUp(Runnable work, double seconds) {
        double best = Double.POSITIVE_INFINITY;
        int still = 0;
        for (int i = 0; still < 2 * WARM_UP_PARTS && i < 10 * WARM_UP_PARTS; i++) {
            double now = windows(work, batch, seconds / WARM_UP_PARTS)[0];
            still = now < 0.95 * best ? 0 : still + 1;
            best = Math.min(best, now);
        }
    }

    /** Microseconds per sample of each window, sorted. */
    private double[] windows(Runnable work, int samples, double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        double[] times = new double[16];
        int count = 0;
        int calls = 1;
        while (System.nanoTime() < end || count == 0) {
            long start = now();
            for (int i = 0; i < calls; i++) {
                work.run();
            }
            long spent = now() - start;
            if (spent < WINDOW_NANOS / 2 && calls < 1 << 20) {
                calls *= 2;
                continue;
            }
            double perSample = spent * 1e-3 / calls / samples;
            if (spent > 2 * WINDOW_NANOS) {
                calls = Math.max(1, calls / 2);
            }
            if (count == times.length) {
                times = Arrays.copyOf(times, 2 * count);
            }
            times[count++] = perSample;
        }
        double[] sorted = Arrays.copyOf(times, count);
        Arrays.sort(sorted);
        return sorted;
    }

    private long now() {
        return options.threads() == 1 ? ThreadClock.nanos() : System.nanoTime();
    }

    /** The least of the windows after warm-up windows, as for ours, but no longer: here every call takes long. */
    private double strange(Circuit circuit, double[] inputs, double[] theta, double seconds) {
        StrangeSimulator strange = StrangeSimulator.of(circuit);
        double[] outputs = new double[circuit.qubits()];
        Runnable one = () -> strange.forward(inputs, theta, 1, outputs);
        windows(one, 1, seconds);
        return windows(one, 1, seconds)[0];
    }
}
