package org.qexit.trace;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * An upper threshold as files and tables hold it: a number, or "never" where no event is ever critical.
 *
 * @param value the threshold, {@link Thresholds#NEVER} for "never"
 */
public record UpperThreshold(float value) {
    private static final String NEVER = "never";

    @JsonCreator
    static UpperThreshold parse(Object json) {
        if (json instanceof Number number) {
            // Beyond the floats a number would turn into the infinity that stands for "never".
            if (!(number.doubleValue() >= 0 && number.doubleValue() <= 1)) {
                throw new IllegalArgumentException("upper is " + number + "; expected 0 to 1 or \"never\"");
            }
            return new UpperThreshold(number.floatValue());
        }
        if (NEVER.equals(json)) {
            return new UpperThreshold(Thresholds.NEVER);
        }
        throw new IllegalArgumentException("upper is '" + json + "'; expected a number from 0 to 1 or \"never\"");
    }

    @JsonValue
    Object json() {
        return value == Thresholds.NEVER ? (Object) NEVER : (Object) value;
    }

    @Override
    public String toString() {
        return json().toString();
    }
}
