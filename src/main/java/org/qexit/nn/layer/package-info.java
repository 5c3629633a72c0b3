/** The quantum layer as a DL4J layer. */
package org.qexit.nn.layer;
