package org.qexit.trace;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** The families of decision rules, docs/maths.md §11. */
public enum RuleKind {
    /** One pair of thresholds for all exits, Eq. (2). */
    PAIR("pair"),
    /** A pair for each exit. */
    PER_EXIT("per-exit");

    private final String word;

    RuleKind(String word) {
        this.word = word;
    }

    /** As files and options have it. */
    @JsonValue
    public String word() {
        return word;
    }

    /** @throws IllegalArgumentException for another word */
    @JsonCreator
    public static RuleKind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("rule is '" + word + "'; expected pair or per-exit"));
    }

    /** What files say of a rule: nothing of a pair, which is what files of before meant. */
    public RuleKind orNull() {
        return this == PAIR ? null : this;
    }
}
