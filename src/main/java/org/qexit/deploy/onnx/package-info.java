/** ONNX models as immutable values: build, write, read. Knows nothing of networks. */
package org.qexit.deploy.onnx;
