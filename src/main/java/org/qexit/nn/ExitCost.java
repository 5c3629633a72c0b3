package org.qexit.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.HeadLayer;
import org.qexit.nn.head.Reduction;
import org.qexit.quantum.Circuit;
import org.qexit.quantum.Gate;

/**
 * What one event costs that leaves at an exit, docs/maths.md §7: sums over the blocks and heads up to and including this exit's,
 * for an event runs every head on its way. The circuit columns are this exit's own head alone.
 *
 * @param exit from 1
 * @param head the kind of what decides there
 * @param parameters trained parameters, cumulative
 * @param headParameters trained parameters of this exit's head
 * @param macs multiply-accumulate operations, cumulative; a circuit has none
 * @param memoryAccesses weights read + activations read + activations written, cumulative [32-bit words]
 * @param qubits of the head's circuit; 0 without one
 * @param circuitDepth longest chain of its gates
 * @param gates of its circuit, each run once per shot
 * @param twoQubitGates how many of its gates couple two qubits
 * @param circuitOperations shots times gates of all circuits up to this exit, where heads measure a fixed number of shots; 0 for exact
 *     expectation
 *     values, whose shots are a matter of {@code qexit shots}
 */
public record ExitCost(
        int exit,
        String head,
        long parameters,
        long headParameters,
        long macs,
        long memoryAccesses,
        int qubits,
        int circuitDepth,
        int gates,
        int twoQubitGates,
        long circuitOperations) {

    /** The costs of all exits of a model whose input shape is known. */
    public static List<ExitCost> of(ModelConfig model) {
        Tally tally = new Tally();
        List<ExitCost> costs = new ArrayList<>();
        int[] shape = {model.channels(), model.height(), model.width()};
        long operations = 0;
        for (int b = 0; b < model.exits(); b++) {
            for (BlockConfig part : model.blocks().get(b).parts()) {
                shape = tally.block(part, shape, part.shapeBehind(shape));
            }
            HeadConfig head = model.heads().get(b);
            long before = tally.parameters;
            tally.head(head.stack(model.headFeatures(b), model.outputs()), head.reduce(), shape, model.headFeatures(b));
            Optional<Circuit> circuit = head.circuit();
            int gates = circuit.map(Circuit::gates).map(List::size).orElse(0);
            operations += (long) gates * head.shotsPerEvent();
            costs.add(new ExitCost(
                    b + 1,
                    head.kind(),
                    tally.parameters,
                    tally.parameters - before,
                    tally.macs,
                    tally.accesses,
                    circuit.map(Circuit::qubits).orElse(0),
                    circuit.map(ExitCost::depth).orElse(0),
                    gates,
                    circuit.map(ExitCost::twoQubitGates).orElse(0),
                    operations));
        }
        return costs;
    }

    /** A gate starts when the last of its qubits is free. */
    private static int depth(Circuit circuit) {
        int[] busyUntil = new int[circuit.qubits()];
        for (Gate gate : circuit.gates()) {
            int end =
                    1 + gate.qubits().stream().mapToInt(q -> busyUntil[q]).max().orElse(0);
            gate.qubits().forEach(q -> busyUntil[q] = end);
        }
        return Arrays.stream(busyUntil).max().orElse(0);
    }

    private static int twoQubitGates(Circuit circuit) {
        return (int) circuit.gates().stream()
                .filter(gate -> gate.qubits().size() == 2)
                .count();
    }

    private static final class Tally {
        private long parameters;
        private long macs;
        private long accesses;

        /** A plain block; returns the shape behind it. */
        int[] block(BlockConfig block, int[] input, int[] output) {
            long height = input[1];
            long width = input[2];
            long channels = input[0];
            for (int c = 0; c < block.convolutions(); c++) {
                long kernel = (height == 1 ? 1L : block.kernel()) * block.kernel();
                long weights = kernel * channels * block.channels();
                layer(
                        weights + block.channels(),
                        weights * height * width,
                        channels * height * width,
                        block.channels() * height * width);
                channels = block.channels();
            }
            long before = channels * height * width;
            long after = (long) output[0] * output[1] * output[2];
            if (before != after) {
                layer(0, 0, before, after);
            }
            return output;
        }

        void head(List<HeadLayer> layers, Reduction reduction, int[] shape, int features) {
            if (reduction == Reduction.AVERAGE) {
                layer(0, 0, (long) shape[0] * shape[1] * shape[2], features);
            }
            for (HeadLayer layer : layers) {
                layer(layer.parameters(), layer.multiplications(), layer.inputs(), layer.outputs());
            }
        }

        private void layer(long weights, long operations, long read, long written) {
            parameters += weights;
            macs += operations;
            accesses += weights + read + written;
        }
    }
}
