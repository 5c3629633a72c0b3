/** What a run's models missed, and what they called critical that is not. */
package org.qexit.experiment.report.misses;
