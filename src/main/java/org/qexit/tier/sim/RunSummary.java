package org.qexit.tier.sim;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.qexit.common.statistics.Samples;
import org.qexit.simulation.statistics.QuantileSketch;
import org.qexit.tier.EventOutcome;
import org.qexit.tier.result.SimulationResult;

/**
 * What is kept of one run: numbers of a size that does not grow with its events.
 *
 * @param joules {@code [device]}, after the warm-up
 * @param replication what came after the warm-up
 * @param metrics the same
 * @param phases the same of each phase
 * @param series over time
 * @param desk what the policy did
 * @param littleGap greatest relative difference of the two sides of Little's law at any node
 * @param happened {@link FleetSimulation#happened}
 * @param candidates what became of retrained models
 */
public record RunSummary(
        Joules joules,
        SimulationResult.Replication replication,
        Metrics metrics,
        Metrics[] phases,
        Series series,
        int[] desk,
        double littleGap,
        long happened,
        List<SimulationResult.Candidate> candidates)
        implements Serializable {

    /**
     * Figures of a time of one run that plans and policies are compared by.
     *
     * @param logUtility &Sigma; &rho; ln((found + 1/2) / (critical + 1)) over the devices that met critical events: finite, whatever is found
     * @param utility mean over these devices of found / critical
     * @param jain Jain's index of these
     * @param lostShare events lost over events
     * @param missedShare events late over events offloaded
     * @param joulesPerEvent local and radio
     * @param classAccuracy critical events for which the right class was named in time over all
     */
    record Metrics(
            double logUtility,
            double utility,
            double jain,
            double lostShare,
            double missedShare,
            double joulesPerEvent,
            double classAccuracy)
            implements Serializable {}

    /**
     * Over time, in bins.
     *
     * @param delay sum of the delays of answers to events that came in a bin, {@code [bin]}
     * @param busy share of each node's compute that worked, {@code [node][bin]}
     * @param present mean number of events at each node, {@code [node][bin]}
     * @param utilisation the same as {@code busy} from the warm-up to the horizon, {@code [node]}
     * @param meanPresent the same as {@code present}, {@code [node]}
     */
    record Series(double[] delay, double[][] busy, double[][] present, double[] utilisation, double[] meanPresent)
            implements Serializable {}

    /** {@code [device]}, of processor and radio. */
    record Joules(double[] local, double[] radio) implements Serializable {}

    static RunSummary of(FleetSimulation run) {
        Tallies tallies = run.tallies;
        Timeline timeline = run.timeline;
        int devices = run.fleet.size();
        long[][] fields = new long[devices][Tallies.FIELDS];
        Metrics[] phases = new Metrics[timeline.phases()];
        for (int p = 0; p < phases.length; p++) {
            long[][] own = new long[devices][Tallies.FIELDS];
            add(own, tallies, p);
            phases[p] = metrics(run.fleet, own, 0);
            if (timeline.counts(p)) {
                add(fields, tallies, p);
            }
        }
        double joules = 0;
        for (int n = 0; n < devices; n++) {
            joules += tallies.localJoules[n] + tallies.radioJoules[n];
        }
        Metrics all = metrics(run.fleet, fields, joules);
        return new RunSummary(
                new Joules(tallies.localJoules, tallies.radioJoules),
                replication(run, fields, all),
                all,
                phases,
                new Series(
                        tallies.binDelay,
                        run.loads.utilisationByBin(),
                        run.loads.meanPresentByBin(),
                        run.loads.utilisation(),
                        run.loads.meanPresent()),
                run.policyCounts(),
                run.littleGap(),
                run.happened(),
                run.desk.candidates());
    }

    private static SimulationResult.Replication replication(FleetSimulation run, long[][] fields, Metrics metrics) {
        long[] sums = new long[Tallies.FIELDS];
        double bits = 0;
        double least = Double.NaN;
        for (int n = 0; n < fields.length; n++) {
            long[] own = fields[n];
            for (int f = 0; f < sums.length; f++) {
                sums[f] += own[f];
            }
            long sent = offloads(own) - outcome(own, EventOutcome.WITHHELD) - outcome(own, EventOutcome.LOST_LINK);
            bits += sent * run.fleet.devices.get(n).featureBits();
            if (own[Tallies.CRITICAL] > 0) {
                double utility = ratio(found(own), own[Tallies.CRITICAL]);
                least = least <= utility ? least : utility;
            }
        }
        QuantileSketch delay = new QuantileSketch();
        Arrays.stream(run.tallies.deviceDelay).forEach(delay::add);
        return new SimulationResult.Replication(
                run.replication(),
                sums[Tallies.EVENTS],
                sums[Tallies.CRITICAL],
                offloads(sums),
                found(sums),
                run.fleet.nodeModel() == null ? null : (Long) sums[Tallies.RIGHT_CLASS],
                sums[Tallies.outcomeField(EventOutcome.CLASSIFIED, false)],
                lost(sums),
                outcome(sums, EventOutcome.MISSED),
                known(metrics.logUtility()),
                known(metrics.utility()),
                known(least),
                known(metrics.jain()),
                delay.count() == 0 ? null : (Double) delay.quantile(0.5),
                delay.count() == 0 ? null : (Double) delay.quantile(0.95),
                run.fleet.energyKnown ? known(metrics.joulesPerEvent()) : null,
                sums[Tallies.EVENTS] == 0 ? null : (Double) (bits / sums[Tallies.EVENTS]),
                run.policyCounts()[0]);
    }

    private static Double known(double value) {
        return Double.isNaN(value) ? null : (Double) value;
    }

    private static long offloads(long[] fields) {
        return fields[Tallies.TRUE_POSITIVES] + fields[Tallies.FALSE_POSITIVES];
    }

    private static long lost(long[] fields) {
        long lost = 0;
        for (EventOutcome outcome : EventOutcome.values()) {
            lost += outcome.lost() ? outcome(fields, outcome) : 0;
        }
        return lost;
    }

    private static void add(long[][] sums, Tallies tallies, int phase) {
        for (int n = 0; n < sums.length; n++) {
            for (int f = 0; f < Tallies.FIELDS; f++) {
                sums[n][f] += tallies.count(phase, n, f);
            }
        }
    }

    private static Metrics metrics(Fleet fleet, long[][] fields, double joules) {
        double[] utility = new double[fields.length];
        int met = 0;
        double log = 0;
        long events = 0;
        long offloads = 0;
        long lost = 0;
        long missed = 0;
        long allCritical = 0;
        long right = 0;
        for (int n = 0; n < fields.length; n++) {
            long[] own = fields[n];
            events += own[Tallies.EVENTS];
            offloads += offloads(own);
            missed += outcome(own, EventOutcome.MISSED);
            lost += lost(own);
            long critical = own[Tallies.CRITICAL];
            allCritical += critical;
            right += own[Tallies.RIGHT_CLASS];
            if (critical > 0) {
                long found = found(own);
                utility[met++] = (double) found / critical;
                log += fleet.devices.get(n).weight() * Math.log((found + 0.5) / (critical + 1.0));
            }
        }
        double[] known = Arrays.copyOf(utility, met);
        double mean = met == 0 ? Double.NaN : Arrays.stream(known).average().orElseThrow();
        return new Metrics(
                met == 0 ? Double.NaN : log,
                mean,
                mean > 0 ? Samples.jain(known) : Double.NaN,
                ratio(lost, events),
                ratio(missed, offloads),
                events == 0 ? Double.NaN : joules / events,
                fleet.nodeModel() == null ? Double.NaN : ratio(right, allCritical));
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? Double.NaN : (double) part / whole;
    }

    static long outcome(long[] fields, EventOutcome outcome) {
        return fields[Tallies.outcomeField(outcome, false)] + fields[Tallies.outcomeField(outcome, true)];
    }

    /** Critical events answered in time. */
    static long found(long[] fields) {
        return fields[Tallies.outcomeField(EventOutcome.CLASSIFIED, true)]
                + fields[Tallies.outcomeField(EventOutcome.REJECTED, true)];
    }
}
