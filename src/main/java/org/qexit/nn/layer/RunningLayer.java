package org.qexit.nn.layer;

import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.qexit.engine.Unit;

/**
 * Runs a {@link VectorLayer} in double precision whatever the network's, in arrays that are kept from batch to batch. DL4J wants gradients
 * summed over the batch and written into its own views. Arrays are {@code [sample][unit]}, flattened, and may be longer than the batch
 * needs.
 */
final class RunningLayer extends BaseLayer<VectorLayer> {
    private static final long serialVersionUID = 1L;

    private transient double[] inputs = new double[0];
    private transient double[] outputs = new double[0];
    private transient double[] upstream = new double[0];
    private transient double[] gradInputs = new double[0];

    private transient double[] parameters = new double[0];
    private transient double[] gradient = new double[0];
    private transient Unit unit;

    RunningLayer(NeuralNetConfiguration configuration, DataType type, Unit unit) {
        super(configuration, type);
        this.unit = unit;
    }

    /** From now on. */
    void run(Unit other) {
        unit = other;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        int batch = Math.toIntExact(input.size(0));
        inputs = read(input, inputs);
        outputs = atLeast(outputs, batch * width());
        readParameters();
        unit.forward(parameters, inputs, batch, outputs);
        return written(outputs, batch, ArrayType.ACTIVATIONS, workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        int batch = Math.toIntExact(input.size(0));
        inputs = read(input, inputs);
        upstream = read(epsilon, upstream);
        gradInputs = atLeast(gradInputs, batch * width());
        readParameters();
        unit.backward(parameters, inputs, batch, upstream, gradInputs, gradient);
        Gradient views = new DefaultGradient();
        int at = 0;
        for (Map.Entry<String, Integer> vector : layerConf().vectors().entrySet()) {
            INDArray view = gradientViews.get(vector.getKey());
            write(Arrays.copyOfRange(gradient, at, at + vector.getValue()), view);
            views.gradientForVariable().put(vector.getKey(), view);
            at += vector.getValue();
        }
        return Pair.of(views, written(gradInputs, batch, ArrayType.ACTIVATION_GRAD, workspaces));
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    private int width() {
        return Math.toIntExact(layerConf().getNIn());
    }

    /** One vector after another. */
    private void readParameters() {
        int size = Math.toIntExact(layerConf().initializer().numParams(layerConf()));
        if (parameters.length != size) {
            parameters = new double[size];
            gradient = new double[size];
        }
        int at = 0;
        for (Map.Entry<String, Integer> vector : layerConf().vectors().entrySet()) {
            System.arraycopy(read(getParam(vector.getKey()), new double[0]), 0, parameters, at, vector.getValue());
            at += vector.getValue();
        }
    }

    private INDArray written(double[] values, int batch, ArrayType kind, LayerWorkspaceMgr workspaces) {
        INDArray array = workspaces.createUninitialized(kind, dataType, new long[] {batch, width()}, 'c');
        write(values, array);
        return array;
    }

    private static double[] atLeast(double[] array, int length) {
        return array.length >= length ? array : new double[length];
    }

    /**
     * A matrix' values in row-major order, whatever its strides; element by element, which for so few is faster than calling native code.
     */
    private static double[] read(INDArray matrix, double[] target) {
        int rows = Math.toIntExact(matrix.size(0));
        int columns = Math.toIntExact(matrix.size(1));
        long perRow = matrix.stride(0);
        long perColumn = matrix.stride(1);
        double[] values = atLeast(target, rows * columns);
        DataBuffer data = matrix.data();
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                values[r * columns + c] = data.getDouble(r * perRow + c * perColumn);
            }
        }
        return values;
    }

    private static void write(double[] values, INDArray matrix) {
        int rows = Math.toIntExact(matrix.size(0));
        int columns = Math.toIntExact(matrix.size(1));
        long perRow = matrix.stride(0);
        long perColumn = matrix.stride(1);
        DataBuffer data = matrix.data();
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                data.put(r * perRow + c * perColumn, values[r * columns + c]);
            }
        }
    }
}
