package org.qexit.experiment.report;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.qexit.common.Checks;
import org.qexit.threshold.node.ChainFigures;
import org.qexit.threshold.node.NodeSearch;

/**
 * Everything the report shows. Lists may be empty: their charts and tables are then left out. A null number is
 * "undefined"; NaN and infinities are refused. Rates are fractions in [0, 1]. Models, methods and devices appear in the order of
 * {@code models}, the plans and the cell's devices; the first method is the one the run deploys.
 *
 * @param facts of the run itself
 * @param headline one sentence: what the run found
 * @param comparisons paired comparisons between models
 * @param edgeNodes the edge nodes' models, the deployed one first
 * @param whatIf what the page tries other thresholds on
 * @param more sections that are made elsewhere
 */
public record ReportData(
        RunFacts facts,
        String headline,
        List<ModelSection> models,
        Confidences confidences,
        Cell cell,
        Decisions decisions,
        List<ComparisonRow> comparisons,
        List<EdgeNodeRow> edgeNodes,
        WhatIf whatIf,
        List<Section> more) {

    /** The name that stands for all devices pooled, in rows that are per device. */
    public static final String ALL = "all";

    /** The split on which thresholds and plans were chosen. */
    public static final String VALIDATION = "validation";

    /** The split that is reported once. */
    public static final String TEST = "test";

    /** @throws IllegalArgumentException if a row names a model, method, device or node that is not listed */
    public ReportData {
        Checks.notBlank("headline", headline);
        models = List.copyOf(models);
        comparisons = List.copyOf(comparisons);
        edgeNodes = List.copyOf(edgeNodes);
        Checks.present("whatIf", whatIf);
        more = List.copyOf(more);
        Set<String> model =
                names("model", models.stream().map(ModelSection::name).toList());
        Set<String> method = new LinkedHashSet<>(
                decisions.plans().stream().map(Decisions.PlanRow::method).toList());
        Set<String> node =
                names("node", cell.nodes().stream().map(Cell.NodeRow::id).toList());
        Set<String> device =
                names("device", cell.devices().stream().map(Cell.DeviceRow::id).toList());
        if (device.contains(ALL)) {
            throw new IllegalArgumentException("device '" + ALL + "': the name stands for all devices pooled");
        }
        Set<String> deviceOrAll = new LinkedHashSet<>(device);
        deviceOrAll.add(ALL);
        decisions.plans().forEach(r -> known("plans.model", r.model(), model));
        confidences.histograms().forEach(r -> {
            known("histograms.model", r.model(), model);
            known("histograms.device", r.device(), deviceOrAll);
        });
        decisions.thresholds().forEach(r -> {
            known("thresholds.model", r.model(), model);
            known("thresholds.method", r.method(), method);
            known("thresholds.device", r.device(), deviceOrAll);
        });
        confidences.frontiers().forEach(r -> {
            known("frontiers.model", r.model(), model);
            known("frontiers.device", r.device(), deviceOrAll);
        });
        decisions.assignments().forEach(r -> {
            known("assignments.model", r.model(), model);
            known("assignments.method", r.method(), method);
            known("assignments.device", r.device(), device);
            known("assignments.node", r.node(), node);
        });
        decisions.outcomes().forEach(r -> {
            known("outcomes.model", r.model(), model);
            known("outcomes.method", r.method(), method);
            known("outcomes.device", r.device(), deviceOrAll);
        });
        decisions.flows().forEach(r -> {
            known("flows.model", r.model(), model);
            known("flows.method", r.method(), method);
            known("flows.device", r.device(), deviceOrAll);
        });
        whatIf.scores().forEach(r -> {
            known("whatIf.model", r.model(), model);
            known("whatIf.device", r.trace().device(), device);
        });
    }

    /** Without further sections, and nothing to try. */
    public ReportData(
            RunFacts facts,
            String headline,
            List<ModelSection> models,
            Confidences confidences,
            Cell cell,
            Decisions decisions,
            List<ComparisonRow> comparisons,
            List<EdgeNodeRow> edgeNodes) {
        this(facts, headline, models, confidences, cell, decisions, comparisons, edgeNodes, WhatIf.NOTHING, List.of());
    }

    /**
     * A section of the page.
     *
     * @param id letters; the address within the page, and what the bar of links shows
     * @param title above it
     * @param card among the findings at the top
     */
    public record Section(String id, String title, Markup card, Markup body) {
        public Section {
            if (!id.matches("[a-z]+")) {
                throw new IllegalArgumentException("section is '" + id + "'; expected letters");
            }
            Checks.notBlank("section.title", title);
            Checks.present("section.card", card);
            Checks.present("section.body", body);
        }
    }

    /**
     * A paired comparison on the same events.
     *
     * @param quantity what is compared ("TPR, exact, test events")
     * @param first the model whose figure comes first in the difference
     * @param difference first − second
     * @param pValue two-sided, or null
     * @param test the test's name ("McNemar, exact"), or null
     */
    public record ComparisonRow(
            String quantity, String first, String second, Interval difference, Double pValue, String test) {
        public ComparisonRow {
            Checks.notBlank("comparisons.quantity", quantity);
            Interval.present("comparisons.difference", difference);
            finite("comparisons.pValue", pValue);
        }
    }

    /**
     * An edge node's model on the test events that the deployed plan's devices offload.
     *
     * @param model its name
     * @param payload what it is sent
     * @param bits of an offloaded event
     * @param accuracies of the most probable class, {@code [exit]}
     * @param choice of its thresholds, on validation events
     * @param chain what becomes of all test events
     * @param modes who is offloaded, side by side; empty without a plan
     * @param seconds that its training took
     */
    public record EdgeNodeRow(
            String model,
            String payload,
            long bits,
            List<Interval> accuracies,
            NodeSearch.Choice choice,
            ChainFigures chain,
            List<OffloadRow> modes,
            double seconds) {
        public EdgeNodeRow {
            Checks.notBlank("edgeNodes.model", model);
            accuracies = List.copyOf(accuracies);
            Checks.present("edgeNodes.choice", choice);
            Checks.present("edgeNodes.chain", chain);
            modes = List.copyOf(modes);
            finite("edgeNodes.seconds", seconds);
        }
    }

    /**
     * One way to use an edge node, on test events of all devices.
     *
     * @param offload who is offloaded: critical, undecided or both
     * @param tpr critical events found by device and node together
     * @param fpr normal events that end critical
     * @param ofr offloaded events
     */
    public record OffloadRow(String offload, Interval tpr, Interval fpr, Interval ofr) {
        public OffloadRow {
            Checks.notBlank("edgeNodes.modes.offload", offload);
            Interval.present("edgeNodes.modes.tpr", tpr);
            Interval.present("edgeNodes.modes.fpr", fpr);
            Interval.present("edgeNodes.modes.ofr", ofr);
        }
    }

    static void finite(String name, Double value) {
        if (value != null && !Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + "; expected a finite number, or nothing");
        }
    }

    static void knownSplit(String split) {
        if (!VALIDATION.equals(split) && !TEST.equals(split)) {
            throw new IllegalArgumentException("split is '" + split + "'; expected " + VALIDATION + " or " + TEST);
        }
    }

    private static Set<String> names(String what, Collection<String> names) {
        Set<String> set = new LinkedHashSet<>();
        for (String name : names) {
            if (!set.add(name)) {
                throw new IllegalArgumentException(what + " '" + name + "' is listed twice");
            }
        }
        return set;
    }

    private static void known(String field, String name, Set<String> names) {
        if (!names.contains(name)) {
            throw new IllegalArgumentException(field + " is '" + name + "'; expected one of " + names);
        }
    }
}
