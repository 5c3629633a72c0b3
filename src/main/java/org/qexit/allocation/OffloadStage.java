package org.qexit.allocation;

import org.qexit.common.RandomStreams;

/**
 * Stage A of the two-stage method (FREDI, arXiv 2609.15847), blind to scores: node and offload count R_n of each device,
 *
 * <pre>  max Σ ρ_n ln(R_n/|Φ_n|)   s.t.   Σ_{n at j} least bandwidth ≤ B_j,   Σ_{n at j} R_n · eventsPerPeriod/K ≤ W_j</pre>
 *
 * R_n runs from the least count at which the device's thresholds find a true positive (below it ln U_n is undefined) to |Φ_n|.
 * Concave in R, so that the prices' bound is nearly the optimum where bandwidth has room: then a climb over water levels closes
 * the gap in milliseconds; else {@link ExactSearch} does.
 */
final class OffloadStage {
    /** The gap to which its authors solve it. */
    static final double GAP = 1e-4;

    private static final int PRICE_STEPS = 600;
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
            weight[n] = problem.user(n).weight();
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
                .mapToDouble(node -> node.computeUnits())
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
                return ExactSearch.run(model, options, deadline);
            }
        }
        CapacityPrices prices = new CapacityPrices(model).run(PRICE_STEPS, Double.NEGATIVE_INFINITY, deadline);
        double enough = prices.bound - gap * Math.abs(prices.bound) / (1 + gap);
        Assignment quick = new Balancing(model, weight)
                .run(
                        Primal.start(model, prices),
                        (long) (options.effort() * PROPOSALS_PER_DEVICE * model.devices),
                        enough,
                        RandomStreams.of(options.seed()).stream("stage-a"),
                        deadline);
        Outcome outcome = new Outcome(quick, prices.bound, false, null, prices, null, 0);
        if (quick != null && quick.value() >= enough - 1e-12) {
            return outcome;
        }
        Outcome searched = ExactSearch.run(model, options.withGap(gap), deadline);
        boolean quickIsBetter = quick != null
                && (searched.assignment() == null
                        || quick.value() > searched.assignment().value());
        return quickIsBetter
                ? new Outcome(quick, Math.min(prices.bound, searched.bound()), false, null, prices, null, 0)
                : searched;
    }
}
