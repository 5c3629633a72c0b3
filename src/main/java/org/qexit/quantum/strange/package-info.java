/** The bridge to the Strange quantum library: the only importer of it. */
package org.qexit.quantum.strange;
