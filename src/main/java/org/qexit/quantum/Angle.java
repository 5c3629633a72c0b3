package org.qexit.quantum;

import org.qexit.common.Checks;

/** Where a rotation takes its angle from, in radians. */
public sealed interface Angle {
    /** The angle for one sample of inputs and one set of parameters. */
    double of(double[] inputs, double[] parameters);

    /** The same angle with the opposite sign. */
    Angle negated();

    static Angle input(int index) {
        return new Input(index, 1);
    }

    static Angle parameter(int index) {
        return new Parameter(index, 1);
    }

    static Angle constant(double radians) {
        return new Constant(radians);
    }

    /**
     * {@code factor * x[index]}: differs from sample to sample.
     *
     * @param index which input, from 0
     * @param factor what the input is multiplied by
     */
    record Input(int index, double factor) implements Angle {
        public Input {
            Checks.within("input index", index, 0, Integer.MAX_VALUE - 1);
            finite("factor of input " + index, factor);
        }

        @Override
        public double of(double[] inputs, double[] parameters) {
            return factor * inputs[index];
        }

        @Override
        public Angle negated() {
            return new Input(index, -factor);
        }
    }

    /**
     * {@code factor * theta[index]}: the same for all samples of a batch.
     *
     * @param index which parameter, from 0
     * @param factor what the parameter is multiplied by
     */
    record Parameter(int index, double factor) implements Angle {
        public Parameter {
            Checks.within("parameter index", index, 0, Integer.MAX_VALUE - 1);
            finite("factor of parameter " + index, factor);
        }

        @Override
        public double of(double[] inputs, double[] parameters) {
            return factor * parameters[index];
        }

        @Override
        public Angle negated() {
            return new Parameter(index, -factor);
        }
    }

    /**
     * A fixed angle.
     *
     * @param radians its value
     */
    record Constant(double radians) implements Angle {
        public Constant {
            finite("constant angle", radians);
        }

        @Override
        public double of(double[] inputs, double[] parameters) {
            return radians;
        }

        @Override
        public Angle negated() {
            return new Constant(-radians);
        }
    }

    private static void finite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + "; expected a finite number");
        }
    }
}
