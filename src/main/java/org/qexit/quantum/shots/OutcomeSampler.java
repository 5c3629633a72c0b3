package org.qexit.quantum.shots;

import java.util.SplittableRandom;

/** Draws bit strings of given probabilities, each in constant time: the alias method of Walker 1977, tables as Vose 1991 makes them. */
public final class OutcomeSampler {
    private final double[] keep;
    private final int[] alias;

    /**
     * @param probabilities {@code [sample][bit string]}, each sample's summing to 1
     * @param at where the sample begins
     * @param count of bit strings
     */
    public OutcomeSampler(double[] probabilities, int at, int count) {
        keep = new double[count];
        alias = new int[count];
        int[] small = new int[count];
        int[] large = new int[count];
        int smalls = 0;
        int larges = 0;
        for (int k = 0; k < count; k++) {
            keep[k] = probabilities[at + k] * count;
            alias[k] = k;
            if (keep[k] < 1) {
                small[smalls++] = k;
            } else {
                large[larges++] = k;
            }
        }
        while (smalls > 0 && larges > 0) {
            int less = small[--smalls];
            int more = large[larges - 1];
            alias[less] = more;
            keep[more] -= 1 - keep[less];
            if (keep[more] < 1) {
                larges--;
                small[smalls++] = more;
            }
        }
        // What rounding has left over is as good as 1.
        while (smalls > 0) {
            keep[small[--smalls]] = 1;
        }
    }

    /** One shot's bit string. */
    public int draw(SplittableRandom random) {
        int k = random.nextInt(keep.length);
        return random.nextDouble() < keep[k] ? k : alias[k];
    }
}
