package org.qexit.experiment.bench;

import java.util.List;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.common.ThreadClock;
import org.qexit.common.statistics.MeanInterval;
import org.qexit.common.statistics.Samples;
import org.qexit.simulation.Calendar;
import org.qexit.simulation.RandomStream;
import org.qexit.simulation.Replications;
import org.qexit.simulation.queue.ClosedForms;
import org.qexit.simulation.queue.Durations;
import org.qexit.simulation.queue.QueueSpec;
import org.qexit.simulation.queue.SingleQueue;
import org.qexit.simulation.queue.Station;

/** The simulation's kernel on queues of which theory knows the mean wait, and its speed. Arrivals are Poisson, one a second. */
public final class SimulationBench {
    /** Events of the calendar that is timed beside the M/M/1. */
    public static final int MANY_PENDING = 10_000;

    /** The load of the queues. */
    private static final double LOAD = 0.8;

    /** Starting empty is forgotten after some 72 s at this load: the relaxation time E[S] / (1 − √ρ)² of the M/M/1. */
    private static final double WARM_UP_SECONDS = 2000;

    private static final int SERVERS = 4;
    private static final int ROOM = 5;
    private static final int TIMED_EVENTS = 2_000_000;
    private static final int TIMED_RUNS = 7;

    private SimulationBench() {}

    /**
     * One queue.
     *
     * @param name in Kendall's notation
     * @param load offered to each server
     * @param meanWaitSeconds simulated, mean of the replications
     * @param expectedSeconds what theory says
     * @param standardErrorSeconds of the simulated mean
     * @param lossShare of the jobs that came
     * @param expectedLossShare what theory says
     * @param lossStandardError of the simulated share
     * @param littleGap greatest relative gap of Little's law in a replication
     */
    public record QueueFigures(
            String name,
            double load,
            double meanWaitSeconds,
            double expectedSeconds,
            double standardErrorSeconds,
            double lossShare,
            double expectedLossShare,
            double lossStandardError,
            double littleGap) {
        /** How many standard errors the simulated wait lies from the expected one. */
        public double sigmas() {
            return (meanWaitSeconds - expectedSeconds) / standardErrorSeconds;
        }
    }

    /**
     * All of it.
     *
     * @param replications of each queue
     * @param horizonSeconds simulated time of each
     * @param eventsPerSecond of one core on the M/M/1, by processor time, median of {@value #TIMED_RUNS} runs
     * @param manyPendingEventsPerSecond the same with {@value #MANY_PENDING} events pending, each scheduling its successor
     */
    public record Figures(
            List<QueueFigures> queues,
            int replications,
            double horizonSeconds,
            double eventsPerSecond,
            double manyPendingEventsPerSecond) {}

    private record Known(QueueSpec spec, double waitSeconds, double loss) {}

    /**
     * Runs it.
     *
     * @param replications at least 2
     * @param horizonSeconds simulated, after the warm-up
     * @param threads replications side by side; the figures of the queues do not depend on it
     */
    public static Figures run(int replications, double horizonSeconds, int threads, long seed) {
        Checks.within("replications", replications, 2, 1 << 20);
        Checks.within("horizon", horizonSeconds, 1000, 1e9);
        List<QueueFigures> queues = known().stream()
                .map(q -> measure(q, replications, horizonSeconds, threads, RandomStreams.of(seed)))
                .toList();
        return new Figures(queues, replications, horizonSeconds, speed(seed), speedWithManyPending(seed));
    }

    private static List<Known> known() {
        Durations second = new Durations.Exponential(1);
        Durations service = new Durations.Exponential(LOAD);
        Durations shared = new Durations.Exponential(SERVERS * LOAD);
        Durations constant = new Durations.Constant(LOAD);
        Durations erlang = new Durations.Erlang(4, LOAD);
        return List.of(
                new Known(QueueSpec.of("M/M/1", second, service, 1), ClosedForms.waitOfMG1(1, service), 0),
                new Known(
                        QueueSpec.of("M/M/" + SERVERS, second, shared, SERVERS),
                        ClosedForms.waitOfMMc(1, shared.mean(), SERVERS),
                        0),
                new Known(QueueSpec.of("M/D/1", second, constant, 1), ClosedForms.waitOfMG1(1, constant), 0),
                new Known(QueueSpec.of("M/G/1", second, erlang, 1), ClosedForms.waitOfMG1(1, erlang), 0),
                new Known(
                        new QueueSpec("M/M/1/" + ROOM, second, service, 1, ROOM),
                        ClosedForms.waitOfMM1K(1, LOAD, ROOM),
                        ClosedForms.lossOfMM1K(1, LOAD, ROOM)));
    }

    private static QueueFigures measure(
            Known known, int replications, double horizonSeconds, int threads, RandomStreams streams) {
        List<Station> stations = Replications.run(replications, threads, r -> {
            SingleQueue queue = new SingleQueue(known.spec(), streams, r);
            queue.run(WARM_UP_SECONDS);
            queue.station().restart();
            queue.run(WARM_UP_SECONDS + horizonSeconds);
            return queue.station();
        });
        MeanInterval waits = MeanInterval.student(
                stations.stream().mapToDouble(Station::meanWaitSeconds).toArray());
        MeanInterval losses = MeanInterval.student(stations.stream()
                .mapToDouble(s -> (double) s.lost() / s.arrivals())
                .toArray());
        double root = Math.sqrt(replications);
        return new QueueFigures(
                known.spec().name(),
                known.spec().load(),
                waits.mean(),
                known.waitSeconds(),
                waits.deviation() / root,
                losses.mean(),
                known.loss(),
                losses.deviation() / root,
                stations.stream().mapToDouble(Station::littleGap).max().orElseThrow());
    }

    private static double speed(long seed) {
        QueueSpec spec = known().get(0).spec();
        SingleQueue queue = new SingleQueue(spec, RandomStreams.of(seed), 0);
        return timed(() -> queue.runEvents(TIMED_EVENTS));
    }

    private static double speedWithManyPending(long seed) {
        Calendar calendar = new Calendar();
        RandomStream random = RandomStream.of(RandomStreams.of(seed), "many pending", 0);
        for (int i = 0; i < MANY_PENDING; i++) {
            calendar.schedule(random.exponential(), 0, i, 0);
        }
        return timed(() -> calendar.runEvents(
                (kind, entity, item) -> calendar.scheduleAfter(random.exponential(), kind, entity, item),
                TIMED_EVENTS));
    }

    private static double timed(Runnable events) {
        events.run();
        double[] rates = new double[TIMED_RUNS];
        for (int i = 0; i < TIMED_RUNS; i++) {
            long start = ThreadClock.nanos();
            events.run();
            rates[i] = TIMED_EVENTS * 1e9 / (ThreadClock.nanos() - start);
        }
        return Samples.median(rates);
    }
}
