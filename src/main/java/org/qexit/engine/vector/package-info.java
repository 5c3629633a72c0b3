/** The kernels of the engine on the incubating Vector API, which needs the module jdk.incubator.vector. Loaded by name. */
package org.qexit.engine.vector;
