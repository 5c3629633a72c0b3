/** Thresholds per exit: search, proof of a bound, and caps on the local cost; docs/maths.md §11. */
package org.qexit.threshold.exits;
