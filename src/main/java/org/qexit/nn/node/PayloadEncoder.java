package org.qexit.nn.node;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.FirstBlock;

/** Makes of events what an edge node is sent of them. Used by one thread at a time. */
public final class PayloadEncoder {
    private final Payload payload;
    private final FirstBlock block;

    private PayloadEncoder(Payload payload, FirstBlock block) {
        this.payload = payload;
        this.block = block;
    }

    /** Events as they come: 8 bits per value of a data set that holds levels, else 32. */
    public static PayloadEncoder events(Dataset data) {
        int[] shape = {data.channels(), data.height(), data.width()};
        return new PayloadEncoder(Payload.event(data.isBytes() ? Byte.SIZE : Float.SIZE, shape), null);
    }

    /**
     * The output of the first block of a device's model.
     *
     * @param bits 8 or 32 per value
     * @param sha256 of the model's parameters as trained
     * @param training the scales of 8 bits reach from the least to the largest value of every channel on these events
     */
    public static PayloadEncoder features(int bits, EarlyExitModel model, String sha256, LabelledSet training) {
        FirstBlock block = FirstBlock.of(model);
        int[] shape = block.shape();
        List<ChannelScale> scales = Payload.checkBits(bits) == Byte.SIZE ? scales(block, training) : null;
        Payload payload = new Payload(
                PayloadKind.FEATURES,
                bits,
                shape[0],
                shape[1],
                shape[2],
                scales,
                model.config().name(),
                sha256);
        return new PayloadEncoder(payload, block);
    }

    /**
     * Of a payload that an edge node's model was trained on.
     *
     * @param model the devices' model; null for events
     * @param sha256 of its parameters as trained; null for events
     * @throws UserError unless it is the one whose first block makes the features
     */
    public static PayloadEncoder of(Payload payload, EarlyExitModel model, String sha256) {
        if (payload.kind() == PayloadKind.EVENT) {
            return new PayloadEncoder(payload, null);
        }
        if (model == null) {
            throw new UserError("the edge node's model takes features of the devices' model " + payload.model()
                    + ". Maybe name its directory with --ue");
        }
        if (!payload.modelSha256().equals(sha256)) {
            throw new UserError("the edge node's model takes features of model " + payload.model()
                    + " with parameters of SHA-256 " + payload.modelSha256() + "; model "
                    + model.config().name() + " has " + sha256
                    + ". Maybe it was trained again since: train the edge node's model again, too");
        }
        return new PayloadEncoder(payload, FirstBlock.of(model));
    }

    private static List<ChannelScale> scales(FirstBlock block, LabelledSet training) {
        int channels = block.shape()[0];
        int plane = block.shape()[1] * block.shape()[2];
        float[] least = new float[channels];
        float[] largest = new float[channels];
        Arrays.fill(least, Float.POSITIVE_INFINITY);
        Arrays.fill(largest, Float.NEGATIVE_INFINITY);
        block.forEach(training, (event, features) -> {
            for (int i = 0; i < features.length; i++) {
                least[i / plane] = Math.min(least[i / plane], features[i]);
                largest[i / plane] = Math.max(largest[i / plane], features[i]);
            }
        });
        List<ChannelScale> scales = new ArrayList<>();
        for (int c = 0; c < channels; c++) {
            scales.add(ChannelScale.between(least[c], largest[c]));
        }
        return scales;
    }

    public Payload payload() {
        return payload;
    }

    /** The same events in the same order, as the node's network is given them. */
    public LabelledSet encode(LabelledSet events) {
        if (block == null) {
            return events;
        }
        Dataset images = events.dataset();
        int[] shape = {payload.channels(), payload.height(), payload.width()};
        String name = images.name() + " behind block 1 of " + payload.model();
        Dataset encoded = payload.bits() == Byte.SIZE
                ? Dataset.ofBytes(name, shape, levels(events), events.classes(), images.classNames())
                : Dataset.ofReals(name, shape, values(events), events.classes(), images.classNames());
        return new LabelledSet(encoded, IntStream.range(0, events.size()).toArray(), events.labels(), events.classes());
    }

    private byte[][] levels(LabelledSet events) {
        int plane = payload.height() * payload.width();
        byte[][] levels = new byte[events.size()][];
        block.forEach(events, (event, features) -> {
            byte[] row = new byte[features.length];
            for (int i = 0; i < row.length; i++) {
                row[i] = (byte) payload.scales().get(i / plane).level(features[i]);
            }
            levels[event] = row;
        });
        return levels;
    }

    private float[][] values(LabelledSet events) {
        float[][] values = new float[events.size()][];
        block.forEach(events, (event, features) -> values[event] = features);
        return values;
    }
}
