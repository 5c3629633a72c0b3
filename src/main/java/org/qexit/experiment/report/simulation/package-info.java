/** A simulation in pictures and tables: as a page of its own, and as a section of a run's report. */
package org.qexit.experiment.report.simulation;
