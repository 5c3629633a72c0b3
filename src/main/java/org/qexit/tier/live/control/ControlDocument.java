package org.qexit.tier.live.control;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.qexit.common.Checks;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.live.security.Identity;

/**
 * One document, format {@value #FORMAT}.
 *
 * @param format must be {@value #FORMAT}
 * @param fleet the deployment it is for
 * @param kind what it is about
 * @param subject the id of the device or node that it concerns, or "*" for all
 * @param version ascending for each kind and subject, from 1
 * @param issued when it was made, as {@link Instant} writes it
 * @param body by its kind: a plan, thresholds, or a {@link ModelRelease}
 */
public record ControlDocument(
        String format,
        String fleet,
        ControlKind kind,
        String subject,
        long version,
        String issued,
        Map<String, Object> body) {
    public static final String FORMAT = "qexit.control/1";

    /** @throws IllegalArgumentException for a part that is missing or not as described */
    public ControlDocument {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        if (fleet == null || !fleet.matches(Identity.NAME)) {
            throw new IllegalArgumentException("fleet is '" + fleet + "'; expected a name");
        }
        Checks.present("kind", kind);
        ControlNames.checkSubject(subject);
        if (version < 1) {
            throw new IllegalArgumentException("version is " + version + "; expected 1 or more");
        }
        try {
            Instant.parse(Checks.notBlank("issued", issued));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "issued is '" + issued + "'; expected a time such as 2026-01-31T12:00:00Z", e);
        }
        Checks.present("body", body);
    }

    /** Reads what was in an envelope; {@code name} stands for it in messages. */
    static ControlDocument read(String name, byte[] payload) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
            return Json.parse(name, text, ControlDocument.class);
        } catch (CharacterCodingException e) {
            throw new UserError(name + ": is not UTF-8 text", e);
        }
    }

    byte[] payload() {
        return Json.compact(this).getBytes(StandardCharsets.UTF_8);
    }

    /** The body as JSON. */
    public String bodyText() {
        return Json.compact(body);
    }

    /**
     * The body as what its kind says.
     *
     * @throws UserError if it is none
     */
    public <T> T body(Class<T> type) {
        return Json.parse(title() + ": body", bodyText(), type);
    }

    /** Such as {@code plan for ue1, version 3}. */
    public String title() {
        return kind.word() + " for " + subject + ", version " + version;
    }
}
