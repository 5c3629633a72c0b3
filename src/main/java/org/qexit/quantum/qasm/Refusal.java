package org.qexit.quantum.qasm;

/** What a program says and the reader does not take, with its place: "line 6 column 10: ';' is missing after 'q'". */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(int line, int column, String reason) {
        super("line " + line + " column " + column + ": " + reason);
    }
}
