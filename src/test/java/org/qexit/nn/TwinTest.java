package org.qexit.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.MlpHead;
import org.qexit.nn.head.QuantumHead;
import org.qexit.nn.head.Reduction;
import org.qexit.quantum.Ansatz;

class TwinTest {
    /** Feature counts from one value to a large flattened map. */
    static List<ModelConfig> shapes() {
        List<ModelConfig> shapes = new ArrayList<>();
        int[][] inputs = {
            {1, 1, 1, 1}, {3, 1, 2, 1}, {1, 1, 7, 5}, {2, 3, 5, 2}, {1, 8, 8, 16}, {3, 28, 28, 8}, {1, 1, 256, 33}
        };
        for (int[] input : inputs) {
            for (Reduction reduction : Reduction.values()) {
                shapes.add(new ModelConfig(
                        "m",
                        input[0],
                        input[1],
                        input[2],
                        null,
                        List.of(BlockConfig.of(input[3])),
                        List.of(HeadConfig.linear().with(reduction))));
            }
        }
        return shapes;
    }

    /** Counts the values of the tensors that would be stored, which no formula of the twins knows of. */
    private static int stored(ModelConfig model) {
        return TensorLayout.of(model).slots().stream()
                .filter(slot -> slot.name().startsWith("exit"))
                .mapToInt(TensorLayout.Slot::size)
                .sum();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void matchedHeadsHaveTheSameNumberOfParametersWithinTwoPercent(ModelConfig shape) {
        for (int qubits = 1; qubits <= 12; qubits++) {
            for (int layers : new int[] {1, 2, 3, 7, 64}) {
                for (int uploading = 0; uploading < 4; uploading++) {
                    HeadConfig head = HeadConfig.quantum(qubits, layers)
                            .with(shape.heads().get(0).reduce())
                            .uploading((uploading & 1) != 0, (uploading & 2) != 0);
                    ModelConfig hybrid = shape.withHeads(List.of(head));
                    ModelConfig matched = Twin.MATCHED.of(hybrid);
                    double quantum = stored(hybrid);
                    assertEquals(quantum, stored(matched), 0.02 * quantum, matched.heads() + " for " + head);
                    assertTrue(matched.heads().get(0) instanceof MlpHead);
                    assertEquals(head.reduce(), matched.heads().get(0).reduce());
                    assertEquals(stored(matched), ExitCost.of(matched).get(0).headParameters());
                }
            }
        }
    }

    /** A plain hidden layer is the twin that everyone knows: it is taken wherever it is near enough. */
    @Test
    void matchedHeadIsPlainWhereAPlainOneIsNearEnough() {
        ModelConfig large = shapes().get(10).withHeads(List.of(HeadConfig.quantum(4, 2)));
        assertEquals(HeadConfig.mlp(4), Twin.MATCHED.of(large).heads().get(0));
        assertEquals(Twin.CLASSICAL.of(large).heads(), Twin.MATCHED.of(large).heads());
        HeadConfig small = HeadConfig.quantum(4, 2).with(Reduction.AVERAGE);
        ModelConfig averaged = shapes().get(10).withHeads(List.of(small));
        assertEquals(
                HeadConfig.mlp(4, 2, 0).with(Reduction.AVERAGE),
                Twin.MATCHED.of(averaged).heads().get(0));
        assertEquals(stored(averaged), stored(Twin.MATCHED.of(averaged)));
    }

    @ParameterizedTest
    @EnumSource(Twin.class)
    void onlyQuantumHeadsAreReplaced(Twin twin) {
        ModelConfig model = Blobs.hybrid()
                .forInput(1, 8, 8)
                .withHeads(List.of(HeadConfig.mlp(5), HeadConfig.quantum(3, 2).measured(50, null)));
        ModelConfig other = twin.of(model);
        assertEquals(model.heads().get(0), other.heads().get(0));
        assertEquals(twin == Twin.SEPARABLE, other.heads().get(1) instanceof QuantumHead);
        assertEquals(model.blocks(), other.blocks());
        assertEquals("hybrid-" + twin.label(), other.name());
        assertEquals(0, ExitCost.of(other).get(1).twoQubitGates());
        assertEquals(twin, Twin.named(twin.label()));
    }

    @Test
    void sizesNeedAShape() {
        assertFalse(Blobs.hybrid().resolved());
        assertEquals(HeadConfig.linear(), Twin.LINEAR.of(Blobs.hybrid()).heads().get(0));
        assertThrows(IllegalStateException.class, () -> Twin.MATCHED.of(Blobs.hybrid()));
    }

    /** Depths counted by hand: rotations run side by side, the links of a ring one after another, except where qubits are free early. */
    @ParameterizedTest
    @CsvSource({
        // one qubit: nothing but its own gates, again before every layer where re-uploaded
        "1, 2, ry, cnot-ring, false, 7, 0",
        "1, 2, ry, cnot_ring, true, 8, 0",
        "1, 3, rz-after-h, none, true, 15, 0",
        // two qubits: two CNOTs on the pair, or one CZ
        "2, 2, rx, cnot-ring, false, 11, 4",
        "2, 2, ry, cz-ring, true, 10, 2",
        // 4, then links at 5 6 7; qubit 1 turns at 7 8 9, the others at 8 9 10; links at 11 12 13
        "3, 2, ry, cnot-ring, false, 13, 6",
        // the same with the encoding between: 8 to 11, links at 12 13 14
        "3, 2, ry, cz-ring, true, 14, 6",
        "3, 2, rz, cz-ring, true, 16, 6",
        "5, 2, ry, none, false, 7, 0",
    })
    void depthsAndTwoQubitGatesAreThoseCountedByHand(
            int qubits, int layers, String encoding, String entangler, boolean reupload, int depth, int twoQubitGates) {
        QuantumHead head = Json.parse(
                "head",
                String.format(
                        "{\"kind\":\"quantum\",\"qubits\":%d,\"layers\":%d,\"encoding\":\"%s\",\"entangler\":\"%s\",\"reupload\":%s}",
                        qubits, layers, encoding, entangler, reupload),
                QuantumHead.class);
        for (boolean scaled : new boolean[] {false, true}) {
            ModelConfig model = shapes().get(0).withHeads(List.of(head.uploading(reupload, scaled)));
            ExitCost cost = ExitCost.of(model).get(0);
            assertEquals(depth, cost.circuitDepth());
            assertEquals(twoQubitGates, cost.twoQubitGates());
            // conv 3+1, for a signal; 1 feature to n angles, 3nL, n to 2; a factor per qubit and upload.
            int scales = scaled ? qubits * (reupload ? layers : 1) : 0;
            assertEquals(4 + 2 * qubits + 3 * qubits * layers + 2 * qubits + 2 + scales, cost.parameters());
            assertEquals(3 + qubits + scales + 2 * qubits, cost.macs());
        }
    }

    @Test
    void scaledReuploadsHaveInputsOfTheirOwn() {
        Ansatz ansatz = HeadConfig.quantum(3, 2).uploading(true, true).ansatz();
        assertEquals(6, ansatz.circuit().inputs());
        assertEquals(
                3,
                HeadConfig.quantum(3, 2)
                        .uploading(false, true)
                        .ansatz()
                        .circuit()
                        .inputs());
        assertEquals(
                3,
                HeadConfig.quantum(3, 2)
                        .uploading(true, false)
                        .ansatz()
                        .circuit()
                        .inputs());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\":\"mlp\",\"hidden\":4,\"skips\":1}",
                "{\"kind\":\"mlp\",\"hidden\":4,\"rings\":1,\"skips\":2}",
                "{\"kind\":\"mlp\",\"hidden\":4,\"rings\":-1}",
                "{\"kind\":\"linear\",\"rings\":1}",
                "{\"kind\":\"linear\",\"inputScaling\":true}",
                "{\"kind\":\"quantum\",\"qubits\":2,\"entangler\":\"ring\"}",
                "{\"kind\":\"quantum\",\"qubits\":2,\"encoding\":\"rzz\"}",
            })
    void refusesHeadsThatMakeNoSense(String text) {
        UserError error = assertThrows(UserError.class, () -> Json.parse("config", text, HeadConfig.class));
        assertEquals(1, error.getMessage().lines().count());
        assertTrue(error.getMessage().contains("expected"), error.getMessage());
    }
}
