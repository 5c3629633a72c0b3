package org.qexit.experiment.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.qexit.common.Provenance;
import org.qexit.common.RandomStreams;
import org.qexit.experiment.report.Interval;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.StaticTwin;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.training.TrainingData;
import org.qexit.threshold.BudgetSearch;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

/**
 * The networks without early exits that cost as much as a run's models do by their first plan, trained like them. Each device has the
 * offloads that the plan uses on its validation events, and the best threshold within them there.
 */
final class StaticModels {
    private final RunData data;
    private final TrainingConfig training;

    StaticModels(RunData data, TrainingConfig training) {
        this.data = data;
        this.training = training.forLastExit();
    }

    /**
     * One of them.
     *
     * @param of the model with early exits
     * @param network the one without
     * @param macs that every event costs
     * @param rules one per device
     * @param test what they do on test events, one trace and count per device
     */
    record StaticRun(
            ModelRun of,
            TrainedNetwork network,
            long macs,
            List<Rule> rules,
            List<DeviceTrace> test,
            List<Confusion> counts) {

        Confusion pooled() {
            return Confusion.sum(counts);
        }

        /** What the plan's decisions cost in the mean of the test events [multiply-accumulates]. */
        double planMacs() {
            return of.meanMacs(Confusion.sum(
                    plan().test().stream().map(DeviceCounts::counts).toList()));
        }

        ModelRun.PlanRun plan() {
            return of.plans().get(0);
        }

        /** The plan's true positives against the static network's. */
        PairedRates against() {
            return PairedRates.of(of.test(), plan().thresholds(), test, rules);
        }

        RunSummary.Static row() {
            PairedRates rates = against();
            double[] interval = rates.interval();
            return new RunSummary.Static(
                    of.name(),
                    plan().method(),
                    network.name(),
                    macs,
                    planMacs(),
                    Interval.of(pooled().tpr()),
                    Interval.of(pooled().fpr()),
                    Interval.of(pooled().ofr()),
                    new Interval(rates.difference(), interval[0], interval[1]),
                    network.seconds());
        }
    }

    /**
     * Trains one beside every model that has thresholds.
     *
     * @param configs of the models with early exits, by name
     * @param directory of the models
     */
    List<StaticRun> train(
            List<ModelRun> models,
            Map<String, ModelConfig> configs,
            TrainingData learning,
            RandomStreams random,
            Provenance provenance,
            Path directory) {
        List<ModelRun> planned = new ArrayList<>();
        Map<String, ModelConfig> twins = new LinkedHashMap<>();
        for (ModelRun model : models) {
            ModelRun.PlanRun plan = model.plans().get(0);
            long positives =
                    plan.test().stream().mapToLong(DeviceCounts::positives).sum();
            if (plan.found() && positives > 0) {
                double macs = model.meanMacs(Confusion.sum(
                        plan.validation().stream().map(DeviceCounts::counts).toList()));
                ModelConfig twin = StaticTwin.of(configs.get(model.name()), macs);
                planned.add(model);
                twins.put(twin.name(), twin);
            }
        }
        if (planned.isEmpty()) {
            return List.of();
        }
        List<TrainedNetwork> networks =
                ParallelTraining.trainAll(training, twins, learning, random, provenance, directory);
        List<StaticRun> runs = new ArrayList<>();
        for (int i = 0; i < planned.size(); i++) {
            runs.add(decide(planned.get(i), networks.get(i)));
        }
        return runs;
    }

    private StaticRun decide(ModelRun model, TrainedNetwork network) {
        List<Rule> rules = new ArrayList<>();
        List<DeviceTrace> test = new ArrayList<>();
        List<Confusion> counts = new ArrayList<>();
        for (int i = 0; i < data.devices().size(); i++) {
            var stream = data.devices().get(i);
            int offloads = model.plans().get(0).validation().get(i).counts().offloads();
            DeviceTrace validation = network.trace(stream.device(), stream.validation());
            DeviceTrace own = network.trace(stream.device(), stream.test());
            Rule rule = BudgetSearch.of(validation).within(offloads).thresholds();
            rules.add(rule);
            test.add(own);
            counts.add(Confusion.of(own, rule));
        }
        long macs = network.costs().get(0).macs();
        return new StaticRun(model, network, macs, rules, test, counts);
    }
}
