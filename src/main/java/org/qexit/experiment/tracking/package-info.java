/** What a finished run tells servers that keep experiments. */
package org.qexit.experiment.tracking;
