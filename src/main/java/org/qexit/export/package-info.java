/**
 * Making bundles: trained networks lowered to ONNX graphs, in single precision or in 8-bit integers, with model card and golden answers.
 */
package org.qexit.export;
