package org.qexit.tier.cloud;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.simulation.RandomStream;

/**
 * A bounded store of labelled events to learn from: one {@link Reservoir} per class, none of which a single device can fill. It holds ids; payloads lie
 * elsewhere under them. The same examples in the same order and the same stream give the same store, also after it was written and read.
 */
public final class ReplayStore {
    private static final String PURPOSE = "replay";

    private final ReplayLimits limits;
    private final RandomStream random;
    private final List<Reservoir> classes = new ArrayList<>();
    private final Set<String> events = new HashSet<>();
    private long offered;

    public ReplayStore(ReplayLimits limits, RandomStreams streams) {
        this.limits = Checks.present("limits", limits);
        random = RandomStream.of(streams, PURPOSE, 0);
        for (int c = 0; c < limits.classes(); c++) {
            classes.add(new Reservoir(limits));
        }
    }

    /**
     * The store whose state this is.
     *
     * @throws IllegalArgumentException if it is no state of any store
     */
    public static ReplayStore of(ReplayState state, RandomStreams streams) {
        ReplayStore store = new ReplayStore(state.limits(), streams);
        store.offered = state.offered();
        for (int c = 0; c < store.classes.size(); c++) {
            store.classes.get(c).restore(c, state.classes().get(c));
            for (Example example : store.classes.get(c).held()) {
                if (!store.events.add(example.event())) {
                    throw new IllegalArgumentException("event '" + example.event() + "' is held twice");
                }
            }
        }
        if (store.offered < store.size()) {
            throw new IllegalArgumentException(
                    "offered is " + store.offered + "; expected at least the " + store.size() + " held");
        }
        return store;
    }

    /**
     * Offers an example; one that is held already changes nothing.
     *
     * @return whether it is held now and was not before
     * @throws IllegalArgumentException for a class that the store does not have
     */
    public boolean offer(Example example) {
        Checks.within("classId of event " + example.event(), example.classId(), 0, limits.classes() - 1);
        if (events.contains(example.event())) {
            return false;
        }
        random.jumpTo(offered++);
        Reservoir.Outcome outcome = classes.get(example.classId()).offer(example, random);
        if (outcome.replaced() != null) {
            events.remove(outcome.replaced().event());
        }
        if (outcome.kept()) {
            events.add(example.event());
        }
        return outcome.kept();
    }

    /** After a drift: what is held counts as all that was seen, so that new examples get in as readily as into a store just filled. */
    public void renew() {
        classes.forEach(Reservoir::renew);
    }

    /** All examples held, class by class; a copy. */
    public List<Example> examples() {
        List<Example> all = new ArrayList<>();
        classes.forEach(reservoir -> all.addAll(reservoir.held()));
        return all;
    }

    public int size() {
        return events.size();
    }

    public ReplayState state() {
        return new ReplayState(
                limits, offered, classes.stream().map(Reservoir::state).toList());
    }
}
