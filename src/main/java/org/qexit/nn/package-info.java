/**
 * Early-exit networks with classical and quantum heads: what a model and its training are configured by, the network itself, and the
 * confidence traces that it gives. The only package, with its rooms, that knows DL4J and ND4J.
 */
package org.qexit.nn;
