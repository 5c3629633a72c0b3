/**
 * What makes a network an edge node's: the classes that it tells apart and which of them are critical, what devices send it, and how it is
 * trained; docs/edge-node.md.
 */
package org.qexit.nn.node;
