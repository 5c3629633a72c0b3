package org.qexit.tier.cloud;

import com.fasterxml.jackson.annotation.JsonValue;

/** What became of a candidate. */
public enum Verdict {
    BETTER("better", true),
    NON_INFERIOR("non-inferior", true),
    /** Neither was shown. */
    NOT_SHOWN("not shown", false),
    /** A device lost more than it may. */
    DEVICE_WORSE("device worse", false);

    private final String word;
    private final boolean accepted;

    Verdict(String word, boolean accepted) {
        this.word = word;
        this.accepted = accepted;
    }

    /** As files and tables name it. */
    @JsonValue
    public String word() {
        return word;
    }

    public boolean accepted() {
        return accepted;
    }
}
