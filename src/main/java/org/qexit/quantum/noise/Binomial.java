package org.qexit.quantum.noise;

import java.util.SplittableRandom;

/**
 * Exact binomial draws. Few trials: 64 at a time, bit i of a random word being the next binary digit of a uniform number U_i, which is compared
 * with p digit by digit until each is decided; about 8 words per 64 trials. Many trials with ten or more successes expected: transformed rejection,
 * BTRS of Hörmann 1993 ("The generation of binomial random variates", J. Stat. Comput. Simul. 46), about two words however many trials. Many
 * trials with fewer: by inversion of the distribution function from 0 on.
 */
final class Binomial {
    /** Digits of p; the rest is below the resolution of a double in [1/2, 1]. */
    private static final int DIGITS = 53;

    private static final int FEW = 128;

    /** Successes from which on the rejection is made for. */
    private static final double LEAST_MEAN = 10;

    private Binomial() {}

    /** The number of successes in {@code trials} trials of probability p. */
    static long draw(long trials, double p, SplittableRandom random) {
        if (p >= 1) {
            return trials;
        }
        if (!(p > 0)) {
            return 0;
        }
        if (trials <= FEW) {
            return byBits(trials, p, random);
        }
        if (p > 0.5) {
            return trials - draw(trials, 1 - p, random);
        }
        return trials * p < LEAST_MEAN ? byInversion(trials, p, random) : byRejection(trials, p, random);
    }

    private static long byBits(long trials, double p, SplittableRandom random) {
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

    private static long byInversion(long trials, double p, SplittableRandom random) {
        double odds = p / (1 - p);
        double probability = StrictMath.exp(trials * StrictMath.log1p(-p));
        double u = random.nextDouble();
        long k = 0;
        while (u > probability && k < trials) {
            u -= probability;
            k++;
            probability *= odds * (trials - k + 1) / k;
            if (probability == 0) {
                break;
            }
        }
        return k;
    }

    /** For p up to 1/2 and a mean of 10 or more; names and constants are the paper's. */
    private static long byRejection(long n, double p, SplittableRandom random) {
        double spread = Math.sqrt(n * p * (1 - p));
        double b = 1.15 + 2.53 * spread;
        double a = -0.0873 + 0.0248 * b + 0.01 * p;
        double c = n * p + 0.5;
        double vr = 0.92 - 4.2 / b;
        while (true) {
            double u = random.nextDouble() - 0.5;
            double v = random.nextDouble();
            double us = 0.5 - Math.abs(u);
            long k = (long) Math.floor((2 * a / us + b) * u + c);
            if (us >= 0.07 && v <= vr) {
                return k;
            }
            if (k < 0 || k > n) {
                continue;
            }
            // ln of the ratio of the probabilities of k and the mode; seldom needed.
            long mode = (long) ((n + 1) * p);
            double ratio = stirling(mode)
                    + stirling(n - mode)
                    - stirling(k)
                    - stirling(n - k)
                    + (k - mode) * StrictMath.log(p / (1 - p));
            double alpha = (2.83 + 5.1 / b) * spread;
            if (StrictMath.log(v * alpha / (a / (us * us) + b)) <= ratio) {
                return k;
            }
        }
    }

    /** ln k!, by its series from 10 on (Abramowitz and Stegun 6.1.41), to about 1e-12. */
    private static double stirling(long k) {
        if (k < 10) {
            double product = 1;
            for (long i = 2; i <= k; i++) {
                product *= i;
            }
            return StrictMath.log(product);
        }
        double x = k + 1.0;
        double square = x * x;
        return (x - 0.5) * StrictMath.log(x)
                - x
                + 0.5 * StrictMath.log(2 * Math.PI)
                + (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / (1680 * square)) / square) / square) / x;
    }
}
