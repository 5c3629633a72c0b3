package org.qexit.experiment.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.qexit.common.RandomStreams;
import org.qexit.experiment.report.Cell.DeviceRow;
import org.qexit.experiment.report.Cell.NodeRow;
import org.qexit.experiment.report.Confidences.FrontierRow;
import org.qexit.experiment.report.Confidences.HistogramRow;
import org.qexit.experiment.report.Decisions.AssignmentRow;
import org.qexit.experiment.report.Decisions.Costs;
import org.qexit.experiment.report.Decisions.OutcomeRow;
import org.qexit.experiment.report.Decisions.PlanRow;
import org.qexit.experiment.report.Decisions.ThresholdRow;
import org.qexit.experiment.report.ModelSection.EpochRow;
import org.qexit.experiment.report.ModelSection.ExitSection;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/**
 * A report's data made up from a seed, of the size and shape of a real run: two models, three methods, eight devices, three
 * nodes. One device has no critical test events (its rate is undefined), one upper threshold is "never", and the classical
 * model's "nearest" plan is infeasible.
 */
final class SyntheticReport {
    static final List<String> METHODS = List.of("exact", "nearest", "sum-utility");
    private static final int BINS = 25;
    private static final int EVENTS = 400;

    private final List<Decisions.FlowRow> flows = new ArrayList<>();
    private final List<WhatIf.ScoreRow> scores = new ArrayList<>();
    private final List<WhatIf.CornerRow> corners = new ArrayList<>();
    private final List<WhatIf.WorthRow> worth = new ArrayList<>();
    private final RandomGenerator random;
    private final List<DeviceRow> devices = new ArrayList<>();
    private final List<NodeRow> nodes = List.of(
            new NodeRow("en1", 120, 180, 1, 4e6, 110),
            new NodeRow("en2", 420, 300, 2, 6e6, 150),
            new NodeRow("en3", 560, 90, 2, 5e6, 120));
    private final List<PlanRow> plans = new ArrayList<>();
    private final List<HistogramRow> histograms = new ArrayList<>();
    private final List<ThresholdRow> thresholds = new ArrayList<>();
    private final List<FrontierRow> frontiers = new ArrayList<>();
    private final List<AssignmentRow> assignments = new ArrayList<>();
    private final List<OutcomeRow> outcomes = new ArrayList<>();

    private SyntheticReport(long seed) {
        random = RandomStreams.of(seed).stream("report");
    }

    static ReportData of(long seed) {
        return new SyntheticReport(seed).make("ue", List.of("hybrid", "classical"));
    }

    /** The same with names that try to break out of the page. */
    static ReportData hostile(long seed) {
        return new SyntheticReport(seed)
                .make(
                        "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>&'\"",
                        List.of("hy<b>brid\"'", "<!--<script>"));
    }

    /** Writes a report to look at: {@code SyntheticReport report.html}. */
    public static void main(String[] args) {
        Report.write(Path.of(args[0]), args.length > 1 ? hostile(7) : of(7));
    }

    private ReportData make(String prefix, List<String> models) {
        for (int n = 0; n < 8; n++) {
            devices.add(new DeviceRow(
                    prefix + (n + 1),
                    40 + 580 * random.nextDouble(),
                    40 + 320 * random.nextDouble(),
                    n % 3 == 0 ? 1 : 2));
        }
        List<ModelSection> sections = new ArrayList<>();
        for (int m = 0; m < models.size(); m++) {
            sections.add(model(models.get(m), m == 0));
            decide(models.get(m), m == 0);
            events(models.get(m));
        }
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("config sha256", "9c1d0a7be5f24d0c8a3c5f5e3d5be1b4f8e8aa5f0c4c2d11e5b1b9b3a4f4d2c1");
        provenance.put("data sha256", "1fd3a02f73d1d4ee0b0a2d3c8f0e87a7c7f2a9d64db6c4c1e0f3a1b2c3d4e5f6");
        provenance.put("machine", "4 cores, AVX2, JVM 17.0.13");
        RunFacts facts = new RunFacts(
                "Early exits for eight cameras",
                "quickstart.yaml",
                7,
                List.of(
                        "One seed is one draw; the comparison of models over seeds is a study of its own.",
                        prefix + "3 had no critical test event: its true-positive rate is undefined."),
                provenance,
                List.of("qexit run quickstart.yaml --out runs/quickstart", "qexit verify runs/quickstart/bundle"),
                "seed: 7\ndata:\n  name: digits # <tags> & more\n");
        return new ReportData(
                facts,
                "At equal size, the hybrid model finds 89.4 % of the critical events and the classical one 87.9 %:"
                        + " this run cannot tell them apart.",
                sections,
                new Confidences(histograms, frontiers),
                new Cell(nodes, devices),
                new Decisions(plans, thresholds, assignments, outcomes, flows),
                List.of(
                        new ReportData.ComparisonRow(
                                "TPR, exact plan, test events",
                                models.get(0),
                                models.get(1),
                                new Interval(0.015, -0.011, 0.041),
                                0.27,
                                "McNemar, exact"),
                        new ReportData.ComparisonRow(
                                "FPR, exact plan, test events",
                                models.get(0),
                                models.get(1),
                                Interval.undefined(),
                                null,
                                null)),
                List.of(),
                new WhatIf(scores, corners, worth),
                List.of());
    }

    /** A few events of every device, and where each plan sends them. */
    private void events(String model) {
        for (DeviceRow d : devices) {
            for (String split : List.of(ReportData.VALIDATION, ReportData.TEST)) {
                int events = 30;
                byte[] labels = new byte[events];
                float[][] confidences = new float[3][events];
                long[] ids = new long[events];
                for (int k = 0; k < events; k++) {
                    ids[k] = k;
                    labels[k] = (byte) (k % 6 == 0 ? 1 : 0);
                    for (float[] exit : confidences) {
                        exit[k] = random.nextFloat();
                    }
                }
                scores.add(new WhatIf.ScoreRow(model, split, new DeviceTrace(d.id(), ids, labels, confidences)));
            }
            corners.add(new WhatIf.CornerRow(model, d.id(), 0, 0, 0, null));
            corners.add(new WhatIf.CornerRow(model, d.id(), 3, 2, 0.125f, 0.75f));
        }
        worth.add(new WhatIf.WorthRow(model, "exact", nodes.get(0).id(), "10 more events are worth 0.1"));
        for (ThresholdRow row : thresholds) {
            if (row.model().equals(model)) {
                flow(row);
            }
        }
    }

    private void flow(ThresholdRow row) {
        DeviceTrace trace = scores.stream()
                .filter(s -> s.model().equals(row.model())
                        && s.split().equals(ReportData.TEST)
                        && s.trace().device().equals(row.device()))
                .findFirst()
                .orElseThrow()
                .trace();
        long[][] counts = new long[3][4];
        for (int k = 0; k < trace.size(); k++) {
            Thresholds.Decision decision = row.rule().decide(trace.scores(), k);
            counts[decision.exit()][
                    (decision.critical() ? 0 : 2) + (trace.labels()[k] == 1 == decision.critical() ? 0 : 1)]++;
        }
        for (int q = 0; q < 3; q++) {
            long[] c = counts[q];
            flows.add(new Decisions.FlowRow(row.model(), row.method(), row.device(), q + 1, c[0], c[1], c[3], c[2]));
        }
    }

    private ModelSection model(String name, boolean quantum) {
        List<EpochRow> history = new ArrayList<>();
        for (int e = 1; e <= 20; e++) {
            double progress = 1 - Math.exp(-e / 6.0);
            double noise = 0.02 * random.nextGaussian();
            double offload = 0.55 - 0.37 * progress + noise;
            history.add(new EpochRow(
                    e,
                    2.0 - 1.4 * progress + noise,
                    0.35 + 0.55 * progress + noise / 2,
                    offload,
                    0.4 * e * Math.exp(-e / 15.0),
                    4.0 + e,
                    e == 1 ? null : Double.valueOf(0.5 + 0.4 * progress + noise),
                    e == 1 ? null : Double.valueOf(offload - noise),
                    e == 17));
        }
        List<ExitSection> exits = quantum
                ? List.of(
                        new ExitSection("quantum, 4 qubits × 2 layers", 342, 24_832, 31_120, 4, 9, 36, 8, 36_000),
                        new ExitSection("quantum, 4 qubits × 2 layers", 1_188, 81_920, 74_256, 4, 9, 36, 8, 72_000),
                        new ExitSection("linear", 2_402, 132_010, 121_300, 0, 0, 0, 0, 0))
                : List.of(
                        new ExitSection("dense, 4 hidden", 346, 24_410, 30_988, 0, 0, 0, 0, 0),
                        new ExitSection("dense, 4 hidden", 1_192, 81_340, 73_980, 0, 0, 0, 0, 0),
                        new ExitSection("linear", 2_402, 131_280, 120_800, 0, 0, 0, 0, 0));
        return new ModelSection(
                name,
                quantum ? "convolutions with quantum heads" : "the same with dense heads",
                exits,
                history,
                0.2,
                quantum ? 48.3 : 9.1);
    }

    private void decide(String model, boolean quantum) {
        for (int exit = 1; exit <= 3; exit++) {
            histogram(model, ReportData.ALL, exit, 8 * EVENTS);
            for (DeviceRow d : devices) {
                histogram(model, d.id(), exit, EVENTS);
            }
        }
        for (DeviceRow d : devices) {
            frontier(model, d.id(), ReportData.VALIDATION, 0.05 + 0.03 * random.nextDouble());
        }
        frontier(model, ReportData.ALL, ReportData.TEST, quantum ? 0.055 : 0.06);
        for (String method : METHODS) {
            if (!quantum && method.equals("nearest")) {
                plans.add(new PlanRow(
                        model,
                        method,
                        "infeasible",
                        null,
                        null,
                        null,
                        null,
                        null,
                        devices.get(4).id() + " needs 2.6 MHz at en3, its equal share is 1.25 MHz"));
                continue;
            }
            boolean exact = method.equals("exact");
            plans.add(new PlanRow(
                    model,
                    method,
                    exact ? "optimal" : "feasible",
                    exact ? -0.8912 : -1.204 - random.nextDouble(),
                    exact ? Double.valueOf(-0.8912) : null,
                    exact ? Double.valueOf(0) : null,
                    6.9 + 0.3 * random.nextDouble(),
                    exact ? 0.9971 : 0.96,
                    null));
            for (String split : List.of(ReportData.VALIDATION, ReportData.TEST)) {
                outcomes(model, method, split);
            }
            for (int n = 0; n < devices.size(); n++) {
                DeviceRow d = devices.get(n);
                thresholds.add(new ThresholdRow(
                        model,
                        method,
                        d.id(),
                        new Thresholds(
                                (float) (0.05 + 0.2 * random.nextDouble()),
                                n == 6 ? Thresholds.NEVER : (float) (0.55 + 0.4 * random.nextDouble()))));
                assignments.add(new AssignmentRow(
                        model,
                        method,
                        d.id(),
                        nodes.get(d.securityLevel() == 1 ? 0 : 1 + n % 2).id(),
                        (0.6 + random.nextDouble()) * 1e6,
                        0.2,
                        28 + n,
                        n == 6 ? null : (Double) 0.5));
            }
        }
    }

    private void histogram(String model, String device, int exit, int events) {
        long[][] counts = new long[2][BINS];
        for (int k = 0; k < events; k++) {
            int critical = k % 6 == 0 ? 1 : 0;
            double logit = (critical == 1 ? 1.1 : -1.3) * exit / 1.6 + 1.2 * random.nextGaussian();
            counts[critical][Math.min(BINS - 1, (int) (BINS / (1 + Math.exp(-logit))))]++;
        }
        for (int b = 0; b < BINS; b++) {
            histograms.add(new HistogramRow(
                    model, device, exit, b / (double) BINS, (b + 1) / (double) BINS, counts[1][b], counts[0][b]));
        }
    }

    private void frontier(String model, String device, String split, double scale) {
        for (int w = 0; w <= 120; w++) {
            double rate = w / (double) EVENTS;
            double tpr = Math.floor(66 * (1 - Math.exp(-rate / scale))) / 66;
            frontiers.add(new FrontierRow(model, device, split, rate, tpr));
        }
    }

    private void outcomes(String model, String method, String split) {
        List<Confusion> all = new ArrayList<>();
        for (int n = 0; n < devices.size(); n++) {
            boolean none = n == 2 && split.equals(ReportData.TEST);
            int positives = none ? 0 : 66;
            double spread = method.equals("exact") ? 0.04 : 0.14;
            int tp = (int) Math.min(positives, Math.round(positives * (0.9 - spread * random.nextDouble())));
            int fp = 6 + random.nextInt(14);
            int first = 210 + random.nextInt(60);
            int second = 80 + random.nextInt(30);
            double deadline = n % 2 == 0 ? 0.05 : 0.08;
            Confusion counts = new Confusion(
                    tp, fp, EVENTS - positives - fp, positives - tp, List.of(first, second, EVENTS - first - second));
            outcomes.add(new OutcomeRow(
                    model,
                    method,
                    devices.get(n).id(),
                    split,
                    counts,
                    new Costs(
                            (2.1 + random.nextDouble()) * 1e-6,
                            5.4e-6,
                            n == 5 ? null : Double.valueOf((1 + 6 * random.nextDouble()) * 1e-3),
                            n == 5 ? null : Double.valueOf(deadline * (n == 1 && method.equals("nearest") ? 1.2 : 0.9)),
                            deadline)));
            all.add(counts);
        }
        outcomes.add(new OutcomeRow(model, method, ReportData.ALL, split, Confusion.sum(all), null));
    }
}
