/**
 * How a model is trained under an offload budget: {@link org.qexit.nn.training.Trainer}, its state between two steps, and the files that it
 * leaves while it is under way.
 */
package org.qexit.nn.training;
