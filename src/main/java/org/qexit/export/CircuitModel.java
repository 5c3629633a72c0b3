package org.qexit.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.qexit.common.RandomStreams;
import org.qexit.common.Version;
import org.qexit.onnx.GraphSession;
import org.qexit.onnx.graph.GraphBuilder;
import org.qexit.onnx.graph.OnnxModel;
import org.qexit.onnx.graph.OnnxValue;
import org.qexit.quantum.Angle;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;
import org.qexit.quantum.statevector.BatchedSimulator;

/**
 * A circuit with its weights as an ONNX graph of standard operators: {@code angles} float32 [N, inputs] in, {@code expectations} float32
 * [N, observables] out.
 */
public final class CircuitModel {
    public static final String INPUT = "angles";
    public static final String OUTPUT = "expectations";

    /** Samples that the graph is held against the simulator on. */
    private static final int TRIALS = 64;

    private CircuitModel() {}

    /**
     * The circuit with some of its inputs turned into weights; the others keep their order and are numbered anew.
     *
     * @param weights values [rad] by input
     * @throws IllegalArgumentException for inputs that there are not
     */
    public static Circuit withWeights(Circuit circuit, Map<Integer, Double> weights) {
        int[] index = new int[circuit.inputs()];
        int left = 0;
        for (int i = 0; i < index.length; i++) {
            index[i] = weights.containsKey(i) ? -1 : left++;
        }
        for (int input : weights.keySet()) {
            if (input < 0 || input >= circuit.inputs()) {
                throw new IllegalArgumentException(
                        "weight of input " + input + "; expected 0 to " + (circuit.inputs() - 1));
            }
        }
        List<Gate> gates = new ArrayList<>();
        for (Gate gate : circuit.gates()) {
            if (gate instanceof Gate.Rotation turn && turn.turn() instanceof Angle.Input in) {
                Angle angle = index[in.index()] < 0
                        ? Angle.constant(in.factor() * weights.get(in.index()))
                        : new Angle.Input(index[in.index()], in.factor());
                gates.add(new Gate.Rotation(turn.kind(), turn.qubits(), angle));
            } else {
                gates.add(gate);
            }
        }
        return new Circuit(circuit.qubits(), left, circuit.parameters(), gates, circuit.observables());
    }

    /**
     * The graph.
     *
     * @param circuit with at least one input, whose observables are sums of products of Z
     * @param theta its parameters [rad]
     * @throws IllegalArgumentException if it has too many qubits, or what no graph here says
     */
    public static OnnxModel of(String name, Circuit circuit, double[] theta) {
        if (circuit.inputs() == 0) {
            throw new IllegalArgumentException(
                    "has no inputs, so that its answer is always the same; expected 'input float x_0;' or {\"x\": 0}");
        }
        GraphBuilder graph = GraphBuilder.create();
        graph.input(INPUT);
        int[] from = new int[circuit.inputs()];
        double[] factor = new double[from.length];
        for (int i = 0; i < from.length; i++) {
            from[i] = i;
            factor[i] = 1;
        }
        String values = CircuitLowering.lower(
                graph,
                "circuit",
                CircuitSegments.of(circuit, theta),
                new CircuitLowering.Inputs(from.length, from, factor, 0),
                INPUT);
        graph.node("Identity", OUTPUT, List.of(values));
        int outputs = circuit.observables().size();
        return new OnnxModel(
                OnnxModel.IR_VERSION,
                OnnxModel.OPSET,
                "qexit",
                Version.current(),
                graph.build(
                        name, List.of(OnnxValue.batch(INPUT, from.length)), List.of(OnnxValue.batch(OUTPUT, outputs))),
                Map.of("observables", circuit.observables().toString()));
    }

    /** The largest difference in ONNX Runtime from the simulator in double precision, at random angles in (-π, π). */
    public static double difference(OnnxModel model, Circuit circuit, double[] theta) {
        SplittableRandom random = RandomStreams.of(1).stream("circuit-model");
        int width = circuit.observables().size();
        double[] x = random.doubles((long) TRIALS * circuit.inputs(), -Math.PI, Math.PI)
                .toArray();
        float[] narrow = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            narrow[i] = (float) x[i];
            x[i] = narrow[i];
        }
        double[] expected = new double[TRIALS * width];
        BatchedSimulator.of(circuit).forward(x, theta, TRIALS, expected);
        double largest = 0;
        try (GraphSession session = GraphSession.open("circuit", model.toBytes())) {
            float[] found =
                    session.run(narrow, TRIALS, circuit.inputs()).get(OUTPUT).floats();
            for (int i = 0; i < expected.length; i++) {
                largest = Math.max(largest, Math.abs(expected[i] - found[i]));
            }
        }
        return largest;
    }
}
