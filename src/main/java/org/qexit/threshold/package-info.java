/** The decision rule, the exact threshold frontier, and risk control; from traces alone. */
package org.qexit.threshold;
