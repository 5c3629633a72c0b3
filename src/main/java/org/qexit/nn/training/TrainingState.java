package org.qexit.nn.training;

import java.util.ArrayList;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.training.utility.HeldOutEvaluation;
import org.qexit.nn.training.utility.Multipliers;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;

/**
 * Where a training stands between two steps, beside parameters, optimiser and the scores of recent events. Random streams need no
 * state: each is derived anew from the run's seed, the epoch and the step.
 *
 * @param epochs finished ones
 * @param step finished steps of the epoch under way
 * @param multipliers the dual variables
 * @param lower l of the surrogate
 * @param upper u of the surrogate; null for "never"
 * @param perExit thresholds for each exit instead of the two; null for a pair
 * @param spread standard deviation of the held-out events' logits after the last epoch; the unit of the logit margin
 * @param accuracies of the exits on the held-out events, {@code [exit]}
 * @param bestEpoch from 1; 0 before the first
 * @param sums over the steps of the epoch under way
 * @param history the finished epochs
 */
record TrainingState(
        int epochs,
        int step,
        Multipliers multipliers,
        double lower,
        Double upper,
        ExitThresholds perExit,
        double spread,
        double[] accuracies,
        int bestEpoch,
        EpochSums sums,
        List<EpochRecord> history) {
    TrainingState {
        Checks.present("multipliers", multipliers);
        Checks.within("lower", lower, 0, 1);
        Checks.positive("spread", spread);
        Checks.present("accuracies", accuracies);
        Checks.present("sums", sums);
        history = List.copyOf(history);
        if (history.size() != epochs || bestEpoch < Math.min(1, epochs) || bestEpoch > epochs) {
            throw new IllegalArgumentException("epochs is " + epochs + ", bestEpoch " + bestEpoch + ", history has "
                    + history.size() + " entries; expected one entry per epoch, and the best among them");
        }
        if (step < 0 || step != sums.batches()) {
            throw new IllegalArgumentException(
                    "step is " + step + " and sums are of " + sums.batches() + " batches; expected as many");
        }
    }

    /** The surrogate's. */
    SurrogateThresholds thresholds() {
        return new SurrogateThresholds(lower, upper, perExit);
    }

    EpochRecord best() {
        return history.get(bestEpoch - 1);
    }

    /** Epochs since the best one. */
    int sinceBest() {
        return epochs - bestEpoch;
    }

    /** The same point of the training seen with another budget: the last epoch's thresholds are others, and it is the best so far. */
    TrainingState judgedAnew(Rule chosen, HeldOutEvaluation evaluation, TrainingConfig config) {
        EpochRecord last = history.get(epochs - 1).judgedAnew(chosen, evaluation);
        List<EpochRecord> all = new ArrayList<>(history.subList(0, epochs - 1));
        all.add(last);
        SurrogateThresholds begun = SurrogateThresholds.initial(config.thresholds(), accuracies.length);
        SurrogateThresholds next = config.thresholds().mode().searches() ? begun.chosen(chosen) : begun;
        return new TrainingState(
                epochs,
                step,
                multipliers,
                next.lower(),
                next.upper(),
                next.perExit(),
                spread,
                evaluation.accuracies(),
                epochs,
                sums,
                all);
    }

    TrainingState afterStep(Multipliers next, SurrogateThresholds moved, EpochSums nextSums) {
        return new TrainingState(
                epochs,
                step + 1,
                next,
                moved.lower(),
                moved.upper(),
                moved.perExit(),
                spread,
                accuracies,
                bestEpoch,
                nextSums,
                history);
    }

    TrainingState afterEpoch(EpochRecord record, SurrogateThresholds next, double nextSpread) {
        List<EpochRecord> all = new ArrayList<>(history);
        all.add(record);
        boolean better = bestEpoch == 0 || record.betterThan(best());
        return new TrainingState(
                record.epoch(),
                0,
                multipliers,
                next.lower(),
                next.upper(),
                next.perExit(),
                nextSpread,
                record.heldOutAccuracies().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray(),
                better ? record.epoch() : bestEpoch,
                EpochSums.none(accuracies.length),
                all);
    }
}
