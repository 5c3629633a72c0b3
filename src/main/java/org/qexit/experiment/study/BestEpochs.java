package org.qexit.experiment.study;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.Supplier;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ThresholdChooser;
import org.qexit.nn.training.EpochRecord;
import org.qexit.nn.training.TrainingListener;
import org.qexit.threshold.Budget;
import org.qexit.threshold.BudgetSearch;
import org.qexit.threshold.Frontier;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

/**
 * Keeps for each of several budgets the epoch that the trainer would keep for it: the one whose model finds most critical held-out
 * events within the budget, then the one of least held-out loss. Follows one training, as its chooser and its listener.
 */
final class BestEpochs implements TrainingListener, ThresholdChooser {
    private final List<Double> budgets;
    private final Epoch[] best;
    private final int[] found;
    private final Runnable tick;
    private DeviceTrace heldOut;
    private Epoch last;

    /**
     * An epoch's model.
     *
     * @param number from 1
     * @param loss on the held-out events
     * @param heldOut its confidences there
     * @param model its parameters
     */
    record Epoch(int number, double loss, DeviceTrace heldOut, EarlyExitModel model) {}

    /**
     * @param budgets ascending
     * @param tick called after every epoch
     */
    BestEpochs(List<Double> budgets, Runnable tick) {
        this.budgets = budgets;
        this.best = new Epoch[budgets.size()];
        this.found = new int[budgets.size()];
        this.tick = tick;
    }

    @Override
    public Rule choose(DeviceTrace trace, double offloadBudget) {
        heldOut = trace;
        return TrainingRun.EXACT.choose(trace, offloadBudget);
    }

    @Override
    public void epochEnded(EpochRecord record) {
        throw new IllegalStateException("the trainer gave no model");
    }

    @Override
    public void epochEnded(EpochRecord record, Supplier<EarlyExitModel> model) {
        offer(new Epoch(record.epoch(), record.heldOutLoss(), heldOut, model.get()));
        tick.run();
    }

    /** Considers an epoch for every budget. */
    void offer(Epoch epoch) {
        last = epoch;
        long[] offloads = budgets.stream()
                .mapToLong(budget -> offloads(budget, epoch.heldOut.size()))
                .toArray();
        List<Frontier.Step> steps = BudgetSearch.of(epoch.heldOut).within(offloads, Integer.MAX_VALUE);
        for (int i = 0; i < best.length; i++) {
            int finds = steps.get(i).truePositives();
            if (best[i] == null || finds > found[i] || finds == found[i] && epoch.loss < best[i].loss) {
                best[i] = epoch;
                found[i] = finds;
            }
        }
    }

    /** The offloads that a budget allows among so many events. */
    static long offloads(double budget, int events) {
        return new Budget(null, BigDecimal.valueOf(budget)).of(events);
    }

    Epoch best(double budget) {
        return best[budgets.indexOf(budget)];
    }

    /** The latest epoch. */
    Epoch last() {
        return last;
    }
}
