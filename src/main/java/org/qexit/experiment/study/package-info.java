/** Comparisons of losses and heads over many seeds: trained in shared warm-ups, resumable, with paired intervals. */
package org.qexit.experiment.study;
