/** The chain from data to report, and the evaluation of its decisions on events that none of them has seen. */
package org.qexit.experiment.run;
