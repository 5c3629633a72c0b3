/** ONNX files run by ONNX Runtime, and looked through before it sees them. The only importer of ONNX Runtime and protobuf. */
package org.qexit.onnx;
