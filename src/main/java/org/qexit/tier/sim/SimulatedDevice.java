package org.qexit.tier.sim;

import org.qexit.allocation.Plan;
import org.qexit.simulation.Calendar;
import org.qexit.simulation.queue.Station;
import org.qexit.tier.Admission;
import org.qexit.tier.DeviceRule;
import org.qexit.tier.RateFollower;

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
}
