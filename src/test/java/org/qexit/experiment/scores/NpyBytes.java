package org.qexit.experiment.scores;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** NumPy's files as numpy.save and numpy.savez (2.4) write them. */
public final class NpyBytes {
    private NpyBytes() {}

    /** @param descr {@code <f4}, {@code >f4}, {@code <f8}, {@code <f2} or {@code >f8}; values in the file's order */
    public static byte[] floats(String descr, boolean columnsFirst, int[] dims, double... values) {
        int width = descr.charAt(2) - '0';
        ByteBuffer data = ByteBuffer.allocate(width * values.length)
                .order(descr.charAt(0) == '<' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        for (double value : values) {
            switch (width) {
                case 4 -> data.putFloat((float) value);
                case 8 -> data.putDouble(value);
                default -> data.putShort(half((float) value));
            }
        }
        return file(1, descr, columnsFirst, dims, data.array());
    }

    public static byte[] longs(int[] dims, long... values) {
        ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(data::putLong);
        return file(1, "<i8", false, dims, data.array());
    }

    public static byte[] texts(int width, String... texts) {
        ByteBuffer data = ByteBuffer.allocate(4 * width * texts.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < texts.length; i++) {
            data.position(4 * width * i);
            texts[i].codePoints().forEach(data::putInt);
        }
        return file(2, "<U" + width, false, new int[] {texts.length}, data.array());
    }

    public static byte[] file(int version, String descr, boolean columnsFirst, int[] dims, byte[] data) {
        String shape = Arrays.stream(dims).mapToObj(Integer::toString).collect(Collectors.joining(", "))
                + (dims.length == 1 ? "," : "");
        StringBuilder header = new StringBuilder("{'descr': '" + descr + "', 'fortran_order': "
                + (columnsFirst ? "True" : "False") + ", 'shape': (" + shape + "), }");
        int before = version == 1 ? 10 : 12;
        while ((before + header.length() + 1) % 64 != 0) {
            header.append(' ');
        }
        header.append('\n');
        byte[] text = header.toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer all = ByteBuffer.allocate(before + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        all.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) version)
                .put((byte) 0);
        if (version == 1) {
            all.putShort((short) text.length);
        } else {
            all.putInt(text.length);
        }
        return all.put(text).put(data).array();
    }

    public static byte[] zip(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        }
        return bytes.toByteArray();
    }

    /** Of numbers that binary16 holds. */
    private static short half(float value) {
        if (value == 0) {
            return 0;
        }
        int exponent = Math.getExponent(value);
        int fraction = Math.round((Math.abs(Math.scalb(value, -exponent)) - 1) * 1024);
        return (short) ((value < 0 ? 0x8000 : 0) | exponent + 15 << 10 | fraction);
    }
}
