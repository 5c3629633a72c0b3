package org.qexit.export;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qexit.allocation.Plan;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.trace.ThresholdsFile;

/**
 * A Kubernetes ConfigMap (v1) with the files that a deployment is configured by, as YAML for {@code kubectl apply -f}. Mounted as a volume,
 * every entry is a file again.
 *
 * @param name {@code metadata.name}, a DNS subdomain of RFC 1123
 * @param data text by name of its file; ASCII
 */
public record ConfigMap(String name, Map<String, String> data) {
    /** The plan's file. */
    public static final String PLAN = "plan.json";

    /** The devices' thresholds. */
    public static final String THRESHOLDS = "thresholds.json";

    /** An edge node's model's thresholds. */
    public static final String NODE_THRESHOLDS = "edge-node-thresholds.json";

    /** Of all data, as the API server counts them: keys and values. */
    static final int MAX_BYTES = 1 << 20;

    private static final int MAX_NAME = 253;
    private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
    private static final int FIRST_PRINTABLE = 0x20;
    private static final int LAST_PRINTABLE = 0x7e;

    /** @throws UserError for another name, or too many bytes */
    public ConfigMap {
        if (name.length() > MAX_NAME || !name.matches(LABEL + "(\\." + LABEL + ")*")) {
            throw new UserError("the name of the ConfigMap is '" + UserError.shown(name)
                    + "'; expected small letters, digits, '-' and '.', as RFC 1123 has it");
        }
        data = new TreeMap<>(data);
        long bytes = data.entrySet().stream()
                .mapToLong(entry ->
                        entry.getKey().length() + (long) entry.getValue().getBytes(StandardCharsets.UTF_8).length)
                .sum();
        if (bytes > MAX_BYTES) {
            throw new UserError("the ConfigMap has " + bytes + " bytes; Kubernetes takes at most " + MAX_BYTES
                    + ". Maybe publish the plan with qexit control instead");
        }
    }

    /**
     * Of a plan: the plan without its time, and its devices' thresholds.
     *
     * @param file names the plan in messages
     * @param nodeOrNull an edge node's thresholds, or null
     */
    public static ConfigMap of(String name, Path file, Plan plan, ThresholdsFile nodeOrNull) {
        if (!plan.isFeasible() || plan.devices().isEmpty()) {
            throw new UserError(file + ": the plan is " + plan.status().json() + "; expected one that is feasible");
        }
        Map<String, String> data = new TreeMap<>();
        data.put(PLAN, ascii(Json.pretty(plan.withoutSeconds())));
        data.put(THRESHOLDS, ascii(Json.pretty(thresholds(file, plan))));
        if (nodeOrNull != null) {
            if (nodeOrNull.edgeNode() == null) {
                throw new UserError("--thresholds: expected those of an edge node, kind " + ThresholdsFile.EDGE_NODE);
            }
            data.put(NODE_THRESHOLDS, ascii(Json.pretty(nodeOrNull)));
        }
        return new ConfigMap(name, data);
    }

    private static ThresholdsFile thresholds(Path file, Plan plan) {
        try {
            List<ThresholdsFile.Device> devices = plan.devices().stream()
                    .map(device -> ThresholdsFile.Device.of(device.id(), device.thresholds(), device.node()))
                    .toList();
            return ThresholdsFile.of(null, null, plan.method(), null, devices);
        } catch (IllegalArgumentException e) {
            throw new UserError(file + ": " + e.getMessage(), e);
        }
    }

    /** JSON with everything beyond ASCII escaped: the same JSON, and nothing that YAML's block scalars could not hold. */
    private static String ascii(String json) {
        StringBuilder text = new StringBuilder(json.length());
        for (char c : json.toCharArray()) {
            if (c == '\n' || c >= FIRST_PRINTABLE && c <= LAST_PRINTABLE) {
                text.append(c);
            } else {
                text.append("\\u").append(Integer.toHexString(0x10000 | c).substring(1));
            }
        }
        return text.toString();
    }

    /** The manifest. */
    public String yaml() {
        StringBuilder yaml = new StringBuilder("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \"");
        yaml.append(name).append("\"\n  labels:\n    app.kubernetes.io/part-of: qexit\ndata:\n");
        data.forEach((file, text) -> {
            yaml.append("  ").append(file).append(": |\n");
            text.lines().forEach(line -> yaml.append("    ").append(line).append('\n'));
        });
        return yaml.toString();
    }

    public void write(Path file) {
        AtomicFiles.writeString(file, yaml());
    }
}
