/** A finished run brought up as a deployment on this machine: its bundles, plan and events. */
package org.qexit.experiment.up;
