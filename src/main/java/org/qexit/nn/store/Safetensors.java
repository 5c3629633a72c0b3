package org.qexit.nn.store;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.nn.Tensor;

/**
 * Parameters for other programs, in the safetensors format: the header's length (8 bytes, little endian), the header, JSON that says type,
 * shape and place of every tensor, padded with blanks to a multiple of 8 bytes, then the values, little endian, row by row.
 */
public final class Safetensors {
    private static final int ALIGNMENT = 8;

    private Safetensors() {}

    /** Writes a model's parameters as they were trained, temperatures apart, which are in the metadata. */
    public static void write(Path file, StoredModel model) {
        if (!file.toString().endsWith(".safetensors")) {
            throw new UserError(file + ": the name of parameters to write ends in .safetensors");
        }
        List<Tensor> tensors = model.model().stored();
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "qexit");
        metadata.put("model", Json.compact(model.model().config()));
        metadata.put("sha256", model.parametersSha256());
        model.model().temperatures().ifPresent(t -> metadata.put("temperatures", Json.compact(t)));
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("__metadata__", metadata);
        long at = 0;
        for (Tensor tensor : tensors) {
            long end = at + (long) Float.BYTES * tensor.values().length;
            Map<String, Object> place = new LinkedHashMap<>();
            place.put("dtype", "F32");
            place.put("shape", tensor.shape());
            place.put("data_offsets", new long[] {at, end});
            header.put(tensor.name(), place);
            at = end;
        }
        byte[] json = Json.compact(header).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        AtomicFiles.write(file, temporary -> {
            try (OutputStream out = Files.newOutputStream(temporary)) {
                out.write(ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(padded.length)
                        .array());
                out.write(padded);
                for (Tensor tensor : tensors) {
                    ByteBuffer values = ByteBuffer.allocate(Float.BYTES * tensor.values().length)
                            .order(ByteOrder.LITTLE_ENDIAN);
                    values.asFloatBuffer().put(tensor.values());
                    out.write(values.array());
                }
            }
        });
    }
}
