package org.qexit.nn.training;

import org.qexit.common.Checks;
import org.qexit.common.Json;
import org.qexit.common.Provenance;
import org.qexit.common.UserError;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.ThresholdChooser;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.TrainingEngine;
import org.qexit.nn.loss.LossTerm;
import org.qexit.nn.store.StoredModel;
import org.qexit.nn.training.utility.Multipliers;

/**
 * A device's model under an offload budget.
 *
 * @param config how
 * @param chooser of thresholds
 */
record UtilityAim(TrainingConfig config, ThresholdChooser chooser) implements TrainingAim {
    UtilityAim {
        Checks.present("training settings", config);
        Checks.present("threshold chooser", chooser);
    }

    @Override
    public TrainingConfig.Course course() {
        return config.course();
    }

    @Override
    public String settings() {
        return Json.compact(config.with(config.course().with(TrainingEngine.QEXIT)));
    }

    @Override
    public void check(ModelConfig model) {
        model.checkBinary();
        for (LossTerm term : config.losses().terms()) {
            if (term instanceof LossTerm.CrossEntropy entropy
                    && entropy.exitWeights() != null
                    && entropy.exitWeights().size() != model.exits()) {
                throw new UserError("training of model " + model.name() + ": exitWeights has "
                        + entropy.exitWeights().size() + " entries; expected one per exit, " + model.exits());
            }
        }
    }

    @Override
    public TrainingObjective begin(TrainingTask task) {
        return new UtilityObjective(task, this);
    }

    @Override
    public TrainingState initial(int exits) {
        SurrogateThresholds begun = SurrogateThresholds.initial(config.thresholds(), exits);
        return new TrainingState(
                0,
                0,
                Multipliers.ZERO,
                begun.lower(),
                begun.upper(),
                begun.perExit(),
                1,
                new double[exits],
                0,
                EpochSums.none(exits),
                java.util.List.of());
    }

    @Override
    public StoredModel stored(TrainedModel trained, Provenance provenance) {
        return trained.stored(config, provenance);
    }

    @Override
    public boolean isOf(StoredModel stored) {
        return stored.training() != null
                && stored.thresholds() != null
                && settings().equals(new UtilityAim(stored.training(), chooser).settings());
    }

    @Override
    public String warmUp(ModelConfig model, TrainingData data, long seed) {
        return WarmStart.fingerprint(model, config, data, seed);
    }
}
