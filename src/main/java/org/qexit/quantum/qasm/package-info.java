/**
 * OpenQASM 2 and 3. Writing is {@link org.qexit.quantum.qasm.OpenQasm}; reading goes from tokens to statements to a circuit, and what is
 * not understood is refused by line and column, never skipped.
 */
package org.qexit.quantum.qasm;
