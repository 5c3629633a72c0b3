package org.qexit.experiment.run;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.qexit.trace.Rate;

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
