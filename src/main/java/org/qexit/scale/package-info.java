/** Fleets and traces that outgrow one machine: what is asked of an engine that many machines share, and the part of the answer that knows no engine. */
package org.qexit.scale;
