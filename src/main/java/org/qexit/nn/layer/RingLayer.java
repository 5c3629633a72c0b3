package org.qexit.nn.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Residual rings, the classical counterpart of a circuit's layers with as many parameters: h^0 = z in, h^R out,
 *
 * <pre>h^{r+1}_i = a_{ri} h^r_i + b_{ri} tanh(h^r_{i-1 mod n} + c_{ri}) + [r ≥ R − S] s_{r−R+S,i} z_i,</pre>
 *
 * with own weights a, gains b, biases c and skips s. With a = 0, b = 1 in one ring it is a layer of tanh units.
 */
public final class RingLayer extends VectorLayer {
    static final String OWN = "own";
    static final String GAIN = "gain";
    static final String BIAS = "bias";
    static final String SKIP = "skip";

    private static final long serialVersionUID = 1L;

    private final int rings;
    private final int skips;

    /**
     * Makes it.
     *
     * @param units n
     * @param rings R
     * @param skips S, at most R
     */
    public RingLayer(int units, int rings, int skips) {
        super(units);
        this.rings = rings;
        this.skips = skips;
    }

    @Override
    Map<String, Integer> vectors() {
        int units = Math.toIntExact(getNIn());
        Map<String, Integer> vectors = new LinkedHashMap<>();
        vectors.put(OWN, rings * units);
        vectors.put(GAIN, rings * units);
        vectors.put(BIAS, rings * units);
        if (skips > 0) {
            vectors.put(SKIP, skips * units);
        }
        return vectors;
    }

    @Override
    RunningLayer<?> running(NeuralNetConfiguration configuration, DataType type) {
        return new Rings(configuration, type);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RingLayer that && super.equals(other) && rings == that.rings && skips == that.skips;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * super.hashCode() + rings) + skips;
    }

    /** States and gradients are {@code [ring][sample][unit]}, flattened. */
    private static final class Rings extends RunningLayer<RingLayer> {
        private static final long serialVersionUID = 1L;

        private transient double[] own = new double[0];
        private transient double[] gain = new double[0];
        private transient double[] bias = new double[0];
        private transient double[] skip = new double[0];
        private transient double[] states = new double[0];
        private transient double[] activations = new double[0];
        private transient double[] adjoint = new double[0];
        private transient double[] next = new double[0];

        Rings(NeuralNetConfiguration configuration, DataType type) {
            super(configuration, type);
        }

        @Override
        void forward(double[] inputs, int batch, double[] outputs) {
            run(inputs, batch);
            System.arraycopy(states, layerConf().rings * batch * width(), outputs, 0, batch * width());
        }

        private void run(double[] inputs, int batch) {
            int n = width();
            int rings = layerConf().rings;
            int size = batch * n;
            own = parameter(OWN, own);
            gain = parameter(GAIN, gain);
            bias = parameter(BIAS, bias);
            skip = layerConf().skips > 0 ? parameter(SKIP, skip) : skip;
            states = atLeast(states, (rings + 1) * size);
            activations = atLeast(activations, rings * size);
            System.arraycopy(inputs, 0, states, 0, size);
            for (int r = 0; r < rings; r++) {
                int fromSkip = r - rings + layerConf().skips;
                for (int k = 0; k < batch; k++) {
                    int row = r * size + k * n;
                    for (int i = 0; i < n; i++) {
                        double active = Math.tanh(states[row + (i == 0 ? n : i) - 1] + bias[r * n + i]);
                        activations[row + i] = active;
                        states[row + size + i] = own[r * n + i] * states[row + i]
                                + gain[r * n + i] * active
                                + (fromSkip >= 0 ? skip[fromSkip * n + i] * inputs[k * n + i] : 0);
                    }
                }
            }
        }

        @Override
        void backward(double[] inputs, int batch, double[] upstream, double[] gradInputs) {
            run(inputs, batch);
            int n = width();
            int rings = layerConf().rings;
            int size = batch * n;
            double[] toOwn = new double[rings * n];
            double[] toGain = new double[rings * n];
            double[] toBias = new double[rings * n];
            double[] toSkip = new double[layerConf().skips * n];
            adjoint = atLeast(adjoint, size);
            next = atLeast(next, size);
            System.arraycopy(upstream, 0, adjoint, 0, size);
            java.util.Arrays.fill(gradInputs, 0, size, 0);
            for (int r = rings - 1; r >= 0; r--) {
                int fromSkip = r - rings + layerConf().skips;
                java.util.Arrays.fill(next, 0, size, 0);
                for (int k = 0; k < batch; k++) {
                    int row = r * size + k * n;
                    for (int i = 0; i < n; i++) {
                        double up = adjoint[k * n + i];
                        double active = activations[row + i];
                        double inner = up * gain[r * n + i] * (1 - active * active);
                        toOwn[r * n + i] += up * states[row + i];
                        toGain[r * n + i] += up * active;
                        toBias[r * n + i] += inner;
                        next[k * n + i] += up * own[r * n + i];
                        next[k * n + (i == 0 ? n : i) - 1] += inner;
                        if (fromSkip >= 0) {
                            toSkip[fromSkip * n + i] += up * inputs[k * n + i];
                            gradInputs[k * n + i] += up * skip[fromSkip * n + i];
                        }
                    }
                }
                double[] swapped = adjoint;
                adjoint = next;
                next = swapped;
            }
            for (int i = 0; i < size; i++) {
                gradInputs[i] += adjoint[i];
            }
            setGradient(OWN, toOwn);
            setGradient(GAIN, toGain);
            setGradient(BIAS, toBias);
            if (toSkip.length > 0) {
                setGradient(SKIP, toSkip);
            }
        }
    }
}
