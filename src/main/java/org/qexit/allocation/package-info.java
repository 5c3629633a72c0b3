/** The joint problem, Eq. (24): instances, plans, methods, bounds and certificates.  */
package org.qexit.allocation;
