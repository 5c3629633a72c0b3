package org.qexit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.qexit.quantum.lab.Outcomes;

/** What {@code circuit run} prints of states, probabilities and counts. */
final class OutcomesText {
    private static final int MOST_LINES = 64;
    /** Below it an amplitude or a probability is rounding. */
    private static final double NOTHING = 1e-12;

    private OutcomesText() {}

    static List<String> lines(Outcomes outcomes) {
        List<String> lines = new ArrayList<>();
        if (outcomes.state() != null) {
            for (double[][] sample : outcomes.state()) {
                lines.add("  state");
                add(
                        lines,
                        sample.length,
                        k -> Math.hypot(sample[k][0], sample[k][1]) > NOTHING,
                        k -> String.format(
                                Locale.ROOT,
                                "    |%s>  % .8f %s %.8fi",
                                Outcomes.bits(k, outcomes.qubits()),
                                sample[k][0] + 0.0,
                                sample[k][1] < 0 ? "-" : "+",
                                Math.abs(sample[k][1])));
            }
        }
        if (outcomes.probabilities() != null) {
            for (double[] sample : outcomes.probabilities()) {
                lines.add("  probabilities");
                add(
                        lines,
                        sample.length,
                        k -> sample[k] > NOTHING,
                        k -> String.format(
                                Locale.ROOT, "    %s  %.8f", Outcomes.bits(k, outcomes.qubits()), sample[k]));
            }
        }
        if (outcomes.counts() != null) {
            for (Map<String, Long> sample : outcomes.counts()) {
                lines.add("  counts");
                List<Map.Entry<String, Long>> entries = new ArrayList<>(sample.entrySet());
                add(
                        lines,
                        entries.size(),
                        k -> true,
                        k -> "    " + entries.get(k).getKey() + "  "
                                + entries.get(k).getValue());
            }
        }
        return lines;
    }

    private static void add(List<String> lines, int count, IntPredicate something, IntFunction<String> line) {
        int[] shown = IntStream.range(0, count).filter(something).toArray();
        for (int i = 0; i < Math.min(shown.length, MOST_LINES); i++) {
            lines.add(line.apply(shown[i]));
        }
        if (shown.length > MOST_LINES) {
            lines.add("    and " + (shown.length - MOST_LINES) + " more; all with --json");
        }
    }
}
