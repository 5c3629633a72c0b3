package org.qexit.tier.live.control;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.common.UserError;
import org.qexit.tier.live.journal.EventId;
import org.qexit.tier.live.security.Identity;

/**
 * What a node tells the cloud of an event that it answered.
 *
 * @param device that sent it
 * @param event its id at the device, {@code EPOCH-SEQ}
 * @param modelSha256 digest of the bundle that answered
 * @param answer the class named, or -1 for a false alarm
 * @param exit that decided, from 1
 * @param confidences the probabilities at that exit, one per class; null where they are not told
 * @param payload what the device sent, base64: bytes where a value has 8 bits, else float32 in little-endian order
 */
public record EventRecord(
        String device,
        String event,
        String modelSha256,
        int answer,
        int exit,
        List<Float> confidences,
        String payload) {
    private static final int MOST_CLASSES = 10_000;
    private static final int MOST_EXITS = 64;

    /** @throws IllegalArgumentException for a part that is missing or not as described */
    public EventRecord {
        if (device == null || !device.matches(Identity.NAME)) {
            throw new IllegalArgumentException("device is '" + shown(device) + "'; expected an id");
        }
        if (event == null || EventId.parse(event).isEmpty()) {
            throw new IllegalArgumentException("event is '" + shown(event) + "'; expected EPOCH-SEQ");
        }
        Checks.sha256("modelSha256", modelSha256);
        Checks.within("answer", answer, -1, MOST_CLASSES - 1);
        Checks.within("exit", exit, 1, MOST_EXITS);
        confidences = confidences == null ? null : List.copyOf(confidences);
        if (confidences != null) {
            Checks.within("number of confidences", confidences.size(), 1, MOST_CLASSES);
            confidences.forEach(value -> Checks.within("confidence", value, 0, 1));
        }
        Checks.present("payload", payload);
    }

    private static String shown(String text) {
        return text == null ? "" : UserError.shown(text);
    }

    public static EventRecord of(
            String device, String event, String modelSha256, int answer, int exit, byte[] payload) {
        return new EventRecord(
                device,
                event,
                modelSha256,
                answer,
                exit,
                null,
                Base64.getEncoder().encodeToString(payload));
    }

    /** The same with the probabilities at the exit that decided. */
    public EventRecord withConfidences(float... values) {
        List<Float> told = new ArrayList<>(values.length);
        for (float value : values) {
            told.add(value);
        }
        return new EventRecord(device, event, modelSha256, answer, exit, told, payload);
    }

    /** {@code DEVICE/EPOCH-SEQ}: distinct in the deployment; labels name events so. */
    public String id() {
        return device + "/" + event;
    }

    /**
     * The payload's bytes.
     *
     * @throws IllegalArgumentException if it is not base64
     */
    public byte[] bytes() {
        return Base64.getDecoder().decode(payload);
    }
}
