package org.qexit.device.graph;

import org.qexit.common.UserError;

/** A graph that the engine does not run: an operator or form that it lacks, or one that is wrong. Another runtime may, or says why not. */
public final class UnsupportedGraph extends Exception {
    private static final long serialVersionUID = 1L;

    public UnsupportedGraph(String message) {
        super(UserError.shown(message));
    }
}
