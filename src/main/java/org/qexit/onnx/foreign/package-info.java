/** Multi-exit models of other exporters: read, checked, run, and cut into the stages of a bundle. */
package org.qexit.onnx.foreign;
