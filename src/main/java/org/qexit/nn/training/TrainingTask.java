package org.qexit.nn.training;

import java.util.Map;
import org.qexit.common.Checks;
import org.qexit.common.Provenance;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.common.Version;
import org.qexit.data.Dataset;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.ThresholdChooser;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.loss.LossTerm;

/**
 * What a training is asked for.
 *
 * @param model with the shape of the data
 * @param config how
 * @param data on what
 * @param random the run's streams
 * @param chooser of thresholds
 * @param listener hears of every epoch
 */
record TrainingTask(
        ModelConfig model,
        TrainingConfig config,
        TrainingData data,
        RandomStreams random,
        ThresholdChooser chooser,
        TrainingListener listener) {
    TrainingTask {
        Checks.present("threshold chooser", chooser);
        Checks.present("listener", listener);
        model = shaped(model, data);
        for (LossTerm term : config.losses().terms()) {
            if (term instanceof LossTerm.CrossEntropy entropy
                    && entropy.exitWeights() != null
                    && entropy.exitWeights().size() != model.exits()) {
                throw new UserError("training of model " + model.name() + ": exitWeights has "
                        + entropy.exitWeights().size() + " entries; expected one per exit, " + model.exits());
            }
        }
    }

    private static ModelConfig shaped(ModelConfig model, TrainingData data) {
        Dataset images = data.train().dataset();
        try {
            return model.forInput(images.channels(), images.height(), images.width());
        } catch (IllegalArgumentException e) {
            throw new UserError("model " + model.name() + " on data set " + images.name() + ": " + e.getMessage(), e);
        }
    }

    /** Events of a step. */
    int batch() {
        return Math.min(config.course().batch(), data.train().size());
    }

    int stepsPerEpoch() {
        return data.train().size() / batch();
    }

    /** The learning rate of a step of the whole training, from 0. */
    double learningRate(int step) {
        return config.course().rate(step, stepsPerEpoch());
    }

    /** What makes two trainings the same. */
    String fingerprint() {
        return Checkpoint.fingerprint(model, config, data, random.seed());
    }

    /** What makes two warm-ups the same. */
    String warmUpFingerprint() {
        return WarmStart.fingerprint(model, config, data, random.seed());
    }

    Provenance provenance() {
        Dataset images = data.train().dataset();
        return new Provenance(Version.current(), random.seed(), null, Map.of(images.name(), images.sha256()));
    }
}
