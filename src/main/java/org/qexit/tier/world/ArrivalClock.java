package org.qexit.tier.world;

import java.util.Arrays;
import org.qexit.simulation.RandomStream;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;
import org.qexit.tier.scenario.Arrivals;

/**
 * When the next event of a device comes. Random arrivals are those of rate 1 on a clock of the device's own, which runs as fast as its events come:
 * a change of the rate changes neither the order nor the number of what is drawn.
 */
public final class ArrivalClock {
    /** No event comes any more. */
    static final double NEVER = Double.POSITIVE_INFINITY;

    private final Arrivals kind;
    private final double[] recorded;
    private final RandomStream random;
    private final double plannedRate;

    private double traffic = 1;
    private boolean on;

    /** The device's clock, the time at which it was read, and what it shows when the next event comes. */
    private double clock;

    private double read;
    private double next;
    private long count;
    private double phase;

    private ArrivalClock(Arrivals kind, String device, double plannedRate, RandomStream random) {
        this.kind = kind;
        this.random = random;
        this.plannedRate = plannedRate;
        recorded = kind instanceof Arrivals.Recorded file ? times(file, device) : null;
    }

    /** @param now when the device begins */
    public ArrivalClock(Arrivals kind, String device, double plannedRate, RandomStream random, double now) {
        this(kind, device, plannedRate, random);
        read = now;
        if (kind instanceof Arrivals.Bursts bursts) {
            on = random.uniform() < bursts.onSeconds() / (bursts.onSeconds() + bursts.offSeconds());
        }
        phase = kind instanceof Arrivals.Periodic ? random.uniform() : 0;
        while (recorded != null && count < recorded.length && recorded[(int) count] < now) {
            count++;
        }
        draw();
    }

    private static double[] times(Arrivals.Recorded file, String device) {
        return file.times().stream()
                .filter(times -> times.device().equals(device))
                .findFirst()
                .map(times -> times.seconds())
                .orElse(new double[0]);
    }

    private void draw() {
        if (kind instanceof Arrivals.Periodic periodic) {
            next = phase + count + (periodic.jitter() > 0 ? periodic.jitter() * random.uniform() : 0);
        } else if (recorded == null) {
            next += random.exponential();
        }
    }

    /** Events per second now. */
    private double rate() {
        double state = kind instanceof Arrivals.Bursts bursts ? on ? bursts.burst() : bursts.quiet() : 1;
        return plannedRate * kind.factor() * traffic * state;
    }

    /** Time of the next event as things are; {@link #NEVER} if none comes. */
    public double nextTime(double now) {
        if (recorded != null) {
            return count < recorded.length ? recorded[(int) count] : NEVER;
        }
        advance(now);
        double rate = rate();
        return rate > 0 ? now + Math.max(0, next - clock) / rate : NEVER;
    }

    /** The event has come. */
    public void came(double now) {
        if (recorded == null) {
            clock = next;
            read = now;
        }
        count++;
        draw();
    }

    public void traffic(double now, double factor) {
        advance(now);
        traffic = factor;
    }

    /** Seconds until the state of bursts changes, drawn anew; {@link #NEVER} if it does not. */
    public double switchAfter() {
        return kind instanceof Arrivals.Bursts bursts
                ? random.exponential() * (on ? bursts.onSeconds() : bursts.offSeconds())
                : NEVER;
    }

    public void switchState(double now) {
        advance(now);
        on = !on;
    }

    private void advance(double now) {
        if (recorded == null) {
            clock += (now - read) * rate();
            read = now;
        }
    }

    public void write(SnapshotWriter out) {
        random.write(out);
        out.putDoubles(new double[] {traffic, on ? 1 : 0, clock, read, next, phase});
        out.putLong(count);
    }

    /** The clock that {@link #write} wrote. */
    public static ArrivalClock read(Arrivals kind, String device, double plannedRate, SnapshotReader in) {
        ArrivalClock clock = new ArrivalClock(kind, device, plannedRate, RandomStream.read(in));
        double[] state = in.takeDoubles();
        if (state.length != 6 || Arrays.stream(state).anyMatch(Double::isNaN)) {
            throw in.broken("an arrival clock of " + state.length + " numbers; expected 6");
        }
        clock.traffic = state[0];
        clock.on = state[1] == 1;
        clock.clock = state[2];
        clock.read = state[3];
        clock.next = state[4];
        clock.phase = state[5];
        clock.count = in.wholeNumber("arrivals", 0, Long.MAX_VALUE);
        return clock;
    }
}
