package org.qexit.nn.layer;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.qexit.quantum.Simulator;

/** Runs a {@link QuantumLayer}: differentiates by the adjoint method, or by parameter shift where there are shots or noise. */
final class CircuitLayer extends RunningLayer<QuantumLayer> {
    private static final long serialVersionUID = 1L;

    private transient Simulator simulator;
    private transient double[] theta = new double[0];
    private transient double[] scale = new double[0];
    private transient double[] angles = new double[0];
    private transient double[] toAngles = new double[0];
    private transient double[] toTheta = new double[0];

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
    void forward(double[] preAngles, int batch, double[] outputs) {
        if (enter(preAngles, batch)) {
            simulator.forward(angles, theta, batch, outputs);
        } else {
            // A diverged network: let the loss show it, for the trainer knows what to say.
            Arrays.fill(outputs, Double.NaN);
        }
    }

    @Override
    void backward(double[] preAngles, int batch, double[] upstream, double[] gradInputs) {
        int n = width();
        int inputs = layerConf().ansatz().inputs();
        toAngles = atLeast(toAngles, batch * inputs);
        toTheta = atLeast(toTheta, layerConf().ansatz().parameters());
        double[] toScale = new double[layerConf().scales()];
        if (enter(preAngles, batch)) {
            simulator.backward(angles, theta, batch, upstream, toAngles, toTheta);
        } else {
            Arrays.fill(toAngles, Double.NaN);
            Arrays.fill(toTheta, Double.NaN);
        }
        if (toScale.length == 0) {
            System.arraycopy(toAngles, 0, gradInputs, 0, batch * n);
        } else {
            Arrays.fill(gradInputs, 0, batch * n, 0);
            for (int k = 0; k < batch; k++) {
                for (int i = 0; i < inputs; i++) {
                    double up = toAngles[k * inputs + i];
                    toScale[i] += up * preAngles[k * n + i % n];
                    gradInputs[k * n + i % n] += up * scale[i];
                }
            }
            setGradient(QuantumLayer.SCALE, toScale);
        }
        setGradient(QuantumLayer.THETA, toTheta);
    }

    /** x_{ui} = π/2 + s_{ui} z_i, s = 1 where angles are not scaled; false if a value is no number, as after a diverged step. */
    private boolean enter(double[] preAngles, int batch) {
        int n = width();
        int inputs = layerConf().ansatz().inputs();
        boolean scaled = layerConf().scales() > 0;
        theta = parameter(QuantumLayer.THETA, theta);
        scale = scaled ? parameter(QuantumLayer.SCALE, scale) : scale;
        angles = atLeast(angles, batch * inputs);
        boolean finite = true;
        for (int k = 0; k < batch; k++) {
            for (int i = 0; i < inputs; i++) {
                double z = preAngles[k * n + i % n];
                double x = QuantumLayer.angle(z, scaled ? scale[i] : 1);
                angles[k * inputs + i] = x;
                finite &= Double.isFinite(x);
            }
        }
        return finite;
    }
}
