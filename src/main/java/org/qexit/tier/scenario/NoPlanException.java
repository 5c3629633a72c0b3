package org.qexit.tier.scenario;

import org.qexit.common.UserError;

/** None of the plans that were to be made exists: there is nothing to simulate. */
public final class NoPlanException extends UserError {
    private static final long serialVersionUID = 1;

    NoPlanException(String message) {
        super(message);
    }
}
