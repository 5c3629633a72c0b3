/** The coupled loss over all exits, docs/maths.md §6. */
package org.qexit.nn.loss;
