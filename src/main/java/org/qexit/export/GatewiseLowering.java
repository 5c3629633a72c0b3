package org.qexit.export;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qexit.export.CircuitLowering.Inputs;
import org.qexit.export.ConstantSteps.Layer;
import org.qexit.export.ConstantSteps.Move;
import org.qexit.export.ConstantSteps.Step;
import org.qexit.onnx.graph.Attribute;
import org.qexit.onnx.graph.GraphBuilder;
import org.qexit.onnx.graph.OnnxTensor;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Observable;
import org.qexit.quantum.statevector.BatchedSimulator;

/**
 * A trained circuit of many qubits, whose matrices of 4^n entries would be too large, gate by gate. The state [N, 2^n] is a matrix over
 * halves of the qubits where an encoding turns it or the end measures it: a diagonal of single-qubit phases is e^{iφ_high} ⊗ e^{iφ_low}, so
 * 2 · 2^(n/2) cosines serve 2^n amplitudes. Layers of single-qubit gates are unitaries of at most {@value #BLOCK} neighbouring qubits each,
 * applied by {@code MatMul} to the state as [N, above, 2^k, below]; rings of CNOTs are a {@code Gather}, signs of CZs a {@code Mul}.
 */
final class GatewiseLowering {
    private static final int BLOCK = 4;

    private final GraphBuilder graph;
    private final String prefix;
    private final Circuit circuit;
    private final CircuitSegments segments;
    private final Inputs inputs;
    private final List<List<Step>> constants;
    private final int qubits;
    /** Qubits of the lower half. */
    private final int low;

    private final Map<Object, String> shared = new HashMap<>();
    private String re;
    private String im;

    private GatewiseLowering(
            GraphBuilder graph, String prefix, CircuitSegments segments, Inputs inputs, List<List<Step>> constants) {
        this.graph = graph;
        this.prefix = prefix;
        this.circuit = segments.circuit();
        this.segments = segments;
        this.inputs = inputs;
        this.constants = constants;
        this.qubits = circuit.qubits();
        this.low = (qubits + 1) / 2;
    }

    /** Empty if a constant gate or an encoding couples qubits in a way that has no step here, or an observable both halves. */
    static Optional<GatewiseLowering> of(GraphBuilder graph, String prefix, CircuitSegments segments, Inputs inputs) {
        Circuit circuit = segments.circuit();
        List<List<Step>> constants = new ArrayList<>();
        for (int j = 1; j <= segments.encodings(); j++) {
            Optional<List<Step>> steps = ConstantSteps.of(segments.constants(j));
            if (steps.isEmpty() || !Arrays.stream(segments.phases(j)).allMatch(row -> isSum(row, circuit.qubits()))) {
                return Optional.empty();
            }
            constants.add(steps.get());
        }
        GatewiseLowering made = new GatewiseLowering(graph, prefix, segments, inputs, constants);
        return circuit.observables().stream().allMatch(made::inOneHalf) ? Optional.of(made) : Optional.empty();
    }

    /** Whether a phase is a sum over qubits, {@code row[k] = row[0] + Σ_q k_q (row[2^q] − row[0])}. */
    private static boolean isSum(double[] row, int qubits) {
        for (int k = 0; row != null && k < row.length; k++) {
            double sum = row[0];
            for (int q = 0; q < qubits; q++) {
                sum += (k >> q & 1) * (row[1 << q] - row[0]);
            }
            if (Math.abs(sum - row[k]) > 1e-9) {
                return false;
            }
        }
        return true;
    }

    private boolean inOneHalf(Observable observable) {
        return observable.terms().stream()
                .map(Observable.Term::string)
                .allMatch(s -> s.xMask() == 0 && (s.zMask() >> low == 0 || (s.zMask() & (1L << low) - 1) == 0));
    }

    /** Adds the circuit; returns the name of the expectation values. */
    String lower(String preAngles) {
        for (int j = 1; j <= segments.encodings(); j++) {
            encode(j, preAngles);
            int s = 0;
            for (Step step : constants.get(j - 1)) {
                String name = prefix + ".constant" + j + "." + ++s;
                if (step instanceof Layer layer) {
                    turn(name, layer);
                } else if (step instanceof Move move) {
                    move(name, move);
                }
            }
        }
        return measure();
    }

    private void encode(int j, String preAngles) {
        String name = prefix + ".encoding" + j;
        String[] high = phase(name + ".high", j, preAngles, low, qubits - low);
        String[] lower = phase(name + ".low", j, preAngles, 0, low);
        if (re == null) {
            start(name);
        } else {
            re = reshaped(re, name + ".re.matrix", 0, 1 << qubits - low, 1 << low);
            im = reshaped(im, name + ".im.matrix", 0, 1 << qubits - low, 1 << low);
        }
        times(name + ".turned.high", high, "Mul");
        times(name + ".turned.low", lower, "Mul");
    }

    /** cos φ and sin φ over the basis indices of some qubits; the shift, and what all amplitudes share, is with the lower half. */
    private String[] phase(String name, int j, String preAngles, int first, int width) {
        double[][] phases = segments.phases(j);
        int indices = 1 << width;
        double[] angles = new double[inputs.preAngles() * indices];
        double[] shift = new double[indices];
        for (int a = 0; a < phases.length; a++) {
            for (int k = 0; phases[a] != null && k < indices; k++) {
                double phase = phases[a][k << first] - (first == 0 ? 0 : phases[a][0]);
                angles[inputs.from()[a] * indices + k] += inputs.factor()[a] * phase;
                shift[k] += inputs.shift() * phase;
            }
        }
        String angle = graph.node(
                "Gemm",
                name + ".phase",
                List.of(
                        preAngles,
                        floats(name + ".angles", angles, inputs.preAngles(), indices),
                        floats(name + ".shift", shift, indices)));
        String column = first == 0
                ? reshaped(angle, name + ".row", 0, 1, indices)
                : reshaped(angle, name + ".column", 0, indices, 1);
        return new String[] {
            graph.node("Cos", name + ".cos", List.of(column)), graph.node("Sin", name + ".sin", List.of(column))
        };
    }

    /** The state before the first encoding; one number where all amplitudes are equal, as behind a Hadamard gate on every qubit. */
    private void start(String name) {
        double[] startRe = new double[1 << qubits];
        double[] startIm = new double[1 << qubits];
        BatchedSimulator.of(segments.constants(0)).state(new double[0], new double[0], 1, startRe, startIm);
        boolean uniform = true;
        for (int k = 0; k < startRe.length; k++) {
            uniform &= Math.abs(startRe[k] - startRe[0]) + Math.abs(startIm[k] - startIm[0]) < 1e-12;
        }
        long[] shape = uniform ? new long[] {1, 1} : new long[] {1L << qubits - low, 1L << low};
        re = floats(name + ".start.real", uniform ? Arrays.copyOf(startRe, 1) : startRe, shape);
        im = floats(name + ".start.imaginary", uniform ? Arrays.copyOf(startIm, 1) : startIm, shape);
    }

    /** A unitary for each block of qubits, the gates of the layer in order. */
    private void turn(String name, Layer layer) {
        int blocks = (qubits + BLOCK - 1) / BLOCK;
        for (int b = 0; b < blocks; b++) {
            int first = b * qubits / blocks;
            int width = (b + 1) * qubits / blocks - first;
            Circuit.Builder part = Circuit.builder(width);
            layer.gates().stream()
                    .filter(gate ->
                            gate.qubits().get(0) >= first && gate.qubits().get(0) < first + width)
                    .forEach(gate -> part.add(on(gate, gate.qubits().get(0) - first)));
            Circuit block = part.build();
            if (!block.gates().isEmpty()) {
                apply(name + ".qubits" + first, block, first, width);
            }
        }
    }

    private static Gate on(Gate gate, int qubit) {
        return gate instanceof Gate.Rotation turn
                ? new Gate.Rotation(turn.kind(), List.of(qubit), turn.turn())
                : new Gate.Fixed(((Gate.Fixed) gate).kind(), List.of(qubit));
    }

    private void apply(String name, Circuit block, int first, int width) {
        int size = 1 << width;
        double[] columnsRe = new double[size * size];
        double[] columnsIm = new double[size * size];
        CircuitLowering.columns(block, columnsRe, columnsIm);
        // The lowest qubits are the last axis, and the state is on the left of the transpose; others are on the right
        // of the matrix.
        boolean lowest = first == 0;
        long[] shape = lowest
                ? new long[] {0, 1L << qubits - width, size}
                : new long[] {0, 1L << qubits - first - width, size, 1L << first};
        re = reshaped(re, name + ".re.blocks", shape);
        im = reshaped(im, name + ".im.blocks", shape);
        String[] unitary = {
            floats(name + ".real", lowest ? columnsRe : transposed(columnsRe, size), size, size),
            floats(name + ".imaginary", lowest ? columnsIm : transposed(columnsIm, size), size, size)
        };
        times(name, unitary, lowest ? "MatMul" : "MatMul from the left");
    }

    private static double[] transposed(double[] matrix, int size) {
        double[] out = new double[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            out[i % size * size + i / size] = matrix[i];
        }
        return out;
    }

    /** Multiplies the state by complex numbers: (re, im) ← (re c − im s, re s + im c). */
    private void times(String name, String[] factor, String how) {
        boolean left = how.endsWith("left");
        String operator = left ? "MatMul" : how;
        String[] products = new String[4];
        for (int i = 0; i < 4; i++) {
            String state = i < 2 ? re : im;
            String by = factor[i % 2];
            products[i] =
                    graph.node(operator, name + ".product" + (i + 1), left ? List.of(by, state) : List.of(state, by));
        }
        re = graph.node("Sub", name + ".re", List.of(products[0], products[3]));
        im = graph.node("Add", name + ".im", List.of(products[1], products[2]));
    }

    private void move(String name, Move move) {
        re = reshaped(re, name + ".re.flat", 0, 1 << qubits);
        im = reshaped(im, name + ".im.flat", 0, 1 << qubits);
        if (move.permutes()) {
            String source = shared.computeIfAbsent(
                    IntBuffer.wrap(move.source()),
                    key -> graph.constant(OnnxTensor.ofInts(name + ".source", move.source(), move.source().length)));
            re = graph.node("Gather", name + ".re.moved", List.of(re, source), Attribute.of("axis", 1));
            im = graph.node("Gather", name + ".im.moved", List.of(im, source), Attribute.of("axis", 1));
        }
        if (move.turnsSigns()) {
            String sign = shared.computeIfAbsent(
                    FloatBuffer.wrap(move.sign()),
                    key -> graph.floats(name + ".sign", move.sign(), move.sign().length));
            re = graph.node("Mul", name + ".re.signed", List.of(re, sign));
            im = graph.node("Mul", name + ".im.signed", List.of(im, sign));
        }
    }

    /** Probabilities of each half's basis states times the eigenvalues of the observables there. */
    private String measure() {
        String first = graph.node("Mul", prefix + ".probabilities.first", List.of(re, re));
        String second = graph.node("Mul", prefix + ".probabilities.second", List.of(im, im));
        String all = graph.node("Add", prefix + ".probabilities", List.of(first, second));
        all = reshaped(all, prefix + ".probabilities.matrix", 0, 1 << qubits - low, 1 << low);
        String high = half(prefix + ".high", all, 2, low, qubits - low);
        String lower = half(prefix + ".low", all, 1, 0, low);
        return graph.node("Add", prefix + ".expectations", List.of(high, lower));
    }

    private String half(String name, String probabilities, int summed, int first, int width) {
        String axis = graph.longs(name + ".axis", summed);
        String sum = graph.node(
                "ReduceSum", name + ".probabilities", List.of(probabilities, axis), Attribute.of("keepdims", 0));
        int observables = circuit.observables().size();
        double[] values = new double[(1 << width) * observables];
        for (int o = 0; o < observables; o++) {
            for (Observable.Term term : circuit.observables().get(o).terms()) {
                long mask = term.string().zMask() >> first;
                boolean here = first == 0 ? term.string().zMask() >> low == 0 : mask != 0;
                for (int k = 0; here && k < 1 << width; k++) {
                    values[k * observables + o] += (Long.bitCount(k & mask) & 1) == 0 ? term.weight() : -term.weight();
                }
            }
        }
        return graph.node(
                "MatMul",
                name + ".expectations",
                List.of(sum, floats(name + ".eigenvalues", values, 1L << width, observables)));
    }

    private String floats(String name, double[] values, long... dims) {
        return graph.floats(name, CircuitLowering.floats(values), dims);
    }

    /** Shapes are shared; 0 keeps the batch. */
    private String reshaped(String value, String name, long... shape) {
        String to = shared.computeIfAbsent(
                Arrays.toString(shape),
                key -> graph.longs(
                        prefix + ".shape."
                                + Arrays.toString(shape)
                                        .replaceAll("[\\[ \\]]", "")
                                        .replace(',', 'x'),
                        shape));
        return graph.node("Reshape", name, List.of(value, to));
    }
}
