package org.qexit.data.formats;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Hashing;
import org.qexit.common.UserError;

/**
 * IDX files, plain or gzipped, of any element type and number of dimensions: bytes 0, 0, type, rank, then the size of each
 * dimension (4 bytes, big endian), then the elements. The format of MNIST (LeCun, Cortes, Burges).
 *
 * <p>The sizes a header claims are checked against the length of the file before anything is allocated for them, and rows are
 * read one by one, so a hostile header costs no more memory than the file can fill.
 */
public final class Idx {
    /** Deflate makes at most 1032 bytes of one (zlib's technical details), so a claim beyond that is a lie. */
    private static final long MAX_EXPANSION = 1032;

    private static final int LONGEST_ROW = Integer.MAX_VALUE - 8;

    private Idx() {}

    /** @throws UserError naming file and offset, if the file is not exactly one whole IDX file */
    public static IdxArray read(Path file) {
        return reading(file, in -> read(file, in, Files.size(file), in instanceof GzipInput));
    }

    /** Sizes of the dimensions, as the header says; what comes after it is not looked at. */
    public static int[] dims(Path file) {
        return reading(file, in -> {
            type(in);
            return dims(in, in.read());
        });
    }

    /** Takes one file. */
    @FunctionalInterface
    private interface Body<T> {
        T from(InputStream in) throws IOException;
    }

    private static <T> T reading(Path file, Body<T> body) {
        if (Files.isDirectory(file)) {
            throw new UserError(file + ": is a directory; expected an IDX file");
        }
        try (InputStream in = GzipInput.unzipping(file)) {
            return body.from(in);
        } catch (NoSuchFileException e) {
            throw new UserError(file + ": no such file", e);
        } catch (FormatException e) {
            throw new UserError(file + " at byte " + e.offset() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static IdxArray read(Path file, InputStream source, long size, boolean gzip) throws IOException {
        DigestInputStream in = new DigestInputStream(source, Hashing.sha256());
        IdxType type = type(in);
        int[] dims = dims(in, in.read());
        long rows = dims.length == 1 ? 1 : dims[0];
        long rowBytes = rowBytes(dims, type, size, gzip);
        List<byte[]> data = new ArrayList<>();
        long offset = 4 + 4L * dims.length;
        for (long r = 0; r < rows; r++) {
            byte[] row = in.readNBytes((int) rowBytes);
            offset += row.length;
            if (row.length < rowBytes) {
                throw new FormatException(
                        offset, "file ends too early; its header says " + shape(dims) + " elements" + unzipped(gzip));
            }
            data.add(row);
        }
        if (in.read() >= 0) {
            throw new FormatException(
                    offset, "bytes after the last element; its header says " + shape(dims) + unzipped(gzip));
        }
        String sha256 = HexFormat.of().formatHex(in.getMessageDigest().digest());
        return new IdxArray(file, type, dims, data.toArray(byte[][]::new), sha256);
    }

    /** The first three bytes. */
    private static IdxType type(InputStream in) throws IOException {
        byte[] magic = in.readNBytes(3);
        if (magic.length < 3) {
            throw new FormatException(magic.length, "file ends within the magic number; expected an IDX file");
        }
        if (magic[0] != 0 || magic[1] != 0) {
            throw new FormatException(
                    0,
                    String.format(
                            Locale.ROOT,
                            "magic number begins with 0x%02x%02x; expected 0x0000, an IDX file",
                            magic[0] & 0xff,
                            magic[1] & 0xff));
        }
        int code = magic[2] & 0xff;
        return IdxType.of(code)
                .orElseThrow(() -> new FormatException(
                        2,
                        String.format(
                                Locale.ROOT, "element type is 0x%02x; expected one of: %s", code, IdxType.codes())));
    }

    private static int[] dims(InputStream in, int rank) throws IOException {
        if (rank < 0) {
            throw new FormatException(3, "file ends within the magic number; expected an IDX file");
        }
        if (rank == 0) {
            throw new FormatException(3, "number of dimensions is 0; expected at least 1");
        }
        byte[] bytes = in.readNBytes(4 * rank);
        if (bytes.length < 4 * rank) {
            throw new FormatException(4L + bytes.length, "file ends within its header of " + rank + " dimensions");
        }
        int[] dims = new int[rank];
        ByteBuffer.wrap(bytes).asIntBuffer().get(dims);
        for (int d = 0; d < rank; d++) {
            if (dims[d] < 0 || dims[d] == 0 && d > 0) {
                throw new FormatException(
                        4 + 4L * d,
                        "size of dimension " + (d + 1) + " is " + Integer.toUnsignedString(dims[d]) + "; expected 1 to "
                                + Integer.MAX_VALUE);
            }
        }
        return dims;
    }

    private static long rowBytes(int[] dims, IdxType type, long size, boolean gzip) throws FormatException {
        long header = 4 + 4L * dims.length;
        long rowBytes = type.bytes;
        for (int d = dims.length == 1 ? 0 : 1; d < dims.length; d++) {
            rowBytes *= dims[d];
            if (rowBytes > LONGEST_ROW) {
                throw new FormatException(
                        4 + 4L * d, "one row of " + shape(dims) + " elements is too large; expected less than 2 GiB");
            }
        }
        // Both factors are below 2^31.
        long claimed = header + (dims.length == 1 ? 1 : dims[0]) * rowBytes;
        if (gzip ? claimed > MAX_EXPANSION * size : claimed > size) {
            throw new FormatException(
                    4,
                    "header says " + shape(dims) + " elements, " + claimed + " bytes; a file of " + size
                            + (gzip ? " zipped" : "") + " bytes cannot hold them");
        }
        return rowBytes;
    }

    private static String unzipped(boolean gzip) {
        return gzip ? " (byte of the unzipped file)" : "";
    }

    private static String shape(int[] dims) {
        return Arrays.toString(dims).replace(", ", " x ");
    }

    /**
     * Writes an IDX file atomically, gzipped if its name ends in {@code .gz}.
     *
     * @param dims sizes of the dimensions; the rows together must fill them
     * @param rows raw big-endian elements
     * @return SHA-256 of the unzipped file
     */
    public static String write(Path file, IdxType type, int[] dims, Iterable<byte[]> rows) {
        ByteBuffer header = ByteBuffer.allocate(4 + 4 * dims.length);
        header.put((byte) 0).put((byte) 0).put((byte) type.code).put((byte) dims.length);
        for (int size : dims) {
            header.putInt(size);
        }
        var digest = Hashing.sha256();
        AtomicFiles.write(file, temporary -> {
            try (OutputStream plain = Files.newOutputStream(temporary);
                    OutputStream out = file.toString().endsWith(".gz") ? new GzipOutput(plain) : plain) {
                digest.update(header.array());
                out.write(header.array());
                for (byte[] row : rows) {
                    digest.update(row);
                    out.write(row);
                }
            }
        });
        return HexFormat.of().formatHex(digest.digest());
    }
}
