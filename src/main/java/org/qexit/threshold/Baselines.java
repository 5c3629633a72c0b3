package org.qexit.threshold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;
import org.qexit.trace.UpperThreshold;

/** Other ways to choose thresholds at a budget, to be compared with the exact one. */
public final class Baselines {
    /** Grid spacing of the grid search. */
    private static final float GRID_STEP = 0.0025f;
    /** Pair-by-pair work, in scores looked at, beyond which Algorithm 1 is left out. */
    private static final double LITERAL_LIMIT = 5e8;
    /** Scores of critical events beyond which gradient ascent is left out. */
    private static final int ASCENT_LIMIT = 200_000;

    private Baselines() {}

    /**
     * One baseline's answer.
     *
     * @param name of the method
     * @param lower l, or null if the method was left out
     * @param upper u, or "never", or null
     * @param offloads on the trace, or null
     * @param truePositives on the trace, or null
     * @param withinBudget whether the offloads keep to the budget, or null
     * @param note why it was left out, or null
     */
    public record Row(
            String name,
            Float lower,
            UpperThreshold upper,
            Integer offloads,
            Integer truePositives,
            Boolean withinBudget,
            String note) {
        static Row of(String name, DeviceTrace trace, Thresholds pair, long budget) {
            Confusion c = Confusion.of(trace, pair);
            return new Row(
                    name,
                    pair.lower(),
                    new UpperThreshold(pair.upper()),
                    c.offloads(),
                    c.truePositives(),
                    c.offloads() <= budget,
                    null);
        }

        static Row leftOut(String name, String why) {
            return new Row(name, null, null, null, null, null, why);
        }
    }

    /** All baselines at a budget. */
    public static List<Row> all(DeviceTrace trace, long budget) {
        List<Row> results = new ArrayList<>();
        results.add(Row.of("symmetric (l = 1 - u)", trace, symmetric(trace, budget), budget));
        results.add(Row.of("upper only (l = 0)", trace, upperOnly(trace, budget), budget));
        results.add(Row.of("grid " + GRID_STEP, trace, grid(trace, budget), budget));
        double scores = (double) trace.positives() * trace.exits();
        if (scores * scores / 2 * trace.size() * trace.exits() <= LITERAL_LIMIT) {
            results.add(Row.of("Algorithm 1", trace, algorithm1(trace, budget), budget));
        } else {
            results.add(Row.leftOut("Algorithm 1", "too many events to try all pairs"));
        }
        for (SurrogateAscent.Rule rule : SurrogateAscent.Rule.values()) {
            if (trace.positives() == 0 || scores > ASCENT_LIMIT) {
                results.add(
                        Row.leftOut(rule.title(), trace.positives() == 0 ? "no critical events" : "too many events"));
            } else {
                results.add(Row.of(rule.title(), trace, SurrogateAscent.published(trace, rule), budget));
            }
        }
        return results;
    }

    /** The best pair with l = 1 - u, u from 1/2 to 1: one number that is symmetric about 1/2. */
    public static Thresholds symmetric(DeviceTrace trace, long budget) {
        TreeSet<Double> breaks = new TreeSet<>(List.of(0.5, 1.0));
        for (float c : distinct(trace)) {
            breaks.add(Math.max(c, 1 - (double) c));
        }
        // Between two neighbouring breaks neither u nor 1 - u meets a score.
        TreeSet<Float> uppers = new TreeSet<>();
        Double before = null;
        for (double at : breaks) {
            uppers.add((float) at);
            if (before != null) {
                uppers.add((float) ((before + at) / 2));
            }
            before = at;
        }
        float[] upper = new float[uppers.size()];
        float[] lower = new float[upper.length];
        int i = 0;
        for (float u : uppers) {
            upper[i] = u;
            lower[i++] = 1 - u;
        }
        return orNever(PairSweep.best(trace, lower, upper, budget));
    }

    /** The best pair with l = 0: events leave early only as critical. */
    public static Thresholds upperOnly(DeviceTrace trace, long budget) {
        float[] upper = distinct(trace);
        return orNever(PairSweep.best(trace, new float[upper.length], upper, budget));
    }

    /** The best pair on the grid of spacing 0.0025, as in tables of thresholds that are searched by hand. */
    public static Thresholds grid(DeviceTrace trace, long budget) {
        int n = Math.round(1 / GRID_STEP);
        int pairs = (n + 1) * (n + 2) / 2;
        float[] lower = new float[pairs];
        float[] upper = new float[pairs];
        int at = 0;
        for (int l = 0; l <= n; l++) {
            for (int u = l; u <= n; u++) {
                lower[at] = l / (float) n;
                upper[at++] = u / (float) n;
            }
        }
        return orNever(PairSweep.best(trace, lower, upper, budget));
    }

    /**
     * The published Algorithm 1 to the letter: all pairs of confidence scores of critical events, each tried on all events; of
     * the pairs within the budget, Eq. (27), the first with the highest utility. O((|P| L)² · KL).
     */
    public static Thresholds algorithm1(DeviceTrace trace, long budget) {
        float[] scores = criticalScores(trace);
        Thresholds best = new Thresholds(1, Thresholds.NEVER);
        int most = 0;
        for (int i = 0; i < scores.length; i++) {
            for (int j = i; j < scores.length; j++) {
                Thresholds pair = new Thresholds(scores[i], scores[j]);
                int truePositives = 0;
                int offloads = 0;
                for (int k = 0; k < trace.size(); k++) {
                    if (pair.decide(trace.scores(), k).critical()) {
                        offloads++;
                        truePositives += trace.labels()[k];
                    }
                }
                if (truePositives > most && offloads <= budget) {
                    most = truePositives;
                    best = pair;
                }
            }
        }
        return best;
    }

    private static Thresholds orNever(Frontier.Step step) {
        return step == null ? new Thresholds(1, Thresholds.NEVER) : step.thresholds();
    }

    private static float[] criticalScores(DeviceTrace trace) {
        float[] scores = new float[trace.positives() * trace.exits()];
        int at = 0;
        for (int k = 0; k < trace.size(); k++) {
            for (int q = 0; trace.labels()[k] == 1 && q < trace.exits(); q++) {
                scores[at++] = trace.scores()[q][k];
            }
        }
        Arrays.sort(scores);
        return scores;
    }

    private static float[] distinct(DeviceTrace trace) {
        float[] pooled = new float[trace.size() * trace.exits()];
        for (int q = 0; q < trace.exits(); q++) {
            System.arraycopy(trace.scores()[q], 0, pooled, q * trace.size(), trace.size());
        }
        Arrays.sort(pooled);
        int count = 0;
        for (float c : pooled) {
            if (count == 0 || pooled[count - 1] != c) {
                pooled[count++] = c;
            }
        }
        return Arrays.copyOf(pooled, count);
    }
}
