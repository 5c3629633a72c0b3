/** Why a fleet has no plan, and the cheapest changes that give it one. */
package org.qexit.allocation.infeasible;
