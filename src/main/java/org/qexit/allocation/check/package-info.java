/**
 * Recomputes what a plan claims from the raw instance, in plain formulas of its own. It imports nothing that the search or the
 * projection uses, so that an error there cannot hide here.
 */
package org.qexit.allocation.check;
