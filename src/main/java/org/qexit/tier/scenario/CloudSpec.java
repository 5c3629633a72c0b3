package org.qexit.tier.scenario;

import java.util.List;
import java.util.Map;
import org.qexit.common.Checks;
import org.qexit.nn.node.ClassTrainingConfig;
import org.qexit.tier.cloud.AcceptanceRules;
import org.qexit.tier.cloud.CloudRules;
import org.qexit.tier.cloud.ReplayLimits;
import org.qexit.tier.cloud.TriggerRules;

/**
 * How the cloud server retrains the nodes' model under the policy {@code retrain}. Null stands for the default.
 *
 * @param newSamples labelled events to learn from that order a training, or null
 * @param onAlarm whether drift orders one; true unless another reason is given
 * @param everySeconds between orders, or null
 * @param alarmSamples labelled events to learn from after an alarm before the training
 * @param leastSeconds between two orders
 * @param labels of the events that reach the server, or null for those of {@code monitor}
 * @param heldOut share of the sources that are tested on
 * @param leastTested events that must wait for a test before a training
 * @param capacity of the replay store
 * @param deviceShare the part of a class's places in it that one device may have
 * @param delta of the test
 * @param margin of the test
 * @param tolerance how much of its utility a device may lose
 * @param toleranceOf of single devices, by id
 * @param trainingSeconds that a training takes
 * @param training of the candidates; epochs, batch, learningRate, schedule, patience, heldOutFraction, classWeights and exitWeights
 */
public record CloudSpec(
        Integer newSamples,
        Boolean onAlarm,
        Double everySeconds,
        Integer alarmSamples,
        Double leastSeconds,
        Scenario.Labels labels,
        Double heldOut,
        Integer leastTested,
        Integer capacity,
        Double deviceShare,
        Double delta,
        Double margin,
        Double tolerance,
        Map<String, Double> toleranceOf,
        Double trainingSeconds,
        ClassTrainingConfig training) {
    private static final int DEFAULT_ALARM_SAMPLES = 50;
    private static final double DEFAULT_HELD_OUT = 0.4;
    private static final int DEFAULT_TESTED = 20;
    private static final int DEFAULT_CAPACITY = 2000;
    private static final double DEFAULT_DEVICE_SHARE = 0.25;
    private static final double DEFAULT_DELTA = 0.05;
    private static final double DEFAULT_TOLERANCE = 0.25;
    private static final double DEFAULT_TRAINING_SECONDS = 60;

    /** Of training on: as long as from the beginning would forget more than it learns. */
    private static final ClassTrainingConfig DEFAULT_TRAINING =
            new ClassTrainingConfig(8, 32, 1e-3, null, null, 0.3, null, null);

    public CloudSpec {
        onAlarm = onAlarm == null ? newSamples == null && everySeconds == null : onAlarm;
        alarmSamples = alarmSamples == null ? DEFAULT_ALARM_SAMPLES : alarmSamples;
        leastSeconds = leastSeconds == null ? 0 : leastSeconds;
        heldOut = heldOut == null ? DEFAULT_HELD_OUT : heldOut;
        leastTested = leastTested == null ? DEFAULT_TESTED : leastTested;
        capacity = capacity == null ? DEFAULT_CAPACITY : capacity;
        deviceShare = deviceShare == null ? DEFAULT_DEVICE_SHARE : deviceShare;
        delta = delta == null ? DEFAULT_DELTA : delta;
        margin = margin == null ? 0 : margin;
        tolerance = tolerance == null ? DEFAULT_TOLERANCE : tolerance;
        toleranceOf = toleranceOf == null ? Map.of() : toleranceOf;
        trainingSeconds = Checks.nonNegative(
                "trainingSeconds", trainingSeconds == null ? DEFAULT_TRAINING_SECONDS : trainingSeconds);
        training = training == null ? DEFAULT_TRAINING : training;
        // Says at once what is wrong with the numbers.
        CloudRules checked = new CloudRules(
                new ReplayLimits(capacity, 2, deviceShare),
                new TriggerRules(newSamples, onAlarm, everySeconds, alarmSamples, leastSeconds),
                new AcceptanceRules(delta, margin, tolerance, toleranceOf),
                heldOut,
                leastTested,
                List.of(1),
                0);
        toleranceOf = checked.acceptance().toleranceOf();
    }

    /**
     * The rules of the server.
     *
     * @param classes K
     * @param critical ids of the critical classes, ascending
     */
    public CloudRules rules(int classes, List<Integer> critical, long seed) {
        return new CloudRules(
                new ReplayLimits(capacity, classes, deviceShare),
                new TriggerRules(newSamples, onAlarm, everySeconds, alarmSamples, leastSeconds),
                new AcceptanceRules(delta, margin, tolerance, toleranceOf),
                heldOut,
                leastTested,
                critical,
                seed);
    }
}
