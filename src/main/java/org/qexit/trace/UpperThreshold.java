package org.qexit.trace;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * An upper threshold as files hold it: a number, or "never".
 *
 * @param value the threshold, {@link Thresholds#NEVER} for "never"
 */
public record UpperThreshold(float value) {
    @JsonCreator
    static UpperThreshold of(Object json) {
        if (json instanceof Number number) {
            return new UpperThreshold(number.floatValue());
        }
        if ("never".equals(json)) {
            return new UpperThreshold(Thresholds.NEVER);
        }
        throw new IllegalArgumentException("upper is '" + json + "'; expected a number from 0 to 1 or \"never\"");
    }

    @JsonValue
    Object json() {
        return value == Thresholds.NEVER ? (Object) "never" : (Object) value;
    }
}
