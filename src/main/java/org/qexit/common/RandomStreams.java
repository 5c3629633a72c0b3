package org.qexit.common;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.SplittableRandom;

/**
 * Named random streams derived from one seed. Two streams of different purposes are independent, and adding one never
 * changes another: {@code state = first 8 bytes of SHA-256(seed "/" purpose)}.
 *
 * @param seed the run's seed
 */
public record RandomStreams(long seed) {
    public static RandomStreams of(long seed) {
        return new RandomStreams(seed);
    }

    /** The stream of a purpose such as "split/ue1". Each call starts it anew. */
    public SplittableRandom stream(String purpose) {
        return new SplittableRandom(seed(purpose));
    }

    /** A seed for code that wants a number, not a stream. */
    public long seed(String purpose) {
        MessageDigest digest = Hashing.sha256();
        byte[] hash = digest.digest((seed + "/" + purpose).getBytes(StandardCharsets.UTF_8));
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << 8 | hash[i] & 0xff;
        }
        return value;
    }

    /** Fisher-Yates shuffle in place. */
    public static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = values[i];
            values[i] = values[j];
            values[j] = swapped;
        }
    }
}
