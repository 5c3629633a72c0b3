/**
 * The report of a run: plain records in, one self-contained HTML page out. It knows nothing of networks, traces or plans;
 * the run fills {@link org.qexit.experiment.report.ReportData} and {@link org.qexit.experiment.report.Report} writes it.
 */
package org.qexit.experiment.report;
