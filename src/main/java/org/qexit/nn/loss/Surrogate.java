package org.qexit.nn.loss;

/** The smooth stand-in for the utility, docs/maths.md §6. */
public enum Surrogate {
    /** Reads each exit as three soft outcomes, in the order of Eq. (2); tends to the utility as steepness grows. */
    PATH {
        @Override
        public LossTerm term(double weight) {
            return new LossTerm.Path(weight);
        }
    },
    /** The published form, Sect. 4.3: rewards critical events that stay undecided at some exit. For comparison. */
    PUBLISHED {
        @Override
        public LossTerm term(double weight) {
            return new LossTerm.Published(weight);
        }
    };

    /** The summand of the loss that rewards it. */
    public abstract LossTerm term(double weight);
}
