package org.qexit.allocation.benders;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.linear.LinearSolver;
import org.qexit.allocation.problem.JointModel;

/**
 * The relaxed master of {@link BendersTree}, over pairs x_nj ∈ [0, 1] and node values θ_j ≤ 0,
 *
 * <pre>  max Σ_j θ_j   s.t.   Σ_j x_nj = 1 for each device,   every {@link Cut} found so far</pre>
 *
 * solved by ojAlgo's simplex method. Fixing pairs goes on from the last basis, which is about thirty times faster than a new
 * solve; new cuts need a new solver, so they are added in batches.
 */
final class BendersMaster {
    /** Cuts that have been slack for so many solves are dropped when the next solver is built. */
    private static final int MAX_AGE = 60;

    /**
     * The valid inequality Σ_i factor_i x_pair_i + [θ of {@code node}] ≤ limit.
     *
     * @param node whose value is bounded, or -1 for an inequality on assignments alone
     * @param pairs indices of pairs
     * @param factors {@code [position in pairs]}
     * @param limit right side
     */
    record Cut(int node, int[] pairs, double[] factors, double limit) {
        /** How far a point breaks it; positive if it does. */
        double violation(double[] x, double[] theta) {
            double sum = node < 0 ? -limit : theta[node] - limit;
            for (int i = 0; i < pairs.length; i++) {
                sum += factors[i] * x[pairs[i]];
            }
            return sum;
        }
    }

    private final JointModel model;
    final int pairs;
    /** {@code [pair]}. */
    final int[] device;

    final int[] node;
    /** {@code [device][link]}: its pairs, in the order of the model's allowed nodes. */
    final int[][] pairsOf;

    private final List<Cut> cuts = new ArrayList<>();
    private final List<int[]> ages = new ArrayList<>();
    private LinearSolver solver;
    private Optimisation.Result last;
    private final byte[] fixed;
    private boolean stale = true;

    /** Point of the last {@link #solve}. */
    final double[] x;

    final double[] theta;
    private double value;

    BendersMaster(JointModel model) {
        this.model = model;
        pairsOf = new int[model.devices][];
        int count = 0;
        for (int n = 0; n < model.devices; n++) {
            pairsOf[n] = new int[model.allowed[n].length];
            for (int i = 0; i < pairsOf[n].length; i++) {
                pairsOf[n][i] = count++;
            }
        }
        pairs = count;
        device = new int[pairs];
        node = new int[pairs];
        for (int n = 0; n < model.devices; n++) {
            for (int i = 0; i < pairsOf[n].length; i++) {
                device[pairsOf[n][i]] = n;
                node[pairsOf[n][i]] = model.allowed[n][i];
            }
        }
        fixed = new byte[pairs];
        x = new double[pairs];
        theta = new double[model.nodes];
    }

    int pair(int n, int j) {
        return pairsOf[n][Arrays.binarySearch(model.allowed[n], j)];
    }

    void add(Cut cut) {
        cuts.add(cut);
        ages.add(new int[1]);
        stale = true;
    }

    int cuts() {
        return cuts.size();
    }

    /**
     * Solves with pairs fixed as told.
     *
     * @param wanted {@code [pair]}: 0 free, 1 fixed at 1, -1 fixed at 0
     * @return whether the relaxation has a point; then {@link #x}, {@link #theta}, {@link #value()} are its optimum
     */
    boolean solve(byte[] wanted) {
        boolean warm = !stale;
        for (int p = 0; p < pairs && warm; p++) {
            if (wanted[p] != fixed[p]) {
                warm = solver.updateRange(p, wanted[p] > 0 ? 1 : 0, wanted[p] < 0 ? 0 : 1);
            }
        }
        System.arraycopy(wanted, 0, fixed, 0, pairs);
        if (!warm) {
            build();
        }
        last = last == null ? solver.solve() : solver.solve(last);
        if (!last.getState().isOptimal() && warm) {
            // A warm start may fail for numerical reasons: what it says of infeasibility is confirmed from scratch.
            build();
            last = solver.solve();
        }
        if (!last.getState().isOptimal()) {
            stale = true;
            return false;
        }
        for (int p = 0; p < pairs; p++) {
            x[p] = Math.min(1, Math.max(0, last.doubleValue(p)));
        }
        value = 0;
        for (int j = 0; j < theta.length; j++) {
            theta[j] = -last.doubleValue(pairs + j);
            value += theta[j];
        }
        for (int c = 0; c < cuts.size(); c++) {
            int[] age = ages.get(c);
            age[0] = cuts.get(c).violation(x, theta) > -1e-7 ? 0 : age[0] + 1;
        }
        return true;
    }

    /** Σ θ at the optimum: no assignment below the fixed pairs has a larger value. */
    double value() {
        return value;
    }

    private void build() {
        for (int c = cuts.size() - 1; c >= 0; c--) {
            if (ages.get(c)[0] > MAX_AGE) {
                cuts.remove(c);
                ages.remove(c);
            }
        }
        int variables = pairs + model.nodes;
        double[] cost = new double[variables];
        double[] lower = new double[variables];
        double[] upper = new double[variables];
        Arrays.fill(cost, pairs, variables, 1);
        for (int p = 0; p < pairs; p++) {
            lower[p] = fixed[p] > 0 ? 1 : 0;
            upper[p] = fixed[p] < 0 ? 0 : 1;
        }
        // Every assignment is worth more than this, so that the limit never binds.
        Arrays.fill(upper, pairs, variables, 1 - 2 * model.worstValue());
        LinearSolver.Builder builder =
                LinearSolver.newBuilder().objective(cost).lower(lower).upper(upper);
        for (int[] own : pairsOf) {
            double[] row = new double[variables];
            for (int p : own) {
                row[p] = 1;
            }
            builder.equality(1, row);
        }
        for (Cut cut : cuts) {
            double[] row = new double[variables];
            for (int i = 0; i < cut.pairs().length; i++) {
                row[cut.pairs()[i]] = cut.factors()[i];
            }
            if (cut.node() >= 0) {
                row[pairs + cut.node()] = -1;
            }
            builder.inequality(cut.limit(), row);
        }
        solver = builder.build();
        last = null;
        stale = false;
    }
}
