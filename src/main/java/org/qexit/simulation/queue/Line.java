package org.qexit.simulation.queue;

import org.qexit.common.Checks;
import org.qexit.simulation.Calendar;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;

/**
 * One server, first come, first served, whose services nothing interrupts: a job's departure is known when it comes, the greater of now and
 * the departure before it plus its service (Lindley, Proc. Camb. Phil. Soc. 48, 1952). So no event is needed for it; a model that has
 * something to do then schedules it itself. Where servers fail or a service's length may change, use {@link Station}.
 */
public final class Line {
    /** Places of the ring at first, fewer where no more jobs may come. */
    private static final int FIRST_RING = 64;

    private final Calendar calendar;
    private final int capacity;

    /** Departures, in order; those in the past are taken out when room or a count is wanted. */
    private double[] departures;

    private int head;
    private int size;

    /** Jobs up to which nothing need be looked at: the lesser of the capacity and the places in the ring. */
    private int room;

    private double freeAt;

    private double since;
    private long arrivals;
    private long lost;
    private double waited;
    private double served;

    /** At the last {@link #restart}: the time that lay ahead of the jobs present, less what of it is in {@link #served}. */
    private double aheadBefore;

    /**
     * An empty line.
     *
     * @param capacity places, that of the server included; {@link Integer#MAX_VALUE} for no limit
     */
    public Line(Calendar calendar, int capacity) {
        this.calendar = Checks.present("calendar", calendar);
        this.capacity = Checks.within("capacity", capacity, 1, Integer.MAX_VALUE);
        departures = new double[capacity >= FIRST_RING ? FIRST_RING : powerOfTwo(capacity)];
        room = Math.min(capacity, departures.length);
        since = calendar.now();
    }

    /** The least that is not less. */
    private static int powerOfTwo(int n) {
        return Integer.highestOneBit(2 * n - 1);
    }

    /**
     * A job comes.
     *
     * @param serviceSeconds &ge; 0 and finite
     * @return when it will go [s]; NaN if the line is full and the job lost
     */
    public double arrive(double serviceSeconds) {
        if (!(serviceSeconds >= 0 && serviceSeconds <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("service is " + serviceSeconds + " s; expected a finite number >= 0");
        }
        double now = calendar.now();
        arrivals++;
        if (size >= room && !makeRoom(now)) {
            lost++;
            return Double.NaN;
        }
        double start = Math.max(now, freeAt);
        double departure = start + serviceSeconds;
        freeAt = departure;
        departures[(head + size++) & (departures.length - 1)] = departure;
        waited += start - now;
        served += serviceSeconds;
        return departure;
    }

    /** False if all places are taken. A job that goes at this very moment is gone. */
    private boolean makeRoom(double now) {
        retire(now);
        if (size >= capacity) {
            return false;
        }
        if (2 * size > departures.length && departures.length < capacity) {
            double[] longer = new double[2 * departures.length];
            for (int i = 0; i < size; i++) {
                longer[i] = departures[(head + i) & (departures.length - 1)];
            }
            departures = longer;
            head = 0;
            room = Math.min(capacity, longer.length);
        }
        return true;
    }

    private void retire(double now) {
        while (size > 0 && departures[head] <= now) {
            head = (head + 1) & (departures.length - 1);
            size--;
        }
    }

    /** Whether a job that came now would be lost. */
    public boolean isFull() {
        if (size >= capacity) {
            retire(calendar.now());
        }
        return size >= capacity;
    }

    /** Jobs in line and in service. */
    public int present() {
        retire(calendar.now());
        return size;
    }

    /** When the server will be free, if nobody comes; may lie in the past. */
    public double freeAtSeconds() {
        return freeAt;
    }

    /** Jobs that came, the lost included. */
    public long arrivals() {
        return arrivals;
    }

    /** Jobs that found the line full. */
    public long lost() {
        return lost;
    }

    /** Mean wait before service of the jobs that got in, of those still waiting too; NaN if none did. */
    public double meanWaitSeconds() {
        return waited / (arrivals - lost);
    }

    /** Mean number of jobs in line and in service: the time spent here by all, without what lies ahead of those present. */
    public double meanPresent() {
        double now = calendar.now();
        return (waited + served + aheadBefore - ahead(now)) / (now - since);
    }

    /** Share of the time that was service. */
    public double utilisation() {
        double now = calendar.now();
        return (served - Math.max(0, freeAt - now)) / (now - since);
    }

    private double ahead(double now) {
        retire(now);
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += departures[(head + i) & (departures.length - 1)] - now;
        }
        return sum;
    }

    /** Counts and means begin anew, as after a warm-up; the jobs present stay. */
    public void restart() {
        since = calendar.now();
        arrivals = 0;
        lost = 0;
        waited = 0;
        served = Math.max(0, freeAt - since);
        aheadBefore = ahead(since) - served;
    }

    public void write(SnapshotWriter out) {
        out.section("line");
        retire(calendar.now());
        out.putInt(size);
        for (int i = 0; i < size; i++) {
            out.putDouble(departures[(head + i) & (departures.length - 1)]);
        }
        out.putDouble(freeAt);
        out.putDouble(since);
        out.putLong(arrivals);
        out.putLong(lost);
        out.putDouble(waited);
        out.putDouble(served);
        out.putDouble(aheadBefore);
    }

    /** Puts this line, new and with as many places, into the state written. */
    public void restore(SnapshotReader in) {
        in.section("line");
        double now = calendar.now();
        int count = in.wholeNumberInt("jobs present", 0, Math.min(capacity, in.remaining() / Double.BYTES));
        if (count > departures.length) {
            departures = new double[powerOfTwo(count)];
        }
        room = Math.min(capacity, departures.length);
        head = 0;
        size = count;
        double last = now;
        for (int i = 0; i < count; i++) {
            last = in.number("departure", last, Double.MAX_VALUE);
            departures[i] = last;
        }
        freeAt = in.number("when the server is free", count > 0 ? last : 0, count > 0 ? last : now);
        since = in.number("start of the counts", 0, now);
        arrivals = in.wholeNumber("arrivals", 0, Long.MAX_VALUE);
        lost = in.wholeNumber("lost jobs", 0, arrivals);
        waited = in.takeDouble();
        served = in.takeDouble();
        aheadBefore = in.takeDouble();
    }
}
