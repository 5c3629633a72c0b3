package org.qexit.cli.console;

/** How commands end, after sysexits.h where it has a code. */
public final class ExitCode {
    public static final int OK = 0;

    /** A bundle is not what it claims to be. */
    public static final int REJECTED = 1;

    public static final int USER_ERROR = 2;
    public static final int INFEASIBLE = 3;

    /** What was watched has drifted. */
    public static final int ALARM = 4;

    public static final int BUG = 70;

    /** Stopped by a signal, as shells count it for Ctrl-C; the JVM itself ends with 128 + the signal's number. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
