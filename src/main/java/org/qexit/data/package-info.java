/** Data sets: descriptors, loaders, the critical-event task, and the event streams of the devices. */
package org.qexit.data;
