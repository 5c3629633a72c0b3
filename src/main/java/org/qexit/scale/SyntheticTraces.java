package org.qexit.scale;

import java.io.Serializable;
import java.util.SplittableRandom;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;

/**
 * Synthetic confidence traces of any size, to try and to time with: a fifth of the events is critical, and the confidence at exit q of L is
 * the logistic of ±q/L − 0.8, a noise of 0.4 that an event's exits share and one of 0.8 for each. Rows are numbered device by device
 * and drawn in chunks with a stream each, so that they are the same wherever they are made.
 *
 * @param devices how many
 * @param events of all devices
 * @param largest events of the first device; 0 for as many as the others have
 * @param exits L
 * @param seed of all that is drawn
 */
public record SyntheticTraces(int devices, long events, long largest, int exits, long seed) implements Serializable {
    /** Rows that share a stream. */
    public static final int CHUNK = 10_000;

    private static final double CRITICAL = 0.2;
    private static final double OFFSET = 0.8;
    private static final double SHARED = 0.4;
    private static final double OWN = 0.8;

    /** @throws IllegalArgumentException for fewer events than devices, and what is out of range */
    public SyntheticTraces {
        Checks.within("devices", devices, 1, 100_000_000);
        Checks.within("exits", exits, 1, 100);
        if (events < devices || events > 1_000_000_000_000L) {
            throw new IllegalArgumentException(
                    "events is " + events + "; expected " + devices + ", one of each device, to 1,000,000,000,000");
        }
        if (largest < 0 || largest > events - (devices - 1)) {
            throw new IllegalArgumentException("largest is " + largest + "; expected 0 to " + (events - (devices - 1))
                    + ", which leaves one event to each other device");
        }
    }

    /** Told of rows in their order. */
    public interface Rows {
        /**
         * One event.
         *
         * @param device from 0
         * @param event of the device, from 0
         * @param scores {@code [exit]}, used again for the next row
         */
        void row(int device, long event, int label, float[] scores);
    }

    public long chunks() {
        return (events + CHUNK - 1) / CHUNK;
    }

    /** The rows of a chunk. */
    public void chunk(long number, Rows rows) {
        SplittableRandom random = RandomStreams.of(seed).stream("traces/" + number);
        float[] scores = new float[exits];
        long end = Math.min(events, (number + 1) * CHUNK);
        for (long at = number * CHUNK; at < end; at++) {
            int label = random.nextDouble() < CRITICAL ? 1 : 0;
            double shared = SHARED * random.nextGaussian() - OFFSET;
            for (int q = 0; q < exits; q++) {
                double signal = (label == 1 ? 1 : -1) * (q + 1.0) / exits;
                scores[q] = (float) (1 / (1 + Math.exp(-(signal + shared + OWN * random.nextGaussian()))));
            }
            place(at, label, scores, rows);
        }
    }

    /** Whose the row is: the first device's, where it has a number of its own, else in equal parts, the first ones larger by one. */
    private void place(long at, int label, float[] scores, Rows rows) {
        if (at < largest) {
            rows.row(0, at, label, scores);
            return;
        }
        int skipped = largest > 0 ? 1 : 0;
        long rest = at - largest;
        long others = devices - skipped;
        long each = (events - largest) / others;
        long larger = (events - largest) % others;
        long inLarger = larger * (each + 1);
        long device = rest < inLarger ? rest / (each + 1) : larger + (rest - inLarger) / each;
        long event = rest < inLarger ? rest % (each + 1) : (rest - inLarger) % each;
        rows.row((int) (skipped + device), event, label, scores);
    }
}
