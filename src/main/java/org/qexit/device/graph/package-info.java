/** Makes programs of {@link org.qexit.engine.event} from the ONNX graphs of a bundle's stages. */
package org.qexit.device.graph;
