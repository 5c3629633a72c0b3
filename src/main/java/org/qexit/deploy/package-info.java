/** What devices and nodes run: bundles of staged ONNX graphs with thresholds and plan, their reader and their runtime. */
package org.qexit.deploy;
