package org.qexit.quantum.shots;

/**
 * A sequential test of "the mean is at most m" by independent numbers in [0, 1], all of one mean. Whenever one stops, even by what one has
 * seen, the probability that it has rejected a true hypothesis is at most &alpha; (Ville's inequality). Once rejected stays rejected: the
 * tests of all m at a
 * time are a confidence sequence, and its running intersection.
 */
public interface MeanTest {
    /** Takes the next number, in [0, 1]. */
    void add(double value);

    /** Whether the mean is above m. */
    boolean rejects();
}
