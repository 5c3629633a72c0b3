package org.qexit.quantum.noise;

import java.util.SplittableRandom;

/**
 * Exact binomial draws. 64 trials at a time: bit i of a random word is the next binary digit of a uniform number U_i, which is compared
 * with p digit by digit until each is decided; about 8 words per 64 trials.
 */
final class Binomial {
    /** Digits of p; the rest is below the resolution of a double in [1/2, 1]. */
    private static final int DIGITS = 53;

    private Binomial() {}

    /** The number of successes in {@code trials} trials of probability p. */
    static long draw(long trials, double p, SplittableRandom random) {
        if (p >= 1) {
            return trials;
        }
        long digits = (long) (p * 0x1p53);
        long successes = 0;
        for (long done = 0; done < trials; done += Long.SIZE) {
            long undecided = trials - done >= Long.SIZE ? -1L : (1L << (trials - done)) - 1;
            for (int d = DIGITS - 1; d >= 0 && undecided != 0; d--) {
                long word = random.nextLong();
                if ((digits >> d & 1) == 1) {
                    successes += Long.bitCount(undecided & ~word);
                    undecided &= word;
                } else {
                    undecided &= ~word;
                }
            }
        }
        return successes;
    }
}
