/** Bounds and assignments for one model: prices, annealing, branch and price; what they end with is an Outcome. */
package org.qexit.allocation.search;
