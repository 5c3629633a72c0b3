package org.qexit.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.data.LabelledSet;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.Reduction;

/**
 * The first block of a trained model alone: what every event passes on a device, whatever exit decides, and what a device may offload in the
 * place of the event. Used by one thread at a time.
 */
public final class FirstBlock {
    private static final int BATCH = 256;

    private final Network network;

    private FirstBlock(Network network) {
        this.network = network;
    }

    /** A block with the model's parameters as they are now. */
    public static FirstBlock of(EarlyExitModel model) {
        ModelConfig whole = model.config();
        // The cheapest head there is, for a network ends in one.
        ModelConfig first = new ModelConfig(
                whole.name(),
                whole.channels(),
                whole.height(),
                whole.width(),
                whole.activation(),
                List.of(whole.blocks().get(0)),
                List.of(HeadConfig.linear().with(Reduction.AVERAGE)));
        Network network = Network.forInference(first);
        List<Tensor> tensors = new ArrayList<>();
        for (TensorLayout.Slot slot : TensorLayout.of(first).slots()) {
            tensors.add(
                    slot.name().startsWith("exit")
                            ? new Tensor(slot.name(), slot.shape(), new float[slot.size()])
                            : model.tensor(slot.name()));
        }
        network.setTensors(tensors);
        return new FirstBlock(network);
    }

    /** Channels, height and width of its output. */
    public int[] shape() {
        return network.model().shapes().get(0);
    }

    /** Hears what the block makes of an event. */
    @FunctionalInterface
    public interface FeatureListener {
        /**
         * @param event from 0
         * @param features {@code [channel · height · width]}; the listener's to keep
         */
        void heard(int event, float[] features);
    }

    /** The features of all events, one after the other. */
    public void forEach(LabelledSet events, FeatureListener listener) {
        int features = network.model().features();
        if (events.dataset().features() != features) {
            throw new IllegalArgumentException("data set " + events.dataset().name() + " has "
                    + events.dataset().features() + " values per sample; expected " + features);
        }
        int[] shape = shape();
        int length = shape[0] * shape[1] * shape[2];
        for (int first = 0; first < events.size(); first += BATCH) {
            int batch = Math.min(BATCH, events.size() - first);
            float[] images = new float[batch * features];
            for (int k = 0; k < batch; k++) {
                events.copyTo(first + k, images, k * features);
            }
            float[] outputs = network.firstBlock(images, batch);
            for (int k = 0; k < batch; k++) {
                listener.heard(first + k, Arrays.copyOfRange(outputs, k * length, (k + 1) * length));
            }
        }
    }
}
