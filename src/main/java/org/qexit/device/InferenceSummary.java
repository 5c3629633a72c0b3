package org.qexit.device;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a device did: counts, latencies and an energy estimate.
 *
 * @param events that were decided
 * @param critical of them
 * @param skipped that could not be read
 * @param p50Micros median latency of one event [µs]; null without events
 * @param p99Micros latency that 99 % do not exceed
 * @param meanMicros mean latency
 * @param meanJoules γ · memory accesses per event; null without γ
 * @param exits the same for those that each exit decided
 */
public record InferenceSummary(
        long events,
        long critical,
        long skipped,
        Double p50Micros,
        Double p99Micros,
        Double meanMicros,
        Double meanJoules,
        List<Exit> exits) {

    /**
     * Of one exit.
     *
     * @param exit from 1
     * @param events that it decided
     * @param critical of them
     * @param p50Micros median latency from the event's arrival to the decision [µs]
     * @param p99Micros latency that 99 % do not exceed
     * @param joules per event, or null
     */
    public record Exit(int exit, long events, long critical, Double p50Micros, Double p99Micros, Double joules) {}

    /** Adds up results. Not for several threads. */
    public static final class Tally {
        private final EdgeRuntime runtime;
        private final Double joulesPerMemoryAccess;
        private final List<Latencies> latencies;
        private final long[] critical;
        private long skipped;

        /** @param joulesPerMemoryAccess γ of Eq. (3), or null for no estimate */
        public Tally(EdgeRuntime runtime, Double joulesPerMemoryAccess) {
            this.runtime = runtime;
            this.joulesPerMemoryAccess = joulesPerMemoryAccess;
            this.latencies =
                    Stream.generate(Latencies::new).limit(runtime.exits()).toList();
            this.critical = new long[runtime.exits()];
        }

        public void add(EdgeRuntime.Result result, long nanos) {
            latencies.get(result.exit() - 1).add(nanos);
            if (result.critical()) {
                critical[result.exit() - 1]++;
            }
        }

        public void skip() {
            skipped++;
        }

        public InferenceSummary summary() {
            Latencies all = new Latencies();
            List<Exit> exits = new ArrayList<>();
            double joules = 0;
            long criticals = 0;
            for (int q = 1; q <= critical.length; q++) {
                Latencies own = latencies.get(q - 1);
                Double each = joulesPerMemoryAccess == null ? null : runtime.joules(q, joulesPerMemoryAccess);
                exits.add(new Exit(
                        q, own.count(), critical[q - 1], own.quantileMicros(0.5), own.quantileMicros(0.99), each));
                joules += each == null ? 0 : each * own.count();
                criticals += critical[q - 1];
                all.add(own);
            }
            return new InferenceSummary(
                    all.count(),
                    criticals,
                    skipped,
                    all.quantileMicros(0.5),
                    all.quantileMicros(0.99),
                    all.meanMicros(),
                    joulesPerMemoryAccess == null || all.count() == 0 ? null : joules / all.count(),
                    exits);
        }
    }
}
