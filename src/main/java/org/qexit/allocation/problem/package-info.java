/** A fleet as the search sees it: projected onto bare arrays, with the exact solvers of one node, its knapsack and its radio. */
package org.qexit.allocation.problem;
