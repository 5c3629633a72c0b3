package org.qexit.data.formats;

import java.io.IOException;

/** A file does not keep to its format, at a known byte. Loaders turn it into a UserError that names the file. */
final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    FormatException(long offset, String message) {
        super(message);
        this.offset = offset;
    }

    long offset() {
        return offset;
    }
}
