package org.qexit.tier.cloud;

import com.fasterxml.jackson.annotation.JsonValue;

/** Why a training was ordered. */
public enum Reason {
    NEW_SAMPLES("new samples"),
    ALARM("alarm"),
    SCHEDULE("schedule");

    private final String word;

    Reason(String word) {
        this.word = word;
    }

    /** As files and tables name it. */
    @JsonValue
    public String word() {
        return word;
    }
}
