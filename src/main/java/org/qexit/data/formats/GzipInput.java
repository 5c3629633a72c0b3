package org.qexit.data.formats;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unzips RFC 1952 gzip, every check on: the JDK's GZIPInputStream takes garbage after the last member for the end of the
 * file and says nothing. Errors name the offset in the compressed file.
 */
public final class GzipInput extends InputStream {
    private static final int MAGIC_1 = 0x1f;
    private static final int MAGIC_2 = 0x8b;
    private static final int DEFLATE = 8;
    private static final int FHCRC = 2;
    private static final int FEXTRA = 4;
    private static final int FNAME = 8;
    private static final int FCOMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] input = new byte[1 << 16];
    private int start;
    private int end;
    private long consumed;
    private long memberBytes;
    private boolean done;

    /** @param in the compressed stream from its first byte; closed with this */
    GzipInput(InputStream in) throws IOException {
        this.in = in;
        try {
            header();
        } catch (IOException | RuntimeException e) {
            inflater.end();
            throw e;
        }
    }

    /** The content of a file: unzipped if it begins as gzip does, else as it is. */
    public static InputStream unzipping(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file));
        try {
            raw.mark(2);
            boolean gzip = raw.read() == MAGIC_1 && raw.read() == MAGIC_2;
            raw.reset();
            return gzip ? new GzipInput(raw) : raw;
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] dst, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!done) {
            int n = inflate(dst, offset, length);
            if (n > 0) {
                crc.update(dst, offset, n);
                memberBytes += n;
                return n;
            }
            if (inflater.finished()) {
                trailer();
                if (fill()) {
                    header();
                } else {
                    done = true;
                }
            } else if (inflater.needsDictionary()) {
                throw new FormatException(consumed, "gzip data asks for a preset dictionary");
            } else if (inflater.needsInput() && !fill()) {
                throw truncated();
            }
        }
        return -1;
    }

    private int inflate(byte[] dst, int offset, int length) throws IOException {
        try {
            if (inflater.needsInput() && start < end) {
                inflater.setInput(input, start, end - start);
            }
            int n = inflater.inflate(dst, offset, length);
            int used = end - start - inflater.getRemaining();
            start += used;
            consumed += used;
            return n;
        } catch (DataFormatException e) {
            throw new FormatException(consumed, "corrupt gzip data: " + e.getMessage());
        }
    }

    private boolean fill() throws IOException {
        if (start < end) {
            return true;
        }
        start = 0;
        end = Math.max(0, in.read(input, 0, input.length));
        return end > 0;
    }

    private int next() throws IOException {
        if (!fill()) {
            throw truncated();
        }
        consumed++;
        return input[start++] & 0xff;
    }

    private void header() throws IOException {
        long at = consumed;
        if (next() != MAGIC_1 || next() != MAGIC_2) {
            throw new FormatException(
                    at,
                    at == 0 ? "not gzip data" : "bytes after the end of the gzip data; expected the end of the file");
        }
        if (next() != DEFLATE) {
            throw new FormatException(at + 2, "unknown gzip compression method; expected 8 (deflate)");
        }
        int flags = next();
        if ((flags & RESERVED) != 0) {
            throw new FormatException(at + 3, "gzip header has reserved flags set");
        }
        skip(6);
        if ((flags & FEXTRA) != 0) {
            int low = next();
            skip(low | next() << 8);
        }
        if ((flags & FNAME) != 0) {
            skipText();
        }
        if ((flags & FCOMMENT) != 0) {
            skipText();
        }
        if ((flags & FHCRC) != 0) {
            skip(2);
        }
        inflater.reset();
        crc.reset();
        memberBytes = 0;
    }

    private void trailer() throws IOException {
        long at = consumed;
        long expectedCrc = littleEndian();
        long expectedSize = littleEndian();
        if (expectedCrc != crc.getValue()) {
            throw new FormatException(at, "gzip checksum does not match the data");
        }
        if (expectedSize != (memberBytes & 0xffffffffL)) {
            throw new FormatException(at + 4, "gzip size field does not match the data");
        }
    }

    private long littleEndian() throws IOException {
        long value = 0;
        for (int i = 0; i < 4; i++) {
            value |= (long) next() << 8 * i;
        }
        return value;
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            next();
        }
    }

    private void skipText() throws IOException {
        while (next() != 0) {
            // up to the terminating zero
        }
    }

    private FormatException truncated() {
        return new FormatException(consumed, "gzip data ends too early");
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
