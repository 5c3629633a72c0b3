package org.qexit.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A command that has ended, with all that it said.
 *
 * @param code its exit code
 * @param out standard output
 * @param err standard error
 */
record Ended(int code, String out, String err) {
    /** Runs a command in this process. */
    static Ended run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
        return new Ended(code, out.toString(), err.toString());
    }
}
