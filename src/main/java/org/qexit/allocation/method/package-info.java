/** The door: Planner makes plans by any of the methods, each of which finds an outcome and nothing else. */
package org.qexit.allocation.method;
