package org.qexit.tier.result;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.qexit.common.Provenance;
import org.qexit.common.statistics.MeanInterval;
import org.qexit.tier.cloud.Evidence;
import org.qexit.tier.scenario.Happening;
import org.qexit.tier.scenario.Places;

/**
 * What a simulation found, format {@value #FORMAT} (docs/simulation.md). Top-level figures are those of the first plan under the first policy; counts
 * are sums over its replications, of events that came after the warm-up. What is not defined is null.
 *
 * @param instance name of the fleet
 * @param plan the reference
 * @param policy the reference
 * @param time how long it is
 * @param replications complete ones
 * @param complete whether all that were asked for ran
 * @param devices in the order of the instance, then new ones
 * @param nodes in the order of the instance
 * @param system of the whole
 * @param classes by true class, in the order of their ids; null where the traces do not tell classes
 * @param timeline over time, the warm-up included
 * @param variants every plan under every policy, the reference first
 * @param quantileShares of every {@link Distribution}: {@link #QUANTILE_SHARES}
 * @param happens what happened, in the order of time
 * @param places where nodes and devices are, those that joined too; null where it is not known
 * @param warnings what is odd, a line each
 */
public record SimulationResult(
        String format,
        String instance,
        String plan,
        String policy,
        Time time,
        int replications,
        boolean complete,
        List<Device> devices,
        List<Node> nodes,
        SystemFigures system,
        List<ClassFigures> classes,
        Timeline timeline,
        List<Variant> variants,
        List<Double> quantileShares,
        List<Happening> happens,
        Places places,
        List<String> warnings,
        Provenance provenance) {
    public static final String FORMAT = "qexit.simulation/1";

    /** The shares whose quantiles a {@link Distribution} has, from the least to the greatest. */
    public static final List<Double> QUANTILE_SHARES =
            List.of(0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0);

    /** [s]. */
    public record Time(double periodSeconds, double horizonSeconds, double warmUpSeconds) {}

    /** Quantiles [s]. */
    public record Delay(Double p50, Double p95, Double p99) {}

    /**
     * How long something took, and how long it might.
     *
     * @param count of all
     * @param late of them, beyond the limit; counted exactly
     * @param limitSeconds the limit, or null for none
     * @param seconds the quantiles at {@link #QUANTILE_SHARES}, never falling, within 1/256 of the true ones; empty where the count is 0
     */
    public record Distribution(long count, long late, Double limitSeconds, List<Double> seconds) {
        public Distribution {
            seconds = List.copyOf(seconds);
            if (seconds.size() != (count == 0 ? 0 : QUANTILE_SHARES.size())) {
                throw new IllegalArgumentException(seconds.size() + " quantiles of " + count + " numbers; expected "
                        + (count == 0 ? 0 : QUANTILE_SHARES.size()));
            }
            for (int i = 1; i < seconds.size(); i++) {
                if (!(seconds.get(i) >= seconds.get(i - 1))) {
                    throw new IllegalArgumentException("quantile " + i + " is " + seconds.get(i) + " after "
                            + seconds.get(i - 1) + "; expected one that is not less");
                }
            }
            if (late < 0 || late > count) {
                throw new IllegalArgumentException("late is " + late + "; expected 0 to " + count);
            }
        }
    }

    /**
     * What became of one device's events.
     *
     * @param events that came
     * @param critical of them
     * @param truePositives critical events that the device decided to offload
     * @param falsePositives normal ones
     * @param offloads both
     * @param found critical events that a node answered in time
     * @param lost in queues, at a device that is off, at a node that is down
     * @param missedDeadlines transmitted or answered too late
     * @param outcomes how many events ended how
     * @param delaySeconds from an event to its node's answer
     * @param deadlineSeconds of the transmission
     * @param radio from the decision to offload until the event was sent, or given up at the deadline; the limit is the deadline
     * @param answer from an event to its node's answer; the limit is the scenario's {@code answerSeconds}
     * @param energyJoules local and radio; null where the local energy is not known
     * @param radioJoules of the radio
     * @param node that the reference plan places it at, or null
     * @param promised by the plan, on the events that it was made with
     * @param happened here
     */
    public record Device(
            String id,
            long events,
            long critical,
            long truePositives,
            long falsePositives,
            long offloads,
            long found,
            long lost,
            long missedDeadlines,
            Map<String, Long> outcomes,
            Delay delaySeconds,
            double deadlineSeconds,
            Distribution radio,
            Distribution answer,
            Double energyJoules,
            double radioJoules,
            String node,
            Rates promised,
            Rates happened) {}

    /**
     * Rates of a device.
     *
     * @param utility promised: TP / |P|; happened: found / critical
     * @param tpr true-positive rate of the device's decisions
     * @param fpr false-positive rate
     * @param ofr offload rate
     */
    public record Rates(Double utility, Double tpr, Double fpr, Double ofr) {}

    /**
     * One node.
     *
     * @param granted share of its compute that the plan gives to devices; null where it has none
     * @param utilisation share of its compute that worked
     * @param meanPresent mean number of events there
     */
    public record Node(String id, Double granted, double utilisation, double meanPresent) {}

    /**
     * The whole system.
     *
     * @param promisedLogUtility &Sigma; &rho; ln U of the plan
     * @param happenedLogUtility the same of found / critical; null if a device found nothing
     * @param devicesWithoutUtility devices that met critical events and found none
     * @param jain Jain's index of found / critical
     * @param classAccuracy critical events for which the right class was named in time over all; null where nodes have no model
     * @param falseAlarms normal events that a node took for critical; without a node's model all that it answered
     * @param serverDelaySeconds from an event to the server, or null without a backhaul
     * @param eventsSimulated what happened in all runs: arrivals, ends of services, looks, and what the scenario lets happen
     */
    public record SystemFigures(
            Double promisedLogUtility,
            Double happenedLogUtility,
            int devicesWithoutUtility,
            Double jain,
            Double classAccuracy,
            long falseAlarms,
            Delay serverDelaySeconds,
            long eventsSimulated) {}

    /**
     * What became of the events of one true class.
     *
     * @param name null where it is not known
     * @param outcomes how many ended how
     * @param named by the nodes' model, in time: how many as which critical class; null without one
     */
    public record ClassFigures(int id, String name, long events, Map<String, Long> outcomes, Map<String, Long> named) {}

    /**
     * Bins of equal length; counts are sums over the replications.
     *
     * @param binSeconds length
     * @param meanDelaySeconds of answers to events that came in a bin
     */
    public record Timeline(
            double binSeconds, List<Double> meanDelaySeconds, List<NodeSeries> nodes, List<DeviceSeries> devices) {}

    /** One node over time. */
    public record NodeSeries(String id, List<Double> utilisation, List<Double> present) {}

    /**
     * One device over time.
     *
     * @param moves the nodes that it had in the first replication, the first one from the beginning
     */
    public record DeviceSeries(
            String id,
            List<Long> events,
            List<Long> critical,
            List<Long> found,
            List<Long> offloads,
            List<Long> lost,
            List<Long> missed,
            List<Move> moves) {}

    /**
     * From a time on a device has a node.
     *
     * @param atSeconds the beginning of the bin by whose end it had it
     * @param node null for none
     */
    public record Move(double atSeconds, String node) {}

    /**
     * One plan under one policy.
     *
     * @param figures means over the replications, with 95 % intervals
     * @param difference to the reference, over pairs of replications with the same random numbers; null for the reference
     * @param devices what became of each device's events; null for the reference, whose devices stand at the top
     * @param nodes likewise
     * @param system likewise
     * @param changes new plans or thresholds, mean per replication
     * @param withoutPlan times that no plan was found, mean per replication
     * @param perReplication what the means are of, replication by replication
     * @param classAccuracy over time, in the timeline's bins; null where nodes have no model
     * @param candidates every retrained model of every replication; null under a policy that does not retrain
     */
    public record Variant(
            String plan,
            String policy,
            Figures figures,
            Figures difference,
            Delay delaySeconds,
            List<Phase> phases,
            List<Device> devices,
            List<Node> nodes,
            SystemFigures system,
            double changes,
            double withoutPlan,
            List<Double> classAccuracy,
            List<Candidate> candidates,
            List<Replication> perReplication) {}

    /**
     * One replication of a plan under a policy, of the events that came after the warm-up; what is not defined is null. Its figures are those of
     * {@link Figures}, and these.
     *
     * @param number from 0; the same number is the same world
     * @param found critical events that a node answered in time
     * @param rightClass of them, those whose class the nodes' model named; null where nodes have no model
     * @param falseAlarms normal events that reach an operator
     * @param leastUtility found / critical of the device that has the least of it
     * @param delayP50Seconds median from an event to its node's answer, in time or not
     * @param delayP95Seconds its 95 % quantile
     * @param bitsPerEvent what was put on the air, over all events that came
     */
    public record Replication(
            int number,
            long events,
            long critical,
            long offloads,
            long found,
            Long rightClass,
            long falseAlarms,
            long lost,
            long missed,
            Double logUtility,
            Double utility,
            Double leastUtility,
            Double jain,
            Double delayP50Seconds,
            Double delayP95Seconds,
            Double joulesPerEvent,
            Double bitsPerEvent,
            int changes)
            implements Serializable {}

    /**
     * A retrained model.
     *
     * @param replication from 1
     * @param evidence what was decided of it, and why
     * @param inForceSeconds when the last node had it, or null if it was rejected
     */
    public record Candidate(int replication, Evidence evidence, Double inForceSeconds) implements Serializable {}

    /**
     * Figures that plans and policies are compared by; an interval is null where a replication has no such figure.
     *
     * @param logUtility &Sigma; &rho; ln((found + 1/2) / (critical + 1)) over the devices that met critical events: finite, whatever is found
     * @param utility mean over these devices of found / critical
     * @param jain Jain's index of these
     * @param lostShare events lost over events
     * @param missedShare events late over events offloaded
     * @param joulesPerEvent local and radio
     * @param classAccuracy critical events for which the right class was named in time over all; null where nodes have no model
     */
    public record Figures(
            MeanInterval logUtility,
            MeanInterval utility,
            MeanInterval jain,
            MeanInterval lostShare,
            MeanInterval missedShare,
            MeanInterval joulesPerEvent,
            MeanInterval classAccuracy) {}

    /**
     * A time between two happenings.
     *
     * @param name what it begins with
     * @param utility mean over the devices of found / critical, over all replications
     * @param logUtility &Sigma; &rho; ln(found / critical) over all replications; null if a device found nothing
     * @param devicesWithoutUtility devices that met critical events and found none
     * @param classAccuracy critical events for which the right class was named in time over all; null where nodes have no model
     */
    public record Phase(
            String name,
            double fromSeconds,
            double toSeconds,
            long events,
            long offloads,
            long lost,
            long missedDeadlines,
            Delay delaySeconds,
            Double utility,
            Double logUtility,
            int devicesWithoutUtility,
            Double classAccuracy) {}

    /** The devices of a variant, the reference's too. */
    public List<Device> devicesOf(Variant variant) {
        return variant.devices() == null ? devices : variant.devices();
    }

    /** The whole of a variant, the reference's too. */
    public SystemFigures systemOf(Variant variant) {
        return variant.system() == null ? system : variant.system();
    }

    /** The nodes of a variant, the reference's too. */
    public List<Node> nodesOf(Variant variant) {
        return variant.nodes() == null ? nodes : variant.nodes();
    }
}
