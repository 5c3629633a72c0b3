/** The nodes' model as the cloud server retrains it: model directories, trainings and bundles. */
package org.qexit.experiment.cloud;
