/**
 * Generalised Benders decomposition: a master over the assignment and cuts from the nodes. ojAlgo, which solves the master, enters here.
 */
package org.qexit.allocation.benders;
