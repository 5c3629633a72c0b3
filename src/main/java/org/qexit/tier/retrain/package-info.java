/** Retraining of the nodes' model on labelled events: the one place of the tiers that trains. */
package org.qexit.tier.retrain;
