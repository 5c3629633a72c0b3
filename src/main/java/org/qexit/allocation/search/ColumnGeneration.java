package org.qexit.allocation.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.allocation.SearchPart;
import org.qexit.allocation.problem.JointModel;

/**
 * Bounds one subproblem of {@link BranchAndPrice}: device prices within a trust region around the best ones, from {@link CoverMaster}, and
 * sets for it from {@link NodePricing}. Not thread-safe.
 */
final class ColumnGeneration {
    private static final int ROUNDS = 400;
    /** Volume steps at the root, at most. */
    private static final int ASCENT = 240;

    /** Gap between a master and its best prices at which it has converged. */
    private static final double TOLERANCE = 1e-7;
    /** The part of a branch's gap at which branching gains more than further rounds. */
    private static final double EARLY = 0.01;

    /** So many rounds together must lower the bound by this part of the branch's gap, or branching is the better step. */
    private static final int WINDOW = 12;

    private static final double CREEP = 0.02;

    /** Rounds are cut short where the gap, relative to the objective, is at most this. */
    private static final double NEAR = 0.01;

    private static final double STEERING = 1e-3;
    private static final int STEERING_ROUNDS = 40;
    /** Labels per node at first; more once the sets found promise less than the labels left out may hide. */
    private static final int FIRST_LABELS = 1000;

    private static final int MORE_LABELS = 8;
    /** Labels where the gap is large: what more of them would prove is little beside it. */
    private static final int SOME_LABELS = 8000;

    /** How far below the best bound a volume step aims at most, as a share of the objective. */
    private static final double AIM = 0.01;

    /**
     * Prices are tried between the best ones and the master's, whose extreme points swing (Wentges, 1997): the weight of the best ones grows
     * where the bound rises towards the master's, else it falls (Pessoa and others, 2018).
     */
    private static final double FIRST_SMOOTH = 0.8;

    /** Multiple of the tolerance below which the master's own prices are tried. */
    private static final double LAST_DIGITS = 1000;

    private static final double MOST_SMOOTH = 0.9;
    private static final double LESS_SMOOTH = 0.1;
    private static final double MORE_SMOOTH = 0.1;
    private static final int PIVOTS = 20_000;
    /** Beyond this multiple of the worst value it is not the price that leaves a device uncovered. */
    private static final double DEAREST = 1e7;

    private final Search search;
    private final JointModel model;
    private final NodePricing pricing;
    private final Incumbent incumbent;
    /** What leaving a device uncovered costs. */
    private double big;

    /** Whether all bounds only steer, and the root's prices are good ones. */
    private final boolean brief;

    private int labels;
    private int most;

    ColumnGeneration(Search search, NodePricing pricing, Incumbent incumbent, boolean brief) {
        this.brief = brief;
        this.most = brief ? NodePricing.QUICK : NodePricing.LABELS;
        this.search = search;
        this.model = search.model();
        this.pricing = pricing;
        this.incumbent = incumbent;
        this.big = Math.max(1, pricing.dear());
    }

    /** A master with the sets of the pool that the branch admits. */
    CoverMaster master(Branch branch) {
        CoverMaster master = new CoverMaster(model.devices, model.nodes);
        for (int j = 0; j < model.nodes; j++) {
            pricing.pool(j).stream().filter(branch::admits).forEach(master::add);
        }
        return master;
    }

    /** Whether no more than a small part of the objective is open. */
    boolean near(double bound) {
        return bound - incumbent.value() <= NEAR * Math.abs(bound + model.offset);
    }

    /** Makes leaving devices uncovered dearer; false if it cannot be the price any more that leaves them uncovered. */
    boolean dearer() {
        if (big > DEAREST * (1 - pricing.worstValue())) {
            return false;
        }
        big *= 10;
        return true;
    }

    /** How the bounding of a branch ended. */
    enum End {
        /** Its bound cuts it off, or no set improves it. */
        CONVERGED,
        /** The last rounds gained less than branching does. */
        CREEPING,
        /** The deadline struck. */
        LATE
    }

    /** Column generation within a trust region around the best prices, until that pays no more. */
    End run(Branch branch, CoverMaster master) {
        if (brief) {
            return steer(branch, master);
        }
        int all = most;
        if (branch.depth > 0 && incumbent.exists() && !near(branch.bound)) {
            most = SOME_LABELS;
        }
        labels = search.options().uses(SearchPart.LABELS) ? FIRST_LABELS : most;
        End end = run(branch, master, TOLERANCE, ROUNDS);
        most = all;
        return end;
    }

    /** A few quick rounds for a branch whose bound only steers. */
    End steer(Branch branch, CoverMaster master) {
        int before = most;
        labels = NodePricing.QUICK;
        most = NodePricing.QUICK;
        End end = run(branch, master, STEERING, STEERING_ROUNDS);
        most = before;
        return end;
    }

    private End run(Branch branch, CoverMaster master, double tolerance, int rounds) {
        double[] centre = branch.prices;
        List<Column> fresh = new ArrayList<>();
        double best = pricing.bound(centre, branch, fresh, labels);
        double blur = pricing.blur(centre);
        accept(branch, centre, best);
        double radius = 0.1 * mean(centre);
        if (branch.depth == 0 && !brief) {
            best = ascend(branch, centre, best, fresh);
            centre = branch.prices;
            blur = Double.POSITIVE_INFINITY;
            radius = 0.5 * mean(centre);
        }
        double reference = Double.POSITIVE_INFINITY;
        boolean smooth = search.options().uses(SearchPart.SMOOTHING);
        double smoothing = FIRST_SMOOTH;
        // Where nothing is left to decide the last digit decides; where no good plan is known the root's whole program
        // leads to one.
        boolean open = search.options().uses(SearchPart.EARLY_BRANCHING)
                && (incumbent.exists() && branch.depth > 0 || near(best))
                && branch.isOpen();
        for (int round = 0; round < rounds; round++) {
            if (branch.bound <= incumbent.cutoff()) {
                return End.CONVERGED;
            }
            if (search.deadline().passed()) {
                return End.LATE;
            }
            if (open && round % WINDOW == WINDOW - 1) {
                if (reference - best < CREEP * (best - incumbent.value())) {
                    return End.CREEPING;
                }
                reference = best;
            }
            fresh.forEach(master::add);
            fresh.clear();
            master.box(centre, radius, big);
            master.solve(PIVOTS, search.deadline());
            double[] y = master.devicePrices();
            double predicted = best + master.cost();
            double converged = tolerance + 1e-9 * Math.abs(best);
            double enough = open ? Math.max(converged, EARLY * (best - incumbent.value())) : converged;
            if (predicted <= enough) {
                if (!master.boxed(big)) {
                    // Between the best prices and the master's the last digits are missing.
                    double last = pricing.bound(y, branch, fresh, labels);
                    if (last < best) {
                        accept(branch, y, last);
                    }
                    return predicted <= converged ? End.CONVERGED : End.CREEPING;
                }
                radius = Math.min(big, radius * 4);
                continue;
            }
            if (labels < most && predicted < 2 * blur) {
                labels = Math.min(most, MORE_LABELS * labels);
                double value = pricing.bound(centre, branch, fresh, labels);
                blur = pricing.blur(centre);
                if (value < best) {
                    best = value;
                    accept(branch, centre, best);
                }
                continue;
            }
            double used = !smooth || predicted <= LAST_DIGITS * converged ? 0 : smoothing;
            double[] trial = mix(centre, y, used);
            double value = pricing.bound(trial, branch, fresh, labels);
            double gained = best - value;
            if (gained <= 0 && fresh.isEmpty()) {
                if (used == 0) {
                    // The best sets are all known: what is left is what the labels left out may hide.
                    if (labels >= most) {
                        return End.CREEPING;
                    }
                    labels = Math.min(most, MORE_LABELS * labels);
                }
                smoothing = 0;
            } else if (slope(centre, y) < 0) {
                smoothing = Math.max(0, smoothing - LESS_SMOOTH);
            } else {
                smoothing = Math.min(MOST_SMOOTH, smoothing + MORE_SMOOTH * (1 - smoothing));
            }
            if (gained > 0) {
                best = value;
                centre = trial;
                blur = pricing.blur(trial);
                accept(branch, centre, best);
            }
            if (gained > 0.5 * (1 - used) * predicted) {
                radius = Math.min(big, radius * 2);
            } else if (gained < -predicted) {
                radius *= 0.7;
            }
            if (branch.depth == 0 && round % 10 == 9) {
                incumbent.note("node prices, " + pricing.poolSize() + " sets");
            }
        }
        return End.CREEPING;
    }

    /** Volume steps (Barahona and Anbil) from the centre: cheap progress, and sets from which the master can start. */
    private double ascend(Branch branch, double[] start, double startValue, List<Column> fresh) {
        double[] centre = start;
        double best = startValue;
        double[] missing = new double[model.devices];
        gap(missing, 1);
        double lambda = 0.3;
        int stale = 0;
        double reference = best;
        for (int it = 1; it <= ASCENT && !search.deadline().passed() && branch.bound > incumbent.cutoff(); it++) {
            double norm = 0;
            for (int n = 0; n < missing.length; n++) {
                norm += missing[n] < 0 && centre[n] == 0 ? 0 : missing[n] * missing[n];
            }
            if (norm < 1e-10) {
                break;
            }
            double aim = Math.max(incumbent.value(), best - AIM * Math.max(1e-3, Math.abs(best + model.offset)));
            double step = lambda * Math.max(best - aim, 1e-6) / norm;
            double[] trial = new double[missing.length];
            for (int n = 0; n < trial.length; n++) {
                trial[n] = Math.max(0, centre[n] + step * missing[n]);
            }
            double value = pricing.bound(trial, branch, fresh, FIRST_LABELS);
            gap(missing, 0.15);
            if (value < best) {
                best = value;
                centre = trial;
                accept(branch, centre, best);
                lambda = Math.min(1.5, lambda * 1.15);
                stale = 0;
            } else if (++stale >= 5) {
                lambda *= 0.66;
                stale = 0;
            }
            if (it % 30 == 0) {
                incumbent.note("node prices, " + pricing.poolSize() + " sets");
                double floor = !incumbent.exists() ? best - 0.05 * Math.abs(best + model.offset) : incumbent.value();
                if (reference - best < 0.03 * (best - floor)) {
                    break;
                }
                reference = best;
            }
        }
        return best;
    }

    /** Prices between the best ones and the master's. */
    private static double[] mix(double[] centre, double[] y, double share) {
        double[] mixed = new double[y.length];
        for (int n = 0; n < y.length; n++) {
            mixed[n] = share * centre[n] + (1 - share) * y[n];
        }
        return mixed;
    }

    /** Slope of the bound at the last prices in the direction from the best prices to the master's. */
    private double slope(double[] centre, double[] y) {
        double sum = 0;
        for (int n = 0; n < y.length; n++) {
            sum -= y[n] - centre[n];
        }
        for (Column column : pricing.bestColumn) {
            if (column != null) {
                for (int n : column.devices()) {
                    sum += y[n] - centre[n];
                }
            }
        }
        return sum;
    }

    /** Mixes 1 − (how many of the last sets hold each device) into the running mean. */
    private void gap(double[] missing, double share) {
        double[] last = new double[missing.length];
        Arrays.fill(last, 1);
        for (Column column : pricing.bestColumn) {
            if (column != null) {
                for (int n : column.devices()) {
                    last[n]--;
                }
            }
        }
        for (int n = 0; n < missing.length; n++) {
            missing[n] += share * (last[n] - missing[n]);
        }
    }

    private static double mean(double[] prices) {
        double sum = 0;
        for (double price : prices) {
            sum += price;
        }
        return Math.max(1e-6, sum / prices.length);
    }

    private void accept(Branch branch, double[] prices, double value) {
        branch.prices = prices;
        branch.bound = Math.min(branch.bound, value);
        if (branch.depth == 0) {
            incumbent.bound = Math.min(incumbent.bound, branch.bound);
        }
        if (branch.proof != null) {
            branch.proof.offer(prices, value, pricing.nodeBound, pricing.parameters());
        }
    }

    /** How much of device n is at node j in the master's solution. */
    double[][] shares(CoverMaster master) {
        double[][] share = new double[model.devices][model.nodes];
        double[] lambda = master.weights();
        for (int c = 0; c < lambda.length; c++) {
            if (lambda[c] > 1e-7) {
                Column column = master.columns().get(c);
                for (int n : column.devices()) {
                    share[n][column.node()] += lambda[c];
                }
            }
        }
        return share;
    }
}
