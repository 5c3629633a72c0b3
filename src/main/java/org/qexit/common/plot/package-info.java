/**
 * Pictures in SVG: a canvas, the frame of a plot with its scales, and charts of series. Text of any origin is escaped and measured, so that
 * nothing is cut.
 */
package org.qexit.common.plot;
