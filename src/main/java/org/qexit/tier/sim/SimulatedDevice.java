package org.qexit.tier.sim;

import org.qexit.allocation.Plan;
import org.qexit.simulation.Calendar;
import org.qexit.simulation.SnapshotWriter;
import org.qexit.simulation.queue.Station;
import org.qexit.tier.Admission;
import org.qexit.tier.DeviceRule;
import org.qexit.tier.RateFollower;
import org.qexit.tier.world.ArrivalClock;
import org.qexit.tier.world.EventRows;

/** The state of one device while a simulation runs. */
final class SimulatedDevice {
    /** Of {@link #node}: no plan places it. */
    static final int NOWHERE = -1;

    final int number;
    final Station processor;
    final Station radio;

    /** Null until the device begins. */
    ArrivalClock clock;

    EventRows rows;
    long arrivalHandle;
    /** Events that came. */
    int events;

    boolean active;
    boolean off;
    double gainFactor = 1;
    double eavesdropperFactor = 1;
    double noise;
    double darkness;
    int level;

    int node = NOWHERE;
    DeviceRule rule = DeviceRule.NOTHING;
    /** What moves the rule, or null. */
    RateFollower follower;
    /** What its node grants it, or null where nodes refuse nothing. */
    Admission admission;

    double bandwidthHz;
    double powerWatts;
    double grant;
    /** Secrecy rate without fading. */
    double bitsPerSecond;

    /** What it is planned with, or null. */
    Plan.Device planned;
    /** Number of the node that {@link #planned} names. */
    int plannedNode = NOWHERE;

    /** What is noticed of its events, or null where nobody looks. */
    Window window;

    SimulatedDevice(int number, Calendar calendar, int sensed, int sent, int queue) {
        this.number = number;
        processor = new Station(calendar, sensed, number, 1, queue);
        radio = new Station(calendar, sent, number, 1, queue);
    }

    DeviceRule rule() {
        return follower == null ? rule : follower.rule();
    }

    void write(SnapshotWriter out) {
        out.section("device");
        processor.write(out);
        radio.write(out);
        out.putInts(new int[] {active ? 1 : 0, off ? 1 : 0, level, node, events, planned == null ? 0 : 1});
        out.putDoubles(new double[] {
            gainFactor, eavesdropperFactor, noise, darkness, bandwidthHz, powerWatts, grant, bitsPerSecond
        });
        out.putLong(arrivalHandle);
        if (active) {
            rows.write(out);
            clock.write(out);
        }
        if (planned != null) {
            out.putDoubles(new double[] {
                plannedNode,
                planned.lower(),
                planned.upper().value(),
                planned.bandwidthHz(),
                planned.powerWatts(),
                planned.computeUnits(),
                planned.truePositives(),
                planned.falsePositives()
            });
        }
        out.putDouble(follower == null ? 0 : follower.tau());
        out.putDoubles(admission == null ? new double[0] : admission.state());
        if (window != null) {
            window.write(out);
        }
    }
}
