package org.qexit.trace;

/**
 * The two thresholds of an edge node's model, docs/edge-node.md. At each exit in turn, with s the sum of the probabilities of the critical
 * classes, c* the most probable critical class (the first of equals) and m its probability: {@code s <= lower} means false alarm, else
 * {@code m >= upper} means class c*, else the next exit looks. After the last exit it is c*, or a false alarm if {@code s <= 1/2}.
 *
 * <p>All comparisons are of floats; s is the float sum in ascending order of the class ids.
 *
 * @param lower l' in [0, 1]; may be above {@code upper}, for s and m are different numbers
 * @param upper u' in [0, 1], or {@link Thresholds#NEVER} where only the last exit names a class
 */
public record ClassThresholds(float lower, float upper) {
    /** What a decision names in the place of a class that is no critical event after all. */
    public static final int FALSE_ALARM = -1;

    /** At the last exit, where the critical classes together are no likelier than the normal ones, it is a false alarm. */
    public static final float EVEN = 0.5f;

    /** @throws IllegalArgumentException unless both are in [0, 1] (or upper is {@link Thresholds#NEVER}) */
    public ClassThresholds {
        if (!(lower >= 0 && lower <= 1 && upper >= 0 && (upper <= 1 || upper == Thresholds.NEVER))) {
            throw new IllegalArgumentException(
                    "thresholds (" + lower + ", " + upper + ") of an edge node; expected numbers from 0 to 1");
        }
    }

    /**
     * The exit that decides and what it says.
     *
     * @param probabilities {@code [exit][class]}
     * @param critical ids of the critical classes, ascending
     */
    public Decision decide(float[][] probabilities, int[] critical) {
        int last = probabilities.length - 1;
        for (int q = 0; ; q++) {
            float sum = sum(probabilities[q], critical);
            if (sum <= lower) {
                return new Decision(q, FALSE_ALARM);
            }
            int best = best(probabilities[q], critical);
            if (probabilities[q][best] >= upper) {
                return new Decision(q, best);
            }
            if (q == last) {
                return new Decision(q, sum <= EVEN ? FALSE_ALARM : best);
            }
        }
    }

    /** Whether an exit that is not the last decides by what it says. */
    public boolean decidesAt(float[] probabilities, int[] critical) {
        return sum(probabilities, critical) <= lower || probabilities[best(probabilities, critical)] >= upper;
    }

    /** s, the float sum of the critical classes' probabilities in the order given. */
    public static float sum(float[] probabilities, int[] critical) {
        float sum = 0;
        for (int id : critical) {
            sum += probabilities[id];
        }
        return sum;
    }

    /** c*, the first of the most probable critical classes. */
    public static int best(float[] probabilities, int[] critical) {
        int best = critical[0];
        for (int id : critical) {
            best = probabilities[id] > probabilities[best] ? id : best;
        }
        return best;
    }

    /**
     * What became of one event.
     *
     * @param exit the last exit that looked at it, from 0
     * @param classId the class, or {@link #FALSE_ALARM}
     */
    public record Decision(int exit, int classId) {
        public boolean falseAlarm() {
            return classId == FALSE_ALARM;
        }
    }
}
