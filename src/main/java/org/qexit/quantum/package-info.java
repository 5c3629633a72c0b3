/**
 * Circuits as immutable values: gates, angle slots, observables, encodings and ansatz layers.
 *
 * <p>One convention holds everywhere: qubit 0 is the least significant bit of the basis index,
 *
 * <pre>k = Σ_i b_i 2^i  for the basis state in which qubit i is b_i.</pre>
 */
package org.qexit.quantum;
