package org.qexit.nn.node;

import java.util.List;
import org.qexit.common.Checks;

/**
 * What an edge node is sent of an offloaded event: the input of its network, docs/edge-node.md.
 *
 * @param kind the event as it came, or the features behind the first block of a device's model
 * @param bits per value: 8 for levels 0 to 255, which the network sees as 0 to 1; 32 for float values as they are
 * @param channels of what is sent
 * @param height of what is sent
 * @param width of what is sent
 * @param scales of features of 8 bits, {@code [channel]}, else null
 * @param model name of the device's model whose first block makes the features, else null
 * @param modelSha256 of that model's parameters as trained, else null
 */
public record Payload(
        PayloadKind kind,
        int bits,
        int channels,
        int height,
        int width,
        List<ChannelScale> scales,
        String model,
        String modelSha256) {
    /**
     * What travels before the values [bit]: four 64-bit words, the device, the event, the beginning of the model's SHA-256, and the time of
     * the event. The node needs all four to answer an event once, with the right model, within its deadline.
     */
    public static final int HEADER_BITS = 4 * Long.SIZE;

    public Payload {
        Checks.present("kind", kind);
        checkBits(bits);
        Checks.within("channels", channels, 1, 1 << 26);
        Checks.within("height", height, 1, 1 << 26);
        Checks.within("width", width, 1, 1 << 26);
        boolean features = kind == PayloadKind.FEATURES;
        if (features != (modelSha256 != null) || features != (model != null)) {
            throw new IllegalArgumentException("model and modelSha256 are " + model + " and " + modelSha256
                    + "; expected those of the devices' model for features, and none for events");
        }
        if (features) {
            Checks.notBlank("model", model);
            Checks.sha256("modelSha256", modelSha256);
        }
        scales = scales == null ? null : List.copyOf(scales);
        int expected = features && bits == Byte.SIZE ? channels : 0;
        if ((scales == null ? 0 : scales.size()) != expected) {
            throw new IllegalArgumentException("scales has " + (scales == null ? 0 : scales.size())
                    + " entries; expected " + expected + ", one per channel of features of 8 bits");
        }
    }

    /** Of a data set's events: 8 bits per value if it holds levels, 32 if it holds numbers. */
    static Payload event(int bits, int[] shape) {
        return new Payload(PayloadKind.EVENT, bits, shape[0], shape[1], shape[2], null, null, null);
    }

    static int checkBits(int bits) {
        if (bits != Byte.SIZE && bits != Float.SIZE) {
            throw new IllegalArgumentException("bits is " + bits + "; expected 8 or 32");
        }
        return bits;
    }

    /** Values per event. */
    public long values() {
        return (long) channels * height * width;
    }

    /** As reports and traces say it. */
    public String words() {
        return kind.label() + ", " + channels + " x " + height + " x " + width + " values of " + bits + " bits";
    }

    /** D, what an offloaded event takes on the air: its values and the header [bit]. */
    public long bitsPerEvent() {
        return values() * bits + HEADER_BITS;
    }
}
