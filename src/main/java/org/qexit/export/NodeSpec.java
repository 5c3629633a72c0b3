package org.qexit.export;

import java.util.List;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.NodeSettings;
import org.qexit.common.Checks;
import org.qexit.common.Provenance;

/**
 * What an edge node's bundle is made of.
 *
 * @param name of the bundle
 * @param network what is lowered; its input maximum is 255 for levels, else 1
 * @param node what the node gets beside it
 * @param events test events of devices as they send them; may be empty
 * @param facts lines for the model card
 * @param qasm2 whether circuits are wanted in OpenQASM 2 too
 * @param provenance where the model comes from
 */
public record NodeSpec(
        String name,
        BundleSpec.Network network,
        NodeSettings node,
        List<BundleEvents> events,
        List<String> facts,
        boolean qasm2,
        Provenance provenance) {
    public NodeSpec {
        Checks.notBlank("name", name);
        Checks.present("node", node);
        events = List.copyOf(events);
        facts = List.copyOf(facts);
        if (network.model().config().outputs() != node.classes().size()) {
            throw new IllegalArgumentException(
                    "the network tells " + network.model().config().outputs() + " classes apart; expected "
                            + node.classes().size());
        }
    }
}
