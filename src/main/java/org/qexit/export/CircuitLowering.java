package org.qexit.export;

import java.util.List;
import java.util.Optional;
import org.qexit.onnx.graph.GraphBuilder;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.Gate.RotationKind;
import org.qexit.quantum.Observable;
import org.qexit.quantum.PauliString;
import org.qexit.quantum.statevector.BatchedSimulator;

/**
 * A trained circuit in real arithmetic of standard operators. With row vectors for states, and the segments V, P of {@link
 * CircuitSegments}, each encoding j is
 *
 * <pre>φ = z A_j;   (re, im) ← (re cos φ − im sin φ, re sin φ + im cos φ);   (re, im) ← (re R_jᵀ − im I_jᵀ, re I_jᵀ + im R_jᵀ)</pre>
 *
 * with R + iI = V_j diag(e^{iβP_j}), where x = αz + β are the circuit's inputs and A_j = αP_j. Before the first encoding the state is a
 * constant, and is part of the first matrix. Outputs are (re² + im²) W with the eigenvalues of the observables in W. Constants are computed
 * in double precision. Larger circuits are lowered by {@link GatewiseLowering}.
 */
final class CircuitLowering {
    /** Two matrices of 4^n floats for each encoding: 8 MiB at ten qubits. */
    private static final int MOST_DENSE_QUBITS = 10;

    /** From here on gates are written one by one: a matrix would be 256 KiB, and four times more with each qubit. */
    private static final int LEAST_GATEWISE_QUBITS = 8;

    private final GraphBuilder graph;
    private final String prefix;
    private final CircuitSegments segments;
    private final Inputs inputs;
    private final int amplitudes;

    /**
     * How pre-angles z become the circuit's inputs, {@code x_a = factor[a] · z[from[a]] + shift}.
     *
     * @param preAngles how many z there are
     * @param from which z, {@code [input]}
     * @param factor α, {@code [input]}
     * @param shift β
     */
    record Inputs(int preAngles, int[] from, double[] factor, double shift) {}

    private CircuitLowering(GraphBuilder graph, String prefix, CircuitSegments segments, Inputs inputs) {
        this.graph = graph;
        this.prefix = prefix;
        this.segments = segments;
        this.inputs = inputs;
        this.amplitudes = 1 << segments.circuit().qubits();
    }

    /**
     * Adds a circuit to a graph, gate by gate where it has many qubits and its gates allow that, else as matrices.
     *
     * @param prefix begins the names of its nodes
     * @param preAngles name of z, {@code [N, inputs]}
     * @return name of the expectation values, {@code [N, observables]}
     */
    static String lower(GraphBuilder graph, String prefix, CircuitSegments circuit, Inputs inputs, String preAngles) {
        return Optional.of(circuit)
                .filter(c -> c.circuit().qubits() >= LEAST_GATEWISE_QUBITS)
                .flatMap(c -> GatewiseLowering.of(graph, prefix, c, inputs))
                .map(gatewise -> gatewise.lower(preAngles))
                .orElseGet(() -> dense(graph, prefix, circuit, inputs, preAngles));
    }

    /** The same as matrices. */
    static String dense(GraphBuilder graph, String prefix, CircuitSegments circuit, Inputs inputs, String preAngles) {
        if (circuit.encodings() == 0) {
            throw new IllegalArgumentException(
                    prefix + " has no encoding; expected a circuit that depends on its input");
        }
        int qubits = circuit.circuit().qubits();
        if (qubits > MOST_DENSE_QUBITS) {
            throw new IllegalArgumentException(
                    prefix + " has " + qubits + " qubits and gates other than a head's; expected at most "
                            + MOST_DENSE_QUBITS + " qubits, beyond which its matrices are too large for a device");
        }
        return new CircuitLowering(graph, prefix, circuit, inputs).lower(preAngles);
    }

    private String lower(String preAngles) {
        String re = null;
        String im = null;
        for (int j = 1; j <= segments.encodings(); j++) {
            String name = prefix + ".encoding" + j;
            String phase = graph.node("MatMul", name + ".phase", List.of(preAngles, angles(j)));
            String cos = graph.node("Cos", name + ".cos", List.of(phase));
            String sin = graph.node("Sin", name + ".sin", List.of(phase));
            if (re == null) {
                re = cos;
                im = sin;
            } else {
                String turnedRe = combine("Sub", "Mul", name + ".re", List.of(re, cos), List.of(im, sin));
                im = combine("Add", "Mul", name + ".im", List.of(re, sin), List.of(im, cos));
                re = turnedRe;
            }
            String[] unitary = unitary(j);
            name = prefix + ".unitary" + j;
            String movedRe = combine("Sub", "MatMul", name + ".re", List.of(re, unitary[0]), List.of(im, unitary[1]));
            im = combine("Add", "MatMul", name + ".im", List.of(re, unitary[1]), List.of(im, unitary[0]));
            re = movedRe;
        }
        String probabilities = combine("Add", "Mul", prefix + ".probabilities", List.of(re, re), List.of(im, im));
        return graph.node("MatMul", prefix + ".expectations", List.of(probabilities, eigenvalues()));
    }

    /** {@code outer(inner(first), inner(second))}. */
    private String combine(String outer, String inner, String name, List<String> first, List<String> second) {
        String one = graph.node(inner, name + ".first", first);
        String two = graph.node(inner, name + ".second", second);
        return graph.node(outer, name, List.of(one, two));
    }

    /** A_j, {@code [pre-angle][basis index]}. */
    private String angles(int j) {
        double[][] phases = segments.phases(j);
        double[] sum = new double[inputs.preAngles() * amplitudes];
        for (int a = 0; a < phases.length; a++) {
            for (int k = 0; phases[a] != null && k < amplitudes; k++) {
                sum[inputs.from()[a] * amplitudes + k] += inputs.factor()[a] * phases[a][k];
            }
        }
        return graph.floats(prefix + ".encoding" + j + ".angles", floats(sum), inputs.preAngles(), amplitudes);
    }

    /** R_jᵀ and I_jᵀ: in row k, column r stands what amplitude k adds to amplitude r. */
    private String[] unitary(int j) {
        int n = amplitudes;
        double[] re = new double[n * n];
        double[] im = new double[n * n];
        columns(segments.constants(j), re, im);
        double[] startRe = new double[n];
        double[] startIm = new double[n];
        if (j == 1) {
            BatchedSimulator.of(segments.constants(0)).state(new double[0], new double[0], 1, startRe, startIm);
        } else {
            java.util.Arrays.fill(startRe, 1);
        }
        for (int k = 0; k < n; k++) {
            double phase = 0;
            for (double[] row : segments.phases(j)) {
                phase += row == null ? 0 : inputs.shift() * row[k];
            }
            double c = startRe[k] * Math.cos(phase) - startIm[k] * Math.sin(phase);
            double s = startRe[k] * Math.sin(phase) + startIm[k] * Math.cos(phase);
            for (int r = k * n; r < (k + 1) * n; r++) {
                double turned = c * re[r] - s * im[r];
                im[r] = c * im[r] + s * re[r];
                re[r] = turned;
            }
        }
        String name = prefix + ".unitary" + j;
        return new String[] {
            graph.floats(name + ".real", floats(re), n, n), graph.floats(name + ".imaginary", floats(im), n, n)
        };
    }

    /** The images of all basis states, {@code [basis state][amplitude]}: RY(π)|0⟩ = |1⟩ prepares them as one batch. */
    static void columns(Circuit constant, double[] re, double[] im) {
        Circuit.Builder prepared = Circuit.builder(constant.qubits());
        for (int q = 0; q < constant.qubits(); q++) {
            prepared.add(RotationKind.RY, Angle.input(q), q);
        }
        for (Gate gate : constant.gates()) {
            prepared.add(gate);
        }
        int states = 1 << constant.qubits();
        double[] bits = new double[states * constant.qubits()];
        for (int k = 0; k < states; k++) {
            for (int q = 0; q < constant.qubits(); q++) {
                bits[k * constant.qubits() + q] = (k >> q & 1) * Math.PI;
            }
        }
        BatchedSimulator.of(prepared.build()).state(bits, new double[0], states, re, im);
    }

    /** W, {@code [basis index][observable]}. */
    private String eigenvalues() {
        List<Observable> observables = segments.circuit().observables();
        float[] values = new float[amplitudes * observables.size()];
        for (int o = 0; o < observables.size(); o++) {
            for (Observable.Term term : observables.get(o).terms()) {
                PauliString string = term.string();
                if (string.xMask() != 0) {
                    throw new IllegalArgumentException(
                            prefix + " measures " + string + "; expected products of Z only");
                }
                for (int k = 0; k < amplitudes; k++) {
                    int sign = (Integer.bitCount(k & string.zMask()) & 1) == 0 ? 1 : -1;
                    values[k * observables.size() + o] += (float) (sign * term.weight());
                }
            }
        }
        return graph.floats(prefix + ".eigenvalues", values, amplitudes, observables.size());
    }

    static float[] floats(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }
}
