package org.qexit.quantum.qasm;

import org.qexit.common.UserError;

/**
 * One word, number, text or symbol of a program.
 *
 * @param kind which of them
 * @param text as written, quotes included; empty at the end of the file
 * @param line from 1
 * @param column of its first character, from 1
 */
record Token(Kind kind, String text, int line, int column) {
    enum Kind {
        WORD,
        NUMBER,
        /** A number with a unit of time. */
        DURATION,
        TEXT,
        SYMBOL,
        END
    }

    /** Whether it is this word or symbol. */
    boolean is(String wordOrSymbol) {
        return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equals(wordOrSymbol);
    }

    /** The column after its last character. */
    int endColumn() {
        return column + text.codePointCount(0, text.length());
    }

    /** For messages. */
    String shown() {
        return kind == Kind.END ? "the end of the file" : "'" + UserError.shown(text) + "'";
    }

    /** The number it is, for sizes and indices. */
    int whole(String what) {
        if (kind != Kind.NUMBER || !text.matches("\\d+")) {
            throw refused(what + " is " + shown() + "; expected a whole number");
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw refused(what + " is " + shown() + "; expected a smaller whole number");
        }
    }

    Refusal refused(String reason) {
        return new Refusal(line, column, reason);
    }
}
