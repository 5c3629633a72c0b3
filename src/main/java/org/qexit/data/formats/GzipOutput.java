package org.qexit.data.formats;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Zips to the same bytes whenever and wherever it runs on one zlib: level 9, no name, no time, operating system "unknown".
 * The JDK's GZIPOutputStream changed its header between releases.
 */
final class GzipOutput extends DeflaterOutputStream {
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 2, (byte) 0xff};

    private final CRC32 crc = new CRC32();

    GzipOutput(OutputStream out) throws IOException {
        super(out, new Deflater(Deflater.BEST_COMPRESSION, true), 1 << 16);
        out.write(HEADER);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        super.write(bytes, offset, length);
        crc.update(bytes, offset, length);
    }

    @Override
    public void finish() throws IOException {
        if (!def.finished()) {
            super.finish();
            littleEndian(crc.getValue());
            littleEndian(def.getBytesRead());
        }
    }

    @Override
    public void close() throws IOException {
        super.close();
        def.end();
    }

    private void littleEndian(long value) throws IOException {
        for (int i = 0; i < 4; i++) {
            out.write((int) (value >>> 8 * i) & 0xff);
        }
    }
}
