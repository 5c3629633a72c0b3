/** Imperfect quantum computers: noise channels, exactly and by trajectories, and estimates from a finite number of shots. */
package org.qexit.quantum.noise;
