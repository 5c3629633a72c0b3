/** Events as a device reads them, one by one, from files or from standard input. */
package org.qexit.data.events;
