/**
 * The forward pass of one event on plain arrays, channels innermost: what a device runs. Knows nothing of files; {@code device.graph} makes
 * its programs from ONNX graphs.
 */
package org.qexit.engine.event;
