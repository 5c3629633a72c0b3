package org.qexit.quantum.statevector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Observable;

/**
 * Circuits whose rotations all act on single qubits, with fixed entanglers between: layers of rotations. The neighbouring gates on a
 * qubit become one {@link Run}; the first run of each qubit acts on |0⟩, so the state begins as a product of n vectors; every later run is
 * real rotations about y ({@link Layer}) with diagonal matrices around them, and those merge with the entanglers' permutation ({@link
 * Monomial}). Three numbers per qubit and layer, Im⟨λ|X|ψ⟩, Im⟨λ|Y|ψ⟩, Im⟨λ|Z|ψ⟩, give the derivatives of all its angles ({@link Segment}).
 */
final class LayeredPlan implements CircuitPlan {
    final Circuit circuit;
    final int qubits;
    /** The first run of each qubit. */
    final Run[] product;

    final List<Layer> layers = new ArrayList<>();
    /** Before the first layer, or all there is without layers. */
    final Monomial first;
    /** After the last layer; null if there are no layers. */
    final Monomial last;
    /** Whether the outputs are exactly ⟨Z_0⟩ … ⟨Z_{n-1}⟩. */
    final boolean allZ;
    /** Number of angles that differ from sample to sample. */
    final int turns;

    private final List<Segment> segments = new ArrayList<>();
    /** How many of the segments, the first ones, belong to the product. */
    private final int inProduct;

    private double[] theta;

    /** The circuit as layers, if it is made of them. */
    static Optional<LayeredPlan> of(Circuit circuit, int width) {
        for (Gate gate : circuit.gates()) {
            if (gate instanceof Gate.Rotation && gate.qubits().size() > 1) {
                return Optional.empty();
            }
        }
        LayeredPlan plan = new LayeredPlan(circuit, width);
        return plan.separable() || plan.qubits >= 2 ? Optional.of(plan) : Optional.empty();
    }

    private LayeredPlan(Circuit circuit, int width) {
        this.circuit = circuit;
        this.qubits = circuit.qubits();
        this.allZ = circuit.observables().equals(Observable.allZ(qubits));
        Schedule schedule = new Schedule(circuit);
        this.turns = schedule.rows;
        this.product = schedule.runs.get(0);
        Arrays.stream(product).forEach(run -> segments.addAll(run.segments()));
        segments.removeIf(Segment::isEmpty);
        this.inProduct = segments.size();
        Monomial pending = new Monomial(qubits);
        schedule.entanglers.get(0).forEach(pending::append);
        for (int level = 1; level < schedule.runs.size(); level++) {
            pending = addLayers(schedule.runs.get(level), pending);
            schedule.entanglers.get(level).forEach(pending::append);
        }
        this.first = layers.isEmpty() ? pending : layers.get(0).before;
        this.last = layers.isEmpty() ? null : pending;
        layers.forEach(layer -> layer.before.finish(width));
        pending.finish(width);
        segments.removeIf(Segment::isEmpty);
        for (int i = 0; i < segments.size(); i++) {
            segments.get(i).sumsAt = 3 * i;
        }
    }

    private Monomial addLayers(Run[] runs, Monomial before) {
        Monomial pending = before;
        int deepest = Arrays.stream(runs).mapToInt(r -> r.turns().size()).max().orElse(0);
        for (int i = 0; i <= deepest; i++) {
            Segment[] shared = new Segment[qubits];
            Run.Turn[] own = new Run.Turn[qubits];
            for (int q = 0; q < qubits; q++) {
                if (i < runs[q].segments().size() && !runs[q].segments().get(i).isEmpty()) {
                    shared[q] = runs[q].segments().get(i);
                    segments.add(shared[q]);
                }
                own[q] = i < runs[q].turns().size() ? runs[q].turns().get(i) : null;
            }
            if (Arrays.stream(shared).anyMatch(s -> s != null)) {
                layers.add(Layer.shared(pending, shared));
                pending = new Monomial(qubits);
                for (int q = 0; q < qubits; q++) {
                    if (shared[q] != null) {
                        pending.leave(q, shared[q]);
                    }
                }
            }
            if (i < deepest) {
                layers.add(Layer.ofEachSample(pending, own));
                pending = new Monomial(qubits);
            }
        }
        return pending;
    }

    /** Whether no qubit ever meets another and each is measured by itself. */
    boolean separable() {
        return allZ && layers.isEmpty() && first.isDiagonalOnly();
    }

    @Override
    public void prepare(double[] parameters) {
        theta = parameters;
        for (int i = 0; i < segments.size(); i++) {
            segments.get(i).prepare(theta);
        }
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).prepare();
        }
        if (last == null) {
            first.prepare();
        } else if (!allZ) {
            last.prepare();
        }
    }

    @Override
    public int sums() {
        return 3 * segments.size();
    }

    @Override
    public void finish(double[] sums, double[] gradTheta) {
        Arrays.fill(gradTheta, 0, circuit.parameters(), 0);
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            double x = sums[3 * i];
            double y = sums[3 * i + 1];
            double z = sums[3 * i + 2];
            if (i >= inProduct) {
                // Taken between the rotation about y and the last one about z.
                double turned = segment.gammaRe * x - segment.gammaIm * y;
                y = segment.gammaIm * x + segment.gammaRe * y;
                x = turned;
            }
            if (segment.trainable()) {
                segment.addGradient(x, y, z, theta, gradTheta);
            }
        }
    }

    /** The states ψ after each layer, the end, λ twice; the four halves are small. */
    @Override
    public int states() {
        return Math.max(1, layers.size()) + 3;
    }

    @Override
    public TileEngine engine(TileKernels kernels) {
        return separable() ? new SeparableEngine(this, kernels) : new LayeredEngine(this, kernels);
    }

    /** Gates put as early as their qubits allow: runs and entanglers by level. */
    private static final class Schedule {
        final List<Run[]> runs = new ArrayList<>();
        final List<List<Gate.Fixed>> entanglers = new ArrayList<>();
        int rows;

        Schedule(Circuit circuit) {
            int n = circuit.qubits();
            // For each qubit: the level its next gate of its own may go to, and the earliest for an entangler.
            int[] own = new int[n];
            int[] shared = new int[n];
            grow(1, n);
            for (Gate gate : circuit.gates()) {
                if (gate.qubits().size() == 1) {
                    int q = gate.qubits().get(0);
                    grow(own[q] + 1, n);
                    rows += runs.get(own[q])[q].append(gate, rows) ? 1 : 0;
                    shared[q] = own[q];
                } else {
                    int level = 0;
                    for (int q : gate.qubits()) {
                        level = Math.max(level, shared[q]);
                    }
                    grow(level + 1, n);
                    entanglers.get(level).add((Gate.Fixed) gate);
                    for (int q : gate.qubits()) {
                        shared[q] = level;
                        own[q] = level + 1;
                    }
                }
            }
        }

        private void grow(int levels, int n) {
            while (runs.size() < levels) {
                Run[] level = new Run[n];
                Arrays.setAll(level, q -> new Run());
                runs.add(level);
                entanglers.add(new ArrayList<>());
            }
        }
    }
}
