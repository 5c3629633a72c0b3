package org.qexit.nn.training;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.qexit.common.Json;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.Network;
import org.qexit.nn.TrainingConfig;

/**
 * A training at the end of its warm-up, where trainings with different surrogates, budgets or thresholds part: what they share is
 * trained once. Immutable; several threads may go on from one.
 */
public final class WarmStart {
    /** The settings of {@link TrainingConfig} that do nothing before the surrogate sets in. */
    private static final Set<String> LATER = Set.of(
            "offloadBudget",
            "exitWeights",
            "criticalWeight",
            "surrogate",
            "surrogateWeight",
            "steepnessStart",
            "steepnessEnd",
            "dualStep",
            "thresholds",
            "lower",
            "upper",
            "losses",
            "margin",
            "multiplier",
            "falsePositiveCap",
            "thresholdMemory",
            "patience",
            "calibrate",
            "engine");

    private final String fingerprint;
    private final TrainingState state;
    private final float[] parameters;
    private final float[] optimiser;

    private WarmStart(String fingerprint, TrainingState state, float[] parameters, float[] optimiser) {
        this.fingerprint = fingerprint;
        this.state = state;
        this.parameters = parameters;
        this.optimiser = optimiser;
    }

    /** Whether trainings by the two may go on from one warm-up: they differ in nothing that acts before its end. */
    public static boolean shared(TrainingConfig one, TrainingConfig other) {
        return settings(one).equals(settings(other));
    }

    /** What makes two warm-ups the same. */
    static String fingerprint(ModelConfig model, TrainingConfig config, TrainingData data, long seed) {
        return Checkpoint.fingerprint(model, Json.compact(TrainingConfig.DEFAULT), data, seed) + settings(config);
    }

    private static String settings(TrainingConfig config) {
        Map<?, ?> all = Json.parse("training settings", Json.compact(config), Map.class);
        Map<String, Object> settings = new TreeMap<>();
        all.forEach((name, value) -> settings.put(name.toString(), value));
        settings.keySet().removeAll(LATER);
        settings.put("losses before the surrogate", config.terms(0));
        return Json.compact(settings);
    }

    static WarmStart of(String fingerprint, TrainingState state, Network network) {
        return new WarmStart(fingerprint, state, network.parameters(), network.optimiser());
    }

    TrainingState restore(String wanted, Network network, int stepsPerEpoch) {
        if (!fingerprint.equals(wanted)) {
            throw new IllegalArgumentException(
                    "the warm-up is of another training: " + fingerprint + "; expected " + wanted);
        }
        network.restore(parameters, optimiser, state.epochs() * stepsPerEpoch);
        return state;
    }

    /** Finished epochs. */
    public int epochs() {
        return state.epochs();
    }
}
