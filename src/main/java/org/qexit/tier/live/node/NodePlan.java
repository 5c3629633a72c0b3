package org.qexit.tier.live.node;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.qexit.allocation.Plan;
import org.qexit.common.Checks;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.tier.live.inference.Refusal;

/**
 * What a plan says of one node: which devices it serves and how much it grants each. Immutable.
 *
 * @param node the node's id
 * @param grants w_n / r_j, offloaded events per period, by device
 * @param elsewhere the node of every other device
 */
public record NodePlan(String node, Map<String, Double> grants, Map<String, String> elsewhere) {
    public NodePlan {
        Checks.notBlank("node", node);
        grants = Map.copyOf(grants);
        elsewhere = Map.copyOf(elsewhere);
    }

    /**
     * Reads a plan.
     *
     * @param unitsPerEvent r_j, compute units that an offloaded event takes in the mean
     * @throws UserError if it is no plan that can be kept
     */
    public static NodePlan read(Path file, String node, double unitsPerEvent) {
        return of(file.toString(), Json.read(file, Plan.class), node, unitsPerEvent);
    }

    /** @param name stands for the plan in messages */
    public static NodePlan of(String name, Plan plan, String node, double unitsPerEvent) {
        Checks.positive("unitsPerEvent", unitsPerEvent);
        if (!plan.isFeasible() || plan.devices().isEmpty()) {
            throw new UserError(name + ": field 'status' is " + plan.status().json()
                    + "; expected a plan with devices, optimal or feasible");
        }
        Map<String, Double> grants = new LinkedHashMap<>();
        Map<String, String> elsewhere = new LinkedHashMap<>();
        Set<String> nodes = new TreeSet<>();
        for (Plan.Device device : plan.devices()) {
            nodes.add(device.node());
            if (device.node().equals(node)) {
                grants.put(device.id(), device.computeUnits() / unitsPerEvent);
            } else {
                elsewhere.put(device.id(), device.node());
            }
        }
        if (plan.nodes() != null) {
            plan.nodes().forEach(use -> nodes.add(use.id()));
        }
        if (!nodes.contains(node)) {
            throw new UserError(
                    name + ": no node '" + UserError.shown(node) + "'; expected one of: " + String.join(", ", nodes));
        }
        return new NodePlan(node, grants, elsewhere);
    }

    /**
     * Events per period that a device is granted here.
     *
     * @throws Refusal if the plan has it elsewhere, or does not have it
     */
    public double grant(String device) {
        Double grant = grants.get(device);
        if (grant != null) {
            return grant;
        }
        String shown = UserError.shown(device);
        String other = elsewhere.get(device);
        throw Refusal.of(
                Refusal.Reason.FORBIDDEN,
                other == null
                        ? "device '" + shown + "' is not in the plan"
                        : "device '" + shown + "' is planned at " + other + ", not at " + node);
    }
}
