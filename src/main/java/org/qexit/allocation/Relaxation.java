package org.qexit.allocation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;

/**
 * A change of the instance that makes an infeasible fleet feasible. The changed instance was solved and its plan checked.
 *
 * @param changes made together
 * @param cost Σ (to − from) / from, or (to − from) / to where from is 0
 * @param proved no smaller change of this kind suffices, up to {@link Change#insufficient()}
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Relaxation(List<Change> changes, double cost, boolean proved) {
    public Relaxation {
        changes = List.copyOf(changes);
    }

    /** What is changed. */
    public enum Kind {
        BANDWIDTH("bandwidthHz", "Hz"),
        COMPUTE("computeUnits", "compute units"),
        POWER("powerWatts", "W"),
        DEADLINE("deadlineSeconds", "s");

        final String field;
        final String unit;

        Kind(String field, String unit) {
            this.field = field;
            this.unit = unit;
        }

        @JsonValue
        public String json() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One number of the instance.
     *
     * @param kind which
     * @param id the node, or for a deadline the device
     * @param from now
     * @param to enough
     * @param insufficient the largest value proved not to suffice, or null
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Change(Kind kind, String id, double from, double to, Double insufficient) {
        double cost() {
            return from > 0 ? (to - from) / from : 1;
        }

        /** A clause for people. */
        String inWords() {
            return String.format(
                    Locale.ROOT,
                    "%s %s: %s from %.6g to %.6g %s",
                    kind == Kind.DEADLINE ? "device" : "node",
                    id,
                    kind.json(),
                    from,
                    to,
                    kind.unit);
        }
    }

    public static Relaxation of(List<Change> changes, boolean proved) {
        return new Relaxation(
                changes, changes.stream().mapToDouble(Change::cost).sum(), proved);
    }

    /** One line for people. */
    public String inWords() {
        StringBuilder text = new StringBuilder();
        for (Change change : changes) {
            text.append(text.isEmpty() ? "" : "; ").append(change.inWords());
        }
        return text.append(proved ? " (least, proved)" : " (enough)").toString();
    }
}
