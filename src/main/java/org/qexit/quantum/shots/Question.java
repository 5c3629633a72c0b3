package org.qexit.quantum.shots;

import org.qexit.common.Checks;

/** On which side of one threshold the mean of the shots lies: two {@link MeanTest}s, one for either side. */
final class Question {
    private final MeanTest above;
    private final MeanTest below;
    private final boolean surelyAbove;
    private final boolean surelyBelow;

    /**
     * @param threshold as the readout counts; beyond its range no shot is needed
     * @param alpha error probability of either side
     */
    Question(Readout readout, double threshold, Bound bound, double alpha) {
        Checks.present("bound", bound);
        surelyAbove = threshold < readout.low();
        surelyBelow = threshold > readout.high();
        double m = (threshold - readout.low()) / (readout.high() - readout.low());
        boolean inside = m > 0 && m < 1;
        above = inside ? bound.test(m, alpha) : null;
        below = inside ? bound.test(1 - m, alpha) : null;
    }

    /** @param share where in the readout's range the shot lies, 0 to 1 */
    void add(double share) {
        if (above != null) {
            above.add(share);
            below.add(1 - share);
        }
    }

    boolean isAbove() {
        return surelyAbove || above != null && above.rejects();
    }

    boolean isBelow() {
        return surelyBelow || below != null && below.rejects();
    }
}
