/** The event streams of a fleet's devices, drawn from a data set by classes or by its own groups. */
package org.qexit.data.streams;
