package org.qexit.trace;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.qexit.common.UserError;

/**
 * Goes over a CSV file (RFC 4180) once and refuses, with its line, what a tolerant reader may take for something else: a quote that
 * is not closed, line ends of several kinds, another number of values than the header has names, bytes that are no UTF-8.
 */
final class CsvScan {
    /** The longest row that the database reads. */
    private static final int LONGEST_ROW = 2_000_000;

    private static final int BUFFER = 1 << 16;

    private enum Place {
        /** Before the first character of a value that is no space. */
        START,
        PLAIN,
        QUOTED,
        /** After a quote within a quoted value: its end, or the first half of a doubled quote. */
        AFTER_QUOTE
    }

    private final Path file;
    private final int columns;
    private Place place = Place.START;
    private long line = 1;
    private long rowLine = 1;
    private long quoteLine;
    private int values = 1;
    private int length;
    private boolean carriageReturn;
    private String firstEnd;

    private CsvScan(Path file, int columns) {
        this.file = file;
        this.columns = columns;
    }

    /** @throws UserError for the first thing that is wrong, with its line */
    static void check(Path file, int columns) throws IOException {
        CsvScan scan = new CsvScan(file, columns);
        try (Reader in = new InputStreamReader(CsvHeader.open(file), StandardCharsets.UTF_8.newDecoder())) {
            char[] buffer = new char[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    scan.character(buffer[i]);
                }
            }
            scan.end();
        } catch (CharacterCodingException e) {
            throw new UserError(file + ": line " + firstUndecodable(file) + " is no UTF-8 (Unicode) text", e);
        }
    }

    private void character(char c) {
        if (carriageReturn) {
            carriageReturn = false;
            lineEnd(c == '\n' ? "CR LF" : "CR");
            if (c == '\n') {
                return;
            }
        }
        if (c == '\r') {
            carriageReturn = true;
            return;
        }
        if (c == '\n') {
            lineEnd("LF");
            return;
        }
        if (++length > LONGEST_ROW) {
            throw place == Place.QUOTED
                    ? unclosed()
                    : problem(rowLine, "is longer than " + LONGEST_ROW + " characters");
        }
        switch (place) {
            case START, PLAIN -> plain(c);
            case QUOTED -> place = c == '"' ? Place.AFTER_QUOTE : Place.QUOTED;
            case AFTER_QUOTE -> afterQuote(c);
            default -> throw new AssertionError(place);
        }
    }

    private void plain(char c) {
        if (c == ',') {
            values++;
            place = Place.START;
        } else if (c == '"' && place == Place.START) {
            place = Place.QUOTED;
            quoteLine = line;
        } else if (c == '"') {
            throw problem(line, "has a quote within a value; expected the value in quotes, and the quote twice");
        } else if (c != ' ' && !isByteOrderMark(c)) {
            place = Place.PLAIN;
        }
    }

    private boolean isByteOrderMark(char c) {
        return c == '\uFEFF' && line == 1 && length == 1;
    }

    private void afterQuote(char c) {
        if (c == '"') {
            place = Place.QUOTED;
        } else if (c == ',') {
            values++;
            place = Place.START;
        } else if (c != ' ') {
            throw problem(line, "has '" + c + "' after a closing quote; expected a comma");
        }
    }

    private void lineEnd(String kind) {
        if (place != Place.QUOTED) {
            if (firstEnd == null) {
                firstEnd = kind;
            } else if (!firstEnd.equals(kind)) {
                throw problem(
                        line, "ends with " + kind + ", line 1 with " + firstEnd + "; expected one kind of line end");
            }
            rowEnd();
            rowLine = line + 1;
        }
        line++;
    }

    private void rowEnd() {
        if (length > 0 && values != columns) {
            throw problem(rowLine, "has " + values + " values; expected " + columns + ", as the header has names");
        }
        values = 1;
        length = 0;
        place = Place.START;
    }

    private void end() {
        if (carriageReturn) {
            lineEnd("CR");
        }
        if (place == Place.QUOTED) {
            throw unclosed();
        }
        rowEnd();
    }

    private UserError unclosed() {
        return new UserError(file + ": a quote opened in line " + quoteLine + " is not closed");
    }

    private UserError problem(long where, String what) {
        return new UserError(file + ": line " + where + " " + what);
    }

    private static long firstUndecodable(Path file) throws IOException {
        long line = 1;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (InputStream in = new BufferedInputStream(CsvHeader.open(file))) {
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b != '\n') {
                    bytes.write(b);
                } else if (isText(bytes.toByteArray())) {
                    bytes.reset();
                    line++;
                } else {
                    return line;
                }
            }
        }
        return line;
    }

    private static boolean isText(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
