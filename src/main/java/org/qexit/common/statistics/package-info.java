/** Summaries of samples and the intervals of their means, by Apache Commons Statistics where it has them. */
package org.qexit.common.statistics;
