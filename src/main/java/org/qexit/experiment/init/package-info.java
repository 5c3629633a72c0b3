/** A first configuration for data of a user's own. */
package org.qexit.experiment.init;
