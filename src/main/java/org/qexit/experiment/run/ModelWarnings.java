package org.qexit.experiment.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.qexit.common.Progress;
import org.qexit.common.Warning;
import org.qexit.data.LabelledSet;
import org.qexit.data.streams.DeviceStream;
import org.qexit.nn.training.EpochRecord;
import org.qexit.nn.training.TrainingData;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

/**
 * What makes a model useless though every command ends well: decided here, once, and shown by all. What the data alone tells comes before
 * the training.
 */
public final class ModelWarnings {
    /** A rate of so few events has an interval of 95 % that covers half of all rates. */
    private static final int FEW_POSITIVES = 5;
    /** The largest part of critical events that a budget should leave out by its size alone. */
    private static final double LEAST_REACHABLE = 0.5;
    /** Confidences closer together than this decide nothing. */
    private static final float SAME = 1e-6f;
    /** Epochs before a loss can be said not to fall. */
    private static final int EPOCHS_TO_FALL = 3;

    private ModelWarnings() {}

    /** Tells each on standard error. */
    public static List<Warning> say(List<Warning> warnings) {
        warnings.forEach(warning -> Progress.say(warning.toString()));
        return warnings;
    }

    /** What a training with this budget will meet. */
    static List<Warning> beforeTraining(TrainingData data, double offloadBudget) {
        List<Warning> warnings = new ArrayList<>();
        LabelledSet heldOut = data.heldOut();
        budget(warnings, "training.offloadBudget", offloadBudget, "held-out", heldOut.size(), heldOut.positives());
        fewPositives(warnings, "the training has ", "held-out", heldOut.positives());
        return warnings;
    }

    private static void budget(
            List<Warning> warnings, String setting, double share, String part, int events, int positives) {
        long offloads = (long) (share * events);
        if (offloads < 1) {
            warnings.add(new Warning(
                    "budget-below-one-event",
                    setting + " is " + share + ", less than one of the " + events + " " + part
                            + " events: nothing can be offloaded"));
        } else if (offloads < LEAST_REACHABLE * positives) {
            warnings.add(new Warning(
                    "budget-below-critical",
                    String.format(
                            Locale.ROOT,
                            "%s is %s, %d of the %d %s events, of which %d are critical: the TPR is at most %.3f",
                            setting,
                            share,
                            offloads,
                            events,
                            part,
                            positives,
                            offloads / (double) positives)));
        }
    }

    private static void fewPositives(List<Warning> warnings, String who, String part, int positives) {
        if (positives > 0 && positives < FEW_POSITIVES) {
            warnings.add(new Warning(
                    "few-critical-events",
                    who + positives + " critical " + part + " event" + (positives == 1 ? "" : "s")
                            + "; expected at least " + FEW_POSITIVES + " to choose thresholds on"));
        }
    }

    /** Devices that nothing can be chosen for, or told of. */
    static List<Warning> ofDevices(List<DeviceStream> devices) {
        List<Warning> warnings = new ArrayList<>();
        for (DeviceStream device : devices) {
            for (DeviceStream.Part part : DeviceStream.Part.values()) {
                LabelledSet events = device.part(part);
                if (events.size() > 0 && events.positives() == 0) {
                    warnings.add(new Warning(
                            "device-without-critical-events",
                            "device " + device.device() + ": none of its " + events.size() + " " + part.word()
                                    + " events is critical"));
                }
            }
            fewPositives(
                    warnings,
                    "device " + device.device() + ": ",
                    DeviceStream.Part.VALIDATION.word(),
                    device.validation().positives());
        }
        return warnings;
    }

    /**
     * How a training went.
     *
     * @param bestEpoch the epoch that is kept, from 1
     */
    public static List<Warning> ofTraining(String model, List<EpochRecord> history, int bestEpoch) {
        List<Warning> warnings = new ArrayList<>();
        EpochRecord first = history.get(0);
        EpochRecord last = history.get(history.size() - 1);
        if (!Double.isFinite(last.loss()) || !Double.isFinite(last.heldOutLoss())) {
            warnings.add(new Warning(
                    "training-diverged", "model " + model + ": the loss of epoch " + last.epoch() + " is no number"));
        } else if (history.size() >= EPOCHS_TO_FALL
                && history.stream().skip(1).allMatch(record -> crossEntropy(record) >= crossEntropy(first))) {
            warnings.add(new Warning(
                    "loss-not-falling",
                    String.format(
                            Locale.ROOT,
                            "model %s: the cross-entropy never fell below that of epoch 1, %.4f, and is %.4f after %d epochs."
                                    + " Maybe lower learningRate",
                            model,
                            crossEntropy(first),
                            crossEntropy(last),
                            history.size())));
        }
        EpochRecord best = history.get(bestEpoch - 1);
        if (best.heldOutTruePositiveRate() != null && best.heldOutTruePositiveRate() == 0) {
            warnings.add(new Warning(
                    "no-critical-event-found",
                    "model " + model + ": no critical held-out event is found within the budget, TPR 0"));
        } else if (best.hasThresholds() && !best.thresholds().offloads()) {
            warnings.add(new Warning("never-offloads", "model " + model + ": u = never, it offloads nothing"));
        }
        return warnings;
    }

    private static double crossEntropy(EpochRecord record) {
        return record.crossEntropies().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(record.loss());
    }

    /** Exits that say the same of every event. */
    static List<Warning> ofTraces(String model, List<DeviceTrace> traces) {
        Spread spread = new Spread();
        traces.forEach(spread::add);
        return spread.warnings(model);
    }

    /** How far the confidences of each exit lie apart, over all traces added. */
    static final class Spread {
        private float[] least = {};
        private float[] most = {};
        private long events;

        void add(DeviceTrace trace) {
            if (least.length == 0) {
                least = new float[trace.exits()];
                most = new float[trace.exits()];
                Arrays.fill(least, Float.POSITIVE_INFINITY);
                Arrays.fill(most, Float.NEGATIVE_INFINITY);
            }
            events += trace.size();
            for (int q = 0; q < least.length; q++) {
                for (float confidence : trace.scores()[q]) {
                    least[q] = Math.min(least[q], confidence);
                    most[q] = Math.max(most[q], confidence);
                }
            }
        }

        List<Warning> warnings(String model) {
            List<Warning> warnings = new ArrayList<>();
            for (int q = 0; q < least.length; q++) {
                if (events > 1 && most[q] - least[q] < SAME) {
                    warnings.add(new Warning(
                            "constant-confidence",
                            "model " + model + ": exit " + (q + 1) + " gives all " + events + " events the confidence "
                                    + most[q]));
                }
            }
            return warnings;
        }
    }

    /** A device whose thresholds send nothing. */
    static List<Warning> ofThresholds(String model, String device, Rule thresholds) {
        return thresholds.offloads()
                ? List.of()
                : List.of(new Warning(
                        "never-offloads",
                        "model " + model + ", device " + device + ": u = never, it offloads nothing"));
    }
}
