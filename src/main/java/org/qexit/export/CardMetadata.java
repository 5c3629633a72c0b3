package org.qexit.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.qexit.common.Json;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.head.QuantumHead;
import org.qexit.trace.Confusion;
import org.qexit.trace.Rate;

/**
 * The YAML at the head of a model card, by which the Hugging Face Hub finds and lists a model: tags and, where there are test events,
 * {@code model-index} with the measured rates. Texts are quoted as JSON, which is YAML.
 */
final class CardMetadata {
    private final StringBuilder out = new StringBuilder();

    private CardMetadata() {}

    /** @param counts over all devices' test events; null where there are none */
    static String of(BundleSpec spec, Confusion counts) {
        CardMetadata metadata = new CardMetadata();
        metadata.head(spec.network().model().config());
        if (counts != null) {
            metadata.index(spec, counts);
        }
        return metadata.out.append("---\n").toString();
    }

    private void head(ModelConfig config) {
        line("---");
        line("library_name: qexit");
        String task = task(config);
        if (task != null) {
            line("pipeline_tag: " + task);
        }
        List<String> tags = new ArrayList<>(List.of("early-exit", "edge", "onnx"));
        if (config.heads().stream().anyMatch(QuantumHead.class::isInstance)) {
            tags.add("quantum-machine-learning");
        }
        line("tags: [" + String.join(", ", tags) + "]");
    }

    /** The Hub's name of the task; it has none for series. */
    private static String task(ModelConfig config) {
        return config.height() > 1 ? "image-classification" : null;
    }

    private void index(BundleSpec spec, Confusion counts) {
        Map<String, String> data = spec.provenance().data();
        String set = data == null || data.isEmpty()
                ? "unnamed"
                : data.keySet().iterator().next();
        String task = task(spec.network().model().config());
        line("model-index:");
        line("- name: " + quoted(spec.name()));
        line("  results:");
        line("  - task:");
        line("      type: " + (task == null ? "time-series-classification" : task));
        line("      name: Critical events");
        line("    dataset:");
        line("      type: " + quoted(set));
        line("      name: " + quoted(set));
        line("      split: test");
        line("    metrics:");
        metric("recall", "True-positive rate", counts.tpr());
        metric("false_positive_rate", "False-positive rate", counts.fpr());
        metric("accuracy", "Accuracy", counts.car());
        metric("offload_rate", "Offload rate", counts.ofr());
    }

    private void metric(String type, String name, Rate rate) {
        if (rate.defined()) {
            line("    - type: " + type);
            line("      name: " + name);
            line(String.format(Locale.ROOT, "      value: %.4f", rate.value()));
        }
    }

    private static String quoted(String text) {
        return Json.compact(text);
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
