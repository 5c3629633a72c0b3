package org.qexit.experiment.cloud;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.qexit.common.RandomStreams;
import org.qexit.tier.live.cloud.LabelSource;
import org.qexit.tier.live.control.EventRecord;
import org.qexit.tier.scenario.Scenario;

/**
 * For trials, in which the truth is known: it is told late, and for a share of the events. Which events, their ids alone say, by a named
 * stream.
 */
public final class LateLabels implements LabelSource {
    private static final double ULP = 0x1p-53;
    private static final int SPARE_BITS = 11;

    /** Events that wait; with more, the newest get no label. */
    private static final int MOST_WAITING = 1 << 18;

    private final Function<EventRecord, Integer> truth;
    private final Scenario.Labels rules;
    private final RandomStreams random;
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    private record Waiting(Label label, double dueSeconds) {}

    /**
     * @param truth an event's class, or null where nobody knows it
     * @param rules share and delay
     */
    public LateLabels(Function<EventRecord, Integer> truth, Scenario.Labels rules, RandomStreams random) {
        this.truth = truth;
        this.rules = rules;
        this.random = random;
    }

    @Override
    public synchronized void came(EventRecord event, double nowSeconds) {
        Integer classId = truth.apply(event);
        boolean told = (random.seed("label/" + event.id()) >>> SPARE_BITS) * ULP < rules.share();
        if (classId != null && told && waiting.size() < MOST_WAITING) {
            waiting.add(new Waiting(new Label(event.id(), classId), nowSeconds + rules.delaySeconds()));
        }
    }

    @Override
    public synchronized List<Label> due(double nowSeconds) {
        List<Label> due = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.peek().dueSeconds() <= nowSeconds) {
            due.add(waiting.remove().label());
        }
        return due;
    }
}
