package org.qexit.common;

/** What is asked for is proved impossible: the user's to mend as every {@link UserError}, with an exit code of its own. */
public final class InfeasibleError extends UserError {
    private static final long serialVersionUID = 1L;

    /** @param message one line */
    public InfeasibleError(String message) {
        super(message);
    }
}
