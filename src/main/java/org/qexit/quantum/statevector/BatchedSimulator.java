package org.qexit.quantum.statevector;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.qexit.common.Team;
import org.qexit.quantum.BatchChecks;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Simulator;
import org.qexit.quantum.statevector.SimulatorOptions.Precision;

/**
 * State-vector simulation of whole batches with exact adjoint gradients (Jones and Gacon 2020, arXiv 2009.02823). Angles are in radians;
 * arrays are flat, one sample after another, as {@link Simulator} says.
 *
 * <pre>{@code
 * Circuit circuit = Ansatz.of(2, 1).circuit(); // 2 inputs, 6 parameters, ⟨Z_0⟩ and ⟨Z_1⟩
 * BatchedSimulator simulator = BatchedSimulator.of(circuit, SimulatorOptions.DEFAULT.withThreads(2));
 * double[] inputs = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6}; // [3 samples][2 inputs]
 * double[] theta = new double[circuit.parameters()];
 * double[] outputs = new double[3 * 2]; // [3 samples][2 observables]
 * simulator.forward(inputs, theta, 3, outputs);
 * double[] upstream = {1, 1, 1, 1, 1, 1}; // ∂L/∂outputs of L = the sum of all outputs
 * double[] gradInputs = new double[inputs.length];
 * double[] gradTheta = new double[theta.length];
 * simulator.backward(inputs, theta, 3, upstream, gradInputs, gradTheta);
 * }</pre>
 *
 * <p>Cost of a call with n qubits and G gates: at most O(batch · G · 2^n) operations, about three times as many backward as forward
 * whatever the number of parameters; memory of 2^n complex amplitudes per thread, sample of a tile and layer (two in all where the circuit
 * is not made of layers), kept between calls. After the first call of a size, nothing is allocated per call.
 *
 * <p>Every sum is taken in an order of its own, whoever works on it, and a product is added by one rounding where the definition says so, with
 * vectors as without. So results do not depend on the number of threads, the kernels, or the width of the processor's vectors, bit for bit (while
 * the states of one tile fit into memory). Not safe for several callers at a time; the threads of a call are its own affair.
 */
public final class BatchedSimulator implements Simulator {
    /** Of the heap, for amplitudes; the rest is the program's. */
    private static final double MEMORY_SHARE = 0.7;

    /** Beyond, the tables of the permutations weigh as much as the states. */
    private static final int MOST_LAYERED_QUBITS = 20;

    private final Circuit circuit;
    private final SimulatorOptions options;
    private final boolean narrow;
    private final CircuitPlan plan;
    private final GeneralPlan general;
    private final TileEngine[] engines;
    private final GeneralPlan.Engine[] generalEngines;
    private final int width;
    private double[] sums = new double[0];

    // The call in progress, for the threads that work on it.
    private final Team.Job forward = this::forwardTiles;
    private final Team.Job backward = this::backwardTiles;
    private final AtomicInteger nextTile = new AtomicInteger();
    private int batch;
    private double[] inputs;
    private double[] outputs;
    private double[] upstream;
    private double[] gradInputs;

    private BatchedSimulator(Circuit circuit, SimulatorOptions options, boolean layers) {
        this.circuit = circuit;
        this.options = options;
        this.general = new GeneralPlan(circuit);
        int wide = KernelFactory.create(options).width();
        CircuitPlan layered = !layers || circuit.qubits() > MOST_LAYERED_QUBITS
                ? null
                : LayeredPlan.of(circuit, wide).orElse(null);
        if (layered != null && bytes(layered, wide) <= budget()) {
            this.plan = layered;
            this.narrow = false;
        } else {
            this.plan = general;
            this.narrow = bytes(general, wide) > budget();
            if (narrow && bytes(general, 1) > budget()) {
                throw new IllegalArgumentException(circuit.qubits() + " qubits on " + options.threads()
                        + " thread(s) need "
                        + (bytes(general, 1) >> 20) + " MiB for one sample each; expected at most " + (budget() >> 20)
                        + " MiB. Maybe give the JVM more heap (-Xmx), or use fewer threads or single precision");
            }
        }
        this.engines = new TileEngine[options.threads()];
        this.generalEngines = new GeneralPlan.Engine[options.threads()];
        this.width = narrow ? 1 : wide;
    }

    /**
     * In double precision on one thread, with the fastest kernels there are.
     *
     * @throws IllegalArgumentException if the state is too large for the memory of this JVM
     */
    public static BatchedSimulator of(Circuit circuit) {
        return of(circuit, SimulatorOptions.DEFAULT);
    }

    /**
     * As the options say.
     *
     * @throws IllegalArgumentException if the states of all threads are too large for the memory of this JVM, or the kernels asked for are
     *     not there
     */
    public static BatchedSimulator of(Circuit circuit, SimulatorOptions options) {
        return new BatchedSimulator(circuit, options, true);
    }

    /** Gate by gate, even where the circuit is made of layers: to check the one against the other. */
    static BatchedSimulator gateByGate(Circuit circuit, SimulatorOptions options) {
        return new BatchedSimulator(circuit, options, false);
    }

    private long bytes(CircuitPlan wanted, int tile) {
        long numbers = 2L * tile * (1L << circuit.qubits()) * 33 / 32;
        return numbers * (options.precision() == Precision.DOUBLE ? 8 : 4) * wanted.states() * options.threads();
    }

    private static long budget() {
        return (long) (MEMORY_SHARE * Runtime.getRuntime().maxMemory());
    }

    @Override
    public Circuit circuit() {
        return circuit;
    }

    /** "vector" or "plain": the inner loops that run. */
    public String kernelName() {
        return !narrow && KernelFactory.vector(options) ? "vector" : "plain";
    }

    @Override
    public void forward(double[] inputs, double[] theta, int batch, double[] outputs) {
        BatchChecks.forward(circuit, inputs, theta, batch, outputs);
        this.outputs = outputs;
        plan.prepare(theta);
        run(forward, inputs, batch);
    }

    @Override
    public void backward(
            double[] inputs, double[] theta, int batch, double[] upstream, double[] gradInputs, double[] gradTheta) {
        BatchChecks.angles(circuit, inputs, theta, batch);
        BatchChecks.gradients(circuit, batch, upstream, gradInputs, gradTheta);
        int perTile = plan.sums();
        int tiles = tiles(batch);
        int rounded = Lanes.rounded(tiles, width);
        if (sums.length < rounded * perTile) {
            sums = new double[rounded * perTile];
        }
        // Tiles that are not there count as 0; those that are write all of their sums.
        Arrays.fill(sums, tiles * perTile, rounded * perTile, 0);
        this.upstream = upstream;
        this.gradInputs = gradInputs;
        plan.prepare(theta);
        run(backward, inputs, batch);
        Lanes.addTiles(sums, tiles, width, perTile);
        plan.finish(sums, gradTheta);
    }

    /**
     * The final amplitudes, {@code re[sample][k]} and {@code im[sample][k]} for k = 0 … 2^n - 1, gate by gate on the calling thread,
     * with the phase that the gates' matrices give it.
     *
     * @param inputs {@code [sample][input]} [rad]
     * @param theta {@code [parameter]} [rad]
     * @param batch number of samples, 0 or more
     * @param re real parts, overwritten; at least batch · 2^n long, as {@code im}
     * @param im imaginary parts, overwritten
     * @throws IllegalArgumentException if an array is too short or an angle is not finite
     */
    public void state(double[] inputs, double[] theta, int batch, double[] re, double[] im) {
        BatchChecks.angles(circuit, inputs, theta, batch);
        BatchChecks.length("re", re, (long) batch << circuit.qubits());
        BatchChecks.length("im", im, (long) batch << circuit.qubits());
        general.prepare(theta);
        GeneralPlan.Engine engine = generalEngine(0);
        for (int first = 0; first < batch; first += width) {
            engine.state(inputs, first, Math.min(width, batch - first), re, im);
        }
    }

    /**
     * |amplitude|² of every basis state, {@code probabilities[sample][k]}, from {@link #state}; allocates as much again.
     *
     * @param inputs {@code [sample][input]} [rad]
     * @param theta {@code [parameter]} [rad]
     * @param batch number of samples, 0 or more
     * @param probabilities overwritten; at least batch · 2^n long
     * @throws IllegalArgumentException if an array is too short or an angle is not finite
     */
    public void probabilities(double[] inputs, double[] theta, int batch, double[] probabilities) {
        BatchChecks.length("probabilities", probabilities, (long) batch << circuit.qubits());
        double[] im = new double[batch << circuit.qubits()];
        state(inputs, theta, batch, probabilities, im);
        for (int i = 0; i < im.length; i++) {
            probabilities[i] = probabilities[i] * probabilities[i] + im[i] * im[i];
        }
    }

    private void run(Team.Job job, double[] samples, int count) {
        inputs = samples;
        batch = count;
        nextTile.set(0);
        try {
            Team.run(Math.max(1, Math.min(options.threads(), tiles(count))), job);
        } finally {
            inputs = null;
            outputs = null;
            upstream = null;
            gradInputs = null;
        }
    }

    private void forwardTiles(int member) {
        TileEngine engine = engine(member);
        for (int first = nextTile.getAndIncrement() * width;
                first < batch;
                first = nextTile.getAndIncrement() * width) {
            engine.forward(inputs, first, Math.min(width, batch - first), outputs);
        }
    }

    private void backwardTiles(int member) {
        TileEngine engine = engine(member);
        for (int tile = nextTile.getAndIncrement(); tile * width < batch; tile = nextTile.getAndIncrement()) {
            int first = tile * width;
            int count = Math.min(width, batch - first);
            engine.backward(inputs, first, count, upstream, gradInputs, sums, tile * plan.sums());
        }
    }

    private int tiles(int count) {
        return (count + width - 1) / width;
    }

    private TileEngine engine(int member) {
        if (plan == general) {
            return generalEngine(member);
        }
        if (engines[member] == null) {
            engines[member] = plan.engine(KernelFactory.create(options));
        }
        return engines[member];
    }

    private GeneralPlan.Engine generalEngine(int member) {
        if (generalEngines[member] == null) {
            generalEngines[member] =
                    general.engine(narrow ? KernelFactory.narrow(options) : KernelFactory.create(options));
        }
        return generalEngines[member];
    }
}
