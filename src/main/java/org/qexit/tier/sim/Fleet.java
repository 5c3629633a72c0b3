package org.qexit.tier.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.allocation.Instance;
import org.qexit.common.UserError;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.tier.scenario.Happening;
import org.qexit.tier.scenario.NodeModel;
import org.qexit.tier.scenario.NodeModels;
import org.qexit.tier.scenario.Scenario;
import org.qexit.tier.scenario.SimulationInputs;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.TraceMetadata;

/** What does not change while a simulation runs, by numbers of devices and nodes; shared by all replications. */
final class Fleet {
    final SimulationInputs inputs;
    final Scenario scenario;

    /** The instance's devices, then the new ones in the order in which they begin. */
    final List<Instance.Device> devices;

    /** Number of the device of the instance whose events, links and costs a device has. */
    final int[] like;

    /** Devices that are there at the beginning. */
    final int firstDevices;

    final List<EdgeNode> nodes;

    /** {@code [node]}, r_j: what an offloaded event takes in the mean, as planned with. */
    final double[] unitsPerEvent;

    /** {@code [level][trace]}: the devices' traces, undisturbed at level 0. */
    final DeviceTrace[][] traces;

    /** Number of the level of each pair of noise and darkness. */
    private final Map<List<Double>, Integer> levels = new LinkedHashMap<>();

    /** {@code [level][trace][row]}: what the nodes' deployed model decides; null without one. */
    final ClassThresholds.Decision[][][] nodeDecisions;

    /** Planned events per second, {@code [device]}. */
    final double[] plannedRate;

    /** {@code [device][node]}, &gamma; of the instance; 0 without a link. */
    final double[][] gainPerNoise;

    final double[] eavesdropperPerNoise;

    /** {@code [exit]} of the devices' model. */
    final double[] exitSeconds;

    /** {@code [exit]}; zeros where it is not known. */
    final double[] exitJoules;

    final boolean energyKnown;
    private final int classes;

    Fleet(SimulationInputs inputs) {
        this.inputs = inputs;
        scenario = inputs.scenario();
        Instance instance = inputs.instance();
        devices = new ArrayList<>(instance.devices());
        firstDevices = devices.size();
        nodes = instance.nodes();
        unitsPerEvent = nodes.stream().mapToDouble(node -> node.unitsOf(1)).toArray();
        Map<String, Integer> number = new LinkedHashMap<>();
        devices.forEach(device -> number.put(device.id(), number.size()));
        List<Integer> likes = new ArrayList<>(number.values());
        scenario.happens().stream()
                .filter(one -> one.newDevice() != null)
                .sorted(java.util.Comparator.comparingDouble(Happening::at))
                .forEach(one -> {
                    int model = number.get(one.newDevice().like());
                    devices.add(
                            instance.devices().get(model).withId(one.newDevice().id()));
                    likes.add(model);
                });
        like = likes.stream().mapToInt(Integer::intValue).toArray();
        traces = disturbed(inputs);
        nodeDecisions = inputs.nodeModel() == null ? null : nodeDecisions(inputs);
        classes = classes(inputs);
        plannedRate = new double[devices.size()];
        eavesdropperPerNoise = new double[devices.size()];
        for (int n = 0; n < devices.size(); n++) {
            Instance.Device device = devices.get(n);
            double events =
                    device.eventsPerPeriod() == null ? device.deviceTrace().size() : device.eventsPerPeriod();
            plannedRate[n] = events / scenario.periodSeconds();
            eavesdropperPerNoise[n] = instance.userDevice(device).eavesdropperGainPerNoise();
        }
        gainPerNoise = gains(instance, number);
        exitSeconds = exitSeconds(inputs);
        Double joules = scenario.device().joulesPerMemoryAccess();
        energyKnown = joules != null && inputs.costs() != null;
        exitJoules = new double[exitSeconds.length];
        for (int q = 0; energyKnown && q < exitJoules.length; q++) {
            exitJoules[q] = joules * inputs.costs().get(q).memoryAccesses();
        }
    }

    private static int classes(SimulationInputs inputs) {
        if (inputs.traces().stream().anyMatch(trace -> trace.origins() == null)) {
            return 0;
        }
        int most = inputs.traces().stream()
                .flatMapToInt(trace -> Arrays.stream(trace.origins().classes()))
                .max()
                .orElse(-1);
        return Math.max(
                most + 1,
                inputs.nodeModel() == null ? 0 : inputs.nodeModel().classes().size());
    }

    private DeviceTrace[][] disturbed(SimulationInputs inputs) {
        levels.put(List.of(0.0, 0.0), 0);
        List<DeviceTrace[]> all = new ArrayList<>();
        all.add(inputs.traces().toArray(DeviceTrace[]::new));
        double[] noise = new double[devices.size()];
        double[] darkness = new double[devices.size()];
        List<Happening> inOrder = inOrder(scenario);
        for (Happening one : inOrder) {
            for (int n = 0; n < devices.size(); n++) {
                if (!one.concerns(devices.get(n).id())) {
                    continue;
                }
                noise[n] = one.noise() == null ? noise[n] : one.noise();
                darkness[n] = one.darkness() == null ? darkness[n] : one.darkness();
                List<Double> pair = List.of(noise[n], darkness[n]);
                if (!levels.containsKey(pair)) {
                    levels.put(pair, all.size());
                    all.add(inputs.drifted().disturbed(noise[n], darkness[n]).toArray(DeviceTrace[]::new));
                }
            }
        }
        return all.toArray(DeviceTrace[][]::new);
    }

    private ClassThresholds.Decision[][][] nodeDecisions(SimulationInputs inputs) {
        ClassThresholds.Decision[][][] all = new ClassThresholds.Decision[levels.size()][][];
        all[0] = inputs.nodeModel().decisions();
        for (int level = 1; level < all.length; level++) {
            all[level] = decisions(inputs.nodeModels().deployed(), level);
        }
        return all;
    }

    /** What a version of the nodes' model decides at a level, {@code [trace][row]}. */
    ClassThresholds.Decision[][] decisions(NodeModels.Version version, int level) {
        List<Double> pair = pair(level);
        return version.decisions(pair.get(0), pair.get(1));
    }

    /** Noise and darkness of a level. */
    List<Double> pair(int level) {
        return levels.keySet().stream().skip(level).findFirst().orElseThrow();
    }

    int levels() {
        return levels.size();
    }

    /** What happens, by time; of what happens at one time, in the order of the file. */
    static List<Happening> inOrder(Scenario scenario) {
        return scenario.happens().stream()
                .sorted(java.util.Comparator.comparingDouble(Happening::at))
                .toList();
    }

    private double[][] gains(Instance instance, Map<String, Integer> number) {
        Map<String, Integer> nodeNumber = new LinkedHashMap<>();
        nodes.forEach(node -> nodeNumber.put(node.id(), nodeNumber.size()));
        double[][] gains = new double[devices.size()][nodes.size()];
        for (Link link : instance.links()) {
            gains[number.get(link.device())][nodeNumber.get(link.node())] =
                    link.gain() / instance.radio().noiseWattsPerHz();
        }
        for (int n = firstDevices; n < devices.size(); n++) {
            gains[n] = gains[like[n]];
        }
        return gains;
    }

    private static double[] exitSeconds(SimulationInputs inputs) {
        Scenario.DeviceSpec device = inputs.scenario().device();
        if (device.exitSeconds() != null) {
            return device.exitSeconds().stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
        }
        List<TraceMetadata.CumulativeCost> costs = inputs.costs();
        int exits = inputs.traces().get(0).exits();
        if (costs == null || costs.size() != exits) {
            throw new UserError(
                    "the traces do not say what each exit costs; expected device.exitSeconds, a time for each of "
                            + exits + " exits");
        }
        return costs.stream()
                .mapToDouble(cost -> cost.macs() / device.macsPerSecond())
                .toArray();
    }

    /** Number of the level of a noise and a darkness that the scenario has. */
    int level(double noise, double darkness) {
        return levels.get(List.of(noise, darkness));
    }

    DeviceTrace trace(int level, int device) {
        return traces[level][like[device]];
    }

    /** Number of classes that events may have; 0 where the traces do not tell. */
    int classes() {
        return classes;
    }

    /** The true class of an event. */
    int classOf(int device, int row) {
        return trace(0, device).origins().classes()[row];
    }

    NodeModel nodeModel() {
        return inputs.nodeModel();
    }

    int size() {
        return devices.size();
    }
}
