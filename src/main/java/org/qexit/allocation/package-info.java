/**
 * The language of the joint problem, Eq. (24): instances, plans, certificates. {@link org.qexit.allocation.method.Planner} makes plans and
 * {@link org.qexit.allocation.check.PlanCheck} checks them; the other rooms are theirs alone.
 */
package org.qexit.allocation;
