/**
 * Measuring a circuit shot by shot, and stopping as soon as it is decided on which side of a threshold the mean lies (docs/maths.md §13).
 */
package org.qexit.quantum.shots;
