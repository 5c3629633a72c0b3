/** What commands share: exit codes, groups of options, and what Ctrl-C does. */
package org.qexit.cli.console;
