package org.qexit.export;

import java.util.List;
import org.qexit.bundle.BundleEvents;
import org.qexit.common.Checks;
import org.qexit.common.Provenance;

/**
 * What a bundle of another exporter's model is made of.
 *
 * @param name of the bundle
 * @param reference the model
 * @param inputMaximum input values are 0 to this
 * @param settings what devices get
 * @param events of devices, for golden answers and metrics
 * @param facts lines for the model card
 * @param provenance where the events come from
 */
public record ForeignSpec(
        String name,
        ForeignReference reference,
        float inputMaximum,
        BundleSpec.Settings settings,
        List<BundleEvents> events,
        List<String> facts,
        Provenance provenance) {
    public ForeignSpec {
        Checks.notBlank("name", name);
        Checks.positive("inputMaximum", inputMaximum);
        events = List.copyOf(events);
        facts = List.copyOf(facts);
    }
}
