package org.qexit.nn.layer;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.qexit.quantum.Simulator;

/**
 * Runs a {@link QuantumLayer}: simulates the batch in double precision whatever the network's, and differentiates by the adjoint
 * method, or by parameter shift where there are shots or noise. DL4J wants gradients summed over the batch and written into its own view.
 */
final class CircuitLayer extends BaseLayer<QuantumLayer> {
    private static final long serialVersionUID = 1L;

    private transient Simulator simulator;

    CircuitLayer(NeuralNetConfiguration configuration, DataType type) {
        super(configuration, type);
        this.simulator = layerConf().simulator(0);
    }

    void seedShots(long seed) {
        if (layerConf().hasShots()) {
            simulator = layerConf().simulator(seed);
        }
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        int batch = Math.toIntExact(input.size(0));
        double[] outputs = new double[batch * width()];
        double[] angles = angles(doubles(input));
        if (finite(angles)) {
            simulator.forward(angles, doubles(getParam(AngleInitializer.ANGLES)), batch, outputs);
        } else {
            // A diverged network: let the loss show it, for the trainer knows what to say.
            Arrays.fill(outputs, Double.NaN);
        }
        return toArray(outputs, batch, ArrayType.ACTIVATIONS, workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        int batch = Math.toIntExact(input.size(0));
        double[] angles = angles(doubles(input));
        double[] theta = doubles(getParam(AngleInitializer.ANGLES));
        double[] toInputs = new double[angles.length];
        double[] toTheta = new double[theta.length];
        if (finite(angles)) {
            simulator.backward(angles, theta, batch, doubles(epsilon), toInputs, toTheta);
        } else {
            Arrays.fill(toInputs, Double.NaN);
            Arrays.fill(toTheta, Double.NaN);
        }
        INDArray view = gradientViews.get(AngleInitializer.ANGLES);
        view.assign(Nd4j.createFromArray(toTheta).reshape(view.shape()));
        Gradient gradient = new DefaultGradient();
        gradient.gradientForVariable().put(AngleInitializer.ANGLES, view);
        return Pair.of(gradient, toArray(toInputs, batch, ArrayType.ACTIVATION_GRAD, workspaces));
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    private int width() {
        return layerConf().ansatz().qubits();
    }

    private INDArray toArray(double[] values, int batch, ArrayType kind, LayerWorkspaceMgr workspaces) {
        INDArray array = workspaces.createUninitialized(kind, dataType, new long[] {batch, width()}, 'c');
        return array.assign(Nd4j.createFromArray(values).reshape('c', batch, width()));
    }

    /** A copy in row-major order, for {@code data()} of a view ignores its strides. */
    private static double[] doubles(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    /** @throws ArithmeticException if a value is no number, as after a diverged step */
    private static boolean finite(double[] values) {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /** x = π/2 + z, in place. */
    private static double[] angles(double[] preAngles) {
        for (int i = 0; i < preAngles.length; i++) {
            preAngles[i] += Math.PI / 2;
        }
        return preAngles;
    }
}
