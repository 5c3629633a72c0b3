package org.qexit.onnx;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.UserError;

/** Which nodes of a graph ONNX Runtime runs, by its own profiler, without optimisations that would give nodes other names. */
public final class GraphProfile {
    private static final String SUFFIX = "_kernel_time";

    private GraphProfile() {}

    /**
     * Runs a graph on events, one at a time.
     *
     * @param constants values of constants without dimensions, by name
     * @param shape of one event, the batch of 1 included
     * @return the operators of all nodes that ran for at least one of them, by the nodes' names, branches included
     */
    public static SortedMap<String, String> nodes(
            String name, byte[] model, Map<String, Float> constants, List<float[]> events, long... shape) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("qexit-profile");
            Path written;
            try (GraphSession session = GraphSession.openProfiled(name, model, constants, folder.resolve("run"))) {
                for (float[] event : events) {
                    session.run(event, shape);
                }
                written = session.endProfiling();
            }
            SortedMap<String, String> nodes = new TreeMap<>();
            for (Object entry : Json.parse("profile", Files.readString(written), List.class)) {
                Map<?, ?> event = (Map<?, ?>) entry;
                String what = String.valueOf(event.get("name"));
                if (what.endsWith(SUFFIX) && event.get("args") instanceof Map<?, ?> facts) {
                    nodes.put(what.substring(0, what.length() - SUFFIX.length()), String.valueOf(facts.get("op_name")));
                }
            }
            return nodes;
        } catch (IOException e) {
            throw new UserError(name + ": its profile cannot be kept: " + e.getMessage(), e);
        } catch (OrtException e) {
            throw new UserError(name + ": ONNX Runtime cannot profile it: " + e.getMessage(), e);
        } finally {
            remove(folder);
        }
    }

    private static void remove(Path folder) {
        try {
            if (folder != null) {
                AtomicFiles.deleteTree(folder);
            }
        } catch (IOException e) {
            // A file more in the system's temporary folder harms nobody.
        }
    }
}
