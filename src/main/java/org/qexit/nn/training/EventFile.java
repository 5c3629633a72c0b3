package org.qexit.nn.training;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * An event file as TensorBoard reads it: records of
 *
 * <pre>uint64 length, uint32 masked CRC-32C of the length, data, uint32 masked CRC-32C of the data,</pre>
 *
 * little endian, each holding one {@code tensorflow.Event} in protocol-buffer encoding (tensorflow/core/util/event.proto and
 * framework/summary.proto; record format: tensorflow/core/lib/io/record_writer.h). Written by hand, for it is three messages of scalars
 * and TensorFlow's Java library is hundreds of megabytes.
 */
final class EventFile {
    /** From tensorflow/core/lib/hash/crc32c.h: a CRC of data that holds CRCs would be weak. */
    private static final int MASK_DELTA = 0xa282ead8;

    private static final int MASK_ROTATION = 15;

    private EventFile() {}

    /** The first record of every file. */
    static byte[] header(double wallTimeSeconds) {
        Message event = new Message().fixed64(1, wallTimeSeconds).bytes(3, utf8("brain.Event:2"));
        return record(event.toByteArray());
    }

    /** One record of scalars at a step. */
    static byte[] scalars(double wallTimeSeconds, long step, Map<String, Double> values) {
        Message summary = new Message();
        values.forEach((tag, value) -> summary.bytes(
                1,
                new Message().bytes(1, utf8(tag)).fixed32(2, value.floatValue()).toByteArray()));
        return record(new Message()
                .fixed64(1, wallTimeSeconds)
                .varint(2, step)
                .bytes(5, summary.toByteArray())
                .toByteArray());
    }

    /**
     * Hyperparameters of the run, for TensorBoard's table of runs ({@code _hparams_/session_start_info},
     * tensorboard/plugins/hparams/plugin_data.proto).
     *
     * @param values numbers, truth values and texts by name
     */
    static byte[] hyperparameters(double wallTimeSeconds, Map<String, Object> values) {
        Message session = new Message();
        values.forEach((name, value) -> session.bytes(
                1, new Message().bytes(1, utf8(name)).bytes(2, value(value)).toByteArray()));
        session.fixed64(5, wallTimeSeconds);
        Message plugin = new Message()
                .bytes(1, utf8("hparams"))
                .bytes(2, new Message().bytes(3, session.toByteArray()).toByteArray());
        // Every value of a summary needs one; the plugin looks at its metadata alone.
        Message none = new Message()
                .varint(1, 1)
                .bytes(
                        2,
                        new Message()
                                .bytes(2, new Message().varint(1, 1).toByteArray())
                                .toByteArray())
                .bytes(5, new byte[Float.BYTES]);
        Message summary = new Message()
                .bytes(
                        1,
                        new Message()
                                .bytes(1, utf8("_hparams_/session_start_info"))
                                .bytes(8, none.toByteArray())
                                .bytes(
                                        9,
                                        new Message()
                                                .bytes(1, plugin.toByteArray())
                                                .toByteArray())
                                .toByteArray());
        return record(new Message()
                .fixed64(1, wallTimeSeconds)
                .bytes(5, summary.toByteArray())
                .toByteArray());
    }

    /** A {@code google.protobuf.Value}. */
    private static byte[] value(Object value) {
        if (value instanceof Number number) {
            return new Message().fixed64(2, number.doubleValue()).toByteArray();
        }
        if (value instanceof Boolean truth) {
            return new Message().varint(4, truth ? 1 : 0).toByteArray();
        }
        return new Message().bytes(3, utf8(String.valueOf(value))).toByteArray();
    }

    /** Readers follow a file that grows; one that is replaced they lose. */
    static void append(Path file, byte[] records) throws IOException {
        Files.write(file, records, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static byte[] record(byte[] data) {
        byte[] length = little(Long.BYTES).putLong(data.length).array();
        return little(length.length + 2 * Integer.BYTES + data.length)
                .put(length)
                .putInt(maskedCrc(length))
                .put(data)
                .putInt(maskedCrc(data))
                .array();
    }

    static int maskedCrc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Integer.rotateRight((int) crc.getValue(), MASK_ROTATION) + MASK_DELTA;
    }

    private static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A protocol-buffer message being written: fields of the four wire types that we need. */
    private static final class Message {
        private static final int VARINT = 0;
        private static final int FIXED64 = 1;
        private static final int LENGTH = 2;
        private static final int FIXED32 = 5;

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message varint(int field, long value) {
            raw((long) field << 3 | VARINT);
            raw(value);
            return this;
        }

        Message fixed64(int field, double value) {
            raw((long) field << 3 | FIXED64);
            out.writeBytes(little(Double.BYTES).putDouble(value).array());
            return this;
        }

        Message fixed32(int field, float value) {
            raw((long) field << 3 | FIXED32);
            out.writeBytes(little(Float.BYTES).putFloat(value).array());
            return this;
        }

        Message bytes(int field, byte[] value) {
            raw((long) field << 3 | LENGTH);
            raw(value.length);
            out.writeBytes(value);
            return this;
        }

        private void raw(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }

        byte[] toByteArray() {
            return out.toByteArray();
        }
    }
}
