package org.qexit.nn.training;

import java.util.Map;
import org.qexit.common.Checks;
import org.qexit.common.Provenance;
import org.qexit.common.RandomStreams;
import org.qexit.common.Version;
import org.qexit.data.Dataset;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.TrainingConfig;

/**
 * What a training is asked for.
 *
 * @param model with the shape of the data
 * @param aim what for, and how
 * @param data on what
 * @param random the run's streams
 * @param listener hears of every epoch
 */
record TrainingTask(
        ModelConfig model, TrainingAim aim, TrainingData data, RandomStreams random, TrainingListener listener) {
    TrainingTask {
        Checks.present("aim", aim);
        Checks.present("listener", listener);
        model = shaped(model, data);
        aim.check(model);
    }

    private static ModelConfig shaped(ModelConfig model, TrainingData data) {
        Dataset images = data.train().dataset();
        return model.forData(images);
    }

    /** How long and how fast. */
    TrainingConfig.Course course() {
        return aim.course();
    }

    /** Events of a step. */
    int batch() {
        return Math.min(aim.course().batch(), data.train().size());
    }

    int stepsPerEpoch() {
        return data.train().size() / batch();
    }

    /** The learning rate of a step of the whole training, from 0. */
    double learningRate(int step) {
        return aim.course().rate(step, stepsPerEpoch());
    }

    /** What makes two trainings the same. */
    String fingerprint() {
        return Checkpoint.fingerprint(model, aim.settings(), data, random.seed());
    }

    /** What makes two warm-ups the same. */
    String warmUpFingerprint() {
        return aim.warmUp(model, data, random.seed());
    }

    Provenance provenance() {
        Dataset images = data.train().dataset();
        return new Provenance(Version.current(), random.seed(), null, Map.of(images.name(), images.sha256()));
    }
}
