/** Finished runs beside each other. */
package org.qexit.experiment.compare;
