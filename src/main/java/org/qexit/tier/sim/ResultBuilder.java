package org.qexit.tier.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.common.Provenance;
import org.qexit.common.Version;
import org.qexit.common.statistics.MeanInterval;
import org.qexit.common.statistics.Samples;
import org.qexit.simulation.statistics.QuantileSketch;
import org.qexit.tier.EventOutcome;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.scenario.NodeModel;
import org.qexit.tier.scenario.Policy;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;

/** Makes the result of the runs' summaries and sums. */
final class ResultBuilder {
    private final Fleet fleet;
    private final Timeline timeline;
    private final List<Simulation.Chosen> variants;
    private final List<VariantTotals> totals;

    /** {@code [variant][replication]}: those that ran, and of all variants. */
    private final RunSummary[][] runs;

    private final boolean complete;

    ResultBuilder(
            Fleet fleet,
            Timeline timeline,
            List<Simulation.Chosen> variants,
            List<VariantTotals> totals,
            List<RunSummary> summaries) {
        this.fleet = fleet;
        this.timeline = timeline;
        this.variants = variants;
        this.totals = totals;
        complete = summaries.stream().allMatch(summary -> summary != null);
        runs = new RunSummary[variants.size()][];
        for (int v = 0; v < runs.length; v++) {
            int variant = v;
            runs[v] = IntStream.range(0, summaries.size())
                    .filter(task -> task % variants.size() == variant)
                    .mapToObj(summaries::get)
                    .toArray(RunSummary[]::new);
        }
    }

    /** @param assignments of the reference's first replication */
    SimulationResult result(Timeline.Assignments assignments) {
        Simulation.Chosen reference = variants.get(0);
        RunSummary[] ran = Arrays.stream(runs[0]).filter(run -> run != null).toArray(RunSummary[]::new);
        long[][] fields = sums(0);
        return new SimulationResult(
                SimulationResult.FORMAT,
                fleet.inputs.instance().name(),
                reference.plan().name(),
                reference.policy().name(),
                new SimulationResult.Time(
                        fleet.scenario.periodSeconds(), timeline.horizonSeconds, timeline.warmUpSeconds),
                ran.length,
                complete,
                devices(0, ran, fields),
                nodes(0, ran),
                system(0, fields),
                fleet.classes() == 0 ? null : classes(),
                timeline(ran, assignments),
                IntStream.range(0, variants.size()).mapToObj(this::variant).toList(),
                SimulationResult.QUANTILE_SHARES,
                Fleet.inOrder(fleet.scenario),
                fleet.inputs.places(),
                warnings(fields),
                new Provenance(Version.current(), fleet.scenario.seed(), null, null));
    }

    private List<String> warnings(long[][] fields) {
        List<String> warnings = new ArrayList<>(fleet.inputs.warnings());
        if (Arrays.stream(fields).allMatch(own -> own[Tallies.EVENTS] == 0)) {
            warnings.add("no event came between the warm-up and the horizon: there is nothing to tell."
                    + " Maybe choose a longer horizonSeconds");
        }
        return warnings;
    }

    /** {@code [device][field]}: of a plan and policy, after the warm-up. */
    private long[][] sums(int v) {
        long[][] sums = new long[fleet.size()][Tallies.FIELDS];
        for (int p = 0; p < timeline.phases(); p++) {
            for (int i = 0; timeline.counts(p) && i < sums.length * Tallies.FIELDS; i++) {
                sums[i / Tallies.FIELDS][i % Tallies.FIELDS] += totals.get(v).counts[p][i];
            }
        }
        return sums;
    }

    private List<SimulationResult.Device> devices(int v, RunSummary[] ran, long[][] fields) {
        Map<String, Plan.Device> planned = new LinkedHashMap<>();
        variants.get(v).plan().plan().devices().forEach(device -> planned.put(device.id(), device));
        List<SimulationResult.Device> devices = new ArrayList<>();
        for (int n = 0; n < fields.length; n++) {
            Plan.Device own = planned.get(fleet.devices.get(n).id());
            devices.add(device(n, own, totals.get(v), ran, fields[n]));
        }
        return devices;
    }

    private SimulationResult.Device device(
            int n, Plan.Device planned, VariantTotals sums, RunSummary[] ran, long[] own) {
        Instance.Device what = fleet.devices.get(n);
        long events = own[Tallies.EVENTS];
        long critical = own[Tallies.CRITICAL];
        long truePositives = own[Tallies.TRUE_POSITIVES];
        long falsePositives = own[Tallies.FALSE_POSITIVES];
        Map<String, Long> outcomes = new LinkedHashMap<>();
        long lost = 0;
        for (EventOutcome outcome : EventOutcome.values()) {
            long count = RunSummary.outcome(own, outcome);
            outcomes.put(outcome.word(), count);
            lost += outcome.lost() ? count : 0;
        }
        double local =
                Arrays.stream(ran).mapToDouble(run -> run.joules().local()[n]).sum();
        double radio =
                Arrays.stream(ran).mapToDouble(run -> run.joules().radio()[n]).sum();
        return new SimulationResult.Device(
                what.id(),
                events,
                critical,
                truePositives,
                falsePositives,
                truePositives + falsePositives,
                RunSummary.found(own),
                lost,
                RunSummary.outcome(own, EventOutcome.MISSED),
                outcomes,
                delay(sums.deviceDelay[n]),
                what.deadlineSeconds(),
                distribution(sums.radioDelay[n], sums.lateRadio[n], what.deadlineSeconds()),
                distribution(
                        sums.deviceDelay[n],
                        sums.lateAnswers[n],
                        fleet.scenario.link().answerSeconds()),
                fleet.energyKnown ? (Double) (local + radio) : null,
                radio,
                planned == null ? null : planned.node(),
                planned == null ? null : promised(what, planned),
                new SimulationResult.Rates(
                        ratio(RunSummary.found(own), critical),
                        ratio(truePositives, critical),
                        ratio(falsePositives, events - critical),
                        ratio(truePositives + falsePositives, events)));
    }

    private static SimulationResult.Rates promised(Instance.Device what, Plan.Device planned) {
        DeviceTrace trace = what.deviceTrace();
        Confusion counts = Confusion.of(trace, planned.thresholds());
        return new SimulationResult.Rates(
                planned.utility() == null ? counts.tpr().value() : planned.utility(),
                counts.tpr().value(),
                counts.fpr().value(),
                counts.ofr().value());
    }

    private List<SimulationResult.Node> nodes(int v, RunSummary[] ran) {
        Map<String, Double> granted = new LinkedHashMap<>();
        variants.get(v)
                .plan()
                .plan()
                .devices()
                .forEach(device -> granted.merge(device.node(), device.computeUnits(), Double::sum));
        List<SimulationResult.Node> nodes = new ArrayList<>();
        for (int j = 0; j < fleet.nodes.size(); j++) {
            int node = j;
            nodes.add(new SimulationResult.Node(
                    fleet.nodes.get(j).id(),
                    fleet.nodes.get(j).computeUnits() == 0
                            ? null
                            : (Double) (granted.getOrDefault(fleet.nodes.get(j).id(), 0.0)
                                    / fleet.nodes.get(j).computeUnits()),
                    Arrays.stream(ran)
                            .mapToDouble(run -> run.series().utilisation()[node])
                            .average()
                            .orElse(0),
                    Arrays.stream(ran)
                            .mapToDouble(run -> run.series().meanPresent()[node])
                            .average()
                            .orElse(0)));
        }
        return nodes;
    }

    private SimulationResult.SystemFigures system(int v, long[][] fields) {
        long critical = 0;
        long right = 0;
        long falseAlarms = 0;
        for (long[] own : fields) {
            critical += own[Tallies.CRITICAL];
            right += own[Tallies.RIGHT_CLASS];
            falseAlarms += own[Tallies.outcomeField(EventOutcome.CLASSIFIED, false)];
        }
        Utilities utilities = utilities(fields);
        return new SimulationResult.SystemFigures(
                variants.get(v).plan().plan().objective(),
                utilities.log,
                utilities.without,
                utilities.jain,
                fleet.nodeModel() == null ? null : ratio(right, critical),
                falseAlarms,
                fleet.scenario.backhaul() == null ? null : delay(totals.get(v).serverDelay),
                Arrays.stream(v == 0 ? runs : new RunSummary[][] {runs[v]})
                        .flatMap(Arrays::stream)
                        .filter(run -> run != null)
                        .mapToLong(RunSummary::happened)
                        .sum());
    }

    private List<SimulationResult.ClassFigures> classes() {
        VariantTotals sums = totals.get(0);
        NodeModel model = fleet.nodeModel();
        List<SimulationResult.ClassFigures> classes = new ArrayList<>();
        for (int c = 0; c < fleet.classes(); c++) {
            Map<String, Long> outcomes = new LinkedHashMap<>();
            for (EventOutcome outcome : EventOutcome.values()) {
                outcomes.put(outcome.word(), sums.classOutcomes[c][outcome.ordinal()]);
            }
            Map<String, Long> named = model == null ? null : new LinkedHashMap<>();
            for (int id : model == null ? List.<Integer>of() : model.critical()) {
                named.put(model.classes().get(id), sums.classNamed[c][id]);
            }
            long events = Arrays.stream(sums.classOutcomes[c]).sum();
            classes.add(new SimulationResult.ClassFigures(
                    c, model == null ? null : model.classes().get(c), events, outcomes, named));
        }
        return classes;
    }

    private record Utilities(Double mean, Double log, int without, Double jain) {}

    /** Of what was found over what was critical, device by device. */
    private Utilities utilities(long[][] fields) {
        double log = 0;
        int without = 0;
        List<Double> all = new ArrayList<>();
        for (int n = 0; n < fields.length; n++) {
            long critical = fields[n][Tallies.CRITICAL];
            long found = RunSummary.found(fields[n]);
            if (critical > 0) {
                all.add((double) found / critical);
                without += found == 0 ? 1 : 0;
                log += fleet.devices.get(n).weight() * Math.log((double) found / critical);
            }
        }
        double[] utility = all.stream().mapToDouble(Double::doubleValue).toArray();
        boolean any = Arrays.stream(utility).anyMatch(u -> u > 0);
        return new Utilities(
                utility.length == 0 ? null : Arrays.stream(utility).average().getAsDouble(),
                utility.length == 0 || without > 0 ? null : log,
                without,
                any ? Samples.jain(utility) : null);
    }

    private SimulationResult.Timeline timeline(RunSummary[] ran, Timeline.Assignments assignments) {
        VariantTotals sums = totals.get(0);
        List<SimulationResult.DeviceSeries> devices = new ArrayList<>();
        for (int n = 0; n < fleet.size(); n++) {
            devices.add(new SimulationResult.DeviceSeries(
                    fleet.devices.get(n).id(),
                    series(sums, n, Tallies.BIN_EVENTS),
                    series(sums, n, Tallies.BIN_CRITICAL),
                    series(sums, n, Tallies.BIN_FOUND),
                    series(sums, n, Tallies.BIN_OFFLOADS),
                    series(sums, n, Tallies.BIN_LOST),
                    series(sums, n, Tallies.BIN_MISSED),
                    moves(assignments, n)));
        }
        List<Double> delays = new ArrayList<>();
        for (int b = 0; b < Timeline.BINS; b++) {
            int bin = b;
            double delay = Arrays.stream(ran)
                    .mapToDouble(run -> run.series().delay()[bin])
                    .sum();
            delays.add(sums.binAnswers[b] == 0 ? null : (Double) (delay / sums.binAnswers[b]));
        }
        List<SimulationResult.NodeSeries> nodes = new ArrayList<>();
        for (int j = 0; j < fleet.nodes.size(); j++) {
            int node = j;
            nodes.add(new SimulationResult.NodeSeries(
                    fleet.nodes.get(j).id(),
                    mean(ran, run -> run.series().busy()[node]),
                    mean(ran, run -> run.series().present()[node])));
        }
        return new SimulationResult.Timeline(timeline.horizonSeconds / Timeline.BINS, delays, nodes, devices);
    }

    /** When the device had which node; the first bins may be all there are, where it was stopped. */
    private List<SimulationResult.Move> moves(Timeline.Assignments assignments, int device) {
        List<SimulationResult.Move> moves = new ArrayList<>();
        int before = SimulatedDevice.NOWHERE;
        for (int b = 0; b < Timeline.BINS && assignments.nodes[b] != null; b++) {
            int node = assignments.nodes[b][device];
            if (b == 0 || node != before) {
                moves.add(new SimulationResult.Move(
                        b * timeline.horizonSeconds / Timeline.BINS,
                        node == SimulatedDevice.NOWHERE
                                ? null
                                : fleet.nodes.get(node).id()));
            }
            before = node;
        }
        return moves;
    }

    private static List<Double> mean(RunSummary[] ran, java.util.function.Function<RunSummary, double[]> of) {
        List<Double> mean = new ArrayList<>();
        for (int b = 0; b < Timeline.BINS; b++) {
            int bin = b;
            mean.add(Arrays.stream(ran)
                    .mapToDouble(run -> of.apply(run)[bin])
                    .average()
                    .orElse(0));
        }
        return mean;
    }

    private static List<Long> series(VariantTotals sums, int device, int field) {
        return Arrays.stream(sums.bins)
                .map(bin -> bin[device * Tallies.BIN_FIELDS + field])
                .toList();
    }

    private SimulationResult.Variant variant(int v) {
        RunSummary[] own = Arrays.stream(runs[v]).filter(run -> run != null).toArray(RunSummary[]::new);
        List<RunSummary[]> pairs = new ArrayList<>();
        for (int r = 0; r < runs[v].length; r++) {
            if (runs[v][r] != null && runs[0][r] != null) {
                pairs.add(new RunSummary[] {runs[v][r], runs[0][r]});
            }
        }
        QuantileSketch delays = new QuantileSketch();
        Arrays.stream(totals.get(v).deviceDelay).forEach(delays::add);
        return new SimulationResult.Variant(
                variants.get(v).plan().name(),
                variants.get(v).policy().name(),
                figures(metric -> Arrays.stream(own)
                        .mapToDouble(run -> metric.applyAsDouble(run.metrics()))
                        .toArray()),
                v == 0
                        ? null
                        : figures(metric -> pairs.stream()
                                .mapToDouble(pair -> metric.applyAsDouble(pair[0].metrics())
                                        - metric.applyAsDouble(pair[1].metrics()))
                                .toArray()),
                delay(delays),
                IntStream.range(0, timeline.phases()).mapToObj(p -> phase(v, p)).toList(),
                v == 0 ? null : devices(v, own, sums(v)),
                v == 0 ? null : nodes(v, own),
                v == 0 ? null : system(v, sums(v)),
                Arrays.stream(own).mapToInt(run -> run.desk()[0]).average().orElse(0),
                Arrays.stream(own).mapToInt(run -> run.desk()[1]).average().orElse(0),
                fleet.nodeModel() == null ? null : classAccuracy(totals.get(v)),
                variants.get(v).policy() instanceof Policy.Retrain
                        ? Arrays.stream(own)
                                .flatMap(run -> run.candidates().stream())
                                .toList()
                        : null,
                Arrays.stream(own).map(RunSummary::replication).toList());
    }

    private List<Double> classAccuracy(VariantTotals sums) {
        List<Double> accuracy = new ArrayList<>();
        for (long[] bin : sums.bins) {
            long right = 0;
            long critical = 0;
            for (int n = 0; n < fleet.size(); n++) {
                right += bin[n * Tallies.BIN_FIELDS + Tallies.BIN_RIGHT_CLASS];
                critical += bin[n * Tallies.BIN_FIELDS + Tallies.BIN_CRITICAL];
            }
            accuracy.add(ratio(right, critical));
        }
        return accuracy;
    }

    private SimulationResult.Figures figures(
            java.util.function.Function<ToDoubleFunction<RunSummary.Metrics>, double[]> sample) {
        return new SimulationResult.Figures(
                interval(sample.apply(RunSummary.Metrics::logUtility)),
                interval(sample.apply(RunSummary.Metrics::utility)),
                interval(sample.apply(RunSummary.Metrics::jain)),
                interval(sample.apply(RunSummary.Metrics::lostShare)),
                interval(sample.apply(RunSummary.Metrics::missedShare)),
                interval(sample.apply(RunSummary.Metrics::joulesPerEvent)),
                interval(sample.apply(RunSummary.Metrics::classAccuracy)));
    }

    private static MeanInterval interval(double[] values) {
        return values.length == 0 || Arrays.stream(values).anyMatch(Double::isNaN)
                ? null
                : MeanInterval.student(values);
    }

    private SimulationResult.Phase phase(int v, int p) {
        long[][] fields = new long[fleet.size()][Tallies.FIELDS];
        long[] sums = new long[Tallies.FIELDS];
        for (int n = 0; n < fields.length; n++) {
            for (int f = 0; f < Tallies.FIELDS; f++) {
                fields[n][f] = totals.get(v).counts[p][n * Tallies.FIELDS + f];
                sums[f] += fields[n][f];
            }
        }
        long lost = 0;
        for (EventOutcome outcome : EventOutcome.values()) {
            lost += outcome.lost() ? RunSummary.outcome(sums, outcome) : 0;
        }
        Utilities utilities = utilities(fields);
        return new SimulationResult.Phase(
                timeline.names.get(p),
                timeline.starts[p],
                timeline.end(p),
                sums[Tallies.EVENTS],
                sums[Tallies.TRUE_POSITIVES] + sums[Tallies.FALSE_POSITIVES],
                lost,
                RunSummary.outcome(sums, EventOutcome.MISSED),
                delay(totals.get(v).phaseDelay[p]),
                utilities.mean,
                utilities.log,
                utilities.without,
                fleet.nodeModel() == null ? null : ratio(sums[Tallies.RIGHT_CLASS], sums[Tallies.CRITICAL]));
    }

    private static SimulationResult.Delay delay(QuantileSketch sketch) {
        return sketch.count() == 0
                ? new SimulationResult.Delay(null, null, null)
                : new SimulationResult.Delay(sketch.quantile(0.5), sketch.quantile(0.95), sketch.quantile(0.99));
    }

    private static SimulationResult.Distribution distribution(QuantileSketch sketch, long late, Double limit) {
        List<Double> seconds = sketch.count() == 0
                ? List.of()
                : SimulationResult.QUANTILE_SHARES.stream()
                        .map(sketch::quantile)
                        .toList();
        return new SimulationResult.Distribution(sketch.count(), late, limit, seconds);
    }

    private static Double ratio(long part, long whole) {
        return whole == 0 ? null : (Double) ((double) part / whole);
    }
}
