/** What a simulation takes from a finished run: its fleet, plans and test events, and its images as its model sees them disturbed. */
package org.qexit.experiment.scenario;
