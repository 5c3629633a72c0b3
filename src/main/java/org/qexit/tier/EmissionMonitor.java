package org.qexit.tier;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.qexit.bundle.Emissions;
import org.qexit.common.Checks;

/**
 * Watches what a device emits for drift, without labels and without the exits that were not taken. It looks at the exit taken and its
 * decision together, and at the confidences of each exit among the events that reached it. The first events are what is normal; from then on
 * every event is bet against by a {@link ConformalMartingale} per view. With L exits there are L + 1 views, each alarms at a wealth of
 * (L + 1)/&alpha;: while events come in an order that means nothing, an alarm ever comes with probability at most &alpha;, however long it
 * watches. After an alarm it is over.
 *
 * <p>Knows no clock and no socket. Memory is bounded. For one thread at a time.
 */
public final class EmissionMonitor {
    private static final int MAX_EXITS = 64;
    private static final int LEVELS = Emissions.LEVELS;

    private final int exits;
    private final double level;
    private final SplittableRandom random;
    private final List<ConformalMartingale> views = new ArrayList<>();
    private long events;
    private Alarm raised;

    /**
     * Drift was noticed.
     *
     * @param view {@code decisions}, or {@code exit-1} and so on for the confidences of an exit
     * @param wealth of the gambler against it, at least (L + 1)/&alpha;
     * @param events watched until then
     */
    public record Alarm(String view, double wealth, long events) {}

    /**
     * @param exits L
     * @param learning events at the beginning that are only counted: what is normal
     * @param alpha probability of an alarm, ever, while nothing drifts, in (0, 1)
     * @param random breaks ties between equal values; independent of the events
     */
    public EmissionMonitor(int exits, int learning, double alpha, SplittableRandom random) {
        this.exits = Checks.within("exits", exits, 1, MAX_EXITS);
        Checks.within("learning", learning, 0, 1_000_000);
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha is " + alpha + "; expected between 0 and 1");
        }
        this.random = Checks.present("random", random);
        this.level = (exits + 1) / alpha;
        views.add(new ConformalMartingale(2 * exits, learning));
        for (int q = 0; q < exits; q++) {
            views.add(new ConformalMartingale(LEVELS, learning));
        }
    }

    /**
     * All that a monitor has seen, to go on from after a restart, as JSON.
     *
     * @param format {@value #FORMAT}
     * @param events watched
     * @param views the decisions', then those of each exit
     */
    public record State(String format, long events, List<ConformalMartingale.State> views) {
        public static final String FORMAT = "qexit.emissions/1";

        public State {
            if (!FORMAT.equals(format)) {
                throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
            }
            Checks.nonNegative("events", events);
            views = List.copyOf(Checks.present("views", views));
        }
    }

    /** What to go on from; of one that is not over. */
    public State state() {
        if (raised != null) {
            throw new IllegalStateException("it is over");
        }
        return new State(
                State.FORMAT,
                events,
                views.stream().map(ConformalMartingale::state).toList());
    }

    /**
     * Goes on from a state; otherwise as the constructor.
     *
     * @throws IllegalArgumentException if it is of a device with other exits
     */
    public static EmissionMonitor of(State state, int exits, int learning, double alpha, SplittableRandom random) {
        EmissionMonitor monitor = new EmissionMonitor(exits, learning, alpha, random);
        if (state.views().size() != exits + 1) {
            throw new IllegalArgumentException("views are " + state.views().size() + "; expected " + (exits + 1));
        }
        for (int view = 0; view <= exits; view++) {
            int values = view == 0 ? 2 * exits : LEVELS;
            monitor.views.set(view, ConformalMartingale.of(state.views().get(view), values, learning));
        }
        monitor.events = state.events();
        return monitor;
    }

    /**
     * One to which what a device emitted before is normal, so that it bets from the first event on.
     *
     * @param expected of the same device with the same thresholds
     */
    public static EmissionMonitor against(Emissions.Device expected, double alpha, SplittableRandom random) {
        int exits = expected.confidences().size();
        EmissionMonitor monitor = new EmissionMonitor(exits, 0, alpha, random);
        monitor.views.set(0, known(expected.decisions(), 2 * exits));
        for (int q = 0; q < exits; q++) {
            monitor.views.set(q + 1, known(expected.confidences().get(q), LEVELS));
        }
        return monitor;
    }

    /** A martingale that has only learnt. */
    private static ConformalMartingale known(Map<Integer, Integer> counts, int values) {
        List<Long> all = new ArrayList<>();
        int learnt = 0;
        for (int value = 0; value < values; value++) {
            int count = counts.getOrDefault(value, 0);
            learnt += count;
            all.add((long) count);
        }
        return ConformalMartingale.of(new ConformalMartingale.State(all, 0, 0, List.of(), List.of()), values, learnt);
    }

    /**
     * Takes an event's decision.
     *
     * @param exit that decided, from 1
     * @param critical whether it is offloaded
     * @param confidences of the exits that ran, first exit first: at least up to {@code exit}
     * @return the alarm, once, when there is one
     */
    public Optional<Alarm> see(int exit, boolean critical, float[] confidences) {
        Checks.within("exit", exit, 1, exits);
        Checks.within("number of confidences", confidences.length, exit, exits);
        if (raised != null) {
            return Optional.empty();
        }
        events++;
        look(0, Emissions.decision(exits, exit, critical));
        for (int q = 0; q < exit; q++) {
            look(q + 1, Emissions.level(confidences[q]));
        }
        return Optional.ofNullable(raised);
    }

    private void look(int view, int value) {
        ConformalMartingale martingale = views.get(view);
        martingale.see(value, random);
        if (raised == null && martingale.wealth() >= level) {
            raised = new Alarm(view == 0 ? "decisions" : "exit-" + view, martingale.wealth(), events);
        }
    }

    /** Events watched. */
    public long events() {
        return events;
    }

    /** Whether an alarm was raised: then it is over. */
    public boolean isOver() {
        return raised != null;
    }
}
