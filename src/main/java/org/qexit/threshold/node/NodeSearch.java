package org.qexit.threshold.node;

import java.util.List;
import org.qexit.common.Checks;
import org.qexit.common.UserError;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.Rate;
import org.qexit.trace.UpperThreshold;

/** The frontier between class accuracy and mean computation of an edge node's model, and choices from it. Immutable. */
public final class NodeSearch {
    private final NodeEvents events;
    private final long[] costs;
    private final List<ClassFrontier.Corner> corners;

    private NodeSearch(NodeEvents events, long[] costs) {
        this.events = events;
        this.costs = costs.clone();
        this.corners = ClassFrontier.of(events.scores(), costs).corners();
    }

    /**
     * @param costs multiply-accumulates of an event up to each exit, ascending, {@code [exit]}
     * @throws UserError if no event is offloaded
     */
    public static NodeSearch of(NodeEvents events, long[] costs) {
        if (events.offloads() == 0) {
            throw new UserError("none of " + events.size() + " events is offloaded: nothing to choose thresholds on");
        }
        return new NodeSearch(events, costs);
    }

    /**
     * A choice of thresholds, and what it does on the events it was made on.
     *
     * @param critical ids of the critical classes
     * @param lower l'
     * @param upper u'
     * @param events that were offloaded
     * @param accuracy class accuracy on them; a false alarm is right for a normal event
     * @param meanMacs multiply-accumulates of an event in the mean
     * @param fullMacs of an event that goes through the whole network
     * @param unitsPerEvent r = mean over full: what an event counts at a node, Eq. (13)
     */
    public record Choice(
            List<Integer> critical,
            float lower,
            UpperThreshold upper,
            int events,
            Rate accuracy,
            double meanMacs,
            long fullMacs,
            double unitsPerEvent) {
        public Choice {
            critical = List.copyOf(critical);
        }

        /** The pair. */
        public ClassThresholds thresholds() {
            return new ClassThresholds(lower, upper.value());
        }
    }

    /** Every corner, with ever more right answers at ever more computation. */
    public List<Choice> frontier() {
        return corners.stream().map(this::choice).toList();
    }

    /** Of an event that goes through the whole network. */
    public long fullMacs() {
        return costs[costs.length - 1];
    }

    /**
     * The most accurate thresholds whose mean computation is within a cap, and of those the cheapest.
     *
     * @param meanMacs the cap
     * @throws UserError if even the first exit alone costs more
     */
    public Choice within(double meanMacs) {
        Checks.nonNegative("cost cap", meanMacs);
        ClassFrontier.Corner best = null;
        for (ClassFrontier.Corner corner : corners) {
            best = corner.cost() <= meanMacs * events.offloads() ? corner : best;
        }
        if (best == null) {
            throw new UserError("the cap on the mean computation is " + meanMacs
                    + " multiply-accumulates; the first exit alone takes " + costs[0]);
        }
        return choice(best);
    }

    /**
     * The cheapest thresholds of at least this class accuracy, and of those the most accurate.
     *
     * @throws UserError if none are so accurate
     */
    public Choice reaching(double accuracy) {
        Checks.within("accuracy", accuracy, 0, 1);
        // A share that was computed from counts must be reached by those counts.
        double wanted = accuracy * events.offloads() * (1 - 1e-12);
        return corners.stream()
                .filter(corner -> corner.right() >= wanted)
                .findFirst()
                .map(this::choice)
                .orElseThrow(() -> new UserError("no thresholds have a class accuracy of " + accuracy + " on these "
                        + events.offloads() + " events; the best reach " + best().accuracy()));
    }

    /** The most accurate thresholds, at the least computation. */
    public Choice best() {
        return choice(corners.get(corners.size() - 1));
    }

    private Choice choice(ClassFrontier.Corner corner) {
        double mean = corner.cost() / (double) events.offloads();
        return new Choice(
                events.critical(),
                corner.thresholds().lower(),
                new UpperThreshold(corner.thresholds().upper()),
                events.offloads(),
                Rate.of(corner.right(), events.offloads()),
                mean,
                fullMacs(),
                fullMacs() == 0 ? 1 : mean / fullMacs());
    }
}
