package org.qexit.nn.training;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qexit.common.Checks;
import org.qexit.common.Json;
import org.qexit.common.Progress;
import org.qexit.common.Provenance;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.common.Version;
import org.qexit.data.Dataset;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.Network;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.TrainingEngine;

/**
 * What a training is asked for.
 *
 * @param model with the shape of the data
 * @param aim what for, and how
 * @param data on what
 * @param random the run's streams
 * @param listener hears of every epoch
 * @param start whose parameters it begins with, or null for initial ones
 * @param threads that may work on a step; the result does not depend on it
 */
record TrainingTask(
        ModelConfig model,
        TrainingAim aim,
        TrainingData data,
        RandomStreams random,
        TrainingListener listener,
        EarlyExitModel start,
        int threads) {
    TrainingTask {
        Checks.present("aim", aim);
        Checks.present("listener", listener);
        model = shaped(model, data);
        aim.check(model);
        if (start != null && !start.config().equals(model)) {
            throw new UserError("training of model " + model.name() + ": begins with model "
                    + start.config().name() + ", which is another network");
        }
    }

    /** From initial parameters, on one thread. */
    TrainingTask(
            ModelConfig model, TrainingAim aim, TrainingData data, RandomStreams random, TrainingListener listener) {
        this(model, aim, data, random, listener, null, 1);
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
        String begun = start == null ? "" : "\nfrom " + start.sha256();
        return Checkpoint.fingerprint(model, aim.settings() + begun, data, random.seed());
    }

    /** The network that is trained, on the engine asked for; says so where that cannot run it. */
    Network network() {
        TrainingEngine wanted = course().engine();
        long budget = wanted == TrainingEngine.QEXIT ? Network.budget(model, batch(), threads) : 0;
        String obstacle = wanted == TrainingEngine.QEXIT ? Network.obstacle(model, batch(), budget) : null;
        if (obstacle != null) {
            Progress.say("qexit: training of " + model.name() + " runs on DL4J, for " + obstacle);
            wanted = TrainingEngine.DL4J;
        }
        return Network.forTraining(model, this::learningRate, wanted, threads, budget);
    }

    /** Puts a network where the training begins. */
    void begin(Network network) {
        if (start == null) {
            network.initialise(random);
        } else {
            network.initialise(start);
        }
    }

    /** The settings, one by one, for tables of runs: lists as text, groups by their names with dots between. */
    Map<String, Object> hyperparameters() {
        Map<String, Object> values = new TreeMap<>();
        values.put("model", model.name());
        values.put("seed", random.seed());
        values.put("data", data.train().dataset().name());
        flatten("", Json.parse("settings", aim.settings(), Map.class), values);
        return values;
    }

    private static void flatten(String prefix, Map<?, ?> settings, Map<String, Object> values) {
        settings.forEach((name, value) -> {
            if (value instanceof Map<?, ?> group) {
                flatten(prefix + name + ".", group, values);
            } else if (value instanceof List<?> list) {
                values.put(prefix + name, Json.compact(list));
            } else if (value != null) {
                values.put(prefix + name, value);
            }
        });
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
