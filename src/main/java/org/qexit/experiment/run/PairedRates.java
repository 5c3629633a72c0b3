package org.qexit.experiment.run;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rate;
import org.qexit.trace.Rule;

/**
 * Two rates over the same events, compared: {@code onlyFirst} events succeed only by the first, {@code onlySecond} only by
 * the second.
 *
 * @param onlyFirst n₁₂
 * @param onlySecond n₂₁
 * @param events n, all events of the comparison
 */
public record PairedRates(long onlyFirst, long onlySecond, long events) {
    public PairedRates {
        if (onlyFirst < 0 || onlySecond < 0 || events < 1 || onlyFirst + onlySecond > events) {
            throw new IllegalArgumentException(onlyFirst + " and " + onlySecond + " discordant events of " + events
                    + "; expected no more than all");
        }
    }

    /**
     * Two deciders' verdicts on the critical events of all devices.
     *
     * @param firstTraces one per device
     * @param firstRules one per trace
     * @param secondTraces of the same events
     * @param secondRules one per trace
     * @throws IllegalArgumentException if the events differ, or none is critical
     */
    static PairedRates of(
            List<DeviceTrace> firstTraces,
            List<Rule> firstRules,
            List<DeviceTrace> secondTraces,
            List<Rule> secondRules) {
        long onlyFirst = 0;
        long onlySecond = 0;
        long events = 0;
        for (int i = 0; i < firstTraces.size(); i++) {
            DeviceTrace a = firstTraces.get(i);
            DeviceTrace b = secondTraces.get(i);
            if (!Arrays.equals(a.events(), b.events())) {
                throw new IllegalArgumentException("the traces of " + a.device() + " differ in their events");
            }
            for (int k = 0; k < a.size(); k++) {
                if (a.labels()[k] == 1) {
                    boolean inFirst = firstRules.get(i).decide(a.scores(), k).critical();
                    boolean inSecond = secondRules.get(i).decide(b.scores(), k).critical();
                    onlyFirst += inFirst && !inSecond ? 1 : 0;
                    onlySecond += inSecond && !inFirst ? 1 : 0;
                    events++;
                }
            }
        }
        return new PairedRates(onlyFirst, onlySecond, events);
    }

    /** first − second. */
    public double difference() {
        return (double) (onlyFirst - onlySecond) / events;
    }

    /**
     * The 95 % interval of the difference, {low, high}: the Wald interval after adding 1/2 to each of the four cells
     * (Agresti and Min, Statistics in Medicine 24, 2005, 729-740), widened to hold the difference itself.
     */
    public double[] interval() {
        double b = onlyFirst + 0.5;
        double c = onlySecond + 0.5;
        double n = events + 2;
        double centre = (b - c) / n;
        double half = Rate.Z * Math.sqrt(b + c - (b - c) * (b - c) / n) / n;
        return new double[] {
            Math.max(-1, Math.min(difference(), centre - half)), Math.min(1, Math.max(difference(), centre + half))
        };
    }

    /** Two-sided p-value of McNemar's exact test: the discordant events fall either way like a fair coin. */
    public double exactMcNemar() {
        long discordant = onlyFirst + onlySecond;
        if (discordant == 0) {
            return 1;
        }
        BinomialDistribution coin = BinomialDistribution.of(Math.toIntExact(discordant), 0.5);
        return Math.min(1, 2 * coin.cumulativeProbability((int) Math.min(onlyFirst, onlySecond)));
    }
}
