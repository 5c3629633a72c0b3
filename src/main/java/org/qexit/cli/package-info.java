/** One class per subcommand: options in, a call, results out; no logic. */
package org.qexit.cli;
