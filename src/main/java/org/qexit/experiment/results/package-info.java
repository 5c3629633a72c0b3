/** Rows of measured units of work in a CSV file that grows as they end, for studies that go on where they were. */
package org.qexit.experiment.results;
