package org.qexit.allocation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.qexit.common.Checks;
import org.qexit.common.Provenance;
import org.qexit.trace.Rule;
import org.qexit.trace.RuleKind;

/**
 * A deployment plan with its certificate, format {@code qexit.plan/1} (docs/allocation.md). Plans of other programs
 * may hold more fields, which are skipped, and fewer, which are null.
 *
 * @param format must be {@value #FORMAT}
 * @param instance the instance's name
 * @param method the method's name
 * @param rule the kind of rule that devices decide by; null for pairs
 * @param status what is proved
 * @param objective Σ ρ_n ln U_n, or null if infeasible
 * @param bound no plan has a larger objective; null if none was proved
 * @param gap bound − objective
 * @param seconds time it took, or null where plans must not differ between runs
 * @param reasons why no plan exists, or null
 * @param devices one entry per device, in the instance's order; empty if infeasible
 * @param certificate how to recompute the bound, and what an independent check of the plan found
 * @param fairness facts on fairness, or null
 * @param nodes use and shadow prices of each node, or null
 * @param published the paper's own bounds, or null
 * @param energy energy and power of the plan, or null
 * @param relaxations the cheapest changes of the instance that make an infeasible fleet feasible, or null
 * @param moves what changed of the plan before, if this one began from it, or null
 * @param provenance where the plan comes from
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Plan(
        String format,
        String instance,
        String method,
        RuleKind rule,
        Status status,
        Double objective,
        Double bound,
        Double gap,
        Double seconds,
        List<String> reasons,
        List<Device> devices,
        Certificate certificate,
        Fairness fairness,
        List<NodeUse> nodes,
        PublishedBounds published,
        EnergyFacts energy,
        List<Relaxation> relaxations,
        MoveFacts moves,
        Provenance provenance) {
    public static final String FORMAT = "qexit.plan/1";

    /** @throws IllegalArgumentException for another format, a device listed twice, or numbers that no device can have */
    public Plan {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        Checks.present("instance", instance);
        Checks.present("status", status);
        devices = devices == null ? List.of() : List.copyOf(devices);
        Set<String> ids = new HashSet<>();
        for (Device device : devices) {
            if (!ids.add(device.id())) {
                throw new IllegalArgumentException("devices: the id '" + device.id() + "' is listed twice");
            }
        }
        reasons = reasons == null ? null : List.copyOf(reasons);
        nodes = nodes == null ? null : List.copyOf(nodes);
        relaxations = relaxations == null ? null : List.copyOf(relaxations);
    }

    /** What a plan claims. */
    public enum Status {
        /** The gap is at most 1e-9 of |objective|, whatever gap was asked for. */
        OPTIMAL,
        /** Every constraint holds; a better plan may exist within the gap. */
        FEASIBLE,
        /** No plan exists; the reasons say why. */
        INFEASIBLE,
        /** Neither a plan nor a proof that none exists was found within the limits. */
        UNKNOWN;

        @JsonValue
        public String json() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    @JsonIgnore
    public boolean isFeasible() {
        return status == Status.OPTIMAL || status == Status.FEASIBLE;
    }

    /** (bound − objective) / |objective|, or +∞ where either is missing. */
    public double relativeGap() {
        return objective == null || bound == null
                ? Double.POSITIVE_INFINITY
                : SolveOptions.relativeGap(objective, bound);
    }

    /** A plan that says nothing but whose it is, and its status. */
    public static Plan of(String instance, String method, Status status, Provenance provenance) {
        return new Plan(
                FORMAT,
                instance,
                method,
                null,
                status,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                provenance);
    }

    /** The same plan without its time, so that two runs give the same bytes. */
    public Plan withoutSeconds() {
        return with(parts -> parts.seconds = null);
    }

    public Plan withSeconds(double used) {
        return with(parts -> parts.seconds = used);
    }

    /** With devices that decide by another kind of rule. */
    public Plan withRule(RuleKind kind) {
        return with(parts -> parts.rule = kind == null ? null : kind.orNull());
    }

    public Plan withReasons(List<String> why) {
        return with(parts -> parts.reasons = why);
    }

    /** The same with its devices anew, in their order. */
    public Plan withDevices(List<Device> placed) {
        return with(parts -> parts.devices = placed);
    }

    /** @param proved a bound, or null */
    public Plan withResult(List<Device> placed, double value, Double proved) {
        return with(parts -> {
            parts.devices = placed;
            parts.objective = value;
            parts.bound = proved;
            parts.gap = proved == null ? null : (Double) (proved - value);
        });
    }

    public Plan withCertificate(Certificate evidence) {
        return with(parts -> parts.certificate = evidence);
    }

    public Plan withPublished(PublishedBounds bounds) {
        return with(parts -> parts.published = bounds);
    }

    public Plan withFairness(Fairness facts) {
        return with(parts -> parts.fairness = facts);
    }

    public Plan withNodes(List<NodeUse> uses) {
        return with(parts -> parts.nodes = uses);
    }

    public Plan withRelaxations(List<Relaxation> remedies) {
        return with(parts -> parts.relaxations = remedies);
    }

    /** With the facts on energy; where they hold a penalised bound the status must speak of that. */
    public Plan withEnergy(EnergyFacts facts, Status claimed) {
        return with(parts -> {
            parts.energy = facts;
            parts.status = claimed;
        });
    }

    /** With what it changed, which the status then speaks of. */
    public Plan withMoves(MoveFacts facts, Status claimed) {
        return with(parts -> {
            parts.moves = facts;
            parts.status = claimed;
        });
    }

    private Plan with(Consumer<Parts> change) {
        Parts parts = new Parts(this);
        change.accept(parts);
        return parts.plan(this);
    }

    /** What the copies of a plan may differ in. */
    private static final class Parts {
        private RuleKind rule;
        private Status status;
        private Double objective;
        private Double bound;
        private Double gap;
        private Double seconds;
        private List<String> reasons;
        private List<Device> devices;
        private Certificate certificate;
        private Fairness fairness;
        private List<NodeUse> nodes;
        private PublishedBounds published;
        private EnergyFacts energy;
        private List<Relaxation> relaxations;
        private MoveFacts moves;

        Parts(Plan plan) {
            rule = plan.rule;
            status = plan.status;
            objective = plan.objective;
            bound = plan.bound;
            gap = plan.gap;
            seconds = plan.seconds;
            reasons = plan.reasons;
            devices = plan.devices;
            certificate = plan.certificate;
            fairness = plan.fairness;
            nodes = plan.nodes;
            published = plan.published;
            energy = plan.energy;
            relaxations = plan.relaxations;
            moves = plan.moves;
        }

        Plan plan(Plan of) {
            return new Plan(
                    of.format,
                    of.instance,
                    of.method,
                    rule,
                    status,
                    objective,
                    bound,
                    gap,
                    seconds,
                    reasons,
                    devices,
                    certificate,
                    fairness,
                    nodes,
                    published,
                    energy,
                    relaxations,
                    moves,
                    of.provenance);
        }
    }

    /**
     * One device's part. Fields from {@code utility} on may be missing in plans of other programs.
     *
     * @param id the device
     * @param node the node that serves it
     * @param thresholds how it decides; in JSON {@code lower} and {@code upper}, two numbers or two lists
     * @param bandwidthHz b
     * @param powerWatts p
     * @param computeUnits w_n, at least the load that the thresholds cause, times the node's r_j
     * @param truePositives TP on the trace
     * @param falsePositives FP on the trace
     * @param utility U_n = TP/|P|
     * @param crossFittedUtility U_n of thresholds chosen so on events that they were not chosen on, or null where it is not known
     * @param delaySeconds transmission time of one event
     * @param energyJoules expected offload energy per period, or null
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonPropertyOrder({"id", "node", "lower", "upper"})
    public record Device(
            String id,
            String node,
            @JsonIgnore Rule thresholds,
            double bandwidthHz,
            double powerWatts,
            double computeUnits,
            int truePositives,
            int falsePositives,
            Double utility,
            Double crossFittedUtility,
            Double delaySeconds,
            Double energyJoules) {
        public Device {
            Checks.notBlank("id", id);
            try {
                Checks.notBlank("node", node);
                Checks.present("thresholds", thresholds);
                Checks.positive("bandwidthHz", bandwidthHz);
                Checks.positive("powerWatts", powerWatts);
                Checks.nonNegative("computeUnits", computeUnits);
                Checks.within("truePositives", truePositives, 0, Integer.MAX_VALUE);
                Checks.within("falsePositives", falsePositives, 0, Integer.MAX_VALUE);
                if (utility != null) {
                    Checks.within("utility", utility, 0, 1);
                }
                if (crossFittedUtility != null) {
                    Checks.within("crossFittedUtility", crossFittedUtility, 0, 1);
                }
                if (delaySeconds != null) {
                    Checks.nonNegative("delaySeconds", delaySeconds);
                }
                if (energyJoules != null) {
                    Checks.nonNegative("energyJoules", energyJoules);
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("device " + id + ": " + e.getMessage(), e);
            }
        }

        @JsonCreator
        static Device read(
                @JsonProperty("id") String id,
                @JsonProperty("node") String node,
                @JsonProperty("lower") Object lower,
                @JsonProperty("upper") Object upper,
                @JsonProperty("bandwidthHz") double bandwidthHz,
                @JsonProperty("powerWatts") double powerWatts,
                @JsonProperty("computeUnits") double computeUnits,
                @JsonProperty("truePositives") int truePositives,
                @JsonProperty("falsePositives") int falsePositives,
                @JsonProperty("utility") Double utility,
                @JsonProperty("crossFittedUtility") Double crossFittedUtility,
                @JsonProperty("delaySeconds") Double delaySeconds,
                @JsonProperty("energyJoules") Double energyJoules) {
            Rule thresholds;
            try {
                thresholds = Rule.of(lower, upper);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("device " + id + ": " + e.getMessage(), e);
            }
            return new Device(
                    id,
                    node,
                    thresholds,
                    bandwidthHz,
                    powerWatts,
                    computeUnits,
                    truePositives,
                    falsePositives,
                    utility,
                    crossFittedUtility,
                    delaySeconds,
                    energyJoules);
        }

        /** In files: a number, or a list with an entry per exit. */
        @JsonProperty("lower")
        Object lower() {
            return thresholds.lowerEntry();
        }

        /** In files: a number or "never", or a list with an entry per exit. */
        @JsonProperty("upper")
        Object upper() {
            return thresholds.upperEntry();
        }

        public Device withCrossFittedUtility(Double promised) {
            return new Device(
                    id,
                    node,
                    thresholds,
                    bandwidthHz,
                    powerWatts,
                    computeUnits,
                    truePositives,
                    falsePositives,
                    utility,
                    promised,
                    delaySeconds,
                    energyJoules);
        }
    }

    /**
     * Fairness of the plan.
     *
     * @param sumUtility Σ U_n
     * @param jainUtility Jain's index of U_n
     * @param jainOffload Jain's index of R_n/|Φ_n|, the offloaded share of each device's events
     * @param minUtility the least U_n
     * @param medianUtility the median U_n
     * @param alternativesChecked feasible alternatives against which Eq. (22) was evaluated
     * @param alternativesAbove how many of them have a positive left side
     * @param worstAlternative the largest left side of Eq. (22) among them, or null if none was checked
     * @param priceOfFairness 1 − ΣU_n / sumUtilityBest, or null if it was not measured
     * @param sumUtilityBest the largest ΣU_n found, or null
     * @param sumUtilityBound no plan has a larger ΣU_n, or null
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Fairness(
            double sumUtility,
            double jainUtility,
            double jainOffload,
            double minUtility,
            double medianUtility,
            Integer alternativesChecked,
            Integer alternativesAbove,
            Double worstAlternative,
            Double priceOfFairness,
            Double sumUtilityBest,
            Double sumUtilityBound) {}

    /**
     * One node's use and what more of it would be worth.
     *
     * @param id the node
     * @param devices how many it serves
     * @param bandwidthHz used
     * @param bandwidthFreeHz left
     * @param computeUnits used
     * @param computeFreeUnits left
     * @param bandwidthPricePerHz shadow price in the bound, or null
     * @param computePricePerUnit shadow price in the bound, or null
     * @param computeExtra events per period more, for which the next two speak
     * @param computeWorth what they are sure to bring: compute divided anew with every device where it is
     * @param computeWorthLimit what they can bring at most, by the bound of the node prices; null without prices
     * @param bandwidthExtraHz bandwidth more, for which the next two speak
     * @param bandwidthWorth what it brings if one device moves to the node; null for large fleets
     * @param bandwidthWorthLimit what it can bring at most over the pairs that work today; null without prices
     * @param inWords what that means
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record NodeUse(
            String id,
            int devices,
            double bandwidthHz,
            double bandwidthFreeHz,
            double computeUnits,
            double computeFreeUnits,
            Double bandwidthPricePerHz,
            Double computePricePerUnit,
            Double computeExtra,
            Double computeWorth,
            Double computeWorthLimit,
            Double bandwidthExtraHz,
            Double bandwidthWorth,
            Double bandwidthWorthLimit,
            String inWords) {}

    /**
     * The paper's bounds under their published names.
     *
     * @param paperLb nodes merged per security level; not a lower bound in general; null where a level cannot serve its own devices
     * @param paperUb all nodes merged; a valid upper bound, loose
     * @param paperRelativeGap 100 · (objective − paper_lb) / paper_lb (Eq. 34), in percent; null where paper_lb is 0 or undefined
     * @param note where they are not bounds
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record PublishedBounds(
            @com.fasterxml.jackson.annotation.JsonProperty("paper_lb")
            Double paperLb,

            @com.fasterxml.jackson.annotation.JsonProperty("paper_ub")
            Double paperUb,

            @com.fasterxml.jackson.annotation.JsonProperty("paper_relative_gap")
            Double paperRelativeGap,

            String note) {}
}
