package org.qexit.allocation.problem;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The problem of one node: from its candidate devices pick a set and a step for each,
 *
 * <pre>  max Σ (reward_n + value_n[s_n])   s.t.   Σ need_n ≤ B,   Σ load_n[s_n] ≤ W</pre>
 *
 * a multiple-choice knapsack with two resources. Mandatory devices must be in; with all mandatory it is the exact division of a
 * node's compute. Method: labelling over the devices with states (bandwidth, load, profit); a label is dropped if another one
 * dominates it, or if {@link BandwidthTables} at one of several compute prices shows that no completion beats the best known profit. The
 * answer is exact unless more than {@code labelLimit} labels are alive; then the best are kept and {@link #bound()} stays a valid bound.
 * Not thread-safe: one per thread.
 */
public final class NodeKnapsack {
    /** Prices around the best one: where a partial choice has taken much or little load, another price is sharper. */
    private static final double[] PRICE_FACTORS = {1, 0.85, 1.18};

    private static final int PRICES = PRICE_FACTORS.length;
    /** Golden-section steps in search of the compute price whose bandwidth knapsack gives the least bound. */
    private static final int SECTIONS = 4;

    private static final int BISECTIONS = 44;
    /** Labels of the first, quick pass, which usually finds the best choice. */
    private static final int BEAM = 64;
    /** Labels alive at once for the division of one node's compute, where a bound that is not exact does no harm. */
    public static final int DIVISION_LABELS = 20_000;

    /** Labels that are kept when time is up. */
    private static final int LATE = 200;

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

    private double linearBound;
    private double usedLoad;
    private double criticalRatio;

    private double alphaStar;
    private final double[] beta = new double[PRICES];
    private final BandwidthTables[] tables = new BandwidthTables[PRICES];
    private double[] profits;

    private final KnapsackLabels labels;
    private Deadline deadline;
    private boolean coarse;

    private double bestProfit;
    private int bestLevel;
    private int bestLabel;
    private double bound;
    /** {@code [level, label]} of each improvement of the pass under way. */
    private final List<int[]> improvements = new ArrayList<>();

    private final List<Choice> choices = new ArrayList<>();

    /** For dividing nodes' compute. */
    public NodeKnapsack(JointModel model) {
        this(model, DIVISION_LABELS);
    }

    /** @param labelLimit beyond so many labels alive the best are kept, and {@link #bound()} is only a bound */
    public NodeKnapsack(JointModel model, int labelLimit) {
        this.model = model;
        this.labelLimit = labelLimit;
        this.labels = new KnapsackLabels(model.wholeLoads);
        for (int q = 0; q < PRICES; q++) {
            tables[q] = new BandwidthTables();
        }
        resize(16);
    }

    /** Once the deadline has passed few labels are kept, so that what is under way ends soon: with a weaker bound, still a valid one. */
    public NodeKnapsack within(Deadline limit) {
        deadline = limit;
        return this;
    }

    /** Rounds bandwidth more coarsely in its completion bounds: quicker where few labels are kept, as the bounds then only steer. */
    public NodeKnapsack coarse() {
        coarse = true;
        return this;
    }

    private boolean isLate() {
        return deadline != null && deadline.passed();
    }

    private void resize(int n) {
        item = new int[n];
        mandatory = new boolean[n];
        reward = new double[n];
        itemNeed = new double[n];
        h = new double[n];
        ratio = new double[n];
        order = new int[n];
        profits = new double[n];
    }

    /** Starts a problem at node {@code j}. */
    public void begin(int j) {
        begin(model.bandwidth[j], model.compute[j]);
    }

    public void begin(double bandwidthHz, double computeUnits) {
        size = 0;
        capB = bandwidthHz;
        capW = computeUnits;
    }

    /** Adds a device at {@code needHz} with a reward for serving it. */
    public void add(int device, double needHz, double itsReward, boolean must) {
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
    public boolean solve(double floor) {
        return solve(floor, labelLimit);
    }

    /** {@link #solve(double)} with at most {@code limit} labels alive. */
    public boolean solve(double floor, int limit) {
        choices.clear();
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
        linearPrice();
        if (linearBound <= floor) {
            bound = floor;
            return false;
        }
        sortItems();
        sharpenPrice(floor);
        if (rootBound() <= floor) {
            bound = floor;
            return false;
        }
        for (int q = 1; q < PRICES; q++) {
            beta[q] = beta[0] * PRICE_FACTORS[q];
            fill(q);
        }
        // A narrow beam first: labels multiply unless a good profit is known, and the beam usually finds the best one.
        boolean found = pass(Math.min(BEAM, limit));
        if (bound > bestProfit && limit > BEAM && !isLate()) {
            found |= pass(limit);
        }
        return found;
    }

    private boolean pass(int limit) {
        bestLevel = -1;
        improvements.clear();
        label(limit);
        if (bestLevel < 0) {
            return false;
        }
        if (bestLevel == 0) {
            choices.add(new Choice(new int[0], new int[0]));
        }
        improvements.forEach(end -> choices.add(backtrack(end[0], end[1])));
        return true;
    }

    /** Lagrangian value at β, with α the price at which the fractional knapsack over bandwidth is solved; sets used load. */
    private double evaluate(double price) {
        double total = price * capW;
        double left = capB;
        usedLoad = 0;
        criticalRatio = 0;
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

    /** Bisection for the compute price that minimises the linear bound. */
    private void linearPrice() {
        linearBound = evaluate(0);
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
        if (best > 0) {
            linearBound = evaluate(best);
        }
        beta[0] = best;
        alphaStar = criticalRatio;
    }

    /** Golden-section search for the least of β W + T(B), a convex function of β, near the linear price. */
    private void sharpenPrice(double floor) {
        for (BandwidthTables table : tables) {
            table.layout(itemNeed, size, capB, coarse);
        }
        fill(0);
        if (beta[0] == 0 || rootBound() <= floor) {
            return;
        }
        double best = beta[0];
        double bestBound = rootBound();
        double low = best * 0.85;
        double high = best * 1.15;
        for (int i = 0; i < SECTIONS; i++) {
            boolean left = best - low > high - best;
            double trial = left ? best - 0.382 * (best - low) : best + 0.382 * (high - best);
            beta[0] = trial;
            fill(0);
            double value = rootBound();
            if (value <= floor) {
                return;
            }
            if (value < bestBound) {
                if (left) {
                    high = best;
                } else {
                    low = best;
                }
                best = trial;
                bestBound = value;
            } else if (left) {
                low = trial;
            } else {
                high = trial;
            }
        }
        beta[0] = best;
        fill(0);
    }

    private void fill(int q) {
        for (int k = 0; k < size; k++) {
            int n = item[k];
            int s = model.bestStep(n, beta[q]);
            profits[k] = reward[k] + model.value[n][s] - beta[q] * model.load[n][s];
        }
        tables[q].fill(profits, mandatory);
    }

    /** The devices whose choice is clearest come first, so that the labels multiply only at the end. */
    private void sortItems() {
        double[] clarity = new double[size];
        for (int k = 0; k < size; k++) {
            int s = model.bestStep(item[k], beta[0]);
            double gain =
                    reward[k] + model.value[item[k]][s] - beta[0] * model.load[item[k]][s] - alphaStar * itemNeed[k];
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

    private double rootBound() {
        return beta[0] * capW + tables[0].at(0, tables[0].cell(capB));
    }

    /** No completion of a label at {@code level} has a larger profit. */
    private double labelBound(int level, double b, double w, double p) {
        double least = Double.POSITIVE_INFINITY;
        int cell = tables[0].cell(capB - b);
        for (int q = 0; q < PRICES; q++) {
            double value = p + beta[q] * (capW - w) + tables[q].at(level, cell);
            if (value < least) {
                least = value;
            }
        }
        return least;
    }

    private double[][] stepPart = new double[PRICES][64];
    private final double[] bestPart = new double[PRICES];
    /** {@code [price][label that the device can join]}: the part of its completion's bound that all steps share. */
    private double[][] labelPart = new double[PRICES][1024];

    private int[] joins = new int[1024];

    /** value − β load of every step of item k, and the best of them. */
    private void prepareSteps(int k) {
        double[] loads = model.load[item[k]];
        double[] values = model.value[item[k]];
        if (stepPart[0].length < loads.length) {
            stepPart = new double[PRICES][2 * loads.length];
        }
        for (int q = 0; q < PRICES; q++) {
            double best = Double.NEGATIVE_INFINITY;
            for (int s = 0; s < loads.length; s++) {
                double part = values[s] - beta[q] * loads[s];
                stepPart[q][s] = part;
                best = Math.max(best, part);
            }
            bestPart[q] = best;
        }
    }

    /** Writes the labels that item k can join, and the part of the bound that all steps share; returns how many. */
    private int prepareJoins(int k, double mostB) {
        int alive = labels.alive();
        if (joins.length < alive) {
            joins = new int[2 * alive];
            labelPart = new double[PRICES][2 * alive];
        }
        double need = itemNeed[k];
        int count = 0;
        for (int a = 0; a < alive; a++) {
            double b = labels.b[a] + need;
            if (b > mostB) {
                continue;
            }
            double p = labels.p[a] + reward[k];
            double freeW = capW - labels.w[a];
            double least = Double.POSITIVE_INFINITY;
            int cell = tables[0].cell(capB - b);
            for (int q = 0; q < PRICES; q++) {
                double part = p + beta[q] * freeW + tables[q].at(k + 1, cell);
                labelPart[q][count] = part;
                least = Math.min(least, part + bestPart[q]);
            }
            // An improving label has a bound above the best profit, so none is lost here.
            if (least > bestProfit) {
                joins[count++] = a;
            }
        }
        return count;
    }

    private void label(int limit) {
        labels.begin(size);
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
        for (int k = 0; k < size && labels.alive() > 0; k++) {
            if (mandatory[k]) {
                mustB -= itemNeed[k];
                mustW -= model.load[item[k]][0];
            }
            extend(k, mustB, mustW, k >= lastMandatory);
            int level = k + 1;
            int keep = bestLevel == level ? bestLabel : -1;
            int most = isLate() ? Math.min(limit, LATE) : limit;
            if (labels.dropDominated(keep, bestProfit) > most) {
                dropped = Math.max(dropped, labels.narrow(most, keep));
            }
            int place = labels.close(k, keep);
            if (keep >= 0) {
                bestLabel = place;
                improvements.add(new int[] {level, place});
            }
        }
        bound = Math.max(bestProfit, dropped);
    }

    /** Makes the labels of level k: each without its device, where it may be left out, and with it at every step that fits. */
    private void extend(int k, double mustB, double mustW, boolean complete) {
        labels.open();
        prepareSteps(k);
        if (!mandatory[k]) {
            labels.openRun();
            for (int a = 0; a < labels.alive(); a++) {
                double limit = labelBound(k + 1, labels.b[a], labels.w[a], labels.p[a]);
                if (limit > bestProfit) {
                    labels.push(labels.b[a], labels.w[a], labels.p[a], limit, a, -1);
                }
            }
        }
        int count = prepareJoins(k, capB - mustB);
        for (int s = 0; s < model.load[item[k]].length; s++) {
            labels.openRun();
            step(k, s, count, capW - mustW, complete);
        }
    }

    /** Makes the run of labels that take item k at step s. */
    private void step(int k, int s, int count, double mostW, boolean complete) {
        double need = itemNeed[k];
        double load = model.load[item[k]][s];
        double value = model.value[item[k]][s];
        double gain = reward[k];
        double[] first = labelPart[0];
        double[] second = labelPart[1];
        double[] third = labelPart[2];
        double firstStep = stepPart[0][s];
        double secondStep = stepPart[1][s];
        double thirdStep = stepPart[2][s];
        double[] loads = labels.w;
        double[] profits = labels.p;
        int[] label = joins;
        for (int i = 0; i < count; i++) {
            double limit = Math.min(first[i] + firstStep, Math.min(second[i] + secondStep, third[i] + thirdStep));
            int a = label[i];
            double w = loads[a] + load;
            double p = profits[a] + gain + value;
            boolean improves = complete && p > bestProfit;
            // An improving label must be stored even if nothing can follow it: the answer is read back from it.
            if (w > mostW || !improves && limit <= bestProfit) {
                continue;
            }
            if (improves) {
                bestProfit = p;
                bestLevel = k + 1;
                bestLabel = labels.made();
            }
            labels.push(labels.b[a] + need, w, p, limit, a, s);
        }
    }

    private Choice backtrack(int level, int label) {
        int[] devices = new int[level];
        int[] steps = new int[level];
        int count = 0;
        int at = label;
        for (int k = level - 1; k >= 0; k--) {
            int s = labels.step(k, at);
            if (s >= 0) {
                devices[count] = item[k];
                steps[count++] = s;
            }
            at = labels.parent(k, at);
        }
        return new Choice(Arrays.copyOf(devices, count), Arrays.copyOf(steps, count));
    }

    /** The most value of these devices at node j with {@code units} of compute, −∞ if they do not fit. */
    public double divide(int j, int[] members, double units) {
        if (members.length == 0) {
            return 0;
        }
        begin(model.bandwidth[j], units);
        double least = 0;
        for (int n : members) {
            if (!(model.need[n][j] <= model.bandwidth[j])) {
                return Double.NEGATIVE_INFINITY;
            }
            add(n, model.need[n][j], 0, true);
            least += model.value[n][0];
        }
        return solve(least - 1) ? profit() : Double.NEGATIVE_INFINITY;
    }

    public double profit() {
        return bestProfit;
    }

    /** No choice has a larger profit than this. */
    public double bound() {
        return bound;
    }

    /** How many devices the best choice has; 0 if none was found. */
    public int chosen() {
        return choices.isEmpty() ? 0 : best().devices.length;
    }

    public int chosenDevice(int i) {
        return best().devices[i];
    }

    public int chosenStep(int i) {
        return best().steps[i];
    }

    private Choice best() {
        return choices.get(choices.size() - 1);
    }

    /** The choices that the last solution met, each worth more than the one before; the best one last. */
    public List<Choice> choices() {
        return Collections.unmodifiableList(choices);
    }

    /**
     * A set of devices with their steps.
     *
     * @param devices in no order
     * @param steps one for each device
     */
    public record Choice(int[] devices, int[] steps) {}
}
