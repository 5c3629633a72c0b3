/** Models and bundles on data of any kind. */
package org.qexit.experiment.evaluate;
