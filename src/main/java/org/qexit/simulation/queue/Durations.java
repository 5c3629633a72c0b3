package org.qexit.simulation.queue;

import org.qexit.common.Checks;
import org.qexit.simulation.RandomStream;

/** The law of a random time &ge; 0, in seconds. */
public sealed interface Durations {
    /** E[X]. */
    double mean();

    /** E[X²]. */
    double secondMoment();

    double draw(RandomStream random);

    /** Density e^(-x/m) / m. */
    record Exponential(double mean) implements Durations {
        public Exponential {
            Checks.positive("mean", mean);
        }

        @Override
        public double secondMoment() {
            return 2 * mean * mean;
        }

        @Override
        public double draw(RandomStream random) {
            return mean * random.exponential();
        }
    }

    /** Always the same. */
    record Constant(double mean) implements Durations {
        public Constant {
            Checks.nonNegative("duration", mean);
        }

        @Override
        public double secondMoment() {
            return mean * mean;
        }

        @Override
        public double draw(RandomStream random) {
            return mean;
        }
    }

    /** Uniform from {@code least} to {@code most}. */
    record Uniform(double least, double most) implements Durations {
        public Uniform {
            Checks.nonNegative("least duration", least);
            Checks.within("greatest duration", most, least, Double.MAX_VALUE);
        }

        @Override
        public double mean() {
            return (least + most) / 2;
        }

        @Override
        public double secondMoment() {
            return (least * least + least * most + most * most) / 3;
        }

        @Override
        public double draw(RandomStream random) {
            return least + (most - least) * random.uniform();
        }
    }

    /** The sum of {@code phases} equal exponential times, less variable than one. */
    record Erlang(int phases, double mean) implements Durations {
        public Erlang {
            Checks.within("phases", phases, 1, Integer.MAX_VALUE);
            Checks.positive("mean", mean);
        }

        @Override
        public double secondMoment() {
            return mean * mean * (1 + 1.0 / phases);
        }

        @Override
        public double draw(RandomStream random) {
            double sum = 0;
            for (int i = 0; i < phases; i++) {
                sum += random.exponential();
            }
            return sum * mean / phases;
        }
    }

    /** With probability p exponential of mean {@code first}, else of mean {@code second}: more variable than one exponential. */
    record HyperExponential(double p, double first, double second) implements Durations {
        public HyperExponential {
            Checks.within("p", p, 0, 1);
            Checks.positive("first mean", first);
            Checks.positive("second mean", second);
        }

        @Override
        public double mean() {
            return p * first + (1 - p) * second;
        }

        @Override
        public double secondMoment() {
            return 2 * (p * first * first + (1 - p) * second * second);
        }

        @Override
        public double draw(RandomStream random) {
            double chosen = random.uniform() < p ? first : second;
            return chosen * random.exponential();
        }
    }
}
