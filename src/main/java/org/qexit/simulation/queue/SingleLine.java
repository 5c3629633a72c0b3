package org.qexit.simulation.queue;

import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.simulation.Calendar;
import org.qexit.simulation.EventHandler;
import org.qexit.simulation.RandomStream;

/** {@link SingleQueue} with one server, on a {@link Line}: the same jobs with an event for each instead of two. */
public final class SingleLine implements EventHandler {
    private final QueueSpec spec;
    private final Calendar calendar = new Calendar();
    private final Line line;
    private final RandomStream arrivals;
    private final RandomStream services;

    /** Empty at time 0, the first job on its way; the same jobs as those of {@link SingleQueue}. */
    public SingleLine(QueueSpec spec, RandomStreams streams, int replication) {
        Checks.within("servers", spec.servers(), 1, 1);
        this.spec = spec;
        line = new Line(calendar, spec.capacity());
        arrivals = RandomStream.of(streams, "arrivals", replication);
        services = RandomStream.of(streams, "services", replication);
        scheduleArrival();
    }

    @Override
    public void handle(int kind, int entity, int item) {
        scheduleArrival();
        line.arrive(spec.service().draw(services));
    }

    private void scheduleArrival() {
        calendar.scheduleAfter(spec.interarrival().draw(arrivals), 0, 0, 0);
    }

    /** {@link Calendar#run}. */
    public long run(double untilSeconds) {
        return calendar.run(this, untilSeconds);
    }

    /** Lets so many jobs come. */
    public long runJobs(long jobs) {
        return calendar.runEvents(this, jobs);
    }

    public Line line() {
        return line;
    }
}
