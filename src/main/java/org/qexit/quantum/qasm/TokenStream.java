package org.qexit.quantum.qasm;

import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/** Tokens with one of them in view: what both parsers read from. */
final class TokenStream {
    private final Supplier<Token> source;
    private Token previous;
    private Token current;
    private StringBuilder written;

    TokenStream(Tokenizer source) {
        this(source::next);
    }

    private TokenStream(Supplier<Token> source) {
        this.source = source;
        this.current = source.get();
    }

    /** Of tokens that were taken already; the last of them stands for the end. */
    static TokenStream of(List<Token> tokens) {
        Token last = tokens.get(tokens.size() - 1);
        Token end = new Token(Token.Kind.END, "", last.line(), last.column());
        Iterator<Token> all = tokens.subList(0, tokens.size() - 1).iterator();
        return new TokenStream(() -> all.hasNext() ? all.next() : end);
    }

    /** The token in view. */
    Token current() {
        return current;
    }

    /** The token in view, and on to the next. */
    Token take() {
        previous = current;
        current = source.get();
        if (written != null) {
            written.append(previous.text());
        }
        return previous;
    }

    /** From now on, tokens that are taken are written down. */
    void record() {
        written = new StringBuilder();
    }

    /** What was written down since. */
    String recorded() {
        String all = written.toString();
        written = null;
        return all;
    }

    /** Takes the token in view if it is this word or symbol. */
    boolean takeIf(String wordOrSymbol) {
        boolean taken = current.is(wordOrSymbol);
        if (taken) {
            take();
        }
        return taken;
    }

    Token expect(String symbol) {
        if (current.is(symbol)) {
            return take();
        }
        // What was forgotten at the end of a line is missing there, not where the next line begins.
        if (previous != null && (current.kind() == Token.Kind.END || current.line() > previous.line())) {
            throw new Refusal(
                    previous.line(), previous.endColumn(), "'" + symbol + "' is missing after " + previous.shown());
        }
        throw current.refused("'" + symbol + "' is missing before " + current.shown());
    }

    Token expectWord(String what) {
        if (current.kind() != Token.Kind.WORD) {
            throw current.refused(current.shown() + "; expected " + what);
        }
        return take();
    }
}
