package org.qexit.allocation.fleet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.UserError;
import org.qexit.edge.EdgeNode;

/**
 * Moves devices from overfull nodes to others with room, those first that lose least for the bandwidth that they free. Bandwidth and the
 * first steps' loads must fit; in the first rounds also loads at the prices are evened out, as far as there is room for them.
 */
public final class Repair {
    private static final int ROUNDS = 14;
    private static final int EVENING = 5;
    /** Shares of the bandwidth. */
    private static final double[] LEFT_FREE = {0.015, 0.03, 0.06};
    /** Loads at the prices may exceed compute by so much: steps are fewer then. */
    private static final double UNEVEN = 1.01;

    private final List<EdgeNode> nodes;
    private final Map<String, Integer> moved = new HashMap<>();
    private double[][] uses;
    /** Whether loads at the prices count, too. */
    private boolean evening;

    private Repair(List<EdgeNode> nodes) {
        this.nodes = nodes;
    }

    /**
     * A choice that fits, near prices that were found; where none is, near others that leave more bandwidth free.
     *
     * @throws UserError if none was found
     */
    public static Choice of(FleetWork work, List<EdgeNode> nodes, NodePrices prices) {
        for (int attempt = 0; ; attempt++) {
            try {
                return new Repair(nodes).run(work, prices.last());
            } catch (UserError e) {
                if (attempt == LEFT_FREE.length) {
                    throw e;
                }
                prices.leaving(LEFT_FREE[attempt]);
            }
        }
    }

    private Choice run(FleetWork work, Prices prices) {
        for (int round = 0; ; round++) {
            Choice choice = new Choice(prices, Map.copyOf(moved));
            uses = work.uses(choice);
            evening = round < EVENING;
            boolean[] overfull = new boolean[nodes.size()];
            int over = 0;
            for (int j = 0; j < overfull.length; j++) {
                overfull[j] = overfull(j);
                over += overfull[j] ? 1 : 0;
            }
            if (over == 0 && !evening) {
                return choice;
            }
            if (round == ROUNDS) {
                throw new UserError("no plan was found: " + over + " of " + nodes.size()
                        + " nodes are overfull, such as " + first(overfull)
                        + ". Maybe give nodes more bandwidth or compute");
            }
            if (over > 0) {
                move(work.candidates(choice, overfull));
            }
        }
    }

    private boolean overfull(int j) {
        return uses[0][j] > nodes.get(j).bandwidthHz()
                || uses[1][j] > nodes.get(j).eventsPerPeriod()
                || evening && uses[2][j] > UNEVEN * nodes.get(j).eventsPerPeriod();
    }

    private String first(boolean[] overfull) {
        int j = 0;
        while (!overfull[j]) {
            j++;
        }
        return nodes.get(j).id();
    }

    private void move(List<Candidate> candidates) {
        List<Candidate> order = new ArrayList<>(candidates);
        order.sort(Comparator.comparingDouble(Repair::price).thenComparing(Candidate::id));
        for (Candidate own : order) {
            int j = own.node();
            int to = overfull(j) ? best(own) : -1;
            if (to >= 0) {
                int i = own.to()[to];
                uses[0][j] -= own.hertz();
                uses[1][j] -= own.leastUnits();
                uses[2][j] -= own.units();
                uses[0][i] += own.toHertz()[to];
                uses[1][i] += own.leastUnits();
                uses[2][i] += own.toUnits()[to];
                moved.put(own.id(), i);
            }
        }
    }

    /** The place with room where a device loses least, or -1. */
    private int best(Candidate own) {
        int to = -1;
        for (int k = 0; k < own.to().length; k++) {
            int i = own.to()[k];
            boolean fits = uses[0][i] + own.toHertz()[k] <= nodes.get(i).bandwidthHz()
                    && uses[1][i] + own.leastUnits() <= nodes.get(i).eventsPerPeriod()
                    && (!evening
                            || uses[2][i] + own.toUnits()[k] <= nodes.get(i).eventsPerPeriod());
            if (fits && (to < 0 || own.loss()[k] < own.loss()[to])) {
                to = k;
            }
        }
        return to;
    }

    private static double price(Candidate own) {
        double least = Double.POSITIVE_INFINITY;
        for (double loss : own.loss()) {
            least = Math.min(least, loss);
        }
        return least / own.hertz();
    }
}
