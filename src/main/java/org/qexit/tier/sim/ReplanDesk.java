package org.qexit.tier.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Planner;
import org.qexit.edge.Eavesdropper;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;
import org.qexit.trace.DeviceTrace;

/**
 * Plans anew from what is observed: the nodes that are up, the gains as they are, the traffic, and the frontier of the last events whose truth is known
 * of every device that has drifted. Where not all devices can be served, as many as can; the others send nothing until the next plan.
 *
 * <p>The planner's budget is one of work, not of time, so that a run is the same on every machine.
 */
final class ReplanDesk extends PolicyDesk {
    /** Fewer critical events than these of known truth make no frontier: then that of before stays. */
    private static final int LEAST_CRITICAL = 5;

    /** Traffic is looked upon as other than planned when its count is this many standard deviations off. */
    private static final double SURE = 4;

    private static final double GAP = 1e-3;
    private static final double EFFORT = 0.2;

    /** Devices that are tried one by one where not all can be served. */
    private static final int TRIED_SINGLY = 8;

    /** Never in effect. */
    private static final double NO_TIME_LIMIT = 1e7;

    private final FleetSimulation simulation;
    private final Fleet fleet;
    private final double moveCost;
    private final double traffic;
    private final Double everySeconds;
    private final DriftWatch watch;
    /** {@code [device]}: the trace and the events per period that it is planned with. */
    private final DeviceTrace[] traces;

    private final double[] eventsPerPeriod;
    private int changes;
    private int failures;

    /**
     * @param traffic events planned for over those observed
     * @param everySeconds between plans, or null: on alarm
     */
    ReplanDesk(FleetSimulation simulation, double moveCost, double traffic, Double everySeconds) {
        this.simulation = simulation;
        this.moveCost = moveCost;
        this.traffic = traffic;
        this.everySeconds = everySeconds;
        fleet = simulation.fleet;
        watch = new DriftWatch(fleet);
        traces = new DeviceTrace[fleet.size()];
        eventsPerPeriod = new double[fleet.size()];
        for (int n = 0; n < traces.length; n++) {
            traces[n] = fleet.devices.get(n).deviceTrace();
            eventsPerPeriod[n] = fleet.plannedRate[n] * fleet.scenario.periodSeconds();
        }
    }

    @Override
    double looksEvery() {
        return everySeconds == null ? fleet.scenario.monitor().everySeconds() : everySeconds;
    }

    @Override
    void begins(SimulatedDevice device) {
        device.window = new Window(fleet.scenario.monitor().windowEvents());
        device.window.restart(simulation.calendar.now());
    }

    @Override
    void look(double now) {
        boolean alarm = everySeconds != null;
        for (SimulatedDevice device : simulation.devices) {
            if (device.active) {
                alarm |= observe(device, now);
            }
        }
        if (alarm) {
            replan();
        }
    }

    /** Takes up what has changed of a device; whether something has. */
    private boolean observe(SimulatedDevice device, double now) {
        boolean changed = false;
        if (watch.alarm(device) || everySeconds != null && device.window.count() > 0) {
            DeviceTrace known = device.window.labelled(
                    fleet,
                    device.number,
                    now - fleet.scenario.monitor().labels().delaySeconds());
            if (known.positives() >= LEAST_CRITICAL) {
                traces[device.number] = known;
                changed = true;
            }
        }
        double seconds = now - device.window.since();
        double planned = eventsPerPeriod[device.number] / fleet.scenario.periodSeconds() * seconds;
        long seen = device.window.sinceRestart();
        if (seconds > 0 && Math.abs(seen - planned) > SURE * Math.sqrt(Math.max(1, planned))) {
            // A device that is off sees nothing and is planned for with the least that a plan can grant.
            eventsPerPeriod[device.number] = Math.max(1, seen / seconds * fleet.scenario.periodSeconds());
            changed = true;
        }
        if (changed) {
            watch.accept(device, now);
        }
        return changed;
    }

    @Override
    void nodeChanged(double now) {
        replan();
    }

    @Override
    void deviceJoined(double now) {
        replan();
    }

    private void replan() {
        Plan previous = inForce();
        List<SimulatedDevice> order = byPriority();
        if (order.isEmpty()) {
            return;
        }
        Plan next = plan(previous, order);
        if (!next.isFeasible()) {
            next = planOfSome(previous, order);
        }
        if (next != null) {
            changes++;
            simulation.apply(next);
        } else {
            failures++;
        }
    }

    private Plan plan(Plan previous, List<SimulatedDevice> some) {
        SolveOptions options = SolveOptions.defaults()
                .withSeconds(NO_TIME_LIMIT)
                .withGap(GAP)
                .withEffort(EFFORT)
                .withSeed(fleet.scenario.seed());
        List<SimulatedDevice> inOrder = some.stream()
                .sorted(Comparator.comparingInt(device -> device.number))
                .toList();
        return Planner.of(observed(inOrder)).replanned(previous, moveCost, options);
    }

    /** Whom to serve first where not all can be: those whose node is up, then by weight, then those who need the least bandwidth. */
    private List<SimulatedDevice> byPriority() {
        return Arrays.stream(simulation.devices)
                .filter(device -> device.active)
                .sorted(Comparator.comparing((SimulatedDevice device) -> isServed(device) ? 0 : 1)
                        .thenComparing(
                                device -> -fleet.devices.get(device.number).weight())
                        .thenComparing(device -> device.bandwidthHz)
                        .thenComparing(device -> device.number))
                .toList();
    }

    private boolean isServed(SimulatedDevice device) {
        return device.node != SimulatedDevice.NOWHERE && !simulation.down[device.node] && device.bitsPerSecond > 0;
    }

    /** A plan of as many as there is one for, in order of priority by bisection, then of those left out one by one; null if there is none. */
    private Plan planOfSome(Plan previous, List<SimulatedDevice> order) {
        int served = 0;
        int beyond = order.size();
        Plan best = null;
        while (beyond - served > 1) {
            int middle = (served + beyond) / 2;
            Plan tried = plan(previous, order.subList(0, middle));
            if (tried.isFeasible()) {
                served = middle;
                best = tried;
            } else {
                beyond = middle;
            }
        }
        if (best == null) {
            return null;
        }
        List<SimulatedDevice> in = new ArrayList<>(order.subList(0, served));
        for (SimulatedDevice device : order.subList(served + 1, Math.min(order.size(), served + 1 + TRIED_SINGLY))) {
            in.add(device);
            Plan tried = plan(previous, in);
            if (tried.isFeasible()) {
                best = tried;
            } else {
                in.remove(device);
            }
        }
        return best;
    }

    private Plan inForce() {
        List<Plan.Device> placed = new ArrayList<>();
        for (SimulatedDevice device : simulation.devices) {
            if (device.planned != null) {
                placed.add(device.planned);
            }
        }
        return Plan.of(fleet.inputs.instance().name(), "in force", Plan.Status.FEASIBLE, null)
                .withResult(placed, 0, null);
    }

    /** The fleet as it is observed to be. */
    private Instance observed(List<SimulatedDevice> some) {
        Instance planned = fleet.inputs.instance();
        List<Instance.Device> devices = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        for (SimulatedDevice device : some) {
            Instance.Device what = fleet.devices.get(device.number);
            devices.add(observed(what, device));
            for (int j = 0; j < fleet.nodes.size(); j++) {
                double gain =
                        fleet.gainPerNoise[device.number][j] * planned.radio().noiseWattsPerHz() * device.gainFactor;
                if (gain > 0 && !simulation.down[j]) {
                    links.add(new Link(what.id(), fleet.nodes.get(j).id(), gain));
                }
            }
        }
        List<EdgeNode> nodes = fleet.nodes;
        return planned.with(devices, nodes, links);
    }

    private Instance.Device observed(Instance.Device what, SimulatedDevice device) {
        Eavesdropper listener = what.eavesdropper();
        return what.withEavesdropper(
                        new Eavesdropper(listener.gain() * device.eavesdropperFactor, listener.noiseWattsPerHz()))
                .withTrace(Instance.Trace.of(traces[device.number]))
                .withEventsPerPeriod(eventsPerPeriod[device.number] * traffic);
    }

    @Override
    int changes() {
        return changes;
    }

    @Override
    int failures() {
        return failures;
    }

    @Override
    void write(SnapshotWriter out) {
        watch.write(out);
        out.putInt(changes);
        TraceState.write(traces, out);
        out.putDoubles(eventsPerPeriod);
        out.putInt(failures);
    }

    @Override
    void restore(SnapshotReader in) {
        watch.restore(in);
        changes = in.takeInt();
        TraceState.restore(traces, in);
        System.arraycopy(in.takeDoubles(), 0, eventsPerPeriod, 0, eventsPerPeriod.length);
        failures = in.takeInt();
    }
}
