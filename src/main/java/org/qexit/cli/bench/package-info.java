/** The measuring commands below {@code qexit bench}. */
package org.qexit.cli.bench;
