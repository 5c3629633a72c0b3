/** Devices, nodes, radio links, secrecy, delay and energy: the physics, as records with units in their names. */
package org.qexit.edge;
