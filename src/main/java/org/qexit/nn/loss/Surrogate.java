package org.qexit.nn.loss;

/** The smooth stand-in for the utility, docs/maths.md §6. */
public enum Surrogate {
    /** Reads each exit as three soft outcomes, in the order of Eq. (2); tends to the utility as steepness grows. */
    PATH,
    /** The published form, Sect. 4.3: rewards critical events that stay undecided at some exit. For comparison. */
    PUBLISHED
}
