/** A run brought up on this machine: {@code qexit up}. */
package org.qexit.cli.up;
