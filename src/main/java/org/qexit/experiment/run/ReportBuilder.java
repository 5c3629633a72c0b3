package org.qexit.experiment.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.qexit.allocation.Plan;
import org.qexit.common.statistics.Samples;
import org.qexit.experiment.report.Cell;
import org.qexit.experiment.report.Confidences;
import org.qexit.experiment.report.Decisions;
import org.qexit.experiment.report.Interval;
import org.qexit.experiment.report.ReportData;
import org.qexit.experiment.report.RunFacts;
import org.qexit.experiment.run.ModelRun.PlanRun;
import org.qexit.threshold.Frontier;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

/** Turns what a run found into the rows that its report shows. */
final class ReportBuilder {
    private static final int BINS = 20;
    /** Budgets of the pooled curve: every percent up to 40 %. */
    private static final int POOLED_BUDGETS = 40;

    private static final double SIGNIFICANT = 0.05;

    private final Fleet fleet;
    private final List<ModelRun> models;
    private final List<Decisions.PlanRow> plans = new ArrayList<>();
    private final List<Confidences.HistogramRow> histograms = new ArrayList<>();
    private final List<Decisions.ThresholdRow> thresholds = new ArrayList<>();
    private final List<Confidences.FrontierRow> frontiers = new ArrayList<>();
    private final List<Decisions.AssignmentRow> assignments = new ArrayList<>();
    private final List<Decisions.OutcomeRow> outcomes = new ArrayList<>();

    /** @param fleet null where there is none */
    ReportBuilder(Fleet fleet, List<ModelRun> models) {
        this.fleet = fleet;
        this.models = models;
    }

    /** Everything but provenance, which the caller knows. */
    ReportData build(RunFacts facts, List<ReportData.EdgeNodeRow> edgeNodes, List<ReportData.Section> more) {
        for (ModelRun model : models) {
            addHistograms(model);
            addFrontiers(model);
            for (PlanRun run : model.plans()) {
                addPlan(model, run);
            }
        }
        return new ReportData(
                facts,
                headline(),
                models.stream().map(ModelRun::section).toList(),
                new Confidences(histograms, frontiers),
                cell(),
                new Decisions(plans, thresholds, assignments, outcomes),
                comparisons(),
                edgeNodes,
                Stream.concat(RulesBeside.sections(models).stream(), more.stream())
                        .toList());
    }

    private Cell cell() {
        if (fleet == null) {
            return new Cell(
                    List.of(),
                    models.get(0).test().stream()
                            .map(trace -> new Cell.DeviceRow(trace.device(), 0, 0, 1))
                            .toList());
        }
        return new Cell(
                fleet.config().nodes().stream()
                        .map(n -> new Cell.NodeRow(
                                n.id(), n.xMetres(), n.yMetres(), n.securityLevel(), n.bandwidthHz(), n.computeUnits()))
                        .toList(),
                fleet.devices().stream()
                        .map(d -> new Cell.DeviceRow(d.id(), d.xMetres(), d.yMetres(), d.securityLevel()))
                        .toList());
    }

    private void addHistograms(ModelRun model) {
        int exits = model.test().get(0).exits();
        long[][][] pooled = new long[exits][BINS][2];
        for (DeviceTrace trace : model.test()) {
            long[][][] own = new long[exits][BINS][2];
            for (int q = 0; q < exits; q++) {
                for (int k = 0; k < trace.size(); k++) {
                    int bin = Math.min(BINS - 1, (int) (trace.scores()[q][k] * BINS));
                    own[q][bin][trace.labels()[k]]++;
                    pooled[q][bin][trace.labels()[k]]++;
                }
            }
            addHistogram(model.name(), trace.device(), own);
        }
        addHistogram(model.name(), ReportData.ALL, pooled);
    }

    private void addHistogram(String model, String device, long[][][] counts) {
        for (int q = 0; q < counts.length; q++) {
            for (int bin = 0; bin < BINS; bin++) {
                histograms.add(new Confidences.HistogramRow(
                        model,
                        device,
                        q + 1,
                        (double) bin / BINS,
                        (bin + 1.0) / BINS,
                        counts[q][bin][1],
                        counts[q][bin][0]));
            }
        }
    }

    /** Each device's staircase on validation; pooled, thresholds chosen on validation at equal budgets and tried on test. */
    private void addFrontiers(ModelRun model) {
        List<Frontier> staircases = new ArrayList<>();
        for (DeviceTrace trace : model.validation()) {
            Frontier frontier = Frontier.of(trace);
            staircases.add(frontier);
            if (frontier.positives() == 0) {
                continue;
            }
            for (Frontier.Step step : frontier.steps()) {
                frontiers.add(new Confidences.FrontierRow(
                        model.name(),
                        trace.device(),
                        ReportData.VALIDATION,
                        (double) step.offloads() / frontier.events(),
                        (double) step.truePositives() / frontier.positives()));
            }
        }
        for (int percent = 0; percent <= POOLED_BUDGETS; percent++) {
            List<DeviceCounts> onValidation = new ArrayList<>();
            List<DeviceCounts> onTest = new ArrayList<>();
            for (int i = 0; i < staircases.size(); i++) {
                long budget = (long) staircases.get(i).events() * percent / 100;
                Thresholds pair = staircases.get(i).within(budget).thresholds();
                onValidation.add(DeviceCounts.of(model.validation().get(i), pair));
                onTest.add(DeviceCounts.of(model.test().get(i), pair));
            }
            addPooledPoint(model, ReportData.VALIDATION, onValidation);
            addPooledPoint(model, ReportData.TEST, onTest);
        }
    }

    private void addPooledPoint(ModelRun model, String split, List<DeviceCounts> outcomesOfDevices) {
        DeviceCounts all = DeviceCounts.pooled(ReportData.ALL, outcomesOfDevices);
        if (all.positives() == 0) {
            return;
        }
        frontiers.add(new Confidences.FrontierRow(
                model.name(),
                ReportData.ALL,
                split,
                (double) all.counts().offloads() / all.counts().events(),
                (double) all.counts().truePositives() / all.positives()));
    }

    private void addPlan(ModelRun model, PlanRun run) {
        addThresholds(model, run);
        addOutcomes(model, run, ReportData.VALIDATION, run.validation());
        addOutcomes(model, run, ReportData.TEST, run.test());
        Plan plan = run.plan();
        if (plan == null) {
            plans.add(new Decisions.PlanRow(
                    model.name(), run.method(), run.status(), null, null, null, null, null, null));
            return;
        }
        boolean planned = !plan.devices().isEmpty();
        plans.add(new Decisions.PlanRow(
                model.name(),
                plan.method(),
                run.status(),
                plan.objective(),
                plan.bound(),
                plan.gap(),
                planned
                        ? (Double) plan.devices().stream()
                                .mapToDouble(Plan.Device::utility)
                                .sum()
                        : null,
                planned
                        ? (Double) Samples.jain(plan.devices().stream()
                                .mapToDouble(Plan.Device::utility)
                                .toArray())
                        : null,
                plan.reasons() == null ? null : String.join("; ", plan.reasons())));
        for (Plan.Device device : plan.devices()) {
            assignments.add(new Decisions.AssignmentRow(
                    model.name(),
                    plan.method(),
                    device.id(),
                    device.node(),
                    device.bandwidthHz(),
                    device.powerWatts(),
                    device.computeUnits(),
                    device.crossFittedUtility()));
        }
    }

    private void addThresholds(ModelRun model, PlanRun run) {
        for (int i = 0; i < run.thresholds().size(); i++) {
            Rule rule = run.thresholds().get(i);
            String device = model.validation().get(i).device();
            thresholds.add(new Decisions.ThresholdRow(model.name(), run.method(), device, rule));
        }
    }

    private void addOutcomes(ModelRun model, PlanRun run, String split, List<DeviceCounts> ofDevices) {
        if (ofDevices.isEmpty()) {
            return;
        }
        for (int i = 0; i < ofDevices.size(); i++) {
            addOutcome(
                    model,
                    run,
                    ofDevices.get(i),
                    split,
                    run.plan() == null ? null : costs(model, run.plan(), i, ofDevices.get(i)));
        }
        addOutcome(model, run, DeviceCounts.pooled(ReportData.ALL, ofDevices), split, null);
    }

    private void addOutcome(ModelRun model, PlanRun run, DeviceCounts o, String split, Decisions.Costs costs) {
        outcomes.add(new Decisions.OutcomeRow(model.name(), run.method(), o.device(), split, o.counts(), costs));
    }

    private Decisions.Costs costs(ModelRun model, Plan plan, int i, DeviceCounts outcome) {
        EventCosts costs = EventCosts.of(
                fleet.config().energy().joulesPerMemoryAccess(),
                model.cumulativeMemoryAccesses(),
                fleet.devices().get(i),
                plan.devices().get(i),
                outcome);
        return new Decisions.Costs(
                costs.localJoules(),
                costs.wholeNetworkJoules(),
                costs.offloadJoules(),
                costs.delaySeconds(),
                costs.deadlineSeconds());
    }

    /** Each model against the first on the critical test events, under the first method. */
    private List<ReportData.ComparisonRow> comparisons() {
        List<ReportData.ComparisonRow> rows = new ArrayList<>();
        for (int other = 1; other < models.size(); other++) {
            ModelRun first = models.get(0);
            ModelRun second = models.get(other);
            if (first.plans().get(0).test().isEmpty()
                    || second.plans().get(0).test().isEmpty()) {
                continue;
            }
            PairedRates rates = paired(first, second);
            double[] interval = rates.interval();
            rows.add(new ReportData.ComparisonRow(
                    "TPR on test events, method " + first.plans().get(0).method(),
                    first.name(),
                    second.name(),
                    new Interval(rates.difference(), interval[0], interval[1]),
                    rates.exactMcNemar(),
                    "McNemar, exact"));
        }
        return rows;
    }

    static PairedRates paired(ModelRun first, ModelRun second) {
        long onlyFirst = 0;
        long onlySecond = 0;
        long events = 0;
        for (int i = 0; i < first.test().size(); i++) {
            DeviceTrace a = first.test().get(i);
            DeviceTrace b = second.test().get(i);
            Rule ruleA = first.plans().get(0).thresholds().get(i);
            Rule ruleB = second.plans().get(0).thresholds().get(i);
            for (int k = 0; k < a.size(); k++) {
                if (a.events()[k] != b.events()[k]) {
                    throw new IllegalArgumentException("the traces of " + a.device() + " differ in their events");
                }
                if (a.labels()[k] == 1) {
                    boolean inFirst = ruleA.decide(a.scores(), k).critical();
                    boolean inSecond = ruleB.decide(b.scores(), k).critical();
                    onlyFirst += inFirst && !inSecond ? 1 : 0;
                    onlySecond += inSecond && !inFirst ? 1 : 0;
                    events++;
                }
            }
        }
        return new PairedRates(onlyFirst, onlySecond, events);
    }

    /** One honest sentence on the first method's result. */
    private String headline() {
        List<String> parts = new ArrayList<>();
        boolean comparable = models.size() == 2;
        for (ModelRun model : models) {
            PlanRun run = model.plans().get(0);
            if (run.test().isEmpty()) {
                parts.add("the " + model.name() + " model has no feasible plan");
                comparable = false;
                continue;
            }
            DeviceCounts all = DeviceCounts.pooled(ReportData.ALL, run.test());
            parts.add(String.format(
                    Locale.ROOT,
                    "the %s model finds %.1f %% of the critical test events and offloads %.1f %% of all",
                    model.name(),
                    100.0 * all.counts().truePositives() / all.positives(),
                    100.0 * all.counts().offloads() / all.counts().events()));
        }
        String text = String.join(", ", parts);
        if (comparable) {
            double p = paired(models.get(0), models.get(1)).exactMcNemar();
            text += p < SIGNIFICANT
                    ? "; the difference is more than chance of the test events"
                    : "; the difference may be chance";
        }
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }
}
