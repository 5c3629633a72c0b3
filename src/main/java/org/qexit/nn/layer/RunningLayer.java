package org.qexit.nn.layer;

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

/**
 * Runs a {@link VectorLayer} in double precision whatever the network's, in arrays that are kept from batch to batch. DL4J wants gradients
 * summed over the batch and written into its own views. Arrays are {@code [sample][unit]}, flattened, and may be longer than the batch
 * needs.
 */
abstract class RunningLayer<C extends VectorLayer> extends BaseLayer<C> {
    private static final long serialVersionUID = 1L;

    private transient double[] inputs = new double[0];
    private transient double[] outputs = new double[0];
    private transient double[] upstream = new double[0];
    private transient double[] gradInputs = new double[0];

    RunningLayer(NeuralNetConfiguration configuration, DataType type) {
        super(configuration, type);
    }

    /** outputs[s][i] of inputs[s][i]. */
    abstract void forward(double[] inputs, int batch, double[] outputs);

    /** gradInputs[s][i], and all parameters' gradients by {@link #setGradient}; does not rely on a call of {@code forward} right before. */
    abstract void backward(double[] inputs, int batch, double[] upstream, double[] gradInputs);

    @Override
    public final INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        int batch = Math.toIntExact(input.size(0));
        inputs = read(input, inputs);
        outputs = atLeast(outputs, batch * width());
        forward(inputs, batch, outputs);
        return written(outputs, batch, ArrayType.ACTIVATIONS, workspaces);
    }

    @Override
    public final Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        int batch = Math.toIntExact(input.size(0));
        inputs = read(input, inputs);
        upstream = read(epsilon, upstream);
        gradInputs = atLeast(gradInputs, batch * width());
        backward(inputs, batch, upstream, gradInputs);
        Gradient gradient = new DefaultGradient();
        layerConf()
                .vectors()
                .keySet()
                .forEach(key -> gradient.gradientForVariable().put(key, gradientViews.get(key)));
        return Pair.of(gradient, written(gradInputs, batch, ArrayType.ACTIVATION_GRAD, workspaces));
    }

    @Override
    public final boolean isPretrainLayer() {
        return false;
    }

    final int width() {
        return Math.toIntExact(layerConf().getNIn());
    }

    /** The values of a parameter, in {@code target} if it is long enough. */
    final double[] parameter(String key, double[] target) {
        return read(getParam(key), target);
    }

    final void setGradient(String key, double[] sums) {
        write(sums, gradientViews.get(key));
    }

    private INDArray written(double[] values, int batch, ArrayType kind, LayerWorkspaceMgr workspaces) {
        INDArray array = workspaces.createUninitialized(kind, dataType, new long[] {batch, width()}, 'c');
        write(values, array);
        return array;
    }

    static double[] atLeast(double[] array, int length) {
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
