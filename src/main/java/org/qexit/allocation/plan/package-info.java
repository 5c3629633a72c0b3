/** Turns outcomes into plans: radio, certificate, published bounds, and the facts on fairness and on what more capacity is worth. */
package org.qexit.allocation.plan;
