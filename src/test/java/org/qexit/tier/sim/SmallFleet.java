package org.qexit.tier.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.common.Json;
import org.qexit.edge.Eavesdropper;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.edge.Radio;
import org.qexit.edge.SecrecyLink;
import org.qexit.tier.scenario.NamedPlan;
import org.qexit.tier.scenario.NodeModel;
import org.qexit.tier.scenario.Scenario;
import org.qexit.tier.scenario.SimulationInputs;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.EventOrigins;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;
import org.qexit.trace.TraceMetadata;

/** Fleets small enough to be understood, with plans made by hand. */
final class SmallFleet {
    static final double BITS = 1000;
    static final double POWER = 0.5;
    static final double NOISE = 1e-12;
    static final double GAIN = 1e-6;

    private final List<Instance.Device> devices = new ArrayList<>();
    private final List<EdgeNode> nodes = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();
    private final List<Plan.Device> planned = new ArrayList<>();
    private final List<DeviceTrace> traces = new ArrayList<>();

    SmallFleet node(String id, double units) {
        return node(id, units, null);
    }

    SmallFleet node(String id, double units, Double unitsPerEvent) {
        nodes.add(new EdgeNode(id, 1e9, units, 1, null, unitsPerEvent));
        return this;
    }

    /** A device whose every event is offloaded, with a radio that takes next to no time. */
    SmallFleet eager(String id, String node, double grant, int events) {
        return device(id, node, grant, 1e9, trace(id, events, 1), new Thresholds(0, 0), 10);
    }

    SmallFleet device(
            String id, String node, double grant, double bandwidth, DeviceTrace trace, Rule rule, double deadline) {
        devices.add(new Instance.Device(
                id,
                1,
                1,
                BITS,
                deadline,
                POWER,
                1e9,
                new Eavesdropper(1e-9, null),
                Instance.Trace.of(trace),
                null,
                null));
        traces.add(trace);
        Confusion counts = Confusion.of(trace, rule);
        planned.add(new Plan.Device(
                id,
                node,
                rule,
                bandwidth,
                POWER,
                grant,
                counts.truePositives(),
                counts.falsePositives(),
                counts.tpr().value(),
                null,
                null,
                null));
        return this;
    }

    /** Scores above 0, later exits of more weight; classes 0 (normal), 1 and 2. */
    static DeviceTrace trace(String id, int events, int exits) {
        SplittableRandom random = new SplittableRandom(id.hashCode());
        byte[] labels = new byte[events];
        long[] ids = new long[events];
        int[] classes = new int[events];
        float[][] scores = new float[exits][events];
        for (int k = 0; k < events; k++) {
            ids[k] = k;
            labels[k] = (byte) (k % 5 == 0 ? 1 : 0);
            classes[k] = labels[k] == 0 ? 0 : 1 + k / 5 % 2;
            for (int q = 0; q < exits; q++) {
                scores[q][k] = (float) Math.min(1, 0.01 + 0.6 * random.nextDouble() + 0.3 * labels[k]);
            }
        }
        return new DeviceTrace(id, ids, labels, scores, EventOrigins.of(classes, classes));
    }

    Instance instance() {
        links.clear();
        devices.forEach(device -> nodes.forEach(node -> links.add(new Link(device.id(), node.id(), GAIN))));
        return new Instance(Instance.FORMAT, "small", new Radio(1e9, 1, NOISE), devices, nodes, links, null, null);
    }

    Plan plan() {
        return Plan.of("small", "hand", Plan.Status.FEASIBLE, null).withResult(planned, -1, null);
    }

    /** @param yaml fields of the scenario beyond the format */
    SimulationInputs inputs(String yaml) {
        return inputs(yaml, null);
    }

    SimulationInputs inputs(String yaml, NodeModel model) {
        int exits = traces.get(0).exits();
        List<TraceMetadata.CumulativeCost> costs = new ArrayList<>();
        for (int q = 0; q < exits; q++) {
            costs.add(new TraceMetadata.CumulativeCost(100 * (q + 1), 1000 * (q + 1), 10));
        }
        return new SimulationInputs(
                scenario(yaml), instance(), List.of(new NamedPlan("hand", plan())), traces, costs, model, null);
    }

    static Scenario scenario(String yaml) {
        return Json.parseYaml("scenario.yaml", "format: qexit.scenario/1\n" + yaml, Scenario.class);
    }

    /** Seconds that an event of a device with this bandwidth is on the air. */
    static double airSeconds(double bandwidth) {
        return BITS / new SecrecyLink(GAIN / NOISE, 1e-9 / NOISE).bitsPerSecond(bandwidth, POWER);
    }

    /** The least bandwidth that meets a deadline. */
    static double leastBandwidth(double deadline) {
        return new SecrecyLink(GAIN / NOISE, 1e-9 / NOISE).leastBandwidthHz(BITS / deadline, POWER);
    }
}
