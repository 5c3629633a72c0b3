package org.qexit.allocation;

import java.util.Arrays;

/**
 * The problem of one node: from its candidate devices pick a set and a step for each,
 *
 * <pre>  max Σ (reward_n + value_n[s_n])   s.t.   Σ need_n ≤ B,   Σ load_n[s_n] ≤ W</pre>
 *
 * a multiple-choice knapsack with two resources. Mandatory devices must be in; with all mandatory it is the exact division of a
 * node's compute. Method: for prices (α, β) of the two resources the Lagrangian bound of a partial choice is additive, so a
 * labelling over the devices keeps states (bandwidth, load, profit), drops those whose bound for any of several price pairs does
 * not beat the best known profit, and those dominated by another. The answer is exact unless more than {@code labelLimit}
 * labels are alive; then the best are kept and {@link #bound()} stays a valid bound. Not thread-safe: one per thread.
 */
final class NodeKnapsack {
    private static final double[] PRICE_FACTORS = {1, 0.6, 0.8, 1.25, 1.6, 0};
    private static final int PRICES = PRICE_FACTORS.length + 1;
    private static final int BISECTIONS = 44;

    private final JointModel model;
    private final int labelLimit;

    private int size;
    private int[] item;
    private boolean[] mandatory;
    private double[] reward;
    private double[] itemNeed;
    private double[] h;
    private double[] ratio;
    private int[] order;
    private double capB;
    private double capW;

    private double usedLoad;
    private double criticalRatio;
    private double splitGain;

    private final double[] alpha = new double[PRICES];
    private final double[] beta = new double[PRICES];
    private double[][] suffix = new double[PRICES][0];

    private double[] lb = new double[1024];
    private double[] lw = new double[1024];
    private double[] lp = new double[1024];
    private double[] nb = new double[4096];
    private double[] nw = new double[4096];
    private double[] np = new double[4096];
    private int[] nParent = new int[4096];
    private int[] nStep = new int[4096];
    private int[][] parents = new int[0][];
    private int[][] steps = new int[0][];

    private double bestProfit;
    private int bestLevel;
    private int bestLabel;
    private double bound;
    private int[] chosenItems = new int[0];
    private int[] chosenSteps = new int[0];
    private int chosen;
    private long labels;

    NodeKnapsack(JointModel model, int labelLimit) {
        this.model = model;
        this.labelLimit = labelLimit;
        resize(16);
    }

    private void resize(int n) {
        item = new int[n];
        mandatory = new boolean[n];
        reward = new double[n];
        itemNeed = new double[n];
        h = new double[n];
        ratio = new double[n];
        order = new int[n];
        suffix = new double[PRICES][n + 1];
        parents = new int[n][];
        steps = new int[n][];
    }

    /** Starts a problem at node {@code j}. */
    void begin(int j) {
        begin(model.bandwidth[j], model.compute[j]);
    }

    void begin(double bandwidthHz, double computeUnits) {
        size = 0;
        capB = bandwidthHz;
        capW = computeUnits;
    }

    /** Adds a device at {@code needHz} with a reward for serving it. */
    void add(int device, double needHz, double itsReward, boolean must) {
        if (size == item.length) {
            int[] oldItem = item;
            boolean[] oldMandatory = mandatory;
            double[] oldReward = reward;
            double[] oldNeed = itemNeed;
            resize(2 * size);
            System.arraycopy(oldItem, 0, item, 0, size);
            System.arraycopy(oldMandatory, 0, mandatory, 0, size);
            System.arraycopy(oldReward, 0, reward, 0, size);
            System.arraycopy(oldNeed, 0, itemNeed, 0, size);
        }
        item[size] = device;
        itemNeed[size] = needHz;
        reward[size] = itsReward;
        mandatory[size] = must;
        size++;
    }

    /**
     * Solves for a profit above {@code floor}.
     *
     * @return whether a choice with profit &gt; floor was found; then the accessors tell it. {@link #bound()} holds in any case,
     *     as max(floor, best profit) at least
     */
    boolean solve(double floor) {
        chosen = 0;
        bestLevel = -1;
        bestProfit = floor;
        double freeB = capB;
        double freeW = capW;
        for (int k = 0; k < size; k++) {
            if (mandatory[k]) {
                freeB -= itemNeed[k];
                freeW -= model.load[item[k]][0];
            }
        }
        if (freeB < 0 || freeW < 0) {
            bound = floor;
            return false;
        }
        prices();
        sortItems();
        suffixes();
        if (rootBound() <= floor) {
            bound = floor;
            return false;
        }
        label();
        if (bestLevel < 0) {
            return false;
        }
        backtrack();
        return true;
    }

    /** Lagrangian value at β, with α the price at which the fractional knapsack over bandwidth is solved; sets used load. */
    private double evaluate(double price) {
        double total = price * capW;
        double left = capB;
        usedLoad = 0;
        criticalRatio = 0;
        splitGain = 0;
        int count = 0;
        for (int k = 0; k < size; k++) {
            int n = item[k];
            int s = model.bestStep(n, price);
            h[k] = reward[k] + model.value[n][s] - price * model.load[n][s];
            if (mandatory[k]) {
                total += h[k];
                left -= itemNeed[k];
                usedLoad += model.load[n][s];
            } else if (h[k] > 0) {
                ratio[k] = h[k] / itemNeed[k];
                order[count++] = k;
            }
        }
        sortByRatio(order, count);
        for (int i = 0; i < count; i++) {
            int k = order[i];
            int n = item[k];
            double w = model.load[n][model.bestStep(n, price)];
            if (itemNeed[k] <= left) {
                left -= itemNeed[k];
                total += h[k];
                usedLoad += w;
            } else {
                double share = left / itemNeed[k];
                total += share * h[k];
                usedLoad += share * w;
                criticalRatio = ratio[k];
                splitGain = h[k];
                break;
            }
        }
        return total;
    }

    private void sortByRatio(int[] index, int count) {
        // Insertion sort is best for the few dozens that are usual; larger sets go through a long-keyed sort.
        if (count > 48) {
            long[] keys = new long[count];
            for (int i = 0; i < count; i++) {
                keys[i] = ~Double.doubleToRawLongBits(ratio[index[i]]) & ~0xFFFFL | index[i] & 0xFFFFL;
            }
            Arrays.sort(keys);
            for (int i = 0; i < count; i++) {
                index[i] = (int) (keys[i] & 0xFFFFL);
            }
            return;
        }
        for (int i = 1; i < count; i++) {
            int k = index[i];
            int p = i - 1;
            while (p >= 0 && ratio[index[p]] < ratio[k]) {
                index[p + 1] = index[p];
                p--;
            }
            index[p + 1] = k;
        }
    }

    /** Bisection for the compute price β that minimises the bound, then price pairs around it. */
    private void prices() {
        evaluate(0);
        double best = 0;
        if (usedLoad > capW) {
            double low = 0;
            double high = 1e-6;
            for (int i = 0; i < 100; i++) {
                evaluate(high);
                if (usedLoad <= capW) {
                    break;
                }
                low = high;
                high *= 4;
            }
            for (int i = 0; i < BISECTIONS && high - low > 1e-9 * high; i++) {
                double middle = (low + high) / 2;
                evaluate(middle);
                if (usedLoad > capW) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            best = high;
        }
        for (int q = 0; q < PRICE_FACTORS.length; q++) {
            beta[q] = best * PRICE_FACTORS[q];
            evaluate(beta[q]);
            alpha[q] = criticalRatio;
        }
        beta[PRICES - 1] = best;
        alpha[PRICES - 1] = alpha[0] * 0.7;
    }

    /** The devices whose choice is clearest come first, so that the labels multiply only at the end. */
    private void sortItems() {
        double[] clarity = new double[size];
        for (int k = 0; k < size; k++) {
            int s = model.bestStep(item[k], beta[0]);
            double gain =
                    reward[k] + model.value[item[k]][s] - beta[0] * model.load[item[k]][s] - alpha[0] * itemNeed[k];
            clarity[k] = mandatory[k] ? Double.MAX_VALUE : Math.abs(gain);
            ratio[k] = clarity[k];
            order[k] = k;
        }
        sortByRatio(order, size);
        int[] items = new int[size];
        boolean[] must = new boolean[size];
        double[] rewards = new double[size];
        double[] needs = new double[size];
        for (int i = 0; i < size; i++) {
            items[i] = item[order[i]];
            must[i] = mandatory[order[i]];
            rewards[i] = reward[order[i]];
            needs[i] = itemNeed[order[i]];
        }
        System.arraycopy(items, 0, item, 0, size);
        System.arraycopy(must, 0, mandatory, 0, size);
        System.arraycopy(rewards, 0, reward, 0, size);
        System.arraycopy(needs, 0, itemNeed, 0, size);
    }

    private void suffixes() {
        for (int q = 0; q < PRICES; q++) {
            double[] sum = suffix[q];
            sum[size] = 0;
            for (int k = size - 1; k >= 0; k--) {
                int n = item[k];
                int s = model.bestStep(n, beta[q]);
                double gain = reward[k] + model.value[n][s] - beta[q] * model.load[n][s] - alpha[q] * itemNeed[k];
                sum[k] = sum[k + 1] + (mandatory[k] ? gain : Math.max(0, gain));
            }
        }
    }

    private double rootBound() {
        double least = Double.POSITIVE_INFINITY;
        for (int q = 0; q < PRICES; q++) {
            least = Math.min(least, alpha[q] * capB + beta[q] * capW + suffix[q][0]);
        }
        return least;
    }

    private double labelBound(int level, double b, double w, double p) {
        double least = Double.POSITIVE_INFINITY;
        for (int q = 0; q < PRICES; q++) {
            double value = p + alpha[q] * (capB - b) + beta[q] * (capW - w) + suffix[q][level];
            if (value < least) {
                least = value;
            }
        }
        return least;
    }

    private void label() {
        int alive = 1;
        lb[0] = 0;
        lw[0] = 0;
        lp[0] = 0;
        double dropped = Double.NEGATIVE_INFINITY;
        int lastMandatory = -1;
        // Bandwidth and load that the mandatory devices still to come need at least.
        double mustB = 0;
        double mustW = 0;
        for (int k = 0; k < size; k++) {
            if (mandatory[k]) {
                lastMandatory = k;
                mustB += itemNeed[k];
                mustW += model.load[item[k]][0];
            }
        }
        if (lastMandatory < 0 && bestProfit < 0) {
            bestProfit = 0;
            bestLevel = 0;
            bestLabel = 0;
        }
        for (int k = 0; k < size; k++) {
            int n = item[k];
            double need = itemNeed[k];
            double[] loads = model.load[n];
            double[] values = model.value[n];
            if (mandatory[k]) {
                mustB -= need;
                mustW -= loads[0];
            }
            int count = 0;
            for (int a = 0; a < alive; a++) {
                if (!mandatory[k] && labelBound(k + 1, lb[a], lw[a], lp[a]) > bestProfit) {
                    count = push(count, lb[a], lw[a], lp[a], a, -1);
                }
                double b = lb[a] + need;
                if (b > capB - mustB) {
                    continue;
                }
                for (int s = 0; s < loads.length; s++) {
                    double w = lw[a] + loads[s];
                    if (w > capW - mustW) {
                        break;
                    }
                    double p = lp[a] + reward[k] + values[s];
                    boolean improves = k >= lastMandatory && p > bestProfit;
                    if (improves) {
                        bestProfit = p;
                        bestLevel = k + 1;
                        bestLabel = count;
                    }
                    // An improving label must be stored even if nothing can follow it: the answer is read back from it.
                    if (improves || labelBound(k + 1, b, w, p) > bestProfit) {
                        count = push(count, b, w, p, a, s);
                    }
                }
            }
            labels += count;
            int keep = bestLevel == k + 1 ? bestLabel : -1;
            int[] survivors = nonDominated(count, keep);
            int live = survivorCount;
            if (live > labelLimit) {
                live = beam(survivors, live, k + 1, keep);
                dropped = Math.max(dropped, beamDropped);
            }
            store(k, survivors, live, keep);
            alive = live;
            if (alive == 0) {
                break;
            }
        }
        bound = Math.max(bestProfit, dropped);
    }

    private int push(int count, double b, double w, double p, int parent, int step) {
        if (count == nb.length) {
            int larger = 2 * count;
            nb = Arrays.copyOf(nb, larger);
            nw = Arrays.copyOf(nw, larger);
            np = Arrays.copyOf(np, larger);
            nParent = Arrays.copyOf(nParent, larger);
            nStep = Arrays.copyOf(nStep, larger);
        }
        nb[count] = b;
        nw[count] = w;
        np[count] = p;
        nParent[count] = parent;
        nStep[count] = step;
        return count + 1;
    }

    private int survivorCount;
    private double beamDropped;
    private final LabelFront front = new LabelFront();

    private int[] nonDominated(int count, int keep) {
        int[] index = front.filter(nb, nw, np, count, keep);
        survivorCount = front.size();
        return index;
    }

    /** Keeps the {@code labelLimit} labels with the best bounds. */
    private int beam(int[] survivors, int live, int level, int keep) {
        double[] bounds = new double[live];
        for (int i = 0; i < live; i++) {
            int a = survivors[i];
            bounds[i] = a == keep ? Double.POSITIVE_INFINITY : labelBound(level, nb[a], nw[a], np[a]);
        }
        double[] sorted = bounds.clone();
        Arrays.sort(sorted);
        double cut = sorted[live - labelLimit];
        int kept = 0;
        beamDropped = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < live; i++) {
            if (bounds[i] > cut || bounds[i] == Double.POSITIVE_INFINITY) {
                survivors[kept++] = survivors[i];
            } else {
                beamDropped = Math.max(beamDropped, bounds[i]);
            }
        }
        return kept;
    }

    private void store(int level, int[] survivors, int live, int keep) {
        if (lb.length < live) {
            int larger = Math.max(live, 2 * lb.length);
            lb = new double[larger];
            lw = new double[larger];
            lp = new double[larger];
        }
        int[] parent = new int[live];
        int[] step = new int[live];
        for (int i = 0; i < live; i++) {
            int a = survivors[i];
            lb[i] = nb[a];
            lw[i] = nw[a];
            lp[i] = np[a];
            parent[i] = nParent[a];
            step[i] = nStep[a];
            if (a == keep) {
                bestLabel = i;
            }
        }
        parents[level] = parent;
        steps[level] = step;
    }

    private void backtrack() {
        if (chosenItems.length < size) {
            chosenItems = new int[size];
            chosenSteps = new int[size];
        }
        int at = bestLabel;
        for (int level = bestLevel - 1; level >= 0; level--) {
            int s = steps[level][at];
            if (s >= 0) {
                chosenItems[chosen] = item[level];
                chosenSteps[chosen++] = s;
            }
            at = parents[level][at];
        }
    }

    double profit() {
        return bestProfit;
    }

    /** No choice has a larger profit than this. */
    double bound() {
        return bound;
    }

    int chosen() {
        return chosen;
    }

    int chosenDevice(int i) {
        return chosenItems[i];
    }

    int chosenStep(int i) {
        return chosenSteps[i];
    }

    /** The compute price at which the relaxed problem was solved last. */
    double computePrice() {
        return beta[0];
    }

    double bandwidthPrice() {
        return alpha[0];
    }

    long labelsMade() {
        return labels;
    }
}
