package org.qexit.nn.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.nn.Tensor;

class SafetensorsTest {
    /** Read by the format's description alone: every tensor is where the header says, and all bytes belong to one. */
    @Test
    void holdsEveryTensor(@TempDir Path folder) throws Exception {
        StoredModel model = ModelDirectory.read(Path.of("models/quickstart-hybrid"));
        Path file = folder.resolve("m.safetensors");
        Safetensors.write(file, model);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) buffer.getLong(0);
        assertEquals(0, length % 8);
        Map<?, ?> header =
                Json.parse("header", new String(bytes, 8, length, StandardCharsets.UTF_8).stripTrailing(), Map.class);
        long next = 0;
        List<Tensor> tensors = model.model().stored();
        assertEquals(tensors.size() + 1, header.size());
        for (Tensor tensor : tensors) {
            Map<?, ?> place = (Map<?, ?>) header.get(tensor.name());
            assertEquals("F32", place.get("dtype"));
            assertEquals(Arrays.stream(tensor.shape()).boxed().toList(), place.get("shape"));
            List<?> offsets = (List<?>) place.get("data_offsets");
            assertEquals(next, ((Number) offsets.get(0)).longValue());
            next = ((Number) offsets.get(1)).longValue();
            for (int i = 0; i < tensor.values().length; i++) {
                int at = 8 + length + ((Number) offsets.get(0)).intValue() + 4 * i;
                assertEquals(tensor.values()[i], buffer.getFloat(at));
            }
        }
        assertEquals(bytes.length, 8 + length + next);
        ((Map<?, ?>) header.get("__metadata__")).values().forEach(v -> assertTrue(v instanceof String));
        assertThrows(UserError.class, () -> Safetensors.write(folder.resolve("m.bin"), model));
    }
}
