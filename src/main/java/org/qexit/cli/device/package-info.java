/** The running device: {@code qexit device}. */
package org.qexit.cli.device;
