/** Sweeps: scenarios with values changed step by step, as tables with paired intervals and pictures. */
package org.qexit.experiment.sweep;
