package org.qexit.tier.live.journal;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What names an event of a device for good: {@code EPOCH-SEQ}, 16 hexadecimal digits and a decimal number.
 *
 * @param epoch chosen at random once per outbox
 * @param seq ascending from 1 within the epoch
 */
public record EventId(long epoch, long seq) {
    private static final Pattern FORM = Pattern.compile("([0-9a-f]{16})-([1-9]\\d{0,17})");

    public EventId {
        if (seq < 1) {
            throw new IllegalArgumentException("seq is " + seq + "; expected at least 1");
        }
    }

    /** Nothing if it is not of the form, which is one per id. */
    public static Optional<EventId> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(
                        new EventId(HexFormat.fromHexDigitsToLong(parts.group(1)), Long.parseLong(parts.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(epoch) + "-" + seq;
    }
}
