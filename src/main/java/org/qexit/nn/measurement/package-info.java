/** Trained quantum heads measured by shots: what an event's exits say, and how many shots that takes. */
package org.qexit.nn.measurement;
