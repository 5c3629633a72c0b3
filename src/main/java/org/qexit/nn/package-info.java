/**
 * Early-exit networks with classical and quantum heads: configuration, training under an offload budget, checkpoints,
 * confidence traces. The only package that knows DL4J and ND4J.
 */
package org.qexit.nn;
