package org.qexit.simulation.queue;

import org.qexit.common.RandomStreams;
import org.qexit.simulation.Calendar;
import org.qexit.simulation.EventHandler;
import org.qexit.simulation.RandomStream;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;

/** One station with one source of jobs, on the same kernel as larger models: what the kernel is tested and timed with. */
public final class SingleQueue implements EventHandler {
    private static final int ARRIVAL = 0;
    private static final int DEPARTURE = 1;

    private final QueueSpec spec;
    private final Calendar calendar;
    private final Station station;
    private final RandomStream arrivals;
    private final RandomStream services;
    private int jobs;

    /** Empty at time 0, the first job on its way. */
    public SingleQueue(QueueSpec spec, RandomStreams streams, int replication) {
        this(
                spec,
                new Calendar(),
                RandomStream.of(streams, "arrivals", replication),
                RandomStream.of(streams, "services", replication));
        scheduleArrival();
    }

    private SingleQueue(QueueSpec spec, Calendar calendar, RandomStream arrivals, RandomStream services) {
        this.spec = spec;
        this.calendar = calendar;
        this.arrivals = arrivals;
        this.services = services;
        station = new Station(calendar, DEPARTURE, 0, spec.servers(), spec.capacity());
    }

    @Override
    public void handle(int kind, int entity, int item) {
        if (kind == ARRIVAL) {
            scheduleArrival();
            station.arrive(jobs++, spec.service().draw(services));
        } else {
            station.depart(item);
        }
    }

    private void scheduleArrival() {
        calendar.scheduleAfter(spec.interarrival().draw(arrivals), ARRIVAL, 0, 0);
    }

    /** {@link Calendar#run}. */
    public long run(double untilSeconds) {
        return calendar.run(this, untilSeconds);
    }

    /** {@link Calendar#runEvents}. */
    public long runEvents(long events) {
        return calendar.runEvents(this, events);
    }

    public Station station() {
        return station;
    }

    /** The state as bytes, from which {@link #resume} goes on. */
    public byte[] snapshot() {
        SnapshotWriter out = new SnapshotWriter();
        calendar.write(out);
        arrivals.write(out);
        services.write(out);
        out.putInt(jobs);
        station.write(out);
        return out.toBytes();
    }

    /**
     * The queue whose {@link #snapshot} this is.
     *
     * @param spec the same as that one's
     * @param name of the file, for messages
     */
    public static SingleQueue resume(QueueSpec spec, String name, byte[] snapshot) {
        SnapshotReader in = new SnapshotReader(name, snapshot);
        Calendar calendar = Calendar.read(in);
        SingleQueue queue = new SingleQueue(spec, calendar, RandomStream.read(in), RandomStream.read(in));
        queue.jobs = in.takeInt();
        queue.station.restore(in);
        in.end();
        return queue;
    }
}
