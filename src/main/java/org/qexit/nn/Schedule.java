package org.qexit.nn;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.qexit.common.Checks;

/**
 * How the learning rate changes, as a factor of its highest value: a linear warm-up, then one of three courses. In YAML,
 * {@code {kind: step, everyEpochs: 5, factor: 0.3, warmUpEpochs: 0.5}}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Schedule.Cosine.class, name = "cosine"),
    @JsonSubTypes.Type(value = Schedule.Constant.class, name = "constant"),
    @JsonSubTypes.Type(value = Schedule.Step.class, name = "step"),
})
public sealed interface Schedule {
    /** Half a cosine down to 0, without warm-up. */
    Schedule COSINE = new Cosine(null, null);

    /** Epochs over which the factor climbs linearly from one step's share to 1; may be a fraction. */
    Double warmUpEpochs();

    /**
     * The factor behind the warm-up.
     *
     * @param steps since the warm-up
     * @param total steps behind the warm-up
     */
    double course(double steps, double total, int stepsPerEpoch);

    /**
     * f + (1 − f) (1 + cos(π e / E)) / 2 (Loshchilov and Hutter 2017, Eq. (5), without restarts).
     *
     * @param floor f, 0 to 1; 0
     * @param warmUpEpochs epochs over which the rate rises from 0 before; 0
     */
    record Cosine(Double floor, Double warmUpEpochs) implements Schedule {
        public Cosine {
            floor = floor == null ? 0 : Checks.within("floor", floor, 0, 1);
            warmUpEpochs = checked(warmUpEpochs);
        }

        @Override
        public double course(double steps, double total, int stepsPerEpoch) {
            return floor + (1 - floor) * 0.5 * (1 + StrictMath.cos(Math.PI * Math.min(steps, total) / total));
        }
    }

    /**
     * 1.
     *
     * @param warmUpEpochs epochs over which the rate rises from 0 before; 0
     */
    record Constant(Double warmUpEpochs) implements Schedule {
        public Constant {
            warmUpEpochs = checked(warmUpEpochs);
        }

        @Override
        public double course(double steps, double total, int stepsPerEpoch) {
            return 1;
        }
    }

    /**
     * factor^⌊e / everyEpochs⌋.
     *
     * @param everyEpochs at least 1; 5
     * @param factor above 0, at most 1; 0.3
     * @param warmUpEpochs epochs over which the rate rises from 0 before; 0
     */
    record Step(Integer everyEpochs, Double factor, Double warmUpEpochs) implements Schedule {
        public Step {
            everyEpochs = everyEpochs == null ? 5 : Checks.within("everyEpochs", everyEpochs, 1, 100_000);
            factor = factor == null ? 0.3 : Checks.within("factor", Checks.positive("factor", factor), 0, 1);
            warmUpEpochs = checked(warmUpEpochs);
        }

        @Override
        public double course(double steps, double total, int stepsPerEpoch) {
            return StrictMath.pow(factor, Math.floor(steps / ((double) stepsPerEpoch * everyEpochs)));
        }
    }

    private static double checked(Double warmUpEpochs) {
        return warmUpEpochs == null ? 0 : Checks.within("warmUpEpochs", warmUpEpochs, 0, 100_000);
    }

    /** The learning rate of a step, from 0. */
    default double rate(double highest, int step, int stepsPerEpoch, int epochs) {
        int warmUp = (int) Math.round(Math.min(warmUpEpochs(), epochs) * stepsPerEpoch);
        if (step < warmUp) {
            return highest * (step + 1) / warmUp;
        }
        double total = Math.max(1, epochs * (double) stepsPerEpoch - warmUp);
        return highest * course(step - warmUp, total, stepsPerEpoch);
    }
}
