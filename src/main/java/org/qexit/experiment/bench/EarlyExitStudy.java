package org.qexit.experiment.bench;

import java.util.List;
import org.qexit.device.EdgeRuntime;
import org.qexit.device.Latencies;

/**
 * What early exit saves: the same events through the stages with early exit and through all stages, in turn, one event at a time
 * in one run, so that whatever else the machine does falls on both alike.
 */
public final class EarlyExitStudy {
    private EarlyExitStudy() {}

    /**
     * Of one way to run the stages.
     *
     * @param meanMicros mean latency of one event [µs]
     * @param p50Micros its median
     * @param p99Micros what 99 % do not exceed
     * @param meanStages stages run per event
     */
    public record Arm(double meanMicros, double p50Micros, double p99Micros, double meanStages) {}

    /**
     * Both, and how they compare.
     *
     * @param events number of events
     * @param repetitions how often each event was run in each way
     * @param earlyExit stages up to the exit that decides
     * @param allStages all stages always
     * @param meanSpeedup mean latency of all stages over that of early exit
     * @param agreeing events whose decision and exit agree; all, unless something is wrong
     * @param exits how many events each exit decides
     */
    public record Savings(
            int events,
            int repetitions,
            Arm earlyExit,
            Arm allStages,
            double meanSpeedup,
            int agreeing,
            long[] exits) {}

    /** Measures after one warm-up repetition that does not count. */
    public static Savings run(EdgeRuntime runtime, List<float[]> events, int repetitions) {
        if (events.isEmpty() || repetitions < 1) {
            throw new IllegalArgumentException(
                    events.size() + " events, " + repetitions + " repetitions; expected at least 1 of each");
        }
        Latencies early = new Latencies();
        Latencies all = new Latencies();
        long[] exits = new long[runtime.exits()];
        int agreeing = 0;
        for (int r = 0; r <= repetitions; r++) {
            for (int k = 0; k < events.size(); k++) {
                float[] event = events.get(k);
                // Who goes first finds colder caches: they take turns.
                boolean earlyFirst = (r + k) % 2 == 0;
                EdgeRuntime.Result a = null;
                EdgeRuntime.Result b = null;
                for (boolean turn : new boolean[] {earlyFirst, !earlyFirst}) {
                    long start = System.nanoTime();
                    EdgeRuntime.Result result = turn ? runtime.classify(event) : runtime.classifyByAllStages(event);
                    long nanos = System.nanoTime() - start;
                    if (r > 0) {
                        (turn ? early : all).add(nanos);
                    }
                    a = turn ? result : a;
                    b = turn ? b : result;
                }
                if (r == 0) {
                    exits[a.exit() - 1]++;
                    agreeing += a.exit() == b.exit() && a.critical() == b.critical() ? 1 : 0;
                }
            }
        }
        double stages = 0;
        for (int q = 0; q < exits.length; q++) {
            stages += (q + 1.0) * exits[q];
        }
        Arm first = arm(early, stages / events.size());
        Arm second = arm(all, runtime.exits());
        return new Savings(
                events.size(), repetitions, first, second, second.meanMicros() / first.meanMicros(), agreeing, exits);
    }

    private static Arm arm(Latencies latencies, double stages) {
        return new Arm(latencies.meanMicros(), latencies.quantileMicros(0.5), latencies.quantileMicros(0.99), stages);
    }
}
