/** What is done with whole circuit files: running them on a simulator of choice, and checking gradients. */
package org.qexit.quantum.lab;
