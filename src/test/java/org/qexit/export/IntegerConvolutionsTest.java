package org.qexit.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.bundle.GraphNames;
import org.qexit.export.NetworkLowering.ConvolutionWriter;
import org.qexit.nn.EarlyExitModel;
import org.qexit.onnx.GraphSession;
import org.qexit.onnx.graph.OnnxCheck;
import org.qexit.trace.Thresholds;

/** Integer stages stay near the network, and the whole graph in integers is exactly its stages. */
class IntegerConvolutionsTest {
    private static final int EVENTS = 16;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void nearTheNetworkAndOneWithTheWholeGraph(int seed) {
        EarlyExitModel model = RandomModels.of(seed);
        float[] levels = RandomModels.levels(model, EVENTS, seed);
        IntegerConvolutions integers =
                IntegerConvolutions.calibrate(network(model, ConvolutionWriter.PLAIN), levels, EVENTS);
        float[][] expected = model.confidences(LoweringTest.scaled(levels), EVENTS);
        float[][] staged = new float[expected.length][];
        GraphSession.Output features = new GraphSession.Output(LoweringTest.shape(model, EVENTS), levels, null);
        for (int q = 0; q < staged.length; q++) {
            byte[] stage =
                    new ModelGraphs(network(model, integers.fresh())).stage(q).toBytes();
            assertEquals(List.of(), OnnxCheck.problems(stage));
            try (GraphSession session = GraphSession.open("stage", stage)) {
                var outputs = session.run(features.floats(), features.shape());
                staged[q] = outputs.get(GraphNames.CONFIDENCE).floats();
                features = outputs.get(GraphNames.NEXT_FEATURES);
            }
            double sum = 0;
            for (int k = 0; k < EVENTS; k++) {
                sum += Math.abs(staged[q][k] - expected[q][k]);
            }
            assertTrue(sum / EVENTS < 0.05, "exit " + (q + 1) + ": mean difference " + sum / EVENTS);
        }
        byte[] whole = new ModelGraphs(network(model, integers.fresh()))
                .whole(new Thresholds(0, Thresholds.NEVER))
                .toBytes();
        assertEquals(List.of(), OnnxCheck.problems(whole));
        try (GraphSession session = GraphSession.open("model", whole)) {
            float[] all = session.run(levels, LoweringTest.shape(model, EVENTS))
                    .get(GraphNames.CONFIDENCES)
                    .floats();
            for (int q = 0; q < staged.length; q++) {
                float[] column = new float[EVENTS];
                for (int k = 0; k < EVENTS; k++) {
                    column[k] = all[k * staged.length + q];
                }
                assertArrayEquals(staged[q], column, 1e-5f);
            }
        }
    }

    private static NetworkLowering network(EarlyExitModel model, ConvolutionWriter convolutions) {
        return new NetworkLowering(model, 1f / 255f, convolutions);
    }
}
