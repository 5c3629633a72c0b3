package org.qexit.experiment.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.qexit.allocation.Plan;
import org.qexit.allocation.Relaxation;
import org.qexit.common.statistics.Samples;
import org.qexit.experiment.report.Cell;
import org.qexit.experiment.report.Confidences;
import org.qexit.experiment.report.Decisions;
import org.qexit.experiment.report.Interval;
import org.qexit.experiment.report.ReportData;
import org.qexit.experiment.report.RunFacts;
import org.qexit.experiment.report.WhatIf;
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

    /** Corners of one staircase that the page tries budgets with. */
    private static final int MAX_CORNERS = 400;

    private static final double SIGNIFICANT = 0.05;

    private final Fleet fleet;
    private final List<ModelRun> models;
    private final List<StaticModels.StaticRun> statics;
    private final List<Decisions.PlanRow> plans = new ArrayList<>();
    private final List<Confidences.HistogramRow> histograms = new ArrayList<>();
    private final List<Decisions.ThresholdRow> thresholds = new ArrayList<>();
    private final List<Confidences.FrontierRow> frontiers = new ArrayList<>();
    private final List<Decisions.AssignmentRow> assignments = new ArrayList<>();
    private final List<Decisions.OutcomeRow> outcomes = new ArrayList<>();
    private final List<Decisions.FlowRow> flows = new ArrayList<>();
    private final List<WhatIf.ScoreRow> scores = new ArrayList<>();
    private final List<WhatIf.CornerRow> corners = new ArrayList<>();
    private final List<WhatIf.WorthRow> worth = new ArrayList<>();

    /**
     * @param fleet null where there is none
     * @param statics the networks without early exits that were trained beside the models
     */
    ReportBuilder(Fleet fleet, List<ModelRun> models, List<StaticModels.StaticRun> statics) {
        this.fleet = fleet;
        this.models = models;
        this.statics = statics;
    }

    /** Everything but provenance, which the caller knows. */
    ReportData build(RunFacts facts, List<ReportData.EdgeNodeRow> edgeNodes, List<ReportData.Section> more) {
        for (ModelRun model : models) {
            addHistograms(model);
            addFrontiers(model);
            model.validation()
                    .forEach(trace -> scores.add(new WhatIf.ScoreRow(model.name(), ReportData.VALIDATION, trace)));
            model.test().forEach(trace -> scores.add(new WhatIf.ScoreRow(model.name(), ReportData.TEST, trace)));
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
                new Decisions(plans, thresholds, assignments, outcomes, flows),
                comparisons(),
                edgeNodes,
                new WhatIf(scores, corners, worth),
                Stream.concat(RulesBeside.sections(models, statics).stream(), more.stream())
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
            addCorners(model.name(), frontier);
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

    /** Those where the rate of true positives changes; of too many, evenly spaced ones. */
    private void addCorners(String model, Frontier frontier) {
        List<Frontier.Step> steps = new ArrayList<>();
        for (Frontier.Step step : frontier.steps()) {
            if (steps.isEmpty()
                    || step.truePositives() > steps.get(steps.size() - 1).truePositives()) {
                steps.add(step);
            }
        }
        int kept = Math.min(MAX_CORNERS, steps.size());
        for (int i = 0; i < kept; i++) {
            Frontier.Step step =
                    steps.get(kept == steps.size() ? i : (int) ((long) i * (steps.size() - 1) / (kept - 1)));
            float upper = step.thresholds().upper();
            corners.add(new WhatIf.CornerRow(
                    model,
                    frontier.device(),
                    step.offloads(),
                    step.truePositives(),
                    step.thresholds().lower(),
                    upper == Thresholds.NEVER ? null : (Float) upper));
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
        addFlows(model, run);
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
                whyNot(plan)));
        if (plan.nodes() != null) {
            for (Plan.NodeUse node : plan.nodes()) {
                if (node.inWords() != null && !node.inWords().isBlank()) {
                    worth.add(new WhatIf.WorthRow(model.name(), plan.method(), node.id(), node.inWords()));
                }
            }
        }
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

    /** Why there is no plan, and what would make one possible; null where there is one. */
    private static String whyNot(Plan plan) {
        if (plan.reasons() == null) {
            return null;
        }
        String reasons = String.join("; ", plan.reasons());
        if (plan.relaxations() == null || plan.relaxations().isEmpty()) {
            return reasons;
        }
        return reasons + ". Feasible with any one of: "
                + String.join(
                        "; or ",
                        plan.relaxations().stream().map(Relaxation::inWords).toList());
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

    private void addFlows(ModelRun model, PlanRun run) {
        if (!run.found()) {
            return;
        }
        int exits = model.test().get(0).exits();
        long[][] all = new long[exits][4];
        for (int i = 0; i < run.thresholds().size(); i++) {
            DeviceTrace trace = model.test().get(i);
            long[][] own = new long[exits][4];
            for (int k = 0; k < trace.size(); k++) {
                Thresholds.Decision decision = run.thresholds().get(i).decide(trace.scores(), k);
                boolean positive = trace.labels()[k] == 1;
                int kind = decision.critical() ? (positive ? 0 : 1) : (positive ? 2 : 3);
                own[decision.exit()][kind]++;
                all[decision.exit()][kind]++;
            }
            addFlows(model, run, trace.device(), own);
        }
        addFlows(model, run, ReportData.ALL, all);
    }

    private void addFlows(ModelRun model, PlanRun run, String device, long[][] counts) {
        for (int q = 0; q < counts.length; q++) {
            long[] c = counts[q];
            flows.add(new Decisions.FlowRow(model.name(), run.method(), device, q + 1, c[0], c[1], c[2], c[3]));
        }
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

    /** Each model against the first on the critical test events, under the first method; then each against its static twin. */
    private List<ReportData.ComparisonRow> comparisons() {
        List<ReportData.ComparisonRow> rows = new ArrayList<>();
        for (int other = 1; other < models.size(); other++) {
            ModelRun first = models.get(0);
            ModelRun second = models.get(other);
            if (first.plans().get(0).test().isEmpty()
                    || second.plans().get(0).test().isEmpty()) {
                continue;
            }
            rows.add(comparison(
                    "TPR on test events, method " + first.plans().get(0).method(),
                    first.name(),
                    second.name(),
                    paired(first, second)));
        }
        for (StaticModels.StaticRun twin : statics) {
            rows.add(comparison(
                    "TPR on test events, early exits against none at the same mean cost",
                    twin.of().name(),
                    twin.network().name(),
                    twin.against()));
        }
        return rows;
    }

    private static ReportData.ComparisonRow comparison(
            String quantity, String first, String second, PairedRates rates) {
        double[] interval = rates.interval();
        return new ReportData.ComparisonRow(
                quantity,
                first,
                second,
                new Interval(rates.difference(), interval[0], interval[1]),
                rates.exactMcNemar(),
                "McNemar, exact");
    }

    static PairedRates paired(ModelRun first, ModelRun second) {
        return PairedRates.of(
                first.test(),
                first.plans().get(0).thresholds(),
                second.test(),
                second.plans().get(0).thresholds());
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
