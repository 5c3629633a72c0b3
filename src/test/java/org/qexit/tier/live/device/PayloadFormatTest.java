package org.qexit.tier.live.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.NodeSettings;
import org.qexit.bundle.TinyBundle;
import org.qexit.common.UserError;
import org.qexit.device.EdgeRuntime;
import org.qexit.trace.Thresholds;

/** What is sent of an event, by the tiny bundle: its first block gives max(0, x) of the event, one channel of 2 x 2. */
class PayloadFormatTest {
    private static final String SHA256 = "a".repeat(64);
    private static final List<Integer> SHAPE = List.of(1, 2, 2);
    private static final float[] EVENT = {0.75f, 0.5f, 1, 0};

    @TempDir
    private Path folder;

    private static NodeSettings.Sent features(int bits) {
        List<NodeSettings.Channel> channels = bits == 8 ? List.of(new NodeSettings.Channel(-0.1f, 0.004f)) : null;
        return new NodeSettings.Sent("features", bits, channels, "tiny", SHA256);
    }

    private Bundle bundle(String sha256) throws IOException {
        TinyBundle tiny = new TinyBundle();
        if (sha256 != null) {
            tiny.put(
                    "thresholds.json",
                    ("{\"format\":\"qexit.thresholds/1\",\"model\":\"tiny\",\"modelSha256\":\"" + sha256
                                    + "\",\"devices\":[]}")
                            .getBytes(StandardCharsets.UTF_8));
        }
        return Bundle.open(tiny.zip(folder.resolve(sha256 + ".zip")));
    }

    private static Payload sent(PayloadFormat format, EdgeRuntime device) throws IOException {
        Payload[] sent = new Payload[1];
        assertTrue(
                format.decide(device, null, EVENT, payload -> sent[0] = payload).critical());
        // As the outbox keeps it.
        return Payload.decoded(sent[0].encoded());
    }

    @Test
    void sendsWhatTheNodeTakes() throws IOException {
        try (EdgeRuntime device = EdgeRuntime.open(bundle(SHA256), new Thresholds(0, 0), 1)) {
            float[][] first = new float[1][];
            device.classify(EVENT, values -> first[0] = values);
            assertEquals(EVENT.length, first[0].length);
            Payload event = sent(PayloadFormat.events("m", device.input()), device);
            assertEquals("input FP32 [1, 1, 2, 2]", event.name() + " " + event.datatype() + " " + event.shape());
            assertArrayEquals(EVENT, floats(event));
            Payload levels =
                    sent(new PayloadFormat("m", new NodeSettings.Sent("event", 8, null, null, null), SHAPE), device);
            assertEquals("UINT8", levels.datatype());
            assertArrayEquals(new byte[] {(byte) 191, (byte) 128, (byte) 255, 0}, levels.bytes());
            Payload exact = sent(new PayloadFormat("m", features(32), SHAPE), device);
            assertEquals("features FP32", exact.name() + " " + exact.datatype());
            assertArrayEquals(first[0], floats(exact));
            Payload coded = sent(new PayloadFormat("m", features(8), SHAPE), device);
            assertEquals("features UINT8", coded.name() + " " + coded.datatype());
            for (int i = 0; i < first[0].length; i++) {
                double level = Math.floor((first[0][i] + 0.1) / 0.004 + 0.5);
                assertEquals((int) Math.max(0, Math.min(255, level)), coded.bytes()[i] & 0xff, 1);
            }
        }
    }

    private static float[] floats(Payload payload) {
        float[] values = new float[payload.bytes().length / 4];
        ByteBuffer.wrap(payload.bytes())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }

    @Test
    void refusesWhatThisDeviceCannotSend() throws IOException {
        Bundle bundle = bundle(SHA256);
        try (EdgeRuntime device = EdgeRuntime.open(bundle, new Thresholds(0, 0), 1)) {
            new PayloadFormat("m", features(8), SHAPE).check(device, bundle);
            for (Bundle other : List.of(bundle("b".repeat(64)), bundle(null))) {
                UserError refused = assertThrows(
                        UserError.class, () -> new PayloadFormat("m", features(8), SHAPE).check(device, other));
                assertTrue(refused.getMessage().contains("parameters of SHA-256 " + SHA256), refused.getMessage());
            }
            NodeSettings.Sent events = new NodeSettings.Sent("event", 8, null, null, null);
            assertThrows(UserError.class, () -> new PayloadFormat("m", events, List.of(1, 4, 1)).check(device, bundle));
            // As many values as the first block gives, or it is told.
            PayloadFormat wider = new PayloadFormat("m", features(8), List.of(1, 3, 3));
            assertThrows(UserError.class, () -> sent(wider, device));
        }
    }
}
