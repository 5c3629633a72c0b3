/** Confidence traces: the waist between what learns and what decides. */
package org.qexit.trace;
