package org.qexit.tier.live.device;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.qexit.tier.live.security.Credentials;

/**
 * Which node is asked next. The planned one comes first; the others that were named are asked while it is away, if the plan knows them (with
 * TLS, only those whose certificate says a level that the device may use). A node that fails or asks to wait is left alone for a while:
 * as long as it asks, else 0.1 s, then twice as long each time, to 10 s, shortened at random by up to a half so that devices do not
 * come back together. A node in place of the planned one that refuses the device (403) is left alone until the plan changes.
 *
 * <p>May be used by several threads.
 */
final class NodeChoice {
    private static final double FIRST_SECONDS = 0.1;
    private static final double MOST_SECONDS = 10;
    private static final double LONGEST_ASKED_SECONDS = 600;
    private static final int FORBIDDEN = 403;
    private static final long NEVER = Long.MAX_VALUE;

    private final Credentials credentials;
    private final int level;
    private final SplittableRandom random;
    private final Consumer<String> log;
    private final Map<NodeAddress, State> states = new HashMap<>();
    private List<NodeAddress> order = List.of();

    private static final class State {
        private final NodeClient client;
        private long notBefore;
        private int failures;

        private State(NodeClient client) {
            this.client = client;
        }
    }

    /** @param log hears when a node goes away and when it is back */
    NodeChoice(Credentials credentials, int level, SplittableRandom random, Consumer<String> log) {
        this.credentials = credentials;
        this.level = level;
        this.random = random;
        this.log = log;
    }

    /**
     * Begins with a plan, or takes another one over.
     *
     * @param addresses that were named; one without an id is the planned node's
     * @param planned id of the device's node
     * @param known ids of the nodes that the plan has
     */
    synchronized void plan(List<NodeAddress> addresses, String planned, Set<String> known) {
        List<NodeAddress> chosen = new ArrayList<>();
        for (NodeAddress address : addresses) {
            if (address.id().isEmpty() || address.id().equals(planned)) {
                chosen.add(0, address);
            } else if (known.contains(address.id())) {
                chosen.add(address);
            } else {
                log.accept("node " + address + " is not in the plan: nothing is sent there");
            }
        }
        order = List.copyOf(chosen);
        for (NodeAddress address : order) {
            State state = states.computeIfAbsent(address, a -> new State(new NodeClient(a, credentials, level)));
            state.notBefore = state.notBefore == NEVER ? 0 : state.notBefore;
        }
        if (order.isEmpty()) {
            log.accept("no address of node '" + planned + "' was given: events wait until they are missed");
        }
    }

    /** The first that may be asked now; null if none. */
    synchronized NodeClient ready(long nowMicros) {
        for (NodeAddress address : order) {
            State state = states.get(address);
            if (state.notBefore <= nowMicros) {
                return state.client;
            }
        }
        return null;
    }

    /** When one may be asked next. */
    synchronized long readyMicros() {
        return order.stream()
                .mapToLong(address -> states.get(address).notBefore)
                .min()
                .orElse(NEVER);
    }

    /** Whether refusals by this node say nothing of the event: it stands in for another. */
    private boolean standsIn(NodeClient node) {
        return !order.isEmpty() && !order.get(0).equals(node.address());
    }

    /** Hears what a node did; says whether the event is to be tried elsewhere, or again. */
    synchronized boolean heard(NodeClient node, Reply reply, long nowMicros) {
        State state = states.get(node.address());
        if (reply instanceof Reply.Later later) {
            if (state.failures++ == 0) {
                log.accept("node " + node.address() + ": " + later.why() + "; trying again");
            }
            state.notBefore = Math.max(state.notBefore, nowMicros + waitMicros(state.failures, later.waitSeconds()));
            return true;
        }
        if (reply instanceof Reply.Refused refused && refused.status() == FORBIDDEN && standsIn(node)) {
            log.accept("node " + node.address() + ": " + refused.why() + "; it does not stand in for the planned one");
            state.notBefore = NEVER;
            return true;
        }
        if (state.failures > 0) {
            log.accept("node " + node.address() + ": answers again");
        }
        state.failures = 0;
        return reply instanceof Reply.Failed;
    }

    /** How long to wait after so many failures in a row. */
    private long waitMicros(int failures, double asked) {
        double own = Math.min(MOST_SECONDS, FIRST_SECONDS * Math.pow(2, Math.min(30, failures - 1)));
        double wait = asked > 0 ? Math.min(asked, LONGEST_ASKED_SECONDS) : own * (0.5 + 0.5 * random.nextDouble());
        return (long) Math.ceil(1e6 * wait);
    }

    /** After an event has failed so often at nodes that were well. */
    synchronized long againMicros(int tries, long nowMicros) {
        return nowMicros + waitMicros(tries, 0);
    }
}
