package org.qexit.experiment.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.GraphNames;
import org.qexit.device.EdgeRuntime;
import org.qexit.device.Latencies;
import org.qexit.onnx.GraphSession;
import org.qexit.trace.ExitThresholds;

/**
 * What early exit saves: the same events through the stages with early exit and through all stages, in turn, one event at a time
 * in one run, so that whatever else the machine does falls on both alike.
 */
public final class EarlyExitStudy {
    private EarlyExitStudy() {}

    /**
     * Of one way to run the stages.
     *
     * @param meanMicros mean latency of one event [µs]
     * @param p50Micros its median
     * @param p99Micros what 99 % do not exceed
     * @param meanStages stages run per event
     */
    public record Arm(double meanMicros, double p50Micros, double p99Micros, double meanStages) {}

    /**
     * Both, and how they compare.
     *
     * @param events number of events
     * @param repetitions how often each event was run in each way
     * @param earlyExit stages up to the exit that decides
     * @param allStages all stages always
     * @param meanSpeedup mean latency of all stages over that of early exit
     * @param agreeing events whose decision and exit agree; all, unless something is wrong
     * @param exits how many events each exit decides
     * @param oneCall the whole graph in one call, no exit deciding before the last; null where only the stages were run
     * @param oneCallEarlyExit the whole graph in one call, the early exit inside; null as well
     * @param verdict whether early exit pays on this machine; null as well
     */
    public record Savings(
            int events,
            int repetitions,
            Arm earlyExit,
            Arm allStages,
            double meanSpeedup,
            int agreeing,
            long[] exits,
            Arm oneCall,
            Arm oneCallEarlyExit,
            Verdict verdict) {}

    /**
     * Whether early exit pays, calls against arithmetic. By the stages' latencies t_q = a q + b m_q, with m_q the multiply-accumulates up to
     * exit q, by least squares over the exits.
     *
     * @param pays whether the better way to exit early is faster than the better one to run all stages, by more than two standard errors over
     *     the events; null if neither is surely faster. Of an event counts the median of its repetitions
     * @param speedup latency of all stages over that of early exit, the better way of each, so taken
     * @param callMicros a, what a call costs beside arithmetic [µs]
     * @param macsPerMicro 1 / b, arithmetic in a microsecond; null if latencies do not grow with it
     * @param better "stages" or "whole graph": how to exit early here
     */
    public record Verdict(Boolean pays, double speedup, double callMicros, Double macsPerMicro, String better) {}

    /** One more way to run an event. */
    private interface Way {
        void run(float[] event);
    }

    /** With the whole graph of the bundle beside its stages, and the verdict. */
    public static Savings run(Bundle bundle, EdgeRuntime runtime, List<float[]> events, int repetitions) {
        BundleManifest manifest = bundle.manifest();
        ExitThresholds rule = runtime.thresholds().perExit(manifest.exits());
        float[] never = new float[manifest.exits()];
        Arrays.fill(never, ExitThresholds.ABOVE_ALL);
        float[] below = new float[never.length];
        Arrays.fill(below, ExitThresholds.BELOW_ALL);
        byte[] graph = bundle.bytes(manifest.model());
        long[] shape = {
            1,
            manifest.input().channels(),
            manifest.input().height(),
            manifest.input().width()
        };
        try (GraphSession all = GraphSession.open(
                        manifest.model(), graph, constants(manifest, ExitThresholds.of(below, never)));
                GraphSession early = GraphSession.open(manifest.model(), graph, constants(manifest, rule))) {
            List<Way> ways = List.of(event -> all.run(event, shape), event -> early.run(event, shape));
            return run(runtime, events, repetitions, ways, manifest);
        }
    }

    /** The constants of a bundle's whole graph for a rule; a pair's graph takes that of the first exit. */
    static Map<String, Float> constants(BundleManifest manifest, ExitThresholds rule) {
        return manifest.perExit()
                ? GraphNames.constants(rule)
                : Map.of(GraphNames.LOWER, rule.lower(0), GraphNames.UPPER, rule.upper(0));
    }

    /** Measures after one warm-up repetition that does not count. */
    public static Savings run(EdgeRuntime runtime, List<float[]> events, int repetitions) {
        return run(runtime, events, repetitions, List.of(), null);
    }

    private static Savings run(
            EdgeRuntime runtime, List<float[]> events, int repetitions, List<Way> more, BundleManifest manifest) {
        if (events.isEmpty() || repetitions < 1) {
            throw new IllegalArgumentException(
                    events.size() + " events, " + repetitions + " repetitions; expected at least 1 of each");
        }
        Latencies early = new Latencies();
        Latencies all = new Latencies();
        long[] exits = new long[runtime.exits()];
        int[] exitOf = new int[events.size()];
        double[][][] micros = new double[2 + more.size()][events.size()][repetitions];
        List<Latencies> others = new ArrayList<>();
        more.forEach(way -> others.add(new Latencies()));
        int agreeing = 0;
        for (int r = 0; r <= repetitions; r++) {
            for (int k = 0; k < events.size(); k++) {
                float[] event = events.get(k);
                // Who goes first finds colder caches: they take turns.
                boolean earlyFirst = (r + k) % 2 == 0;
                EdgeRuntime.Result a = null;
                EdgeRuntime.Result b = null;
                for (boolean turn : new boolean[] {earlyFirst, !earlyFirst}) {
                    long start = System.nanoTime();
                    EdgeRuntime.Result result = turn ? runtime.classify(event) : runtime.classifyByAllStages(event);
                    long nanos = System.nanoTime() - start;
                    if (r > 0) {
                        (turn ? early : all).add(nanos);
                        micros[turn ? 0 : 1][k][r - 1] = nanos / 1e3;
                    }
                    a = turn ? result : a;
                    b = turn ? b : result;
                }
                for (int w = 0; w < more.size(); w++) {
                    long start = System.nanoTime();
                    more.get(w).run(event);
                    long nanos = System.nanoTime() - start;
                    if (r > 0) {
                        others.get(w).add(nanos);
                        micros[2 + w][k][r - 1] = nanos / 1e3;
                    }
                }
                if (r == 0) {
                    exitOf[k] = a.exit();
                    exits[a.exit() - 1]++;
                    agreeing += a.exit() == b.exit() && a.critical() == b.critical() ? 1 : 0;
                }
            }
        }
        double stages = 0;
        for (int q = 0; q < exits.length; q++) {
            stages += (q + 1.0) * exits[q];
        }
        Arm first = arm(early, stages / events.size());
        Arm second = arm(all, runtime.exits());
        boolean whole = !more.isEmpty();
        Arm oneCall = whole ? arm(others.get(0), runtime.exits()) : null;
        Arm inside = whole ? arm(others.get(1), stages / events.size()) : null;
        Verdict verdict = null;
        if (whole) {
            double[][] typical = new double[micros.length][];
            Arrays.setAll(typical, way -> medians(micros[way]));
            boolean byStages = mean(typical[0]) <= mean(typical[3]);
            double[] chosen = typical[byStages ? 0 : 3];
            boolean fewerCalls = mean(typical[2]) <= mean(typical[1]);
            double[] without = typical[fewerCalls ? 2 : 1];
            double[] line = line(typical[0], exitOf, mean(typical[1]), manifest);
            verdict = new Verdict(
                    pays(chosen, without),
                    mean(without) / mean(chosen),
                    line[0],
                    line[1] > 0 ? Double.valueOf(1 / line[1]) : null,
                    byStages ? "stages" : "whole graph");
        }
        return new Savings(
                events.size(),
                repetitions,
                first,
                second,
                second.meanMicros() / first.meanMicros(),
                agreeing,
                exits,
                oneCall,
                inside,
                verdict);
    }

    /** Of each event over the repetitions: what else the machine does in between does not count. */
    private static double[] medians(double[][] micros) {
        double[] medians = new double[micros.length];
        for (int k = 0; k < medians.length; k++) {
            double[] sorted = micros[k].clone();
            Arrays.sort(sorted);
            medians[k] = (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
        }
        return medians;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Whether the first is faster: its differences over the events lie two standard errors from 0; null if they do not. */
    private static Boolean pays(double[] early, double[] all) {
        int n = early.length;
        double difference = mean(all) - mean(early);
        double squares = 0;
        for (int k = 0; k < n; k++) {
            squares += Math.pow(all[k] - early[k] - difference, 2);
        }
        double error = n < 2 ? Double.POSITIVE_INFINITY : Math.sqrt(squares / (n - 1) / n);
        return Math.abs(difference) > 2 * error ? difference > 0 : null;
    }

    /** a and b of t_q = a q + b m_q [µs], not below 0, over the events by their exits, and as many with all stages. */
    private static double[] line(double[] micros, int[] exitOf, double allMicros, BundleManifest manifest) {
        double qq = 0;
        double qm = 0;
        double mm = 0;
        double qt = 0;
        double mt = 0;
        for (int k = 0; k < 2 * micros.length; k++) {
            int q = k < micros.length ? exitOf[k] : manifest.exits();
            double t = k < micros.length ? micros[k] : allMicros;
            double m = manifest.costs().get(q - 1).macs();
            qq += q * q;
            qm += q * m;
            mm += m * m;
            qt += q * t;
            mt += m * t;
        }
        double determinant = qq * mm - qm * qm;
        if (!(determinant > 1e-9 * qq * mm)) {
            return new double[] {qt / qq, 0};
        }
        double a = (qt * mm - mt * qm) / determinant;
        double b = (mt * qq - qt * qm) / determinant;
        return b < 0 ? new double[] {qt / qq, 0} : a < 0 ? new double[] {0, mt / mm} : new double[] {a, b};
    }

    private static Arm arm(Latencies latencies, double stages) {
        return new Arm(latencies.meanMicros(), latencies.quantileMicros(0.5), latencies.quantileMicros(0.99), stages);
    }
}
