/** The runtime of a device: a bundle's stages, run until an exit decides. Needs ONNX Runtime, protobuf and Jackson, no other library. */
package org.qexit.device;
