package org.qexit.tier.live.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.NodeSettings;
import org.qexit.common.Checks;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.device.BudgetFollower;
import org.qexit.device.EdgeRuntime;
import org.qexit.trace.ThresholdsFile;

/**
 * What a device sends of an event, as the edge node's bundle wants it: the event itself or what the device's first block makes of it, as
 * float numbers or as one byte per value.
 *
 * @param model name of the node's model
 * @param sent kind, bits and scales
 * @param shape channels, height and width of what is sent; null for events, which have the device's own
 */
public record PayloadFormat(String model, NodeSettings.Sent sent, List<Integer> shape) {
    private static final int LEVELS = 255;
    private static final String FEATURES = "features";

    public PayloadFormat {
        Checks.notBlank("model", model);
        Checks.present("sent", sent);
        shape = shape == null ? null : List.copyOf(shape);
    }

    /** What an edge node's bundle takes. */
    public static PayloadFormat of(String model, NodeSettings settings, BundleManifest.Input input) {
        return new PayloadFormat(model, settings.payload(), List.of(input.channels(), input.height(), input.width()));
    }

    /** Events as they come: levels for a device that takes levels, else float numbers. */
    public static PayloadFormat events(String model, BundleManifest.Input device) {
        int bits = device.maximum() == LEVELS ? Byte.SIZE : Float.SIZE;
        return new PayloadFormat(model, new NodeSettings.Sent("event", bits, null, null, null), null);
    }

    private boolean features() {
        return FEATURES.equals(sent.kind());
    }

    /** @throws UserError unless this device can send it */
    void check(EdgeRuntime device, Bundle bundle) {
        BundleManifest.Input input = device.input();
        if (!features() && shape != null && !shape.equals(List.of(input.channels(), input.height(), input.width()))) {
            throw new UserError("the edge node's model takes events of " + shape + "; the device's are ["
                    + input.channels() + ", " + input.height() + ", " + input.width() + "]");
        }
        if (features() && !sent.modelSha256().equals(modelSha256(bundle))) {
            throw new UserError("the edge node's model takes features of the devices' model " + sent.model()
                    + " with parameters of SHA-256 " + sent.modelSha256() + "; " + bundle.origin() + " has "
                    + modelSha256(bundle));
        }
        if (features() && device.exits() == 1) {
            throw new UserError("the edge node's model takes features; a model of one exit gives none");
        }
    }

    /** Of the parameters as trained, as the bundle's thresholds say; null if it does not say. */
    private static String modelSha256(Bundle bundle) {
        boolean there =
                bundle.manifest().files().stream().anyMatch(file -> file.path().equals(Bundle.THRESHOLDS));
        return there
                ? Json.parse(
                                bundle.origin().resolve(Bundle.THRESHOLDS).toString(),
                                bundle.text(Bundle.THRESHOLDS),
                                ThresholdsFile.class)
                        .modelSha256()
                : null;
    }

    /**
     * Decides an event; what is to be sent of it goes to {@code payload} if it is critical.
     *
     * @param follower null to decide by the device's own thresholds
     */
    EdgeRuntime.Result decide(EdgeRuntime device, BudgetFollower follower, float[] event, Consumer<Payload> payload) {
        float[][] features = new float[1][];
        EdgeRuntime.Result result;
        if (follower != null) {
            result = follower.classify(device, event, features() ? values -> features[0] = values : null);
        } else {
            result = features() ? device.classify(event, values -> features[0] = values) : device.classify(event);
        }
        if (result.critical()) {
            payload.accept(features() ? ofFeatures(features[0]) : ofEvent(device.input(), event));
        }
        return result;
    }

    private Payload ofEvent(BundleManifest.Input input, float[] event) {
        List<Integer> dimensions = List.of(1, input.channels(), input.height(), input.width());
        if (sent.bits() == Float.SIZE) {
            return new Payload("input", "FP32", dimensions, floats(event));
        }
        byte[] levels = new byte[event.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) Math.round(event[i] * (LEVELS / input.maximum()));
        }
        return new Payload("input", "UINT8", dimensions, levels);
    }

    private Payload ofFeatures(float[] values) {
        List<Integer> dimensions = List.of(1, shape.get(0), shape.get(1), shape.get(2));
        int plane = shape.get(1) * shape.get(2);
        if (values.length != shape.get(0) * plane) {
            throw new UserError("the device's first block gives " + values.length + " values; the edge node takes "
                    + shape.get(0) * plane);
        }
        if (sent.bits() == Float.SIZE) {
            return new Payload(FEATURES, "FP32", dimensions, floats(values));
        }
        byte[] levels = new byte[values.length];
        for (int i = 0; i < levels.length; i++) {
            NodeSettings.Channel channel = sent.channels().get(i / plane);
            int level = Math.round((values[i] - channel.zero()) / channel.scale());
            levels[i] = (byte) Math.max(0, Math.min(LEVELS, level));
        }
        return new Payload(FEATURES, "UINT8", dimensions, levels);
    }

    private static byte[] floats(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }
}
