package org.qexit.threshold.offload;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** Which events a device offloads, docs/maths.md §12. The final answer is the node's for these, the device's for the others. */
public enum OffloadMode {
    /** Those that an exit calls critical, Eq. (2). */
    CRITICAL,
    /** Those that are undecided after the last exit; the device settles the others, critical ones too. */
    UNDECIDED,
    /** All that no exit calls normal. */
    BOTH;

    /** @throws IllegalArgumentException for another word */
    public static OffloadMode parse(String word) {
        return Arrays.stream(values())
                .filter(mode -> mode.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "offload is '" + word + "'; expected critical, undecided or both"));
    }

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether what an exit calls critical travels. */
    public boolean sendsCritical() {
        return this != UNDECIDED;
    }

    /** Whether what no exit decides travels. */
    public boolean sendsUndecided() {
        return this != CRITICAL;
    }
}
