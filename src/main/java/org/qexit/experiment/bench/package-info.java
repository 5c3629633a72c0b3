/** Measurements behind the claims of the documentation: of speed, of guarantees, of planning methods. */
package org.qexit.experiment.bench;
