package org.qexit.nn.calibration;

import java.util.ArrayList;
import java.util.List;
import org.qexit.data.LabelledSet;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ThresholdChooser;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

/**
 * A model with one temperature per exit, the thresholds that then fit its budget, and how reliable it was before and is now.
 *
 * @param model the calibrated model
 * @param temperatures T_q
 * @param thresholds chosen on the fitting events
 */
public record Calibration(EarlyExitModel model, List<Double> temperatures, Rule thresholds) {
    public Calibration {
        temperatures = List.copyOf(temperatures);
    }

    /**
     * Fits the temperatures of a model, whatever temperatures it has, on events that trained nothing.
     *
     * @param events of both kinds
     */
    public static Calibration fit(
            EarlyExitModel model, LabelledSet events, ThresholdChooser chooser, double offloadBudget) {
        EarlyExitModel raw = model.withTemperatures(null);
        double[][] margins = raw.margins(events);
        List<Double> temperatures = new ArrayList<>();
        for (double[] exit : margins) {
            temperatures.add(TemperatureScaling.fit(exit, events.labels()));
        }
        return chosen(raw.withTemperatures(temperatures), temperatures, events, chooser, offloadBudget);
    }

    /** The model without temperatures, with the thresholds that then fit. */
    public static Calibration none(
            EarlyExitModel model, LabelledSet events, ThresholdChooser chooser, double offloadBudget) {
        return chosen(model.withTemperatures(null), List.of(), events, chooser, offloadBudget);
    }

    private static Calibration chosen(
            EarlyExitModel model,
            List<Double> temperatures,
            LabelledSet events,
            ThresholdChooser chooser,
            double offloadBudget) {
        DeviceTrace trace = model.trace("calibration", events);
        return new Calibration(model, temperatures, chooser.choose(trace, offloadBudget));
    }

    /** Reliability of every exit on some events, in {@link Reliability#BINS} bins. */
    public static List<Reliability> reliability(EarlyExitModel model, LabelledSet events) {
        List<Reliability> exits = new ArrayList<>();
        for (double[] exit : model.margins(events)) {
            double[] confidences = new double[exit.length];
            for (int k = 0; k < exit.length; k++) {
                confidences[k] = CoupledLoss.confidence(exit[k]);
            }
            exits.add(Reliability.of(confidences, events.labels(), Reliability.BINS));
        }
        return exits;
    }
}
