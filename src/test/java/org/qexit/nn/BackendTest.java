package org.qexit.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.qexit.common.RandomStreams;

class BackendTest {
    private static final String SWITCH = "org.eclipse.deeplearning4j.helpers.disable";

    @Test
    void oneDnnIsOnAndSaysTheSame() {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "other platforms have no oneDNN build");
        assertEquals(true, Backend.describe().get("oneDnnHelpers"));
        ModelConfig model = Blobs.hybrid().forInput(1, Blobs.SIDE, Blobs.SIDE);
        float[] images = new float[7 * model.features()];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) Math.abs(Math.sin(i));
        }
        GraphNetwork with = GraphNetwork.forInference(model);
        with.setTensors(with.layout().initial(RandomStreams.of(1)));
        assertNotNull(with.graph().getLayer(Network.convolution(0, 0)).getHelper());
        GraphNetwork without = withoutHelpers(model);
        without.setTensors(with.tensors());
        assertNull(without.graph().getLayer(Network.convolution(0, 0)).getHelper());
        assertArrayEquals(without.logits(images, 7), with.logits(images, 7), 1e-5);
    }

    private static GraphNetwork withoutHelpers(ModelConfig model) {
        String kept = System.getProperty(SWITCH);
        System.setProperty(SWITCH, "true");
        try {
            return GraphNetwork.forInference(model);
        } finally {
            System.setProperty(SWITCH, kept);
        }
    }
}
