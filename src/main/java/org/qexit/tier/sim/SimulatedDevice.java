package org.qexit.tier.sim;

import java.util.Arrays;
import org.qexit.allocation.Plan;
import org.qexit.simulation.Calendar;
import org.qexit.simulation.SnapshotWriter;
import org.qexit.simulation.queue.Line;
import org.qexit.tier.Admission;
import org.qexit.tier.world.ArrivalClock;
import org.qexit.tier.world.EventRows;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.RateFollower;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/** The state of one device while a simulation runs. */
final class SimulatedDevice {
    /** Of {@link #node}: no plan places it. */
    static final int NOWHERE = -1;

    final int number;
    final Line processor;
    final Line radio;
    /** Events on the processor that will be offloaded. */
    int sensing;

    /** Null until the device begins. */
    ArrivalClock clock;

    EventRows rows;
    long arrivalHandle;
    /** Events that came. */
    int events;

    /** {@code [row]}: 1 + what {@link #decide} says, 0 where it was not asked since the rule or the confidences changed. */
    private short[] decisions = new short[0];

    boolean active;
    boolean off;
    double gainFactor = 1;
    double eavesdropperFactor = 1;
    double noise;
    double darkness;
    int level;

    int node = NOWHERE;
    private Rule rule = new Thresholds(1, Thresholds.NEVER);
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

    SimulatedDevice(int number, Calendar calendar, int queue) {
        this.number = number;
        processor = new Line(calendar, queue);
        radio = new Line(calendar, queue);
    }

    /** Puts a rule into force. */
    void follow(Rule other) {
        rule = other;
        Arrays.fill(decisions, (short) 0);
    }

    /** From now on the confidences are those of this level. */
    void see(int other) {
        level = other;
        Arrays.fill(decisions, (short) 0);
    }

    /**
     * What becomes of an event: twice the exit that decides, and 1 more if it is offloaded.
     *
     * @param trace that of the device's level
     */
    int decide(DeviceTrace trace, int row) {
        if (follower != null) {
            return code(follower.rule(), trace, row);
        }
        if (row >= decisions.length) {
            decisions = new short[trace.size()];
        }
        int known = decisions[row];
        if (known > 0) {
            return known - 1;
        }
        int code = code(rule, trace, row);
        if (code < Short.MAX_VALUE) {
            decisions[row] = (short) (code + 1);
        }
        return code;
    }

    private static int code(Rule rule, DeviceTrace trace, int row) {
        Thresholds.Decision decision = rule.decide(trace.scores(), row);
        return 2 * decision.exit() + (decision.critical() ? 1 : 0);
    }

    /** l and u of a pair, or all l and then all u of thresholds per exit; see {@link #rule}. */
    private static double[] numbers(Rule rule) {
        if (rule instanceof Thresholds pair) {
            return new double[] {pair.lower(), pair.upper()};
        }
        ExitThresholds each = (ExitThresholds) rule;
        double[] numbers = new double[1 + 2 * each.exits()];
        for (int q = 0; q < each.exits(); q++) {
            numbers[1 + q] = each.lower(q);
            numbers[1 + each.exits() + q] = each.upper(q);
        }
        return numbers;
    }

    /** What {@link #write} wrote of a rule: two numbers, or an odd number of them. */
    static Rule rule(double[] numbers) {
        if (numbers.length == 2) {
            return new Thresholds((float) numbers[0], (float) numbers[1]);
        }
        float[] lower = new float[numbers.length / 2];
        float[] upper = new float[numbers.length / 2];
        for (int q = 0; q < lower.length; q++) {
            lower[q] = (float) numbers[1 + q];
            upper[q] = (float) numbers[1 + lower.length + q];
        }
        return ExitThresholds.of(lower, upper);
    }

    void write(SnapshotWriter out) {
        out.section("device");
        processor.write(out);
        radio.write(out);
        out.putInts(new int[] {active ? 1 : 0, off ? 1 : 0, level, node, events, planned == null ? 0 : 1, sensing});
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
                planned.bandwidthHz(),
                planned.powerWatts(),
                planned.computeUnits(),
                planned.truePositives(),
                planned.falsePositives()
            });
            out.putDoubles(numbers(planned.thresholds()));
        }
        out.putDouble(follower == null ? 0 : follower.tau());
        out.putDoubles(admission == null ? new double[0] : admission.state());
        if (window != null) {
            window.write(out);
        }
    }
}
