/** The running services: {@code qexit serve}. */
package org.qexit.cli.serve;
