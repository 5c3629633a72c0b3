package org.qexit.allocation.search;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import org.qexit.allocation.SearchPart;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.JointModel;

/**
 * Branch and price: bounds by {@link NodePricing}, prices by {@link CoverMaster} with smoothing, branching on one pair of device
 * and node, best bound first. What the master says of a branch is also where short annealings start. All decisions depend on the model only, not on time, unless the deadline strikes.
 */
public final class BranchAndPrice {
    /** Branches between dives: at first, and after dives that find nothing better. */
    private static final int DIVE_EVERY = 8;

    private static final int DIVE_AT_LEAST_EVERY = 64;
    /** Branches of a brief search. */
    private static final int BRIEF = 3;

    /** Of a share: a pair that needs next to no bandwidth can be branched on, too. */
    private static final double SOME = 1e-3;

    private final Search search;
    private final JointModel model;
    private final NodePricing pricing;
    private final Heuristics heuristics;
    private final Incumbent incumbent;
    private final ColumnGeneration columns;
    private BoundTree proof;
    private final boolean brief;
    private long closed;
    private int dives;
    private int diveEvery = DIVE_EVERY / 2;
    private long nextDive;
    private Supplier<Assignment> primal = () -> null;
    private NodeExchanges exchanges;

    /** @param bound no assignment is worth more */
    public BranchAndPrice(Search search, NodePricing pricing, Heuristics heuristics, double bound) {
        this(search, pricing, heuristics, bound, false);
    }

    /** @param brief whether a few branches, whose bounds only steer, are all there is to it, from good prices */
    BranchAndPrice(Search search, NodePricing pricing, Heuristics heuristics, double bound, boolean brief) {
        this.search = search;
        this.model = search.model();
        this.pricing = pricing;
        this.heuristics = heuristics;
        this.incumbent = new Incumbent(search, bound, pricing.worstValue());
        this.brief = brief;
        this.columns = new ColumnGeneration(search, pricing, incumbent, brief);
    }

    /** With the knapsacks of the search's model. */
    static BranchAndPrice of(Search search, Assignment start, CapacityPrices prices) {
        BranchAndPrice tree = new BranchAndPrice(
                search,
                new KnapsackPricing(search.model(), search.options().uses(SearchPart.COLUMNS), search.deadline()),
                new AnnealingHeuristics(search, prices),
                prices.bound);
        tree.improve(start);
        tree.exchanges = new NodeExchanges(search);
        return tree;
    }

    /** A costly search for an incumbent, called once and only if the root's bound and rounding leave it open. */
    void beforeBranching(Supplier<Assignment> search) {
        primal = search;
    }

    public Assignment incumbent() {
        return incumbent.best();
    }

    public double bound() {
        return incumbent.bound;
    }

    /** What the tree proved, or null before it began. */
    public BoundTree proof() {
        return proof;
    }

    public long closed() {
        return closed;
    }

    /** Whether this bound ends the search. */
    boolean closed(double bound) {
        return incumbent.exists() && bound <= incumbent.cutoff();
    }

    /** Takes the node sets of a candidate, which may be null, for the master, and itself if it is the best. */
    public void improve(Assignment candidate) {
        if (candidate != null) {
            pricing.offer(candidate);
        }
        if (incumbent.improve(candidate)) {
            pricing.refine(search.options().slack(candidate.value() + model.offset));
        }
    }

    /** Searches until the gap is closed or the deadline strikes. The root begins at the better start. */
    public void run(double[]... starts) {
        double before = incumbent.bound;
        grow(starts);
        if (incumbent.bound > Double.NEGATIVE_INFINITY) {
            // A subproblem is closed when its bound is within the tolerance: that bound is what is proved, not the
            // incumbent.
            double proven = Math.min(before, proof.provenBound());
            incumbent.bound = Math.max(incumbent.value(), proven);
        }
    }

    private void grow(double[]... starts) {
        Branch root = Branch.root(model);
        root.bound = incumbent.bound;
        proof = root.proof;
        double least = Double.POSITIVE_INFINITY;
        for (double[] start : starts) {
            double value =
                    pricing.bound(start, root, new ArrayList<>(), brief ? NodePricing.QUICK : NodePricing.LABELS);
            if (value < least) {
                least = value;
                root.prices = start;
            }
        }
        PriorityQueue<Branch> open = new PriorityQueue<>(
                (a, b) -> a.bound != b.bound ? Double.compare(b.bound, a.bound) : b.depth - a.depth);
        open.add(root);
        while (!open.isEmpty()) {
            Branch branch = open.poll();
            incumbent.bound = Math.min(incumbent.bound, Math.max(branch.bound, incumbent.value()));
            if (branch.bound <= incumbent.cutoff()) {
                if (!incumbent.exists()) {
                    incumbent.bound = Double.NEGATIVE_INFINITY;
                }
                return;
            }
            if (search.deadline().passed() || brief && closed >= BRIEF) {
                return;
            }
            List<Branch> children = explore(branch);
            if (children == null) {
                incumbent.bound = Math.min(incumbent.bound, branch.bound);
                for (Branch other : open) {
                    incumbent.bound = Math.max(incumbent.bound, Math.min(other.bound, branch.bound));
                }
                return;
            }
            closed++;
            open.addAll(children);
            if (closed == 1 || closed % 20 == 0) {
                incumbent.note("search tree, " + open.size() + " open");
            }
        }
        incumbent.bound = incumbent.value();
    }

    /** Bounds one subproblem; returns its children (none if it is closed), or null if the deadline struck before. */
    private List<Branch> explore(Branch branch) {
        while (true) {
            CoverMaster master = columns.master(branch);
            ColumnGeneration.End end = columns.run(branch, master);
            if (branch.bound <= incumbent.cutoff()) {
                return List.of();
            }
            if (end == ColumnGeneration.End.LATE) {
                return null;
            }
            if (end == ColumnGeneration.End.CONVERGED && master.uncovered() > 1e-5) {
                if (!columns.dearer()) {
                    return List.of();
                }
                continue;
            }
            double[][] share = columns.shares(master);
            if (round(share) && branch.bound <= incumbent.cutoff()) {
                return List.of();
            }
            boolean diving = closed >= nextDive;
            Assignment dived = null;
            if (diving && search.options().uses(SearchPart.DIVES)) {
                double before = incumbent.value();
                dived = dive(branch, share);
                diveEvery = incumbent.value() > before ? DIVE_EVERY : Math.min(DIVE_AT_LEAST_EVERY, 2 * diveEvery);
                nextDive = closed + (brief || columns.near(incumbent.bound) ? diveEvery : 1);
                if (branch.bound <= incumbent.cutoff()) {
                    return List.of();
                }
            }
            if (branch.depth == 0) {
                improve(primal.get());
                if (branch.bound <= incumbent.cutoff()) {
                    return List.of();
                }
            }
            if (diving && exchanges != null && incumbent.exists() && !columns.near(incumbent.bound)) {
                // Below the root the best so far has been tried: neighbourhoods of something else lead elsewhere.
                Assignment start = branch.depth == 0 || dived == null ? incumbent.best() : dived;
                improve(exchanges.improve(start, incumbent.bound, branch.prices));
                if (branch.bound <= incumbent.cutoff()) {
                    return List.of();
                }
            }
            return split(branch, share);
        }
    }

    /** Tries what becomes of the assignment that takes each device's largest share. */
    private boolean round(double[][] share) {
        double before = incumbent.value();
        improve(heuristics.round(largest(share)));
        boolean better = incumbent.value() > before;
        if (better) {
            incumbent.note("rounding, " + closed + " closed");
        }
        return better;
    }

    /** The node of each device's largest share. */
    private int[] largest(double[][] share) {
        int[] node = new int[model.devices];
        for (int n = 0; n < model.devices; n++) {
            for (int j = 1; j < model.nodes; j++) {
                if (share[n][j] > share[n][node[n]]) {
                    node[n] = j;
                }
            }
        }
        return node;
    }

    /**
     * Looks for an assignment below a branch: fixes the pairs with the largest shares, a tenth of the devices at a time, and prices
     * again in between; what it ends with is polished.
     *
     * @return that, or null if it does not fit
     */
    private Assignment dive(Branch from, double[][] share) {
        Branch branch = from.child();
        double[][] current = share;
        while (true) {
            int open = fix(branch, current);
            if (open == 0) {
                break;
            }
            CoverMaster master = columns.master(branch);
            branch.bound = Double.POSITIVE_INFINITY;
            if (columns.steer(branch, master) == ColumnGeneration.End.LATE || branch.bound <= incumbent.cutoff()) {
                break;
            }
            current = columns.shares(master);
        }
        Assignment end = heuristics.dive(largest(current), dives++, incumbent.bound);
        improve(end);
        incumbent.note("dive");
        return end;
    }

    /** Fixes what is nearly whole and the largest shares beside; returns how many devices were still open before. */
    private int fix(Branch branch, double[][] share) {
        List<int[]> pairs = new ArrayList<>();
        for (int n = 0; n < model.devices; n++) {
            if (branch.options(n) > 1) {
                int top = -1;
                for (int j = 0; j < model.nodes; j++) {
                    if (branch.allows(n, j) && (top < 0 || share[n][j] > share[n][top])) {
                        top = j;
                    }
                }
                pairs.add(new int[] {n, top});
            }
        }
        pairs.sort((a, b) -> Double.compare(share[b[0]][b[1]], share[a[0]][a[1]]));
        int least = Math.max(1, model.devices / 10);
        for (int i = 0; i < pairs.size(); i++) {
            int[] pair = pairs.get(i);
            if (i < least || share[pair[0]][pair[1]] > 0.99) {
                for (int j = 0; j < model.nodes; j++) {
                    if (j != pair[1]) {
                        branch.forbid(pair[0], j);
                    }
                }
            }
        }
        return pairs.size();
    }

    /** Two children on a pair whose share is near one half and that takes much of its node's bandwidth, so that both sides change much. */
    private List<Branch> split(Branch branch, double[][] share) {
        int device = -1;
        int node = -1;
        double best = -1;
        for (int n = 0; n < model.devices; n++) {
            if (branch.options(n) < 2) {
                continue;
            }
            for (int j = 0; j < model.nodes; j++) {
                if (branch.allows(n, j)) {
                    double part = 0.5 - Math.abs(0.5 - Math.min(1, share[n][j]));
                    double score = part * (SOME + model.need[n][j] / model.bandwidth[j]);
                    if (score > best) {
                        best = score;
                        device = n;
                        node = j;
                    }
                }
            }
        }
        if (device < 0) {
            pricing.settle(branch);
            return List.of();
        }
        Branch with = branch.with(device, node);
        Branch without = branch.without(device, node);
        branch.proof.split(device, node);
        with.proof = branch.proof.with();
        without.proof = branch.proof.without();
        List<Branch> children = new ArrayList<>();
        for (Branch child : List.of(with, without)) {
            int only = child.only(device);
            if (only < 0 || pricing.fits(child, only)) {
                children.add(child);
            }
        }
        return children;
    }
}
