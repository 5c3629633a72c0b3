package org.qexit.quantum.qasm;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qexit.common.UserError;

/** Cuts a program into tokens, one at a time, so that what is wrong is found in the order of the file. Comments and blanks part tokens. */
final class Tokenizer {
    private static final Pattern NUMBER = Pattern.compile("(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?");
    private static final Pattern UNIT = Pattern.compile("(?:dt|ns|us|\u00b5s|ms|s)(?![\\p{L}\\p{N}_.])");
    private static final Set<String> PAIRS = Set.of(
            "->", "**", "==", "!=", "<=", ">=", "&&", "||", "<<", ">>", "++", "+=", "-=", "*=", "/=", "%=", "&=", "|=",
            "^=");
    private static final Set<String> TRIPLES = Set.of("<<=", ">>=", "**=");
    private static final String SINGLES = ";,()[]{}+-*/^=@#<>!&|~%:.";

    private final String text;
    private int at;
    private int line = 1;
    private int column = 1;

    Tokenizer(String text) {
        // A byte order mark belongs to the file, not to the program.
        this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The next token; at the end of the program always {@link Token.Kind#END}. */
    Token next() {
        skip();
        if (at == text.length()) {
            return new Token(Token.Kind.END, "", line, column);
        }
        int c = text.codePointAt(at);
        if (startsWord(c)) {
            int end = at;
            while (end < text.length() && inWord(text.codePointAt(end))) {
                end += Character.charCount(text.codePointAt(end));
            }
            return take(Token.Kind.WORD, end);
        }
        if (digit(at) || c == '.' && digit(at + 1)) {
            return number();
        }
        if (c == '"' || c == '\'') {
            return quoted(c);
        }
        if (at + 3 <= text.length() && TRIPLES.contains(text.substring(at, at + 3))) {
            return take(Token.Kind.SYMBOL, at + 3);
        }
        if (at + 2 <= text.length() && PAIRS.contains(text.substring(at, at + 2))) {
            return take(Token.Kind.SYMBOL, at + 2);
        }
        if (SINGLES.indexOf(c) >= 0) {
            return take(Token.Kind.SYMBOL, at + 1);
        }
        throw refused("character '" + UserError.shown(Character.toString(c))
                + "'; expected a word, a number or a symbol of OpenQASM");
    }

    private Token number() {
        Matcher m = NUMBER.matcher(text).region(at, text.length());
        m.lookingAt();
        int end = m.end();
        Matcher unit = UNIT.matcher(text).region(end, text.length());
        if (unit.lookingAt()) {
            return take(Token.Kind.DURATION, unit.end());
        }
        while (end < text.length() && (inWord(text.codePointAt(end)) || text.charAt(end) == '.')) {
            end += Character.charCount(text.codePointAt(end));
        }
        if (end > m.end()) {
            throw refused("number '" + UserError.shown(text.substring(at, end))
                    + "'; expected a decimal number as 2, 0.25 or 1e-3");
        }
        return take(Token.Kind.NUMBER, end);
    }

    private Token quoted(int quote) {
        int end = text.indexOf(quote, at + 1);
        if (end < 0 || text.substring(at, end).chars().anyMatch(c -> c == '\n' || c == '\r')) {
            throw refused("the quote that opens here is not closed in this line");
        }
        return take(Token.Kind.TEXT, end + 1);
    }

    private void skip() {
        while (at < text.length()) {
            if (text.startsWith("//", at)) {
                while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                    advance();
                }
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                if (end < 0) {
                    throw refused("the comment that opens here is not closed; expected */");
                }
                while (at < end + 2) {
                    advance();
                }
            } else if (" \t\r\n\f".indexOf(text.charAt(at)) >= 0) {
                advance();
            } else {
                return;
            }
        }
    }

    private Token take(Token.Kind kind, int end) {
        Token token = new Token(kind, text.substring(at, end), line, column);
        at = end;
        column = token.endColumn();
        return token;
    }

    /** One character on; a line ends with \n, \r\n or \r. */
    private void advance() {
        char c = text.charAt(at++);
        if (c == '\n' || c == '\r' && !(at < text.length() && text.charAt(at) == '\n')) {
            line++;
            column = 1;
        } else if (!Character.isLowSurrogate(c)) {
            column++;
        }
    }

    private boolean digit(int index) {
        return index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
    }

    private static boolean startsWord(int c) {
        return c == '_' || Character.isLetter(c);
    }

    private static boolean inWord(int c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private Refusal refused(String reason) {
        return new Refusal(line, column, reason);
    }
}
