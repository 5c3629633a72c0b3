package org.qexit.tier.scenario;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import org.qexit.allocation.Instance;
import org.qexit.allocation.method.Methods;
import org.qexit.common.Checks;
import org.qexit.common.UserError;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;

/**
 * A plan to be simulated: one that exists, named by a word, or one that is made at the beginning, for a fleet that is busier or heard worse than the
 * one simulated.
 *
 * @param existing the method of a run, or a file; null where it is made
 * @param method that makes it; null where it exists
 * @param name as tables show it; null for the method with what it was made for
 * @param traffic events planned for over those of the instance; 1
 * @param gainFactor gains of the links planned for over those of the instance; 1
 * @param computeUnits what an offloaded event counts at a node, or null as the instance has it
 */
public record PlanChoice(
        String existing, String method, String name, Double traffic, Double gainFactor, NodeUnits computeUnits) {

    /** What an offloaded event counts at a node when the plan is made. */
    public enum NodeUnits {
        /** One unit each. */
        FULL,
        /** Mean over whole computation at the thresholds of the nodes' model. */
        MEAN
    }

    public PlanChoice {
        if ((existing == null) == (method == null)) {
            throw new IllegalArgumentException(
                    "plan has no method; expected a name, or method with traffic, gainFactor, computeUnits");
        }
        if (method != null) {
            try {
                Methods.checkName(method);
            } catch (UserError e) {
                throw new IllegalArgumentException("method: " + e.getMessage(), e);
            }
        }
        traffic = traffic == null ? 1 : Checks.positive("traffic", traffic);
        gainFactor = gainFactor == null ? 1 : Checks.positive("gainFactor", gainFactor);
        name = name != null
                ? Checks.notBlank("name", name)
                : existing == null ? words(method, traffic, gainFactor, computeUnits) : existing;
    }

    /** A plan that exists. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static PlanChoice of(String existing) {
        return new PlanChoice(Checks.notBlank("plan", existing), null, null, null, null, null);
    }

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    static PlanChoice made(
            @JsonProperty("method") String method,
            @JsonProperty("name") String name,
            @JsonProperty("traffic") Double traffic,
            @JsonProperty("gainFactor") Double gainFactor,
            @JsonProperty("computeUnits") NodeUnits computeUnits) {
        return new PlanChoice(null, method, name, traffic, gainFactor, computeUnits);
    }

    private static String words(String method, double traffic, double gainFactor, NodeUnits units) {
        return method
                + (traffic == 1 ? "" : " for traffic x " + words(traffic))
                + (gainFactor == 1 ? "" : " for gain x " + words(gainFactor))
                + (units == null ? "" : " in " + units.name().toLowerCase(Locale.ROOT) + " units");
    }

    /** A factor as it is written by hand. */
    static String words(double factor) {
        return Double.toString(factor).replaceFirst("\\.0$", "");
    }

    /** Whether it is made at the beginning. */
    @JsonIgnore
    public boolean isMade() {
        return method != null;
    }

    /**
     * The fleet that it is made for.
     *
     * @param meanUnits r of the nodes' model, or null without one
     * @throws UserError if mean units are asked for without a nodes' model
     */
    Instance plannedFor(Instance instance, Double meanUnits) {
        if (computeUnits == NodeUnits.MEAN && meanUnits == null) {
            throw new UserError("plan " + name
                    + ": computeUnits is mean; expected an edgeNode whose file of thresholds says unitsPerEvent");
        }
        List<Instance.Device> devices =
                instance.devices().stream().map(this::busier).toList();
        List<EdgeNode> nodes = computeUnits == null
                ? instance.nodes()
                : instance.nodes().stream()
                        .map(node -> withUnits(node, computeUnits == NodeUnits.MEAN ? meanUnits : null))
                        .toList();
        List<Link> links = instance.links().stream()
                .map(link -> new Link(link.device(), link.node(), link.gain() * gainFactor))
                .toList();
        return instance.with(devices, nodes, links);
    }

    private Instance.Device busier(Instance.Device device) {
        if (traffic == 1) {
            return device;
        }
        double events = device.eventsPerPeriod() == null ? device.deviceTrace().size() : device.eventsPerPeriod();
        return device.withEventsPerPeriod(events * traffic);
    }

    static EdgeNode withUnits(EdgeNode node, Double unitsPerEvent) {
        return new EdgeNode(
                node.id(),
                node.bandwidthHz(),
                node.computeUnits(),
                node.securityLevel(),
                node.powerWatts(),
                unitsPerEvent);
    }
}
