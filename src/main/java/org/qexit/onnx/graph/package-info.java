/** ONNX graphs as values, and their writer: as much of onnx.proto as bundles need. */
package org.qexit.onnx.graph;
