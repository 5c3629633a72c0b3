package org.qexit.allocation.energy;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.qexit.allocation.problem.Deadline;

/** Annealing over the nodes of devices with {@link SetValue}, where energy has a weight and no node a power budget. Serves one thread. */
final class EnergyAnnealing {
    private static final int MEMORY = 400_000;

    private final EnergyModel model;
    private final SetValue values;
    private final SplittableRandom random;
    private final Map<Long, Double> known = new HashMap<>();
    /** {@code [node][device]}: keys of sets are sums of these. */
    private final long[][] key;

    private final double penalty;

    EnergyAnnealing(EnergyModel model, SplittableRandom random, double scale) {
        this.model = model;
        this.values = new SetValue(model, model.hull());
        this.random = random;
        this.penalty = 30 * scale;
        this.key = new long[model.nodes][model.devices];
        for (long[] row : key) {
            for (int n = 0; n < row.length; n++) {
                row[n] = random.nextLong();
            }
        }
    }

    /** From a placement, which need not fit, cooling from {@code hot} to {@code cold}; the best placement that fits, or null. */
    int[] run(int[] start, long moves, double hot, double cold, Deadline deadline) {
        Placed placed = new Placed(start.clone(), model.nodes);
        double now = 0;
        for (int j = 0; j < model.nodes; j++) {
            placed.score[j] = score(j, placed.members[j]);
            now += placed.score[j];
        }
        int[] best = null;
        double most = Double.NEGATIVE_INFINITY;
        for (long move = 0; move < moves && !deadline.passed(); move++) {
            double temperature = hot * Math.pow(cold / hot, (double) move / moves);
            int n = random.nextInt(model.devices);
            int from = placed.placement[n];
            int to = model.allowed[n][random.nextInt(model.allowed[n].length)];
            int other = -1;
            if (to != from && placed.members[to].length > 0 && random.nextInt(5) < 3) {
                other = placed.members[to][random.nextInt(placed.members[to].length)];
            }
            if (to == from || other >= 0 && model.linkTo[other][from] < 0) {
                continue;
            }
            Placed.Exchange exchange = placed.exchange(n, to, other);
            double newTo = score(to, exchange.there());
            double newFrom = score(from, exchange.here());
            double gain = newTo + newFrom - placed.score[to] - placed.score[from];
            if (gain < 0 && random.nextDouble() >= Math.exp(gain / temperature)) {
                continue;
            }
            placed.take(exchange, newFrom, newTo);
            now += gain;
            if (now > most && fits(placed.members)) {
                most = now;
                best = placed.placement.clone();
            }
        }
        return best;
    }

    private boolean fits(int[][] members) {
        for (int j = 0; j < members.length; j++) {
            if (members[j].length > 0 && !model.fits(j, members[j])) {
                return false;
            }
        }
        return true;
    }

    private double score(int j, int[] members) {
        if (members.length == 0) {
            return 0;
        }
        long name = 0;
        for (int n : members) {
            name += key[j][n];
        }
        Double seen = known.get(name);
        if (seen == null) {
            if (known.size() >= MEMORY) {
                known.clear();
            }
            seen = computed(j, members);
            known.put(name, seen);
        }
        return seen;
    }

    /** Where a set does not fit prices soar; what it lacks costs enough to be left soon. */
    private double computed(int j, int[] members) {
        if (model.fits(j, members)) {
            return values.of(j, members);
        }
        double hz = 0;
        double units = 0;
        double worst = 0;
        for (int n : members) {
            var curve = model.curves[n][model.linkTo[n][j]];
            hz += curve.leastHz();
            units += model.load[n][0];
            worst += model.fair[n][0] - model.wattCost[n][0] * curve.mostWatts();
        }
        double lack = Math.max(0, hz / model.bandwidth[j] - 1) + Math.max(0, units / model.compute[j] - 1);
        return worst - penalty * (0.1 + lack);
    }
}
