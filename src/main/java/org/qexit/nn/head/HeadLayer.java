package org.qexit.nn.head;

import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.qexit.engine.Stage;

/**
 * A layer of a head: what the network, the stored parameters and the costs of an exit need to know of it.
 *
 * @param name within the head
 * @param inputs values per event that it takes
 * @param outputs values per event that it gives
 * @param multiplications multiply-accumulate operations per event
 * @param tensors its parameters, as they are stored
 * @param layer makes it for DL4J
 * @param stage for our own engine; null where that cannot run it
 */
public record HeadLayer(
        String name,
        int inputs,
        int outputs,
        long multiplications,
        List<ParameterTensor> tensors,
        Supplier<? extends Layer> layer,
        Stage stage) {
    public HeadLayer {
        tensors = List.copyOf(tensors);
    }

    /**
     * W x + b. Initial weights have the deviation of Glorot and Bengio 2010, √(2 / (fan-in + fan-out)), times {@code scale}; biases are 0.
     *
     * @param tanh whether it ends in a tanh
     */
    static HeadLayer dense(String name, int inputs, int outputs, double scale, boolean tanh) {
        double deviation = scale * Math.sqrt(2.0 / (inputs + outputs));
        return new HeadLayer(
                name,
                inputs,
                outputs,
                (long) inputs * outputs,
                List.of(
                        new ParameterTensor("weight", "W", new int[] {inputs, outputs}, 0, deviation),
                        new ParameterTensor("bias", "b", new int[] {outputs}, 0, 0)),
                () -> new DenseLayer.Builder()
                        .nOut(outputs)
                        .activation(tanh ? new ActivationTanH() : new ActivationIdentity())
                        .build(),
                new Stage.Dense(inputs, outputs, tanh));
    }

    /** Number of its parameters. */
    public long parameters() {
        return tensors.stream().mapToLong(ParameterTensor::size).sum();
    }
}
