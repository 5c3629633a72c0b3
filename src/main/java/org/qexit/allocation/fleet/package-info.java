/** Fleets of any size, block by block: what a pass over devices computes, and what is done between passes. No engine is known here. */
package org.qexit.allocation.fleet;
