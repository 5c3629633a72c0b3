package org.qexit.quantum.shots;

import java.util.SplittableRandom;
import org.qexit.common.Checks;

/**
 * Measures one exit's logit shot by shot and stops as soon as it is decided on which side of which threshold its mean lies: critical when
 * "at most u" is
 * rejected, normal when "at least l" is, in between when "at most l" and "at least u" are. Every shot is one bounded number ({@link
 * Readout}), so
 * each of these is a {@link MeanTest}. Of a mean on one side, at most two of the tests can err, each with probability &alpha;/2; where
 * one threshold alone is asked
 * for, one test with &alpha;. Hence the side is wrong with probability at most &alpha;, at whichever shot it stops. What is undecided at
 * the cap is decided
 * by the mean of the shots, outside of this claim.
 *
 * @param bound of the tests
 * @param alpha probability of a wrong side, in (0, 1)
 * @param maxShots the cap, at least 1
 */
public record SequentialMeasurement(Bound bound, double alpha, long maxShots) {
    public SequentialMeasurement {
        Checks.present("bound", bound);
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha is " + alpha + "; expected more than 0 and less than 1");
        }
        if (maxShots < 1) {
            throw new IllegalArgumentException("maxShots is " + maxShots + "; expected at least 1");
        }
    }

    /**
     * What the shots said.
     *
     * @param side of the thresholds
     * @param shots that were taken; 0 where the readout's range leaves no choice
     * @param capped whether they ran out before it was decided
     */
    public record Verdict(Band.Side side, long shots, boolean capped) {}

    /** Draws the bit strings of shots, as many as it is asked for. */
    @FunctionalInterface
    public interface Shots {
        /** The next shot's bit string; qubit 0 is the least significant bit. */
        int next();
    }

    /**
     * Shots of a machine whose bit strings have these probabilities.
     *
     * @param probabilities {@code [sample][bit string]}, as {@link OutcomeDistribution} gives them
     * @param sample which
     * @param qubits n
     */
    public static Shots shots(double[] probabilities, int sample, int qubits, SplittableRandom random) {
        OutcomeSampler sampler = new OutcomeSampler(probabilities, sample << qubits, 1 << qubits);
        return () -> sampler.draw(random);
    }

    /** Measures until it is decided. */
    public Verdict measure(Shots shots, Readout readout, Band band) {
        return measure(shots, readout, readout.values(), band);
    }

    /**
     * The same with the readout's values at hand.
     *
     * @param values {@link Readout#values()}
     */
    public Verdict measure(Shots shots, Readout readout, double[] values, Band band) {
        Questions questions = new Questions(readout, band);
        Band.Side side = questions.answer();
        double range = readout.high() - readout.low();
        double sum = 0;
        long taken = 0;
        while (side == null && taken < maxShots) {
            double share = range > 0 ? (values[shots.next()] - readout.low()) / range : 0;
            double within = Math.min(1, Math.max(0, share));
            sum += within;
            taken++;
            questions.add(within);
            side = questions.answer();
        }
        if (side != null) {
            return new Verdict(side, taken, false);
        }
        return new Verdict(band.side(readout.low() + range * (sum / taken)), taken, true);
    }

    private final class Questions {
        private final boolean one;
        private final Question lower;
        private final Question upper;

        Questions(Readout readout, Band band) {
            one = band.lower() == band.upper() || Double.isInfinite(band.lower()) || Double.isInfinite(band.upper());
            double each = one ? alpha : alpha / 2;
            lower = new Question(readout, band.lower(), bound, each);
            upper = band.lower() == band.upper() ? lower : new Question(readout, band.upper(), bound, each);
        }

        void add(double share) {
            lower.add(share);
            if (upper != lower) {
                upper.add(share);
            }
        }

        /** Null while it is open. */
        Band.Side answer() {
            if (lower.isBelow()) {
                return Band.Side.NORMAL;
            }
            if (upper.isAbove()) {
                return Band.Side.CRITICAL;
            }
            return lower.isAbove() && upper.isBelow() ? Band.Side.BETWEEN : null;
        }
    }
}
