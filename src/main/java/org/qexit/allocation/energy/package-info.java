/** The search where energy has a weight or power a budget: bandwidth and power become variables, priced and branched on. */
package org.qexit.allocation.energy;
