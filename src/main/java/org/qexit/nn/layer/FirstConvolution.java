package org.qexit.nn.layer;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The convolution that sees the input itself: DL4J's, of stride 1, odd kernel and equal size in and out, but for its gradient. Nobody needs
 * the input's, which takes oneDNN long where the input has few channels; and the kernels',
 *
 * <pre>∂L/∂W[o][c][u][v] = Σ_s Σ_ij X[s][c][i + u − p][j + v − p] · δ[s][o][i][j],</pre>
 *
 * is a convolution too: of a "batch" of input channels, each with samples for channels, by the errors δ as kernels of the image's size.
 * docs/training.md has figures.
 */
public final class FirstConvolution extends ConvolutionLayer {
    private static final long serialVersionUID = 1L;

    /** Makes it. */
    public FirstConvolution(ConvolutionLayer.Builder builder) {
        super(builder);
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration configuration,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialise,
            DataType type) {
        return VectorLayer.prepared(
                new Running(configuration, type), configuration, listeners, index, parameters, initialise);
    }

    private static final class Running extends org.deeplearning4j.nn.layers.convolution.ConvolutionLayer {
        private static final long serialVersionUID = 1L;

        Running(NeuralNetConfiguration configuration, DataType type) {
            super(configuration, type);
        }

        @Override
        public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
            assertInputSet(true);
            INDArray weights = gradientViews.get(ConvolutionParamInitializer.WEIGHT_KEY);
            INDArray bias = gradientViews.get(ConvolutionParamInitializer.BIAS_KEY);
            INDArray sums = preOutput4d(true, true, workspaces).getFirst();
            INDArray errors =
                    layerConf().getActivationFn().backprop(sums, epsilon).getFirst();
            errors.sum(bias, 0, 2, 3);
            INDArray found = workspaces.createUninitialized(
                    ArrayType.BP_WORKING_MEM,
                    dataType,
                    new long[] {weights.size(1), weights.size(0), weights.size(2), weights.size(3)},
                    'c');
            Nd4j.exec(new Conv2D(
                    bySample(input, workspaces), bySample(errors, workspaces), null, found, configuration(weights)));
            weights.assign(found.permute(1, 0, 2, 3));
            Gradient gradient = new DefaultGradient();
            gradient.setGradientFor(ConvolutionParamInitializer.BIAS_KEY, bias);
            gradient.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, weights, 'c');
            return Pair.of(gradient, null);
        }

        /** {@code [channel][sample][row][column]} of {@code [sample][channel][row][column]}. */
        private INDArray bySample(INDArray array, LayerWorkspaceMgr workspaces) {
            return workspaces.dup(ArrayType.BP_WORKING_MEM, array.permute(1, 0, 2, 3), 'c');
        }

        private Conv2DConfig configuration(INDArray weights) {
            return Conv2DConfig.builder()
                    .kH(input.size(2))
                    .kW(input.size(3))
                    .pH((weights.size(2) - 1) / 2)
                    .pW((weights.size(3) - 1) / 2)
                    .weightsFormat(WeightsFormat.OIYX)
                    .build();
        }
    }
}
