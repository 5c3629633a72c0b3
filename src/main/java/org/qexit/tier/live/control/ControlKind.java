package org.qexit.tier.live.control;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.qexit.common.UserError;

/** What a control document is about. */
public enum ControlKind {
    /** A plan, {@code qexit.plan/1}. */
    PLAN,
    /** Thresholds, {@code qexit.thresholds/1}. */
    THRESHOLDS,
    /** Which bundle to run: a {@link ModelRelease}. */
    MODEL;

    /** As documents and paths have it. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws UserError for another word */
    public static ControlKind of(String word) {
        for (ControlKind kind : values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        throw new UserError("kind is '" + UserError.shown(word) + "'; expected plan, thresholds or model");
    }
}
