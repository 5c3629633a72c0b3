/** The batched state-vector simulator with exact adjoint gradients; needs nothing but the JDK. */
package org.qexit.quantum.statevector;
