/** The kernels on the incubating Vector API: the only place that needs the module jdk.incubator.vector. Loaded by name. */
package org.qexit.quantum.statevector.vector;
