package org.qexit.experiment.sweep;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.function.Function;
import org.qexit.tier.result.SimulationResult.Replication;

/** What plans, policies and settings are compared by. */
public enum Measure {
    /** Critical events answered in time over critical events, mean over the devices. */
    ANSWERED("answered in time, %", 100, 1, Replication::utility),
    /** The same of the device that has the least of it. */
    WORST("worst device, %", 100, 1, Replication::leastUtility),
    /** &Sigma; &rho; ln((found + 1/2) / (critical + 1)). */
    FAIRNESS("Σ ρ ln U", 1, 2, Replication::logUtility),
    /** Jain's index of found / critical. */
    JAIN("Jain's index", 1, 3, Replication::jain),
    /** Events offloaded over events. */
    OFFLOADED("offloaded, %", 100, 2, r -> ratio(r.offloads(), r.events())),
    /** Events late over events offloaded. */
    LATE("late, % of offloaded", 100, 1, r -> ratio(r.missed(), r.offloads())),
    /** Events lost over events. */
    LOST("lost, %", 100, 2, r -> ratio(r.lost(), r.events())),
    /** Median delay of answers. */
    MEDIAN("median delay, s", 1, 2, Replication::delayP50Seconds),
    /** Its 95 % quantile. */
    P95("95 % of delays up to, s", 1, 1, Replication::delayP95Seconds),
    /** Local and radio. */
    ENERGY("mJ per event", 1000, 3, Replication::joulesPerEvent),
    /** Put on the air, over all events. */
    BITS("bits sent per event", 1, 0, Replication::bitsPerEvent),
    /** Critical events whose class the nodes' model named in time, over critical events. */
    RIGHT(
            "right class, % of critical",
            100, 1, r -> r.rightClass() == null ? null : ratio(r.rightClass(), r.critical())),
    /** Normal events that reach an operator, over normal events. */
    ALARMS("false alarms, % of normal", 100, 2, r -> ratio(r.falseAlarms(), r.events() - r.critical())),
    /** New plans or thresholds. */
    CHANGES("changes", 1, 1, r -> (double) r.changes());

    private final String label;
    private final double unit;
    private final int decimals;
    private final Function<Replication, Double> of;

    Measure(String label, double unit, int decimals, Function<Replication, Double> of) {
        this.label = label;
        this.unit = unit;
        this.decimals = decimals;
        this.of = of;
    }

    private static Double ratio(long part, long whole) {
        return whole == 0 ? null : (Double) ((double) part / whole);
    }

    /** In words, with unit. */
    String label() {
        return label;
    }

    /** Of one replication, in its unit; null where it is not defined. */
    Double of(Replication replication) {
        Double value = of.apply(replication);
        return value == null ? null : (Double) (value * unit);
    }

    String text(double value) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value).replaceFirst("^-(0(\\.0*)?)$", "$1");
    }

    /** With its sign. */
    String signed(double value) {
        String text = text(value);
        return text.startsWith("-") ? "−" + text.substring(1) : "+" + text;
    }

    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
