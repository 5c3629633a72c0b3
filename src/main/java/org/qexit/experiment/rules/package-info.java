/** One pair of thresholds against thresholds per exit and single exits, over data sets, budgets and seeds. */
package org.qexit.experiment.rules;
