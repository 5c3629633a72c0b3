/** Who is offloaded: critical events, undecided ones or both, judged by what device and edge node say together; docs/maths.md §12. */
package org.qexit.threshold.offload;
