package org.qexit.experiment.run;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.Relaxation;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Planner;
import org.qexit.common.RandomStreams;
import org.qexit.edge.Eavesdropper;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.edge.NumberRange;
import org.qexit.edge.Radio;
import org.qexit.trace.DeviceTrace;

/**
 * A fleet placed in its cell: positions drawn uniformly in a disc, channel gains = path loss × Rayleigh fading (an exponential
 * power factor of mean 1), each from the device's own random stream, so that adding a device changes no other.
 *
 * @param config what it was made from
 * @param devices positions and properties
 * @param links gain of every pair
 */
record Fleet(FleetConfig config, List<Device> devices, List<Link> links) {

    /** More than enough to fit the smallest loads into the nodes, or to prove that they do not fit. */
    private static final double CHECK_SECONDS = 10;

    private static final int MOST_REMEDIES = 3;

    /** A device in the cell; properties as in {@link FleetConfig}. */
    record Device(
            String id,
            double xMetres,
            double yMetres,
            double weight,
            int securityLevel,
            double featureBits,
            double deadlineSeconds,
            double eavesdropperGain) {}

    static Fleet place(FleetConfig config, List<String> ids, RandomStreams streams) {
        List<Device> devices = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            SplittableRandom random = streams.stream("cell/" + id);
            double radius = config.cellRadiusMetres() * Math.sqrt(random.nextDouble());
            double angle = 2 * Math.PI * random.nextDouble();
            double x = radius * Math.cos(angle);
            double y = radius * Math.sin(angle);
            FleetConfig.EavesdropperConfig listener = config.eavesdropper();
            double listenerGain = possible(listener.meanGainFactor()
                    * exponential(random)
                    * config.radio().gain(Math.hypot(x - listener.xMetres(), y - listener.yMetres())));
            devices.add(new Device(
                    id,
                    x,
                    y,
                    dealt(config.weights(), i),
                    dealt(config.securityLevels(), i),
                    dealt(config.featureBits(), i),
                    dealt(config.deadlineSeconds(), i),
                    listenerGain));
            for (FleetConfig.NodeConfig node : config.nodes()) {
                double distance = Math.hypot(x - node.xMetres(), y - node.yMetres());
                links.add(new Link(
                        id,
                        node.id(),
                        possible(exponential(random) * config.radio().gain(distance))));
            }
        }
        return new Fleet(config, List.copyOf(devices), List.copyOf(links));
    }

    /**
     * The instance to decide on.
     *
     * @param traces one per device in the order of {@link #devices}
     * @param unitsPerEvent r of every node, or null for one compute unit per event
     */
    Instance instance(String name, List<DeviceTrace> traces, Double unitsPerEvent) {
        List<Instance.Device> users = new ArrayList<>();
        for (int i = 0; i < devices.size(); i++) {
            Device device = devices.get(i);
            DeviceTrace trace = traces.get(i);
            if (!trace.device().equals(device.id())) {
                throw new IllegalArgumentException(
                        "trace " + i + " is of device " + trace.device() + "; expected " + device.id());
            }
            users.add(new Instance.Device(
                    device.id(),
                    device.weight(),
                    device.securityLevel(),
                    device.featureBits(),
                    device.deadlineSeconds(),
                    null,
                    null,
                    new Eavesdropper(device.eavesdropperGain(), null),
                    Instance.Trace.of(trace),
                    null,
                    null));
        }
        List<EdgeNode> nodes = config.nodes().stream()
                .map(n ->
                        new EdgeNode(n.id(), n.bandwidthHz(), n.computeUnits(), n.securityLevel(), null, unitsPerEvent))
                .toList();
        FleetConfig.RadioConfig radio = config.radio();
        return new Instance(
                Instance.FORMAT,
                name,
                new Radio(radio.bandwidthMaxHz(), radio.powerMaxWatts(), radio.noiseWattsPerHz()),
                users,
                nodes,
                links,
                null,
                null);
    }

    /**
     * Why no plan can serve the devices, whatever models they have: proved for models that find a critical event with their first offload, at
     * nodes that spend next to nothing on it. Empty if that is not proved.
     *
     * @param lightNodes whether an offloaded event may take less than one compute unit
     */
    List<String> obstacles(boolean lightNodes) {
        List<DeviceTrace> perfect = devices.stream()
                .map(device ->
                        new DeviceTrace(device.id(), new long[] {0}, new byte[] {1}, new float[][] {new float[] {1}}))
                .toList();
        Double unitsPerEvent = lightNodes ? (Double) NumberRange.UNITS_PER_EVENT.least() : null;
        Plan plan = Planner.of(instance("fleet", perfect, unitsPerEvent))
                .plan("exact", SolveOptions.defaults().withSeconds(CHECK_SECONDS));
        if (plan.status() != Plan.Status.INFEASIBLE) {
            return List.of();
        }
        List<String> obstacles = new ArrayList<>(plan.reasons());
        if (plan.relaxations() != null && !plan.relaxations().isEmpty()) {
            obstacles.add("feasible with any one of: "
                    + plan.relaxations().stream()
                            .limit(MOST_REMEDIES)
                            .map(Relaxation::inWords)
                            .collect(Collectors.joining(", or ")));
        }
        return obstacles;
    }

    /** Beyond the ends of an instance's gains nothing is left to tell apart. */
    private static double possible(double gain) {
        return gain > 0 ? NumberRange.GAIN.nearest(gain) : 0;
    }

    private static double exponential(SplittableRandom random) {
        return -Math.log1p(-random.nextDouble());
    }

    private static <T> T dealt(List<T> list, int i) {
        return list.get(i % list.size());
    }
}
