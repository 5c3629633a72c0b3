/**
 * Temperatures that make a trained model's confidences honest, and how reliable these are before and after.
 */
package org.qexit.nn.calibration;
