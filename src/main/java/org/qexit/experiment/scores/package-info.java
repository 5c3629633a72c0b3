/** Scores that other programs have written, as confidence traces. */
package org.qexit.experiment.scores;
