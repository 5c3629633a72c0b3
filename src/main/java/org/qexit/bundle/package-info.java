/** Bundles: their files, the reader that trusts none of them, signatures, and the proof that the graphs answer as they should. */
package org.qexit.bundle;
