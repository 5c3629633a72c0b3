package org.qexit.tier.scenario;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.qexit.common.Checks;

/** When a device's events come. In YAML, {@code {kind: poisson, factor: 1.5}}; the factor is that of the rate over the planned one. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Arrivals.Poisson.class, name = "poisson"),
    @JsonSubTypes.Type(value = Arrivals.Periodic.class, name = "periodic"),
    @JsonSubTypes.Type(value = Arrivals.Bursts.class, name = "bursts"),
    @JsonSubTypes.Type(value = Arrivals.Recorded.class, name = "recorded"),
})
public sealed interface Arrivals {
    /** The mean rate over the planned one; recorded times have no such factor. */
    double factor();

    /**
     * Times between arrivals are exponential.
     *
     * @param factor the mean rate over the planned one; 1
     */
    record Poisson(double factor) implements Arrivals {
        public Poisson {
            Checks.nonNegative("factor", factor);
        }

        @JsonCreator
        static Poisson of(@JsonProperty("factor") Double factor) {
            return new Poisson(factor == null ? 1 : factor);
        }
    }

    /**
     * One per interval, displaced by a uniform time of up to {@code jitter} intervals; every device begins at a time of its own.
     *
     * @param factor the mean rate over the planned one; 1
     * @param jitter 0 to 1; 0
     */
    record Periodic(double factor, double jitter) implements Arrivals {
        public Periodic {
            Checks.nonNegative("factor", factor);
            Checks.within("jitter", jitter, 0, 1);
        }

        @JsonCreator
        static Periodic of(@JsonProperty("factor") Double factor, @JsonProperty("jitter") Double jitter) {
            return new Periodic(factor == null ? 1 : factor, jitter == null ? 0 : jitter);
        }
    }

    /**
     * A Poisson process that a Markov chain switches: while on, its rate is {@code burst} times the mean one; while off, what is left. Times on and
     * off are exponential.
     *
     * @param factor the mean rate over the planned one; 1
     * @param burst 1 or more, and at most the mean time of on and off together over that of on; 4, or what is the most
     * @param onSeconds mean time on [s]
     * @param offSeconds mean time off [s]
     */
    record Bursts(double factor, double burst, double onSeconds, double offSeconds) implements Arrivals {
        public Bursts {
            Checks.nonNegative("factor", factor);
            Checks.positive("onSeconds", onSeconds);
            Checks.positive("offSeconds", offSeconds);
            Checks.within("burst", burst, 1, (onSeconds + offSeconds) / onSeconds);
        }

        @JsonCreator
        static Bursts of(
                @JsonProperty("factor") Double factor,
                @JsonProperty("burst") Double burst,
                @JsonProperty("onSeconds") double onSeconds,
                @JsonProperty("offSeconds") double offSeconds) {
            double most = (onSeconds + offSeconds) / onSeconds;
            return new Bursts(
                    factor == null ? 1 : factor, burst == null ? Math.min(4, most) : burst, onSeconds, offSeconds);
        }

        /** The rate while off, over the mean one. */
        public double quiet() {
            return Math.max(0, 1 + (1 - burst) * onSeconds / offSeconds);
        }
    }

    /**
     * At known times, each device from its own list.
     *
     * @param file CSV with the columns {@code device} and {@code seconds}, relative to the scenario
     * @param times what {@link ArrivalFile} read, or null before
     */
    record Recorded(String file, List<ArrivalFile.DeviceTimes> times) implements Arrivals {
        public Recorded {
            Checks.notBlank("file", file);
            times = times == null ? null : List.copyOf(times);
        }

        @JsonCreator
        static Recorded of(@JsonProperty("file") String file) {
            return new Recorded(file, null);
        }

        @Override
        @JsonIgnore
        public double factor() {
            return 1;
        }
    }
}
