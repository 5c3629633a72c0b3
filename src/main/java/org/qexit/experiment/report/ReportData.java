package org.qexit.experiment.report;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.qexit.common.Checks;
import org.qexit.trace.Thresholds;

/**
 * Everything the report shows. Lists may be empty: their charts and tables are then left out. A null number is
 * "undefined"; NaN and infinities are refused. Rates are fractions in [0, 1]. Models, methods and devices appear in the order of
 * {@code models}, {@code plans} and {@code devices}; the first method is the one the run deploys.
 *
 * @param headline one sentence: what the run found
 * @param notes further sentences under the headline: cautions, limits of the run
 * @param comparisons paired comparisons between models
 * @param reproduce command lines, in order
 * @param configText the configuration as read, or null
 */
public record ReportData(
        String title,
        String configName,
        long seed,
        String headline,
        List<String> notes,
        List<ModelSection> models,
        List<PlanRow> plans,
        List<HistogramRow> histograms,
        List<ThresholdRow> thresholds,
        List<FrontierRow> frontiers,
        List<NodeRow> nodes,
        List<DeviceRow> devices,
        List<AssignmentRow> assignments,
        List<OutcomeRow> outcomes,
        List<ComparisonRow> comparisons,
        Map<String, String> provenance,
        List<String> reproduce,
        String configText) {

    /** The name that stands for all devices pooled, in rows that are per device. */
    public static final String ALL = "all";

    /** The split on which thresholds and plans were chosen. */
    public static final String VALIDATION = "validation";

    /** The split that is reported once. */
    public static final String TEST = "test";

    /** @throws IllegalArgumentException if a row names a model, method, device or node that is not listed */
    public ReportData {
        Checks.notBlank("title", title);
        Checks.notBlank("configName", configName);
        Checks.notBlank("headline", headline);
        notes = List.copyOf(notes);
        models = List.copyOf(models);
        plans = List.copyOf(plans);
        histograms = List.copyOf(histograms);
        thresholds = List.copyOf(thresholds);
        frontiers = List.copyOf(frontiers);
        nodes = List.copyOf(nodes);
        devices = List.copyOf(devices);
        assignments = List.copyOf(assignments);
        outcomes = List.copyOf(outcomes);
        comparisons = List.copyOf(comparisons);
        provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
        reproduce = List.copyOf(reproduce);

        Set<String> model =
                names("model", models.stream().map(ModelSection::name).toList());
        Set<String> method =
                new LinkedHashSet<>(plans.stream().map(PlanRow::method).toList());
        Set<String> node = names("node", nodes.stream().map(NodeRow::id).toList());
        Set<String> device = names("device", devices.stream().map(DeviceRow::id).toList());
        if (device.contains(ALL)) {
            throw new IllegalArgumentException("device '" + ALL + "': the name stands for all devices pooled");
        }
        Set<String> deviceOrAll = new LinkedHashSet<>(device);
        deviceOrAll.add(ALL);
        plans.forEach(r -> known("plans.model", r.model(), model));
        histograms.forEach(r -> {
            known("histograms.model", r.model(), model);
            known("histograms.device", r.device(), deviceOrAll);
        });
        thresholds.forEach(r -> {
            known("thresholds.model", r.model(), model);
            known("thresholds.method", r.method(), method);
            known("thresholds.device", r.device(), deviceOrAll);
        });
        frontiers.forEach(r -> {
            known("frontiers.model", r.model(), model);
            known("frontiers.device", r.device(), deviceOrAll);
        });
        assignments.forEach(r -> {
            known("assignments.model", r.model(), model);
            known("assignments.method", r.method(), method);
            known("assignments.device", r.device(), device);
            known("assignments.node", r.node(), node);
        });
        outcomes.forEach(r -> {
            known("outcomes.model", r.model(), model);
            known("outcomes.method", r.method(), method);
            known("outcomes.device", r.device(), deviceOrAll);
        });
    }

    /**
     * One trained model.
     *
     * @param name short name, unique ("hybrid")
     * @param description half a sentence, or null
     * @param offloadBudget ω, the fraction of events that training may offload, or null
     * @param trainingSeconds wall-clock time of the training, or null
     */
    public record ModelSection(
            String name,
            String description,
            List<ExitSection> exits,
            List<EpochRow> history,
            Double offloadBudget,
            Double trainingSeconds) {
        public ModelSection {
            Checks.notBlank("models.name", name);
            exits = List.copyOf(exits);
            history = List.copyOf(history);
            finite("models.offloadBudget", offloadBudget);
            finite("models.trainingSeconds", trainingSeconds);
        }

        long parameters() {
            return exits.stream().mapToLong(ExitSection::parameters).sum();
        }
    }

    /**
     * One exit: the backbone block before it and its head.
     *
     * @param head what the head is ("quantum, 4 qubits × 2 layers")
     * @param parameters trainable parameters of this block and head (not cumulative)
     * @param cumulativeMacs multiply-accumulates of one event that leaves here
     * @param cumulativeMemoryAccesses values read and written by one event that leaves here
     * @param qubits 0 for a classical head, as are depth and twoQubitGates
     */
    public record ExitSection(
            String head,
            long parameters,
            long cumulativeMacs,
            long cumulativeMemoryAccesses,
            int qubits,
            int depth,
            int twoQubitGates) {
        public ExitSection {
            Checks.notBlank("exits.head", head);
        }
    }

    /**
     * One epoch of training.
     *
     * @param crossEntropy weighted sum over the exits
     * @param surrogateUtility Ũ, the soft true-positive rate, in [0, 1]
     * @param softOffload Õ, the soft offload rate
     * @param multiplier μ of the constraint Õ ≤ ω
     * @param steepness t of the soft thresholds
     * @param heldOutTpr true-positive rate on held-out events, or null
     * @param heldOutOfr offload rate on held-out events, or null
     * @param selected whether the model kept is this epoch's
     */
    public record EpochRow(
            int epoch,
            Double crossEntropy,
            Double surrogateUtility,
            Double softOffload,
            Double multiplier,
            Double steepness,
            Double heldOutTpr,
            Double heldOutOfr,
            boolean selected) {
        public EpochRow {
            finite("history.crossEntropy", crossEntropy);
            finite("history.surrogateUtility", surrogateUtility);
            finite("history.softOffload", softOffload);
            finite("history.multiplier", multiplier);
            finite("history.steepness", steepness);
            finite("history.heldOutTpr", heldOutTpr);
            finite("history.heldOutOfr", heldOutOfr);
        }
    }

    /**
     * The plan of one model by one method.
     *
     * @param method "exact", "nearest", "sum-utility", …
     * @param status "optimal", "feasible", "infeasible", …
     * @param objective Σ ρ ln U on validation, or null
     * @param bound optimistic bound on the objective, or null
     * @param gap bound − objective, or null
     * @param sumUtility Σ U on validation, or null
     * @param jain Jain's index of the utilities, or null
     * @param notes what the reader should know (why infeasible, …), or null
     */
    public record PlanRow(
            String model,
            String method,
            String status,
            Double objective,
            Double bound,
            Double gap,
            Double sumUtility,
            Double jain,
            String notes) {
        public PlanRow {
            Checks.notBlank("plans.method", method);
            Checks.notBlank("plans.status", status);
            finite("plans.objective", objective);
            finite("plans.bound", bound);
            finite("plans.gap", gap);
            finite("plans.sumUtility", sumUtility);
            finite("plans.jain", jain);
        }
    }

    /**
     * One bin of the confidence histogram of test events.
     *
     * @param device a device or {@link #ALL}
     * @param exit from 1
     * @param binLow in [0, 1]
     * @param critical count of critical events in [binLow, binHigh)
     * @param normal count of normal events
     */
    public record HistogramRow(
            String model, String device, int exit, double binLow, double binHigh, long critical, long normal) {
        public HistogramRow {
            Checks.within("histograms.exit", exit, 1, Integer.MAX_VALUE);
            Checks.within("histograms.binLow", binLow, 0, 1);
            Checks.within("histograms.binHigh", binHigh, binLow, 1);
        }
    }

    /**
     * The two thresholds of a device.
     *
     * @param upper u, {@link Thresholds#NEVER} for "never critical"
     */
    public record ThresholdRow(String model, String method, String device, double lower, double upper) {
        public ThresholdRow {
            // Refuses thresholds out of order.
            new Thresholds((float) lower, (float) upper);
        }
    }

    /**
     * A point of "true positives against offload rate": on {@link #VALIDATION}, a corner of the device's exact staircase; for
     * {@link #ALL}, thresholds chosen on validation with the same budget for every device, counted on the split.
     *
     * @param device a device or {@link #ALL}
     * @param split {@link #VALIDATION} or {@link #TEST}
     */
    public record FrontierRow(String model, String device, String split, double offloadRate, double tpr) {
        public FrontierRow {
            knownSplit(split);
            Checks.within("frontiers.offloadRate", offloadRate, 0, 1);
            Checks.within("frontiers.tpr", tpr, 0, 1);
        }
    }

    /** An edge node; security level 1 is the highest. Compute is in offloaded events per period. */
    public record NodeRow(
            String id, double xMetres, double yMetres, int securityLevel, double bandwidthHz, double computeUnits) {
        public NodeRow {
            Checks.notBlank("nodes.id", id);
            finite("nodes.xMetres", xMetres);
            finite("nodes.yMetres", yMetres);
            Checks.nonNegative("nodes.bandwidthHz", bandwidthHz);
            Checks.nonNegative("nodes.computeUnits", computeUnits);
        }
    }

    /** A device; it may use nodes whose security level is not above its own in number. */
    public record DeviceRow(String id, double xMetres, double yMetres, int securityLevel) {
        public DeviceRow {
            Checks.notBlank("devices.id", id);
            finite("devices.xMetres", xMetres);
            finite("devices.yMetres", yMetres);
        }
    }

    /** What a plan gives a device. An infeasible plan has no such rows. */
    public record AssignmentRow(
            String model,
            String method,
            String device,
            String node,
            double bandwidthHz,
            double powerWatts,
            double computeUnits) {
        public AssignmentRow {
            Checks.nonNegative("assignments.bandwidthHz", bandwidthHz);
            Checks.nonNegative("assignments.powerWatts", powerWatts);
            Checks.nonNegative("assignments.computeUnits", computeUnits);
        }
    }

    /**
     * What came of a plan on the events of one split.
     *
     * @param device a device or {@link #ALL}
     * @param split {@link #VALIDATION} or {@link #TEST}
     * @param exitsTaken events that left at exit 1, 2, …
     * @param costs or null
     */
    public record OutcomeRow(
            String model,
            String method,
            String device,
            String split,
            long tp,
            long fp,
            long tn,
            long fn,
            Interval tpr,
            Interval fpr,
            Interval car,
            Interval ofr,
            List<Long> exitsTaken,
            Costs costs) {
        public OutcomeRow {
            knownSplit(split);
            Interval.present("outcomes.tpr", tpr);
            Interval.present("outcomes.fpr", fpr);
            Interval.present("outcomes.car", car);
            Interval.present("outcomes.ofr", ofr);
            exitsTaken = List.copyOf(exitsTaken);
        }

        /** With the rates of Eq. (14)-(21) and their Wilson intervals from the counts. */
        public static OutcomeRow ofCounts(
                String model,
                String method,
                String device,
                String split,
                long tp,
                long fp,
                long tn,
                long fn,
                List<Long> exitsTaken,
                Costs costs) {
            long events = tp + fp + tn + fn;
            return new OutcomeRow(
                    model,
                    method,
                    device,
                    split,
                    tp,
                    fp,
                    tn,
                    fn,
                    Interval.wilson(tp, tp + fn),
                    Interval.wilson(fp, fp + tn),
                    Interval.wilson(tp + tn, events),
                    Interval.wilson(tp + fp, events),
                    exitsTaken,
                    costs);
        }
    }

    /**
     * Costs of a device under a plan; null where undefined.
     *
     * @param localEnergyJoules mean per event, blocks up to the exit taken
     * @param wholeNetworkEnergyJoules per event, all blocks (Eq. 3)
     * @param offloadEnergyJoules per offloaded event
     * @param delaySeconds of one offload
     * @param deadlineSeconds the delay allowed
     */
    public record Costs(
            Double localEnergyJoules,
            Double wholeNetworkEnergyJoules,
            Double offloadEnergyJoules,
            Double delaySeconds,
            Double deadlineSeconds) {
        public Costs {
            finite("costs.localEnergyJoules", localEnergyJoules);
            finite("costs.wholeNetworkEnergyJoules", wholeNetworkEnergyJoules);
            finite("costs.offloadEnergyJoules", offloadEnergyJoules);
            finite("costs.delaySeconds", delaySeconds);
            finite("costs.deadlineSeconds", deadlineSeconds);
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

    private static void finite(String name, Double value) {
        if (value != null && !Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + "; expected a finite number, or nothing");
        }
    }

    private static void knownSplit(String split) {
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
