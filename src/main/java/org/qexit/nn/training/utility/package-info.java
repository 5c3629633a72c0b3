/** What a training under an offload budget measures and keeps: multipliers, recent scores, decisions on held-out events. */
package org.qexit.nn.training.utility;
