package org.qexit.simulation.queue;

import java.util.Arrays;
import org.qexit.common.Checks;
import org.qexit.simulation.Calendar;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;
import org.qexit.simulation.statistics.TimeAverage;

/**
 * Equal servers with one line before them, first come, first served; who comes when the station is full is lost. When a service ends the
 * calendar brings an event (kind of the station, its number, the server), upon which the model calls {@link #depart}.
 */
public final class Station {
    private static final int FIRST_LINE = 16;

    private final Calendar calendar;
    private final int kind;
    private final int number;
    private final int capacity;

    private final int[] serving;
    private final double[] servingSince;
    private final int[] idle;
    private int idleCount;

    /** The line: a ring of a power of two places. */
    private int[] jobs = new int[FIRST_LINE];

    private double[] came = new double[FIRST_LINE];
    private double[] services = new double[FIRST_LINE];
    private int head;
    private int waiting;

    private long arrivals;
    private long lost;
    private long departures;
    private long started;
    private double waited;
    private double sojourns;
    private double lastSojourn;

    /** Since the last {@link #restart}: who was here then, and the time spent here by those who went, what came before it taken off. */
    private int presentBefore;

    private double spent;
    private TimeAverage present;
    private TimeAverage busy;

    /**
     * An empty station.
     *
     * @param kind of the events that end a service
     * @param number its own, the entity of these events
     * @param servers at least 1
     * @param capacity places, those of the servers included; {@link Integer#MAX_VALUE} for no limit
     */
    public Station(Calendar calendar, int kind, int number, int servers, int capacity) {
        this.calendar = Checks.present("calendar", calendar);
        this.kind = Checks.within("kind of event", kind, 0, Integer.MAX_VALUE);
        this.number = number;
        Checks.within("servers", servers, 1, Integer.MAX_VALUE);
        this.capacity = Checks.within("capacity", capacity, servers, Integer.MAX_VALUE);
        serving = new int[servers];
        servingSince = new double[servers];
        idle = new int[servers];
        for (int s = 0; s < servers; s++) {
            idle[s] = servers - 1 - s;
        }
        idleCount = servers;
        present = new TimeAverage(calendar.now(), 0);
        busy = new TimeAverage(calendar.now(), 0);
    }

    /**
     * A job comes.
     *
     * @param job as the model numbers it
     * @param serviceSeconds &ge; 0 and finite: how long a server will take
     * @return false if the station is full and the job lost
     */
    public boolean arrive(int job, double serviceSeconds) {
        if (!(serviceSeconds >= 0 && serviceSeconds <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "service of job " + job + " is " + serviceSeconds + " s; expected a finite number >= 0");
        }
        double now = calendar.now();
        arrivals++;
        if (idleCount > 0) {
            start(idle[--idleCount], job, now, serviceSeconds);
            busy.set(now, serving.length - idleCount);
        } else if (serving.length + waiting < capacity) {
            queue(job, now, serviceSeconds);
        } else {
            lost++;
            return false;
        }
        present.set(now, present());
        return true;
    }

    /**
     * The service of a server has ended; the next in line begins. {@link #lastSojournSeconds} is that of the job that goes.
     *
     * @param server the item of the event
     * @return the job that goes
     */
    public int depart(int server) {
        double now = calendar.now();
        int job = serving[server];
        lastSojourn = now - servingSince[server];
        sojourns += lastSojourn;
        spent += lastSojourn;
        departures++;
        if (waiting > 0) {
            int i = head;
            head = head + 1 & jobs.length - 1;
            waiting--;
            start(server, jobs[i], came[i], services[i]);
        } else {
            idle[idleCount++] = server;
            busy.set(now, serving.length - idleCount);
        }
        present.set(now, present());
        return job;
    }

    private void start(int server, int job, double cameAt, double serviceSeconds) {
        serving[server] = job;
        servingSince[server] = cameAt;
        started++;
        waited += calendar.now() - cameAt;
        calendar.scheduleAfter(serviceSeconds, kind, number, server);
    }

    private void queue(int job, double now, double serviceSeconds) {
        if (waiting == jobs.length) {
            grow();
        }
        int i = head + waiting & jobs.length - 1;
        jobs[i] = job;
        came[i] = now;
        services[i] = serviceSeconds;
        waiting++;
    }

    private void grow() {
        int n = jobs.length;
        int[] longerJobs = new int[2 * n];
        double[] longerCame = new double[2 * n];
        double[] longerServices = new double[2 * n];
        for (int i = 0; i < n; i++) {
            int from = head + i & n - 1;
            longerJobs[i] = jobs[from];
            longerCame[i] = came[from];
            longerServices[i] = services[from];
        }
        jobs = longerJobs;
        came = longerCame;
        services = longerServices;
        head = 0;
    }

    /** Jobs in line and in service. */
    public int present() {
        return serving.length - idleCount + waiting;
    }

    /** Jobs in line. */
    public int waiting() {
        return waiting;
    }

    /** Jobs that came, the lost included. */
    public long arrivals() {
        return arrivals;
    }

    /** Jobs that found the station full. */
    public long lost() {
        return lost;
    }

    public long departures() {
        return departures;
    }

    /** Mean wait before service of the jobs whose service has begun; NaN if none has. */
    public double meanWaitSeconds() {
        return waited / started;
    }

    /** Mean time from coming to going of the jobs that went; NaN if none did. */
    public double meanSojournSeconds() {
        return sojourns / departures;
    }

    /** Time from coming to going of the job that went last. */
    public double lastSojournSeconds() {
        return lastSojourn;
    }

    /** Mean number of jobs in line and in service. */
    public double meanPresent() {
        return present.mean(calendar.now());
    }

    /** The greatest number of jobs in line and in service. */
    public int greatestPresent() {
        return (int) present.greatest();
    }

    /** Share of the servers' time that was service. */
    public double utilisation() {
        return busy.mean(calendar.now()) / serving.length;
    }

    /** Counts and means begin anew, as after a warm-up; the jobs present stay. */
    public void restart() {
        double now = calendar.now();
        presentBefore = present();
        spent = -timeOfPresent();
        arrivals = 0;
        lost = 0;
        departures = 0;
        started = 0;
        waited = 0;
        sojourns = 0;
        present.restart(now);
        busy.restart(now);
    }

    /**
     * Little's law for a finite run: ∫ N(t) dt is the sum over all jobs of the time each was here, those still present included. The
     * difference of both sides relative to the greater: rounding and nothing more.
     */
    public double littleGap() {
        double area = present.area(calendar.now());
        double here = spent + timeOfPresent();
        double greater = Math.max(area, here);
        return greater > 0 ? Math.abs(area - here) / greater : 0;
    }

    private double timeOfPresent() {
        double now = calendar.now();
        boolean[] free = new boolean[serving.length];
        for (int i = 0; i < idleCount; i++) {
            free[idle[i]] = true;
        }
        double sum = 0;
        for (int s = 0; s < serving.length; s++) {
            sum += free[s] ? 0 : now - servingSince[s];
        }
        for (int i = 0; i < waiting; i++) {
            sum += now - came[(head + i) & (jobs.length - 1)];
        }
        return sum;
    }

    public void write(SnapshotWriter out) {
        out.section("station");
        out.putInts(Arrays.copyOf(idle, idleCount));
        out.putInts(serving);
        out.putDoubles(servingSince);
        out.putInt(waiting);
        for (int w = 0; w < waiting; w++) {
            int i = head + w & jobs.length - 1;
            out.putInt(jobs[i]);
            out.putDouble(came[i]);
            out.putDouble(services[i]);
        }
        out.putInt(presentBefore);
        out.putDouble(spent);
        out.putLong(arrivals);
        out.putLong(lost);
        out.putLong(departures);
        out.putLong(started);
        out.putDouble(waited);
        out.putDouble(sojourns);
        out.putDouble(lastSojourn);
        present.write(out);
        busy.write(out);
    }

    /** Puts this station, new and of the same shape, into the state written. */
    public void restore(SnapshotReader in) {
        in.section("station");
        restoreServers(in.takeInts(), in.takeInts(), in.takeDoubles(), in);
        int inLine =
                in.wholeNumberInt("jobs in line", 0, Math.min(capacity - serving.length, in.remaining() / Long.BYTES));
        if (inLine > 0 && idleCount > 0) {
            throw in.broken(inLine + " jobs wait while " + idleCount + " servers are idle");
        }
        for (int w = 0; w < inLine; w++) {
            queue(
                    in.takeInt(),
                    in.number("arrival of a job", 0, calendar.now()),
                    in.number("service of a job", 0, Double.MAX_VALUE));
        }
        presentBefore = in.wholeNumberInt("jobs present before", 0, Integer.MAX_VALUE);
        spent = in.takeDouble();
        arrivals = in.wholeNumber("arrivals", 0, Long.MAX_VALUE - presentBefore);
        lost = in.wholeNumber("lost jobs", 0, arrivals);
        departures = in.wholeNumber("departures", 0, presentBefore + arrivals - lost);
        started = in.wholeNumber("services begun", 0, presentBefore + arrivals - lost);
        if (presentBefore + arrivals - lost - departures != present()) {
            throw in.broken("a station's counts do not add up to the " + present() + " jobs present");
        }
        waited = in.takeDouble();
        sojourns = in.takeDouble();
        lastSojourn = in.takeDouble();
        present = TimeAverage.read(in);
        busy = TimeAverage.read(in);
    }

    private void restoreServers(int[] idleNow, int[] jobsNow, double[] sinceNow, SnapshotReader in) {
        int servers = serving.length;
        if (jobsNow.length != servers || sinceNow.length != servers || idleNow.length > servers) {
            throw in.broken("a station of " + jobsNow.length + " servers; expected " + servers);
        }
        boolean[] listed = new boolean[servers];
        for (int s : idleNow) {
            if (s < 0 || s >= servers || listed[s]) {
                throw in.broken("server " + s + " is listed as idle twice or does not exist");
            }
            listed[s] = true;
        }
        for (double since : sinceNow) {
            if (!(since >= 0 && since <= calendar.now())) {
                throw in.broken("a job came at " + since + " s; expected 0 to " + calendar.now());
            }
        }
        System.arraycopy(idleNow, 0, idle, 0, idleNow.length);
        idleCount = idleNow.length;
        System.arraycopy(jobsNow, 0, serving, 0, servers);
        System.arraycopy(sinceNow, 0, servingSince, 0, servers);
        head = 0;
        waiting = 0;
    }
}
