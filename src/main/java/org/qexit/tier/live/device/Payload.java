package org.qexit.tier.live.device;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.qexit.tier.live.inference.DataType;
import org.qexit.tier.live.inference.Tensor;

/**
 * A tensor as it is sent: one event.
 *
 * @param name {@code input} or {@code features}
 * @param datatype {@code UINT8} or {@code FP32}
 * @param shape one event, then channels, height and width
 * @param bytes of the values, row-major, little endian
 */
record Payload(String name, String datatype, List<Integer> shape, byte[] bytes) {
    /** As the protocol has it. */
    Tensor tensor() {
        int[] lengths = shape.stream().mapToInt(Integer::intValue).toArray();
        return Tensor.of(name, DataType.of(name, datatype), lengths, ByteBuffer.wrap(bytes));
    }

    /** For the outbox. */
    byte[] encoded() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(all)) {
            out.writeUTF(name);
            out.writeUTF(datatype);
            out.writeByte(shape.size());
            for (int length : shape) {
                out.writeInt(length);
            }
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toByteArray();
    }

    static Payload decoded(byte[] encoded) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
            String name = in.readUTF();
            String datatype = in.readUTF();
            List<Integer> shape = new ArrayList<>();
            for (int left = in.readUnsignedByte(); left > 0; left--) {
                shape.add(in.readInt());
            }
            return new Payload(name, datatype, shape, in.readAllBytes());
        }
    }
}
