/** What is done with whole circuit files: running them on a simulator of choice, checking gradients, timing. */
package org.qexit.quantum.lab;
