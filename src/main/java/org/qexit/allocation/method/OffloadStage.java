package org.qexit.allocation.method;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.benders.BendersTree;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.problem.Staircase;
import org.qexit.allocation.search.CapacityPrices;
import org.qexit.allocation.search.ExactSearch;
import org.qexit.allocation.search.Outcome;
import org.qexit.allocation.search.Primal;
import org.qexit.allocation.search.Search;
import org.qexit.common.RandomStreams;

/**
 * Stage A of the two-stage method (FREDI, arXiv 2609.15847), blind to scores: node and offload count R_n of each device,
 *
 * <pre>  max Σ ρ_n ln(R_n/|Φ_n|)   s.t.   Σ_{n at j} least bandwidth ≤ B_j,   Σ_{n at j} R_n · eventsPerPeriod/K ≤ W_j</pre>
 *
 * R_n runs from the least count at which the device's thresholds find a true positive (below it ln U_n is undefined) to |Φ_n|.
 * Concave in R, so that the prices' bound is nearly the optimum where bandwidth has room: then a climb over water levels closes
 * the gap in milliseconds; else {@link BendersTree} does.
 */
final class OffloadStage {
    /** The gap to which its authors solve it. */
    static final double GAP = 1e-4;

    private static final int[] PRICE_STEPS = {40, 400, 2000};
    private static final int THIN_STEPS = 12;
    private static final double THIN_GAP = 1e-3;
    private static final long PROPOSALS_PER_DEVICE = 200;

    final JointModel model;
    private final double[] weight;
    private final int[] first;

    private OffloadStage(JointModel model, double[] weight, int[] first) {
        this.model = model;
        this.weight = weight;
        this.first = first;
    }

    static OffloadStage of(PlanningProblem problem) {
        int devices = problem.devices();
        double[][] need = new double[devices][problem.nodes()];
        double[][] load = new double[devices][];
        double[][] value = new double[devices][];
        double[] weight = new double[devices];
        int[] first = new int[devices];
        for (int n = 0; n < devices; n++) {
            for (int j = 0; j < problem.nodes(); j++) {
                need[n][j] = problem.needHz(n, j);
            }
            Staircase stairs = problem.staircase(n);
            first[n] = stairs.truePositives()[0] + stairs.falsePositives()[0];
            double perEvent = stairs.loads()[0] / first[n];
            int events = events(problem, n);
            weight[n] = problem.weight(n);
            load[n] = new double[events - first[n] + 1];
            value[n] = new double[load[n].length];
            for (int i = 0; i < load[n].length; i++) {
                load[n][i] = (first[n] + i) * perEvent;
                value[n][i] = weight[n] * Math.log((double) (first[n] + i) / events);
            }
        }
        double[] bandwidth = problem.instance().nodes().stream()
                .mapToDouble(node -> node.bandwidthHz())
                .toArray();
        double[] compute = problem.instance().nodes().stream()
                .mapToDouble(node -> node.eventsPerPeriod())
                .toArray();
        return new OffloadStage(new JointModel(need, load, value, bandwidth, compute), weight, first);
    }

    /** |Φ_n|. */
    static int events(PlanningProblem problem, int n) {
        return problem.instance().devices().get(n).trace().labels().length;
    }

    /** R_n at a step of {@link #model}. */
    int count(int n, int step) {
        return first[n] + step;
    }

    /** Solves to the gap asked for, {@link #GAP} at the least; the model's offset is 0, so values are true ones. */
    Outcome solve(SolveOptions options, Deadline deadline) {
        double gap = Math.max(GAP, options.gap());
        for (int[] allowed : model.allowed) {
            if (allowed.length == 0) {
                return ExactSearch.run(new Search(model, options, deadline));
            }
        }
        Balancing balancing = new Balancing(model, weight);
        SplittableRandom random = RandomStreams.of(options.seed()).stream("stage-a");
        long proposals = (long) (options.effort() * PROPOSALS_PER_DEVICE * model.devices);
        CapacityPrices prices = new CapacityPrices(model);
        Assignment best = null;
        // Where levels and bandwidth do not part the nodes, the first prices are the best ones already.
        for (int steps : PRICE_STEPS) {
            prices.run(steps, best == null ? Double.NEGATIVE_INFINITY : best.value(), deadline);
            int[] start = best == null ? Primal.start(model, prices) : best.node();
            best = Primal.best(best, balancing.run(start, proposals, enough(prices.bound, gap), random, deadline));
            if (closed(best, prices.bound, gap)) {
                return bounded(best, prices);
            }
        }
        if (best == null) {
            Outcome packed = ExactSearch.run(new Search(thinned(), options.withGap(THIN_GAP), deadline.part(0.5)));
            if (!(packed instanceof Outcome.Found found)) {
                // Thinning keeps the smallest loads: what does not fit there does not fit at all.
                return packed;
            }
            best = balancing.run(found.assignment().node(), proposals, enough(prices.bound, gap), random, deadline);
        }
        if (best == null || closed(best, prices.bound, gap) || prices.pairs() > BendersMethod.MAX_PAIRS) {
            return bounded(best, prices);
        }
        // The nodes' values are all but concave in the counts, which is what Benders cuts describe exactly.
        return new BendersTree(new Search(model, options.withGap(gap), deadline), prices, best, balancing::divide)
                .run(prices);
    }

    private static Outcome bounded(Assignment best, CapacityPrices prices) {
        return best == null
                ? Outcome.GaveUp.atLimits(prices.bound, prices)
                : Outcome.Found.bounded(best, prices.bound, prices);
    }

    private static double enough(double bound, double gap) {
        return bound - gap * Math.abs(bound) / (1 + gap);
    }

    private static boolean closed(Assignment best, double bound, double gap) {
        return best != null && best.value() >= enough(bound, gap) - 1e-12;
    }

    /** The same problem with a dozen counts per device, spread evenly in their logarithm. */
    private JointModel thinned() {
        double[][] load = new double[model.devices][];
        double[][] value = new double[model.devices][];
        for (int n = 0; n < model.devices; n++) {
            int steps = model.load[n].length;
            TreeSet<Integer> kept = new TreeSet<>();
            for (int i = 0; i < THIN_STEPS; i++) {
                double count = first[n] * Math.pow((double) (first[n] + steps - 1) / first[n], i / (THIN_STEPS - 1.0));
                kept.add(Math.min(steps - 1, (int) Math.floor(count + 1e-9) - first[n]));
            }
            load[n] = new double[kept.size()];
            value[n] = new double[kept.size()];
            int at = 0;
            for (int s : kept) {
                load[n][at] = model.load[n][s];
                value[n][at++] = model.value[n][s];
            }
        }
        return new JointModel(model.need, load, value, model.bandwidth, model.compute);
    }
}
