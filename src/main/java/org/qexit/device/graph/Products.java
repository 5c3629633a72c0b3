package org.qexit.device.graph;

import java.util.Arrays;
import java.util.TreeSet;
import org.qexit.engine.event.Dense;
import org.qexit.engine.event.EventKernels;
import org.qexit.engine.event.MatrixProduct;
import org.qexit.engine.event.Product;

/** Dense layers and products of matrices. */
final class Products {
    private static final int LANES = EventKernels.LANES;
    private static final int OUTPUTS = EventKernels.OUTPUTS;

    private final Draft draft;

    Products(Draft draft) {
        this.draft = draft;
    }

    /** A matrix, {@code [input][output]}, and what is added. */
    private record Matrix(int inputs, int outputs, float[] values, float[] bias) {}

    void gemm(Joined.Node node) throws UnsupportedGraph {
        Attributes told = new Attributes(node.node());
        Arithmetic.require(
                node,
                node.inputs().size() >= 2
                        && told.number("transA", 0) == 0
                        && draft.isConstant(node.inputs().get(1)));
        int[] shape = Draft.shape(draft.constant(node.inputs().get(1)));
        Arithmetic.require(node, shape.length == 2);
        boolean turned = told.number("transB", 0) != 0;
        int inputs = shape[turned ? 1 : 0];
        int outputs = shape[turned ? 0 : 1];
        float[] raw = draft.floats(node.inputs().get(1));
        float alpha = told.real("alpha", 1);
        float[] values = new float[draft.slots.claim(raw.length)];
        for (int i = 0; i < inputs; i++) {
            for (int o = 0; o < outputs; o++) {
                values[i * outputs + o] = alpha * raw[turned ? o * inputs + i : i * outputs + o];
            }
        }
        float[] bias = new float[outputs];
        if (node.inputs().size() > 2 && !node.inputs().get(2).isEmpty()) {
            float beta = told.real("beta", 1);
            float[] given = draft.floats(node.inputs().get(2));
            Arithmetic.require(node, given.length == outputs || given.length == 1);
            for (int o = 0; o < outputs; o++) {
                bias[o] = beta * given[given.length == 1 ? 0 : o];
            }
        }
        Arithmetic.require(node, draft.value(node.inputs().get(0)).shape().length == 2);
        right(node, new Matrix(inputs, outputs, values, bias));
    }

    void multiply(Joined.Node node) throws UnsupportedGraph {
        Arithmetic.require(node, node.inputs().size() == 2);
        String right = node.inputs().get(1);
        if (!draft.isConstant(right) || draft.constant(right).dims().length != 2) {
            general(node);
            return;
        }
        int[] shape = Draft.shape(draft.constant(right));
        right(node, new Matrix(shape[0], shape[1], draft.floats(right), new float[shape[1]]));
    }

    /** Times a constant matrix on the right. */
    private void right(Joined.Node node, Matrix matrix) throws UnsupportedGraph {
        Value x = draft.value(node.inputs().get(0));
        int[] shape = x.shape().clone();
        Arithmetic.require(node, shape.length >= 2 && shape[shape.length - 1] == matrix.inputs());
        shape[shape.length - 1] = matrix.outputs();
        int rows = x.size() / Math.max(1, matrix.inputs());
        Value y = draft.fresh(shape);
        boolean lanesOfInputs = rows == 1 && matrix.outputs() < LANES && matrix.inputs() >= LANES;
        if (lanesOfInputs) {
            dense(x.clean() ? x : draft.inARow(node.inputs().get(0)), matrix, y);
        } else {
            Value row = draft.inARow(node.inputs().get(0));
            draft.step(new Product(
                    row.slot(),
                    y.slot(),
                    rows,
                    matrix.inputs(),
                    matrix.outputs(),
                    blocks(matrix),
                    Arrays.copyOf(matrix.bias(), Slots.padded(matrix.outputs()))));
        }
        draft.put(node.outputs().get(0), y);
    }

    private void dense(Value x, Matrix matrix, Value y) throws UnsupportedGraph {
        TreeSet<Integer> begins = new TreeSet<>();
        for (int i = 0; i < matrix.inputs(); i++) {
            begins.add(x.address(i) / LANES * LANES);
        }
        int[] chunks = begins.stream().mapToInt(Integer::intValue).toArray();
        int outputs = (matrix.outputs() + OUTPUTS - 1) / OUTPUTS * OUTPUTS;
        float[] weights = new float[draft.slots.claim((long) chunks.length * LANES * outputs)];
        for (int i = 0; i < matrix.inputs(); i++) {
            int at = x.address(i);
            int chunk = Arrays.binarySearch(chunks, at / LANES * LANES);
            for (int o = 0; o < matrix.outputs(); o++) {
                int row = (o / OUTPUTS * chunks.length + chunk) * OUTPUTS + o % OUTPUTS;
                weights[row * LANES + at % LANES] = matrix.values()[i * matrix.outputs() + o];
            }
        }
        draft.step(new Dense(x.slot(), y.slot(), chunks, weights, Arrays.copyOf(matrix.bias(), outputs)));
    }

    private float[] blocks(Matrix matrix) throws UnsupportedGraph {
        int outputs = Slots.padded(matrix.outputs());
        float[] weights = new float[draft.slots.claim((long) outputs * matrix.inputs())];
        for (int o = 0; o < matrix.outputs(); o++) {
            for (int i = 0; i < matrix.inputs(); i++) {
                weights[(o / LANES * matrix.inputs() + i) * LANES + o % LANES] =
                        matrix.values()[i * matrix.outputs() + o];
            }
        }
        return weights;
    }

    /** Of tensors that have as many matrices each, or one on the left. */
    private void general(Joined.Node node) throws UnsupportedGraph {
        Value a = draft.inARow(node.inputs().get(0));
        Value c = draft.inARow(node.inputs().get(1));
        int[] left = a.shape();
        int[] right = c.shape();
        Arithmetic.require(node, left.length >= 2 && right.length >= 2);
        int rows = left[left.length - 2];
        int inner = left[left.length - 1];
        int columns = right[right.length - 1];
        int batch = Value.size(Arrays.copyOf(right, right.length - 2));
        boolean one = left.length == 2;
        Arithmetic.require(
                node,
                right[right.length - 2] == inner
                        && (one
                                || Arrays.equals(
                                        Arrays.copyOf(left, left.length - 2), Arrays.copyOf(right, right.length - 2))));
        int[] shape = right.clone();
        shape[shape.length - 2] = rows;
        Value y = draft.fresh(shape);
        draft.step(new MatrixProduct(
                a.slot(), c.slot(), y.slot(), batch, one ? 0 : rows * inner, inner * columns, rows, inner, columns));
        draft.put(node.outputs().get(0), y);
    }
}
