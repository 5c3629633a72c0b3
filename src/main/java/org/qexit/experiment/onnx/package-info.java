/** Multi-exit models of other exporters on the events of data sets and files: traces, and what bundles need. */
package org.qexit.experiment.onnx;
