package org.qexit.quantum.statevector;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.qexit.quantum.BatchChecks;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Simulator;
import org.qexit.quantum.statevector.SimulatorOptions.Precision;

/**
 * State-vector simulation of whole batches with exact adjoint gradients. The batch is cut into tiles of neighbouring samples that do not
 * depend on the number of threads, and sums over the batch are taken in the order of the tiles, so results do not depend on it either. After
 * the first call of a size, nothing is allocated per call.
 */
public final class BatchedSimulator implements Simulator {
    /** Of the heap, for amplitudes; the rest is the program's. */
    private static final double MEMORY_SHARE = 0.7;

    /** Beyond, the tables of the permutations weigh as much as the states. */
    private static final int MOST_LAYERED_QUBITS = 20;

    private final Circuit circuit;
    private final SimulatorOptions options;
    private final boolean narrow;
    private final Plan plan;
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
        Plan layered = !layers || circuit.qubits() > MOST_LAYERED_QUBITS
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

    /** Double precision, one thread, the fastest kernels there are. */
    public static BatchedSimulator of(Circuit circuit) {
        return of(circuit, SimulatorOptions.DEFAULT);
    }

    /** @throws IllegalArgumentException if the state is too large for the memory of this JVM, or the kernels asked for are not there */
    public static BatchedSimulator of(Circuit circuit, SimulatorOptions options) {
        return new BatchedSimulator(circuit, options, true);
    }

    /** Gate by gate, even where the circuit is made of layers: to check the one against the other. */
    static BatchedSimulator gateByGate(Circuit circuit, SimulatorOptions options) {
        return new BatchedSimulator(circuit, options, false);
    }

    private long bytes(Plan wanted, int tile) {
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
        if (sums.length < Math.max(1, tiles) * perTile) {
            sums = new double[Math.max(1, tiles) * perTile];
        }
        Arrays.fill(sums, 0, Math.min(sums.length, perTile), 0);
        this.upstream = upstream;
        this.gradInputs = gradInputs;
        plan.prepare(theta);
        run(backward, inputs, batch);
        for (int t = 1; t < tiles; t++) {
            for (int j = 0; j < perTile; j++) {
                sums[j] += sums[t * perTile + j];
            }
        }
        plan.finish(sums, gradTheta);
    }

    /** The final amplitudes: {@code re[sample][k]}, {@code im[sample][k]}, k = 0 … 2^n - 1. */
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

    /** |amplitude|² of every basis state: {@code probabilities[sample][k]}. */
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
