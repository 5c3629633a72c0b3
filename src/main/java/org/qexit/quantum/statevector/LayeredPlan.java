package org.qexit.quantum.statevector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Observable;
import org.qexit.quantum.PauliString;

/**
 * Circuits whose rotations act on single qubits or are diagonal, with fixed entanglers between: layers of rotations. The neighbouring gates on a
 * qubit become one {@link Run}; the first run of each qubit acts on |0⟩, so the state begins as a product of n vectors; every later run is
 * real rotations about y ({@link Layer}) with diagonal matrices around them, and those merge with the entanglers' permutation and the diagonal
 * rotations between ({@link Monomial}). Three numbers per qubit and layer, Im⟨λ|X|ψ⟩, Im⟨λ|Y|ψ⟩, Im⟨λ|Z|ψ⟩, give the derivatives of all its
 * angles ({@link Segment}), and Im⟨λ|Z|ψ⟩, Im⟨λ|ZZ|ψ⟩ those of all diagonal rotations at once ({@link PhaseGroup}).
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
    /** Whether the outputs are sums of ⟨Z_q⟩ and constants. */
    final boolean singles;
    /** Whether the outputs are sums of products of Z, so that the phases of the last state do not matter. */
    final boolean diagonal;
    /** Number of angles that differ from sample to sample. */
    final int turns;
    /** What they are. */
    final List<Encoding> encodings = new ArrayList<>();
    /** Tables of phases that differ from sample to sample. */
    final List<OwnPhases> tables = new ArrayList<>();
    /** Which of them belongs to the permutation before each layer, and to the last one; -1 for none. */
    final int[] tableBefore;

    /** The groups of diagonal rotations with a gradient, before each layer and at the end. */
    final List<List<TrainedPhases>> trainedBefore = new ArrayList<>();

    private final List<Segment> segments = new ArrayList<>();
    /** How many of the segments, the first ones, belong to the product. */
    private final int inProduct;

    /** Sine and cosine of half of each angle that all samples share. */
    private final double[] half;

    private final double[] sin;
    private final double[] cos;
    private final int phaseSums;

    /**
     * A part of an angle: row {@code row} += factor · x[input].
     *
     * @param row which angle
     * @param input which input
     * @param factor its factor
     */
    record Encoding(int row, int input, double factor) {}

    /**
     * A group of diagonal rotations with a gradient.
     *
     * @param rows where amplitude k of its moment is in the state before the permutation
     * @param sumsAt where its sums are, if parameters are among its angles
     */
    record TrainedPhases(PhaseGroup group, int[] rows, int sumsAt) {}

    /** The circuit as layers, if it is made of them. */
    static Optional<LayeredPlan> of(Circuit circuit, int width) {
        for (Gate gate : circuit.gates()) {
            if (gate instanceof Gate.Rotation && gate.qubits().size() > 1 && !PhaseGroup.takes(gate)) {
                return Optional.empty();
            }
        }
        LayeredPlan plan = new LayeredPlan(circuit, width);
        boolean fits = LayeredEngine.statesOf(plan) <= TileKernels.MOST_STATES;
        return fits && (plan.separable() || plan.qubits >= 2) ? Optional.of(plan) : Optional.empty();
    }

    private LayeredPlan(Circuit circuit, int width) {
        this.circuit = circuit;
        this.qubits = circuit.qubits();
        this.allZ = circuit.observables().equals(Observable.allZ(qubits));
        this.diagonal = everyString(circuit, string -> string.xMask() == 0);
        this.singles = diagonal && everyString(circuit, string -> Integer.bitCount(string.zMask()) <= 1);
        Schedule schedule = new Schedule(circuit, encodings);
        this.product = schedule.runs.get(0);
        Arrays.stream(product).forEach(run -> segments.addAll(run.segments()));
        segments.removeIf(Segment::isEmpty);
        this.inProduct = segments.size();
        Monomial pending = new Monomial(qubits);
        append(schedule.entanglers.get(0), pending);
        for (int level = 1; level < schedule.runs.size(); level++) {
            pending = addLayers(schedule.runs.get(level), pending);
            append(schedule.entanglers.get(level), pending);
        }
        Monomial begin = layers.isEmpty() ? pending : layers.get(0).before;
        if (begin.groups.stream().anyMatch(group -> !group.own.isEmpty()) || begin.hasTrainedPhases()) {
            // Their gradient is taken from the state before them, and the product of vectors is none.
            layers.add(0, Layer.shared(new Monomial(qubits), new Segment[qubits]));
        }
        this.first = layers.isEmpty() ? pending : layers.get(0).before;
        this.last = layers.isEmpty() ? null : pending;
        layers.forEach(layer -> layer.before.finish(width));
        pending.finish(width);
        segments.removeIf(Segment::isEmpty);
        int angles = 0;
        for (int i = 0; i < segments.size(); i++) {
            segments.get(i).sumsAt = 3 * i;
            segments.get(i).anglesAt = angles;
            angles += segments.get(i).size();
        }
        this.half = new double[angles];
        this.sin = new double[angles];
        this.cos = new double[angles];
        this.tableBefore = new int[layers.size() + 1];
        int rows = schedule.rows;
        int sums = 0;
        for (int i = 0; i <= layers.size(); i++) {
            Monomial monomial = i < layers.size() ? layers.get(i).before : pending;
            // Behind the last layer, phases do not matter where products of Z are measured.
            boolean seen = i < layers.size() || !diagonal;
            rows = addTable(i, seen ? OwnPhases.of(monomial, qubits, width) : null, rows);
            List<TrainedPhases> trained = new ArrayList<>();
            for (PhaseGroup group : seen ? monomial.groups : List.<PhaseGroup>of()) {
                if (group.trained()) {
                    trained.add(new TrainedPhases(group, monomial.rowsOf(group, width), 3 * segments.size() + sums));
                    sums += group.hasParameters() ? group.sums() : 0;
                }
            }
            trainedBefore.add(trained);
        }
        this.turns = rows;
        this.phaseSums = sums;
    }

    private static boolean everyString(Circuit circuit, Predicate<PauliString> what) {
        return circuit.observables().stream()
                .flatMap(observable -> observable.terms().stream())
                .allMatch(term -> what.test(term.string()));
    }

    private static void append(List<Gate> gates, Monomial to) {
        for (Gate gate : gates) {
            if (gate instanceof Gate.Fixed fixed) {
                to.append(fixed);
            } else {
                to.append((Gate.Rotation) gate);
            }
        }
    }

    /** Finds a table or makes a new one, and returns how many rows of angles there are. */
    private int addTable(int layer, OwnPhases phases, int rows) {
        tableBefore[layer] = -1;
        if (phases == null || phases.isEmpty()) {
            return rows;
        }
        for (int i = 0; i < tables.size(); i++) {
            if (tables.get(i).same(phases)) {
                tableBefore[layer] = i;
                return rows;
            }
        }
        tableBefore[layer] = tables.size();
        tables.add(phases);
        int next = rows;
        for (int g = 0; g < phases.groups().size(); g++) {
            int[] slots = phases.slots.get(g);
            for (PhaseGroup.Term term : phases.groups().get(g).own) {
                if (slots[term.slot()] < 0) {
                    slots[term.slot()] = next++;
                }
                Angle.Input input = (Angle.Input) term.angle();
                encodings.add(new Encoding(slots[term.slot()], input.index(), term.weight() * input.factor()));
            }
        }
        return next;
    }

    private Monomial addLayers(Run[] runs, Monomial before) {
        Monomial pending = before;
        int deepest = Arrays.stream(runs).mapToInt(r -> r.turns().size()).max().orElse(0);
        for (int i = 0; i <= deepest; i++) {
            Segment[] shared = new Segment[qubits];
            Run.Turn[] own = new Run.Turn[qubits];
            for (int q = 0; q < qubits; q++) {
                if (i < runs[q].segments().size()) {
                    shared[q] = turning(runs[q].segments().get(i), q, pending);
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

    /** The segment, if it is more than rotations about z; these become diagonal rotations of the permutation before. */
    private Segment turning(Segment segment, int qubit, Monomial before) {
        if (segment.isDiagonal()) {
            for (int j = 0; j < segment.size(); j++) {
                before.appendTurn(qubit, segment.angle(j));
            }
            return null;
        }
        segments.add(segment);
        return segment;
    }

    /** Whether no qubit ever meets another and each is measured by itself. */
    boolean separable() {
        return allZ && layers.isEmpty() && first.isDiagonalOnly();
    }

    @Override
    public void prepare(double[] parameters) {
        for (int i = 0; i < segments.size(); i++) {
            segments.get(i).halves(parameters, half);
        }
        SinCos.of(half, 0, half.length, sin, cos);
        for (int i = 0; i < segments.size(); i++) {
            segments.get(i).prepare(sin, cos);
        }
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).prepare(parameters);
        }
        if (last == null) {
            first.prepare(parameters);
        } else if (!diagonal) {
            last.prepare(parameters);
        }
    }

    @Override
    public int sums() {
        return 3 * segments.size() + phaseSums;
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
                segment.addGradient(x, y, z, sin, cos, gradTheta);
            }
        }
        for (int i = 0; i < trainedBefore.size(); i++) {
            for (int g = 0; g < trainedBefore.get(i).size(); g++) {
                addGradient(trainedBefore.get(i).get(g), sums, gradTheta);
            }
        }
    }

    private static void addGradient(TrainedPhases trained, double[] sums, double[] gradTheta) {
        List<PhaseGroup.Term> terms = trained.group().shared;
        for (int t = 0; t < terms.size(); t++) {
            PhaseGroup.Term term = terms.get(t);
            if (term.angle() instanceof Angle.Parameter p) {
                gradTheta[p.index()] += term.weight() * p.factor() * sums[trained.sumsAt() + term.slot()];
            }
        }
    }

    /** The states ψ after each layer, the end, λ twice, tables of phases; the four halves are small. */
    @Override
    public int states() {
        return Math.max(1, layers.size()) + 3 + tables.size();
    }

    @Override
    public TileEngine engine(TileKernels kernels) {
        return separable() ? new SeparableEngine(this, kernels) : new LayeredEngine(this, kernels);
    }

    /** Gates put as early as their qubits allow: runs and entanglers by level. */
    private static final class Schedule {
        final List<Run[]> runs = new ArrayList<>();
        final List<List<Gate>> entanglers = new ArrayList<>();
        int rows;

        Schedule(Circuit circuit, List<Encoding> encodings) {
            int n = circuit.qubits();
            // For each qubit: the level its next gate of its own may go to, and the earliest for an entangler.
            int[] own = new int[n];
            int[] shared = new int[n];
            grow(1, n);
            for (Gate gate : circuit.gates()) {
                int q = gate.qubits().get(0);
                // Angles of inputs about z are cheaper as phases than as rotations, but for the product of the
                // beginning.
                boolean phase =
                        own[q] > 0 && PhaseGroup.takes(gate) && gate.angle().orElseThrow() instanceof Angle.Input;
                if (gate.qubits().size() == 1 && !phase) {
                    grow(own[q] + 1, n);
                    Run run = runs.get(own[q])[q];
                    if (run.append(gate, rows)) {
                        Run.Turn turn = run.turns().get(run.turns().size() - 1);
                        encodings.add(new Encoding(rows++, turn.input(), turn.factor()));
                    }
                    shared[q] = own[q];
                } else {
                    int level = 0;
                    for (int on : gate.qubits()) {
                        level = Math.max(level, shared[on]);
                    }
                    grow(level + 1, n);
                    entanglers.get(level).add(gate);
                    for (int on : gate.qubits()) {
                        shared[on] = level;
                        own[on] = level + 1;
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
