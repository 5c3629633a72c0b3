package org.qexit.tier.live.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Json;
import org.qexit.common.NumberArray;
import org.qexit.common.UserError;

/** Requests and answers as bytes: written as the protocol says, read back as they were, and refused in one line where they are broken. */
class MessageTest {
    private static final Parameters PARAMETERS =
            new Parameters(Map.of("device", "ue1", "settled", 7, "all_exits", true, "share", 0.5));

    private static List<Tensor> tensors() {
        return List.of(
                new Tensor.Fp32("a", new int[] {2, 3}, new float[] {0, -1.5f, Float.MIN_VALUE, 3e38f, 0.1f, 7}),
                new Tensor.Uint8("b", new int[] {1, 1, 4}, new byte[] {0, 127, -128, -1}),
                new Tensor.Int64("c", new int[] {3}, new long[] {-1, 0, 1L << 53}),
                new Tensor.Fp32("d", new int[] {0, 5}, new float[0]));
    }

    private static void assertSame(List<Tensor> expected, List<Tensor> found) {
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).name(), found.get(i).name());
            assertEquals(expected.get(i).type(), found.get(i).type());
            assertArrayEquals(expected.get(i).shape(), found.get(i).shape());
            assertArrayEquals(expected.get(i).littleEndian(), found.get(i).littleEndian());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void requestsComeBackAsTheyWere(boolean binary) {
        InferRequest request =
                new InferRequest("e-1", PARAMETERS, tensors(), List.of(new InferRequest.WantedOutput("class", true)));
        Message message = request.write(binary);
        assertEquals(binary, message.hasBinary());
        InferRequest read = InferRequest.read(message);
        assertSame(request.inputs(), read.inputs());
        assertEquals(request.outputs(), read.outputs());
        assertEquals(request.parameters(), read.parameters());
        assertEquals("e-1", read.id());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answersComeBackAsTheyWere(boolean binary) {
        InferResponse answer = new InferResponse("m", "1", "e-1", PARAMETERS, tensors());
        InferRequest request = InferRequest.of(
                null,
                new Parameters(Map.of("binary_data_output", binary)),
                tensors().get(0));
        InferResponse read = InferResponse.read(answer.write(request));
        assertSame(answer.outputs(), read.outputs());
        assertEquals(answer.parameters(), read.parameters());
    }

    /** Byte for byte by an independent reader of what the binary tensor extension says. */
    @Test
    void theBinaryExtensionIsWrittenAsItIsSpecified() throws Exception {
        Message message = InferRequest.of(null, Parameters.NONE, tensors().toArray(Tensor[]::new))
                .write(true);
        JsonNode json = new ObjectMapper().readTree(message.bytes(), 0, message.jsonLength());
        ByteBuffer rest = ByteBuffer.wrap(
                        message.bytes(), message.jsonLength(), message.bytes().length - message.jsonLength())
                .order(ByteOrder.LITTLE_ENDIAN);
        assertEquals(
                24,
                json.get("inputs")
                        .get(0)
                        .get("parameters")
                        .get("binary_data_size")
                        .asInt());
        assertEquals("[2,3]", json.get("inputs").get(0).get("shape").toString());
        assertEquals("UINT8", json.get("inputs").get(1).get("datatype").asText());
        assertEquals(-1.5f, rest.getFloat(rest.position() + 4));
        rest.position(rest.position() + 24);
        assertEquals(127, rest.get(rest.position() + 1));
        rest.position(rest.position() + 4);
        assertEquals(1L << 53, rest.getLong(rest.position() + 16));
        assertEquals(24, rest.remaining());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1, 2.5, -3e2] | [3]",
                "[[1, 2], [3, 4], [5, 6]] | [3, 2]",
                "[[[1]], [[2]]] | [2, 1, 1]",
                "[] | [0]",
                "[[], []] | [2, 0]",
            })
    void numbersAreReadFlatOrNested(String text, String shape) {
        NumberArray numbers = Json.parse("text", text, NumberArray.class);
        assertEquals(shape, java.util.Arrays.toString(numbers.shape()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1, [2]]",
                "[[1], 2]",
                "[[1], [2, 3]]",
                "[[1], []]",
                "[[], [1]]",
                "[[[1]], [2]]",
                "[null]",
                "[true]",
                "[\"1\"]",
                "[NaN]",
                "[1e400]",
                "{}",
                "1",
                "\"\"",
                "[1",
                "[1]]",
                "[{}]"
            })
    void otherArraysAreRefused(String text) {
        UserError error = assertThrows(UserError.class, () -> Json.parse("text", text, NumberArray.class));
        assertTrue(error.getMessage().startsWith("text"), error.getMessage());
    }

    /** A byte changed, lost or added is refused, or a request again; nothing else is thrown. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void spoiltBytesAreRefused(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (boolean binary : new boolean[] {true, false}) {
            Message message = new InferRequest("e-1", PARAMETERS, tensors(), List.of()).write(binary);
            for (int i = 0; i < 400; i++) {
                byte[] bytes = message.bytes().clone();
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                bytes = random.nextInt(4) == 0 ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
                try {
                    InferRequest.read(new Message(bytes, Math.min(message.jsonLength(), bytes.length)));
                } catch (Refusal refused) {
                    assertEquals(Refusal.Reason.MALFORMED, refused.reason());
                    assertTrue(refused.getMessage().lines().count() == 1, refused.getMessage());
                }
            }
        }
    }

    @Test
    void failuresSayWhenToComeBack() {
        Refusal refusal = Refusal.of(Refusal.Reason.OVER_PLAN, "too\nmany", 12.25);
        assertEquals(
                "{\"error\":\"too?many\",\"parameters\":{\"retry_after_seconds\":12.25}}",
                new String(Failure.of(refusal).write(), StandardCharsets.UTF_8));
        assertEquals(12.25, Failure.read(Failure.of(refusal).write()).retrySeconds());
        Failure plain = Failure.of(Refusal.malformed("no"));
        assertTrue(Double.isNaN(Failure.read(plain.write()).retrySeconds()));
    }
}
