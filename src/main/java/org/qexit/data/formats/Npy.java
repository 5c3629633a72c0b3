package org.qexit.data.formats;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.qexit.common.UserError;

/**
 * NumPy's files of one array ({@code .npy}, versions 1 to 3) and of several ({@code .npz}, zipped): numbers, truth values and texts of fixed
 * width, either byte order, rows or columns first. Pickled objects are refused: reading them runs code. What a header claims is checked
 * against the size of the file before anything is allocated for it.
 */
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_HEADER = 1 << 16;
    private static final int MAX_ARRAYS = 10_000;

    /** Deflate makes at most 1032 bytes of one, so a claim beyond that is a lie. */
    private static final long MAX_EXPANSION = 1032;

    private static final Pattern DESCR = Pattern.compile("'descr': *'([<>|=])([a-zA-Z])(\\d{0,6})'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order': *(True|False)");
    private static final Pattern SHAPE =
            Pattern.compile("'shape': *\\( *((?:\\d{1,18}L?(?: *, *\\d{1,18}L?){0,63})?) *,? *\\)");

    private Npy() {}

    /** @throws UserError naming the file, if it is not one whole array */
    public static NpyArray read(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(in, Files.size(file));
        } catch (NoSuchFileException e) {
            throw new UserError(file + ": no such file", e);
        } catch (FormatException e) {
            throw new UserError(file + " at byte " + e.offset() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Arrays by their names, without {@code .npy}, in the order of the file. */
    public static Map<String, NpyArray> readZipped(Path file) {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        if (Files.notExists(file)) {
            throw new UserError(file + ": no such file");
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.size() > MAX_ARRAYS) {
                throw new UserError(file + ": holds " + zip.size() + " arrays; expected at most " + MAX_ARRAYS);
            }
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                String name = entry.getName();
                if (!name.endsWith(".npy")) {
                    throw new UserError(file + ": holds '" + UserError.shown(name) + "'; expected arrays, .npy");
                }
                long size = entry.getSize();
                if (size < 0 || size > MAX_EXPANSION * Math.max(1, entry.getCompressedSize())) {
                    throw new UserError(file + ": array '" + UserError.shown(name) + "' claims " + size + " bytes of "
                            + entry.getCompressedSize() + " zipped ones");
                }
                try (InputStream in = new BufferedInputStream(zip.getInputStream(entry))) {
                    arrays.put(name.substring(0, name.length() - 4), read(in, size));
                } catch (FormatException e) {
                    throw new UserError(
                            file + ": array '" + UserError.shown(name) + "' at byte " + e.offset() + ": "
                                    + e.getMessage(),
                            e);
                }
            }
        } catch (ZipException e) {
            throw new UserError(file + ": is no zip file: " + e.getMessage(), e);
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
        if (arrays.isEmpty()) {
            throw new UserError(file + ": holds no arrays; expected some");
        }
        return arrays;
    }

    private static NpyArray read(InputStream in, long size) throws IOException {
        byte[] head = in.readNBytes(8);
        if (head.length < 8 || !Arrays.equals(Arrays.copyOf(head, 6), MAGIC)) {
            throw new FormatException(0, "does not begin as an array does; expected \\x93NUMPY");
        }
        int version = head[6];
        if (version < 1 || version > 3) {
            throw new FormatException(6, "version is " + version + "; expected 1, 2 or 3");
        }
        byte[] width = in.readNBytes(version == 1 ? 2 : 4);
        if (width.length < (version == 1 ? 2 : 4)) {
            throw new FormatException(8L + width.length, "file ends within its header");
        }
        ByteBuffer lengths = ByteBuffer.wrap(width).order(ByteOrder.LITTLE_ENDIAN);
        long length = version == 1 ? Short.toUnsignedInt(lengths.getShort()) : Integer.toUnsignedLong(lengths.getInt());
        if (length > MAX_HEADER) {
            throw new FormatException(8, "header of " + length + " bytes; expected at most " + MAX_HEADER);
        }
        byte[] text = in.readNBytes((int) length);
        long at = 8L + width.length + text.length;
        if (text.length < length) {
            throw new FormatException(at, "file ends within its header");
        }
        return body(in, new String(text, StandardCharsets.UTF_8), at, size);
    }

    private static NpyArray body(InputStream in, String header, long at, long size) throws IOException {
        Matcher descr = DESCR.matcher(header);
        Matcher order = ORDER.matcher(header);
        Matcher shape = SHAPE.matcher(header);
        if (!descr.find() || !order.find() || !shape.find()) {
            throw new FormatException(
                    10,
                    "header is " + UserError.shown(header.strip()) + "; expected 'descr', 'fortran_order', 'shape'");
        }
        int width = descr.group(3).isEmpty() ? 0 : Integer.parseInt(descr.group(3));
        NpyType type = NpyType.of(descr.group(2), width)
                .orElseThrow(() -> new FormatException(
                        10,
                        "elements of type '" + descr.group(2) + descr.group(3)
                                + "'; expected f2, f4, f8, i1 to i8, u1 to u8, b1 or U"
                                + (descr.group(2).equals("O")
                                        ? ", which are pickled: reading them runs programs"
                                        : "")));
        int itemBytes = type == NpyType.TEXT ? 4 * width : type.bytes;
        String[] parts = shape.group(1).isBlank()
                ? new String[0]
                : shape.group(1).replace("L", "").strip().split(" *, *");
        int[] dims = new int[parts.length];
        long bytes = itemBytes;
        for (int d = 0; d < dims.length; d++) {
            long dim = Long.parseLong(parts[d].strip());
            bytes = bytes > 0 && dim > Long.MAX_VALUE / bytes ? Long.MAX_VALUE : bytes * dim;
            if (dim > Integer.MAX_VALUE) {
                bytes = Long.MAX_VALUE;
            }
            dims[d] = (int) dim;
        }
        if (bytes != size - at) {
            throw new FormatException(
                    at,
                    size - at + " bytes of elements; its header says "
                            + shape.group(1).strip() + " of " + itemBytes + " bytes each");
        }
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new FormatException(at, bytes + " bytes of elements; expected less than 2 GiB");
        }
        byte[] elements = in.readNBytes((int) bytes);
        if (elements.length < bytes) {
            throw new FormatException(at + elements.length, "file ends within its elements");
        }
        ByteBuffer buffer = ByteBuffer.wrap(elements)
                .order(descr.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        return new NpyArray(type, dims, order.group(1).equals("True"), itemBytes, buffer);
    }
}
