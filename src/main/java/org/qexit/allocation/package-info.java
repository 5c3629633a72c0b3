/** The joint problem, Eq. (24): instances, plans, methods, bounds and certificates. The only importer of ojAlgo. */
package org.qexit.allocation;
