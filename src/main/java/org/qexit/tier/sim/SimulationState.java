package org.qexit.tier.sim;

import org.qexit.allocation.Plan;
import org.qexit.simulation.Calendar;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;
import org.qexit.tier.scenario.Policy;
import org.qexit.tier.world.ArrivalClock;
import org.qexit.tier.world.EventRows;

/** The whole state of a run as bytes: a run that goes on from them is the run that was not stopped. */
final class SimulationState {
    private SimulationState() {}

    static byte[] write(FleetSimulation run) {
        SnapshotWriter out = new SnapshotWriter();
        run.calendar.write(out);
        run.jobs.write(out);
        for (SimulatedDevice device : run.devices) {
            device.write(out);
        }
        for (int j = 0; j < run.nodes.length; j++) {
            run.nodes[j].write(out);
            run.backhaul[j].write(out);
            out.putInt(run.down[j] ? 1 : 0);
        }
        out.putInt(run.newDevices);
        out.putLong(run.foreseen);
        run.desk.write(out);
        run.tallies.write(out);
        run.loads.write(out);
        return out.toBytes();
    }

    /** The run that a state belongs to, but for its state. */
    record Setting(Fleet fleet, Timeline timeline, Policy policy, int replication) {}

    /**
     * The run whose state this is.
     *
     * @param setting the same as that one's
     * @param name of the file, for messages
     * @throws org.qexit.common.UserError if the bytes are no whole state
     */
    static FleetSimulation resume(Setting setting, String name, byte[] state) {
        SnapshotReader in = new SnapshotReader(name, state);
        FleetSimulation run = new FleetSimulation(
                setting.fleet, setting.timeline, setting.policy, setting.replication, Calendar.read(in));
        run.jobs.restore(in);
        for (SimulatedDevice device : run.devices) {
            restore(run, device, in);
        }
        for (int j = 0; j < run.nodes.length; j++) {
            run.nodes[j].restore(in);
            run.backhaul[j].restore(in);
            run.down[j] = in.wholeNumberInt("down", 0, 1) == 1;
        }
        run.newDevices = in.wholeNumberInt("new devices", 0, run.devices.length - setting.fleet.firstDevices);
        run.foreseen = in.wholeNumber("events foreseen", 0, Long.MAX_VALUE);
        run.desk.restore(in);
        run.tallies.restore(in);
        run.loads.restore(in);
        in.end();
        return run;
    }

    private static void restore(FleetSimulation run, SimulatedDevice device, SnapshotReader in) {
        in.section("device");
        device.processor.restore(in);
        device.radio.restore(in);
        int[] whole = in.takeInts();
        double[] numbers = in.takeDoubles();
        device.arrivalHandle = in.takeLong();
        device.active = whole[0] == 1;
        if (device.active) {
            String id = run.fleet.devices.get(device.number).id();
            device.rows = EventRows.read(run.fleet.trace(0, device.number), in);
            device.clock = ArrivalClock.read(run.arrivals(id), id, run.fleet.plannedRate[device.number], in);
            run.desk.begins(device);
        }
        if (whole[5] == 1) {
            run.apply(device, planned(run.fleet, device, in.takeDoubles(), in.takeDoubles()));
        }
        device.off = whole[1] == 1;
        device.see(whole[2]);
        device.node = whole[3];
        device.events = whole[4];
        device.sensing = whole[6];
        device.gainFactor = numbers[0];
        device.eavesdropperFactor = numbers[1];
        device.noise = numbers[2];
        device.darkness = numbers[3];
        device.bandwidthHz = numbers[4];
        device.powerWatts = numbers[5];
        device.grant = numbers[6];
        device.bitsPerSecond = numbers[7];
        double tau = in.takeDouble();
        if (device.follower != null) {
            device.follower.restore(tau);
        }
        double[] tokens = in.takeDoubles();
        if (device.admission != null) {
            device.admission.restore(tokens);
        }
        if (device.window != null) {
            device.window.restore(in);
        }
    }

    /** What {@link SimulatedDevice#write} wrote of the plan. */
    private static Plan.Device planned(Fleet fleet, SimulatedDevice device, double[] numbers, double[] rule) {
        return new Plan.Device(
                fleet.devices.get(device.number).id(),
                fleet.nodes.get((int) numbers[0]).id(),
                SimulatedDevice.rule(rule),
                numbers[1],
                numbers[2],
                numbers[3],
                (int) numbers[4],
                (int) numbers[5],
                null,
                null,
                null,
                null);
    }
}
