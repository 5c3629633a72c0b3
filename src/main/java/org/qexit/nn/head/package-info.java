/**
 * What decides at an exit: each head states the layers that it consists of, from which network, stored parameters and costs follow alike.
 */
package org.qexit.nn.head;
