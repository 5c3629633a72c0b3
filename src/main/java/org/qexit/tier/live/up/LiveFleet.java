package org.qexit.tier.live.up;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.bundle.BundleEvents;
import org.qexit.common.Checks;
import org.qexit.common.UserError;
import org.qexit.edge.EdgeNode;
import org.qexit.tier.live.security.Identity;

/**
 * What is brought up: who there is, by which plan, with which bundles and events.
 *
 * @param title shown to people
 * @param plan its file
 * @param deviceBundle zip file, signed
 * @param nodeBundle zip file, signed
 * @param devices those of the plan
 * @param nodes those of the plan
 * @param periodSeconds the time in which devices see the events that were planned with
 * @param promised &Sigma; &rho; ln U of the plan
 * @param seed of arrivals
 */
public record LiveFleet(
        String title,
        Path plan,
        Path deviceBundle,
        Path nodeBundle,
        List<Device> devices,
        List<Node> nodes,
        double periodSeconds,
        double promised,
        long seed) {
    public LiveFleet {
        Checks.notBlank("title", title);
        devices = List.copyOf(devices);
        nodes = List.copyOf(nodes);
        Checks.positive("periodSeconds", periodSeconds);
        devices.forEach(device -> checkName("device", device.id()));
        nodes.forEach(node -> checkName("node", node.id()));
    }

    private static void checkName(String what, String id) {
        if (!id.matches(Identity.NAME)) {
            throw new UserError(what + " '" + UserError.shown(id) + "': no certificate can be made out to such a name;"
                    + " expected up to 63 letters, digits, '.', '_' and '-', the first a letter or digit");
        }
    }

    /**
     * A device.
     *
     * @param node where the plan has it
     * @param level of security
     * @param weight &rho;
     * @param eventsPerPeriod planned
     * @param promised U of the plan, TP / |P|
     * @param events that it will see, in order, with their labels
     */
    public record Device(
            String id,
            String node,
            int level,
            double weight,
            double eventsPerPeriod,
            double promised,
            BundleEvents events) {}

    /**
     * An edge node.
     *
     * @param level of security
     * @param unitsPerEvent r, compute units of an event in the mean
     * @param grantedPerPeriod events per period that the plan grants its devices together, &Sigma; w / r
     */
    public record Node(String id, int level, double unitsPerEvent, double grantedPerPeriod) {}

    /** Bundles, plan and period of a fleet. */
    public record Parts(Path planFile, Path deviceBundle, Path nodeBundle, double periodSeconds, long seed) {}

    /**
     * From a plan, its instance and the devices' events.
     *
     * @throws UserError if the plan names what the instance or the events do not have
     */
    public static LiveFleet of(
            String title, Plan plan, Instance instance, Map<String, BundleEvents> events, Parts parts) {
        Map<String, Instance.Device> known = new TreeMap<>();
        instance.devices().forEach(device -> known.put(device.id(), device));
        List<Device> devices = new ArrayList<>();
        Set<String> used = new TreeSet<>();
        for (Plan.Device placed : plan.devices()) {
            Instance.Device device = known.get(placed.id());
            BundleEvents own = events.get(placed.id());
            if (device == null || own == null || own.size() == 0) {
                throw new UserError(parts.planFile() + ": device '" + UserError.shown(placed.id())
                        + "' has no events; expected those of the run");
            }
            long critical = device.deviceTrace().positives();
            devices.add(new Device(
                    placed.id(),
                    placed.node(),
                    device.securityLevel(),
                    device.weight(),
                    device.eventsPerPeriod() == null ? device.deviceTrace().size() : device.eventsPerPeriod(),
                    placed.utility() == null ? placed.truePositives() / (double) critical : placed.utility(),
                    own));
            used.add(placed.node());
        }
        if (plan.nodes() != null) {
            plan.nodes().forEach(node -> used.add(node.id()));
        }
        List<Node> nodes = new ArrayList<>();
        for (EdgeNode node : instance.nodes()) {
            if (used.remove(node.id())) {
                double units = node.unitsPerEvent() == null ? 1 : node.unitsPerEvent();
                double granted = plan.devices().stream()
                        .filter(device -> device.node().equals(node.id()))
                        .mapToDouble(Plan.Device::computeUnits)
                        .sum();
                nodes.add(new Node(node.id(), node.securityLevel(), units, granted / units));
            }
        }
        if (!used.isEmpty()) {
            throw new UserError(parts.planFile() + ": the instance has no node " + String.join(", ", used));
        }
        double promised = devices.stream()
                .mapToDouble(device -> device.weight() * Math.log(device.promised()))
                .sum();
        return new LiveFleet(
                title,
                parts.planFile(),
                parts.deviceBundle(),
                parts.nodeBundle(),
                devices,
                nodes,
                parts.periodSeconds(),
                promised,
                parts.seed());
    }

    /** How many times as fast as planned all events come within so long. */
    public double speedFor(double seconds) {
        double periods = devices.stream()
                .mapToDouble(device -> device.events().size() / device.eventsPerPeriod())
                .max()
                .orElse(1);
        return periods * periodSeconds / seconds;
    }
}
