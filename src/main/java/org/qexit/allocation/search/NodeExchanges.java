package org.qexit.allocation.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.qexit.allocation.SearchPart;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.JointModel;
import org.qexit.allocation.problem.NodeKnapsack;

/**
 * Large neighbourhoods of an assignment, for fleets where single moves and swaps find nothing as bandwidth is scarce: all devices of a few
 * nodes are dealt anew among those nodes, by a brief branch and price of their own.
 *
 * <p>At device prices y let a node's loss be what its best set would earn more than the one that it has. As prices of the same devices
 * cancel, dealing anew gains at most the sum of its nodes' losses, so neighbourhoods with the largest sums come first. Some are tried side by
 * side, always as many, and the best is taken: the result depends on no number of processors. Not thread-safe.
 */
final class NodeExchanges {
    /** Below this gap, relative to the objective, the tree gains more. */
    private static final double LARGE_GAP = 0.005;

    /** Of the time that is left. */
    private static final double TIME_SHARE = 0.3;

    /** Nodes of a neighbourhood: the larger ones where the smaller have nothing more. */
    private static final int SMALL = 3;

    private static final int LARGE = 4;

    /** Nodes with the largest losses, from which neighbourhoods are made. */
    private static final int MOST_NODES = 12;

    /** Neighbourhoods tried side by side. */
    private static final int AT_ONCE = 4;

    private final Search search;
    private final JointModel model;

    NodeExchanges(Search search) {
        this.search = search;
        this.model = search.model();
    }

    /**
     * The assignment, or a better one if there is one in a neighbourhood and the gap is large.
     *
     * @param bound no assignment is worth more
     * @param y device prices of that bound
     */
    Assignment improve(Assignment assignment, double bound, double[] y) {
        if (model.nodes < SMALL || !search.options().uses(SearchPart.EXCHANGES)) {
            return assignment;
        }
        Search own = search.within(TIME_SHARE);
        Assignment best = assignment;
        Set<List<Integer>> tried = new HashSet<>();
        while (bound - best.value() > LARGE_GAP * Math.abs(bound + model.offset)
                && !own.deadline().passed()) {
            double[] loss = losses(best, y);
            List<List<Integer>> next = IntStream.rangeClosed(SMALL, Math.min(LARGE, model.nodes))
                    .mapToObj(size -> neighbourhoods(loss, size))
                    .flatMap(List::stream)
                    .filter(nodes -> !tried.contains(nodes))
                    .limit(AT_ONCE)
                    .toList();
            if (next.isEmpty()) {
                break;
            }
            tried.addAll(next);
            Assignment now = best;
            Assignment[] found = new Assignment[next.size()];
            IntStream.range(0, found.length).parallel().forEach(i -> found[i] = dealtAnew(own, now, y, next.get(i)));
            Assignment better = Primal.best(found);
            if (better != null && better.value() > best.value()) {
                Set<Integer> changed = new HashSet<>();
                for (int n = 0; n < model.devices; n++) {
                    if (better.node()[n] != now.node()[n]) {
                        changed.add(now.node()[n]);
                        changed.add(better.node()[n]);
                    }
                }
                tried.removeIf(nodes -> nodes.stream().anyMatch(changed::contains));
                best = better;
                search.note("nodes dealt anew", best, bound);
            }
        }
        return best;
    }

    /** Groups of nodes that could gain something, by falling sums of losses. */
    private List<List<Integer>> neighbourhoods(double[] loss, int size) {
        List<Integer> order = IntStream.range(0, model.nodes)
                .boxed()
                .sorted(Comparator.comparingDouble(j -> -loss[j]))
                .limit(MOST_NODES)
                .sorted()
                .toList();
        List<List<Integer>> groups = new ArrayList<>();
        choose(order, 0, size, new ArrayList<>(), groups);
        Comparator<List<Integer>> bySum = Comparator.comparingDouble(nodes -> -sum(loss, nodes));
        double least = Math.ulp(1.0) * Math.abs(model.worstValue());
        return groups.stream()
                .filter(nodes -> sum(loss, nodes) > least)
                .sorted(bySum)
                .toList();
    }

    private static void choose(
            List<Integer> from, int first, int size, List<Integer> chosen, List<List<Integer>> groups) {
        if (chosen.size() == size) {
            groups.add(List.copyOf(chosen));
            return;
        }
        for (int i = first; i < from.size(); i++) {
            chosen.add(from.get(i));
            choose(from, i + 1, size, chosen, groups);
            chosen.remove(chosen.size() - 1);
        }
    }

    private static double sum(double[] loss, List<Integer> nodes) {
        return nodes.stream().mapToDouble(j -> loss[j]).sum();
    }

    /** What each node could earn more than it does, at most. */
    private double[] losses(Assignment assignment, double[] y) {
        KnapsackPricing pricing = KnapsackPricing.quick(model, search.deadline());
        pricing.bound(y, Branch.root(model), new ArrayList<>(), NodePricing.QUICK);
        double[] loss = pricing.nodeBound.clone();
        for (int n = 0; n < model.devices; n++) {
            int j = assignment.node()[n];
            loss[j] -= y[n] + model.value[n][assignment.step()[n]] - model.penalty(n, j);
        }
        return loss;
    }

    /** The assignment with the devices of some nodes dealt anew among them, or null if that finds nothing better. */
    private Assignment dealtAnew(Search own, Assignment assignment, double[] y, List<Integer> group) {
        int[] nodes = group.stream().mapToInt(Integer::intValue).toArray();
        int[] devices = IntStream.range(0, model.devices)
                .filter(n -> group.contains(assignment.node()[n]))
                .toArray();
        JointModel part = model.part(devices, nodes);
        NodeKnapsack knapsack = new NodeKnapsack(part, NodePricing.QUICK).within(own.deadline());
        int[] present = Arrays.stream(devices)
                .map(n -> group.indexOf(assignment.node()[n]))
                .toArray();
        Assignment start = Assignment.divide(part, present, knapsack);
        if (start == null) {
            return null;
        }
        SolveOptions silent = search.options().withListener(note -> {});
        Search among = new Search(part, silent, own.deadline());
        BranchAndPrice tree = new BranchAndPrice(
                among, KnapsackPricing.quick(part, own.deadline()), new Dividing(part, knapsack), 0, true);
        tree.improve(start);
        tree.run(Arrays.stream(devices).mapToDouble(n -> y[n]).toArray());
        if (tree.incumbent().value() <= start.value()) {
            return null;
        }
        int[] whole = assignment.node().clone();
        for (int i = 0; i < devices.length; i++) {
            whole[devices[i]] = nodes[tree.incumbent().node()[i]];
        }
        return Assignment.divide(model, whole, new NodeKnapsack(model).within(own.deadline()));
    }

    /** Takes what it is given, where it fits. */
    private record Dividing(JointModel model, NodeKnapsack knapsack) implements Heuristics {
        @Override
        public Assignment round(int[] node) {
            return Assignment.divide(model, node, knapsack);
        }

        @Override
        public Assignment dive(int[] node, int dive, double bound) {
            return round(node);
        }
    }
}
