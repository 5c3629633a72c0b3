package org.qexit.tier.live.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** The frozen edge node's bundle with its golden answers, read without a class of the product. */
final class GoldenNode {
    static final Path BUNDLE = Path.of("src/test/resources/bundles/edge-node.zip");
    static final String MODEL = "edge-node";
    static final int SIZE = 28 * 28;
    static final int CLASSES = 10;

    final float[][] inputs;
    final int[] classes;
    final int[] exits;
    /** {@code [event][exit][class]}. */
    final double[][][] probabilities;

    final double tolerance;

    private GoldenNode(JsonNode golden, byte[] values) {
        int events = golden.get("events").asInt();
        inputs = new float[events][SIZE];
        classes = new int[events];
        exits = new int[events];
        probabilities = new double[events][2][CLASSES];
        tolerance = golden.get("tolerance").asDouble();
        ByteBuffer floats = ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN);
        for (int k = 0; k < events; k++) {
            classes[k] = golden.get("classes").get(k).asInt();
            exits[k] = golden.get("exits").get(k).asInt();
            for (int i = 0; i < SIZE; i++) {
                inputs[k][i] = floats.getFloat();
            }
            for (int q = 0; q < 2; q++) {
                for (int c = 0; c < CLASSES; c++) {
                    probabilities[k][q][c] =
                            golden.get("probabilities").get(k).get(q).get(c).asDouble();
                }
            }
        }
    }

    static GoldenNode read() throws IOException {
        try (ZipFile zip = new ZipFile(BUNDLE.toFile())) {
            byte[] json = zip.getInputStream(zip.getEntry("golden/golden.json")).readAllBytes();
            byte[] values =
                    zip.getInputStream(zip.getEntry("golden/inputs.bin")).readAllBytes();
            return new GoldenNode(new ObjectMapper().readTree(json), values);
        }
    }

    int events() {
        return classes.length;
    }

    /**
     * A request of JSON for some events.
     *
     * @param rest of the object, with a comma at its end
     */
    String json(String type, int from, int to, String rest) {
        StringBuilder data = new StringBuilder();
        for (int k = from; k < to; k++) {
            for (float value : inputs[k]) {
                data.append(data.length() == 0 ? "" : ",").append(type.equals("UINT8") ? "" + (int) value : "" + value);
            }
        }
        return "{" + rest + "\"inputs\":[{\"name\":\"input\",\"shape\":[" + (to - from) + ",1,28,28],\"datatype\":\""
                + type + "\",\"data\":[" + data + "]}]}";
    }

    static String plan(double ue1, double ue3) {
        String rest = "\"lower\":0.2,\"upper\":0.8,\"bandwidthHz\":1e6,\"powerWatts\":0.1,\"truePositives\":1,"
                + "\"falsePositives\":0,\"computeUnits\":";
        return "{\"format\":\"qexit.plan/1\",\"instance\":\"test\",\"method\":\"hand\",\"status\":\"feasible\",\"devices\":["
                + "{\"id\":\"ue1\",\"node\":\"en1\"," + rest + ue1 + "},"
                + "{\"id\":\"ue2\",\"node\":\"en2\"," + rest + "5},"
                + "{\"id\":\"ue3\",\"node\":\"en1\"," + rest + ue3 + "},"
                + "{\"id\":\"ue4\",\"node\":\"en1\"," + rest + "100},"
                + "{\"id\":\"ue5\",\"node\":\"en1\"," + rest + "100}]}";
    }
}
