package org.qexit.tier.live.cloud;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** A token bucket per caller: so many at once, and so many per second in the long run. */
final class RateLimits {
    /** Callers remembered; with one more, the one that was silent longest is as a new one. */
    private static final int MOST = 100_000;

    private static final double NANOS = 1e9;

    private final double perSecond;
    private final double burst;
    private final LongSupplier nanos;
    private final Map<String, double[]> buckets = new LinkedHashMap<>(16, 0.75f, true);

    /** @param nanos the time, as {@link System#nanoTime} tells it */
    RateLimits(double perSecond, double burst, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.nanos = nanos;
    }

    /** Takes a token; if there is none, the seconds until there is one, else 0. */
    synchronized double take(String caller) {
        double now = nanos.getAsLong() / NANOS;
        double[] bucket = buckets.computeIfAbsent(caller, key -> new double[] {burst, now});
        bucket[0] = Math.min(burst, bucket[0] + Math.max(0, now - bucket[1]) * perSecond);
        bucket[1] = now;
        if (buckets.size() > MOST) {
            buckets.remove(buckets.keySet().iterator().next());
        }
        if (bucket[0] < 1) {
            return (1 - bucket[0]) / perSecond;
        }
        bucket[0]--;
        return 0;
    }
}
