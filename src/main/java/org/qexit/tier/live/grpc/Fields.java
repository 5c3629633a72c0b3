package org.qexit.tier.live.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.qexit.tier.live.inference.Refusal;

/** Reading and writing messages of Protocol Buffers. Fields that are not known are skipped, as its rules say. */
final class Fields {
    private Fields() {}

    /** Takes one field of a message. */
    @FunctionalInterface
    interface Taker {
        /** Returns false if it does not know the field, and has read nothing. */
        boolean take(int number, CodedInputStream in) throws IOException;
    }

    /** Puts a message's fields. */
    @FunctionalInterface
    interface Putter {
        void put(CodedOutputStream out) throws IOException;
    }

    static byte[] bytes(Putter fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.put(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A message within another. */
    static void message(CodedOutputStream out, int number, Putter fields) throws IOException {
        out.writeByteArray(number, bytes(fields));
    }

    /** Reads fields to the end, or to the limit that is set. */
    static void read(CodedInputStream in, Taker taker) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!taker.take(tag, in)) {
                in.skipField(tag);
            }
        }
    }

    /** Reads a message within another. */
    static void nested(CodedInputStream in, Taker taker) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        read(in, taker);
        if (!in.isAtEnd()) {
            throw new InvalidProtocolBufferException("a message ends before its end");
        }
        in.popLimit(outer);
    }

    /** Of a field whose value is a text, bytes or a message, or packed numbers. */
    static int delimited(int number) {
        return number << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    /** Of a field whose value is a whole number. */
    static int varint(int number) {
        return number << 3 | WireFormat.WIRETYPE_VARINT;
    }

    static int fixed32(int number) {
        return number << 3 | WireFormat.WIRETYPE_FIXED32;
    }

    static int fixed64(int number) {
        return number << 3 | WireFormat.WIRETYPE_FIXED64;
    }

    /** Reads a message from its bytes. */
    @FunctionalInterface
    interface Reader<T> {
        T read(CodedInputStream in) throws IOException;
    }

    /** Writes a message's fields. */
    @FunctionalInterface
    interface Writer<T> {
        void write(T message, CodedOutputStream out) throws IOException;
    }

    /** Of requests: they are only read. */
    static <T> MethodDescriptor.Marshaller<Parsed<T>> requests(Reader<T> reader) {
        return new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(Parsed<T> message) {
                throw new IllegalStateException("servers write no requests");
            }

            @Override
            public Parsed<T> parse(InputStream stream) {
                try {
                    return new Parsed<>(reader.read(CodedInputStream.newInstance(stream.readAllBytes())), null);
                } catch (IOException e) {
                    return new Parsed<>(
                            null, Refusal.malformed("the message is no Protocol Buffers message of this method"));
                } catch (Refusal e) {
                    return new Parsed<>(null, e);
                }
            }
        };
    }

    /** Of answers: they are only written. */
    static <T> MethodDescriptor.Marshaller<T> answers(Writer<T> writer) {
        return new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(T message) {
                return new ByteArrayInputStream(bytes(out -> writer.write(message, out)));
            }

            @Override
            public T parse(InputStream stream) {
                throw new IllegalStateException("servers read no answers");
            }
        };
    }
}
