/** How many shots it takes to decide events by trained quantum heads: fixed numbers against stopping when it is decided. */
package org.qexit.experiment.shots;
