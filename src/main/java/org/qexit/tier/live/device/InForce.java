package org.qexit.tier.live.device;

import java.util.HashSet;
import java.util.Set;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.DeviceSettings;
import org.qexit.common.Checks;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.trace.Rule;

/**
 * By what a device decides and where it sends.
 *
 * @param bundle its model
 * @param thresholds how it decides
 * @param node where the plan has it
 * @param nodes that the plan names
 */
public record InForce(Bundle bundle, Rule thresholds, String node, Set<String> nodes) {
    private static final String PLAN = "plan.json";

    public InForce {
        Checks.present("bundle", bundle);
        Checks.present("thresholds", thresholds);
        Checks.notBlank("node", node);
        nodes = Set.copyOf(nodes);
    }

    /**
     * As a bundle says, with the plan in it.
     *
     * @throws UserError if it has no such device, or is an edge node's
     */
    public static InForce of(Bundle bundle, String device) {
        bundle.checkForDevice();
        DeviceSettings settings = bundle.device(device);
        Set<String> nodes = new HashSet<>(Set.of(settings.node()));
        if (bundle.manifest().files().stream().anyMatch(file -> file.path().equals(PLAN))) {
            nodes.addAll(Json.parse(bundle.origin().resolve(PLAN).toString(), bundle.text(PLAN), PlanView.class)
                    .nodeIds());
        }
        return new InForce(bundle, settings.thresholds(), settings.node(), nodes);
    }

    /** @throws UserError if they are for another number of exits than its model has */
    InForce withThresholds(Rule other) {
        try {
            other.perExit(bundle.manifest().exits());
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
        return new InForce(bundle, other, node, nodes);
    }

    InForce withPlace(String otherNode, Set<String> others) {
        return new InForce(bundle, thresholds, otherNode, others);
    }
}
