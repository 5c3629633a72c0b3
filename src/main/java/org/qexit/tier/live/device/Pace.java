package org.qexit.tier.live.device;

import java.util.SplittableRandom;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;

/** When events come, in seconds from the first moment. Used by one thread at a time. */
public interface Pace {
    /**
     * When the next event comes.
     *
     * @return seconds from the beginning, not descending; NaN: as soon as the device is ready for it; +&infin;: no event comes any more
     */
    double next();

    /** Each as soon as the one before is decided. */
    static Pace asFastAsPossible() {
        return () -> Double.NaN;
    }

    /**
     * A Poisson process.
     *
     * @param perSecond events per second
     * @param skipped events that came before: a device that goes on does so where it was
     */
    static Pace poisson(double perSecond, long seed, String device, long skipped) {
        Checks.positive("perSecond", perSecond);
        SplittableRandom random = RandomStreams.of(seed).stream("arrivals/" + device);
        for (long i = 0; i < skipped; i++) {
            random.nextLong();
        }
        double[] time = {0};
        return () -> {
            // Uniform in (0, 1], so that the logarithm is finite.
            double uniform = ((random.nextLong() >>> 11) + 1) * 0x1p-53;
            time[0] -= Math.log(uniform) / perSecond;
            return time[0];
        };
    }

    /**
     * Recorded times.
     *
     * @param seconds ascending
     * @param speed how many times as fast
     * @param skipped events that came before: time begins with the one before the next
     */
    static Pace recorded(double[] seconds, double speed, long skipped) {
        Checks.positive("speed", speed);
        long[] next = {skipped};
        double begin = skipped == 0 || seconds.length == 0 ? 0 : seconds[(int) Math.min(seconds.length, skipped) - 1];
        return () -> next[0] < seconds.length ? (seconds[(int) next[0]++] - begin) / speed : Double.POSITIVE_INFINITY;
    }
}
