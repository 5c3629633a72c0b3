package org.qexit.tier.live.inference;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.Json;
import org.qexit.common.NumberArray;
import org.qexit.common.UserError;

/**
 * A request or an answer as it goes over HTTP: JSON, and behind it the tensors of the binary tensor extension, each little-endian, in the
 * order of the JSON. The bytes are not copied; do not change them.
 *
 * @param bytes the body
 * @param jsonLength bytes of JSON: what the header {@value #HEADER} says; all of them where nothing is binary
 */
public record Message(byte[] bytes, int jsonLength) {
    /** Says how many bytes of the body are JSON. */
    public static final String HEADER = "Inference-Header-Content-Length";

    public static final String JSON = "application/json";
    public static final String BINARY = "application/octet-stream";
    static final String SIZE = "binary_data_size";

    /** @throws Refusal if the header is longer than the body */
    public Message {
        if (jsonLength < 0 || jsonLength > bytes.length) {
            throw Refusal.malformed(
                    HEADER + " is " + jsonLength + "; expected 0 to " + bytes.length + ", the body's length");
        }
    }

    /**
     * A body that came.
     *
     * @param header what {@value #HEADER} says, or null
     * @throws Refusal if that is no number, or longer than the body
     */
    public static Message of(byte[] bytes, String header) {
        if (header == null) {
            return new Message(bytes, bytes.length);
        }
        if (!header.matches("[0-9]{1,9}")) {
            throw Refusal.malformed(HEADER + " is '" + UserError.shown(header) + "'; expected a whole number");
        }
        return new Message(bytes, Integer.parseInt(header));
    }

    public boolean hasBinary() {
        return jsonLength < bytes.length;
    }

    /** What its Content-Type says. */
    public String contentType() {
        return hasBinary() ? BINARY : JSON;
    }

    /** The JSON part. */
    <T> T json(String name, Class<T> type) {
        try {
            return Json.parse(name, bytes, 0, jsonLength, type);
        } catch (UserError e) {
            throw Refusal.malformed(e.getMessage());
        }
    }

    /** The tensors of JSON parts, whose binary ones are behind the JSON. */
    List<Tensor> tensors(String list, List<JsonMessage.Part> parts) {
        ByteBuffer rest = ByteBuffer.wrap(bytes, jsonLength, bytes.length - jsonLength);
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            tensors.add(tensor(list + "[" + i + "]", parts.get(i), rest));
        }
        if (rest.hasRemaining()) {
            throw Refusal.malformed(rest.remaining() + " bytes are left behind the last tensor; expected none");
        }
        return tensors;
    }

    private static Tensor tensor(String where, JsonMessage.Part part, ByteBuffer rest) {
        if (part == null || part.name() == null || part.name().isBlank()) {
            throw Refusal.malformed(where + ": name is missing");
        }
        if (part.shape() == null || part.shape().contains(null)) {
            throw Refusal.malformed(where + ": shape is missing");
        }
        String name = UserError.shown(part.name());
        DataType type = DataType.of(where, UserError.shown("" + part.datatype()));
        int[] shape = part.shape().stream().mapToInt(Integer::intValue).toArray();
        Parameters parameters = Parameters.of(part.parameters());
        parameters.checkKnown(where, java.util.Set.of(SIZE));
        Long size = parameters.whole(SIZE);
        if (size == null) {
            return ofNumbers(where, name, type, shape, part.data());
        }
        if (part.data() != null) {
            throw Refusal.malformed(where + ": has data and " + SIZE + "; expected one of the two");
        }
        if (size < 0 || size > rest.remaining()) {
            throw Refusal.malformed(where + ": " + SIZE + " is " + size + "; expected at most " + rest.remaining()
                    + ", the bytes behind the JSON");
        }
        ByteBuffer bytes = rest.slice(rest.position(), size.intValue());
        rest.position(rest.position() + size.intValue());
        return Tensor.of(name, type, shape, bytes);
    }

    private static Tensor ofNumbers(String where, String name, DataType type, int[] shape, NumberArray data) {
        if (data == null) {
            throw Refusal.malformed(where + ": data is missing");
        }
        if (data.shape().length > 1 && !Arrays.equals(data.shape(), shape)) {
            throw Refusal.malformed(where + ": data is nested as " + Arrays.toString(data.shape()) + "; expected "
                    + Arrays.toString(shape) + ", or a flat list");
        }
        return Tensor.of(name, type, shape, data.values());
    }

    /** A tensor's part of the JSON. */
    static Map<String, Object> part(Tensor tensor, boolean binary) {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("name", tensor.name());
        part.put("datatype", tensor.type().name());
        part.put("shape", tensor.shape());
        if (binary) {
            long size = Tensor.elements(tensor.name(), tensor.shape())
                    * tensor.type().bytes();
            part.put("parameters", Map.of(SIZE, size));
        } else {
            part.put("data", tensor.numbers());
        }
        return part;
    }

    /** Text and the tensors that are binary behind it. */
    static Message of(Map<String, Object> json, List<Tensor> binary) {
        byte[] text = Json.compact(json).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        if (binary.isEmpty()) {
            return new Message(text, text.length);
        }
        List<byte[]> parts = binary.stream().map(Tensor::littleEndian).toList();
        ByteBuffer all = ByteBuffer.allocate(
                text.length + parts.stream().mapToInt(part -> part.length).sum());
        all.put(text);
        parts.forEach(all::put);
        return new Message(all.array(), text.length);
    }
}
