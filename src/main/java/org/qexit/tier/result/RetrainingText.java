package org.qexit.tier.result;

import java.util.List;
import java.util.Locale;
import org.qexit.common.statistics.MeanInterval;
import org.qexit.tier.cloud.Evidence;

/** What retraining did, in tables for a console; empty where no policy retrains. */
final class RetrainingText {
    /** More candidates than these are not listed; the files have all. */
    private static final int MOST = 20;

    private RetrainingText() {}

    static String of(SimulationResult result) {
        if (result.variants().stream().allMatch(variant -> variant.candidates() == null)) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        line(text, "%n%-16s %-20s %-30s %-30s", "plan", "policy", "class accuracy", "less the reference");
        for (SimulationResult.Variant variant : result.variants()) {
            line(
                    text,
                    "%-16s %-20s %-30s %-30s",
                    variant.plan(),
                    variant.policy(),
                    interval(variant.figures().classAccuracy()),
                    variant.difference() == null
                            ? "-"
                            : interval(variant.difference().classAccuracy()));
            for (SimulationResult.Phase phase : variant.phases()) {
                line(text, "  %-35s %s", phase.name(), share(phase.classAccuracy()));
            }
        }
        result.variants().stream()
                .filter(variant -> variant.candidates() != null)
                .forEach(variant -> candidates(text, variant));
        return text.toString();
    }

    private static void candidates(StringBuilder text, SimulationResult.Variant variant) {
        List<SimulationResult.Candidate> all = variant.candidates();
        long accepted = all.stream()
                .filter(one -> one.evidence().result().verdict().accepted())
                .count();
        line(
                text,
                "%nplan %s: %d retrained %s, %d accepted",
                variant.plan(),
                all.size(),
                all.size() == 1 ? "model" : "models",
                accepted);
        if (all.isEmpty()) {
            return;
        }
        line(
                text,
                "%11s %9s %-12s %11s %8s %7s %5s %5s %10s %9s %-13s %12s",
                "replication",
                "candidate",
                "reason",
                "ordered [s]",
                "trained",
                "tested",
                "won",
                "lost",
                "p",
                "level",
                "verdict",
                "in force [s]");
        for (SimulationResult.Candidate one : all.subList(0, Math.min(MOST, all.size()))) {
            Evidence evidence = one.evidence();
            line(
                    text,
                    "%11d %9d %-12s %11.0f %8d %7d %5d %5d %10.3g %9.3g %-13s %12s",
                    one.replication(),
                    evidence.candidate(),
                    evidence.reason().word(),
                    evidence.orderedSeconds(),
                    evidence.trained(),
                    evidence.tested(),
                    evidence.result().pair().won(),
                    evidence.result().pair().lost(),
                    evidence.result().pBetter(),
                    evidence.result().level(),
                    evidence.result().verdict().word(),
                    one.inForceSeconds() == null ? "-" : String.format(Locale.ROOT, "%.1f", one.inForceSeconds()));
        }
        if (all.size() > MOST) {
            line(text, "... %,d more", all.size() - MOST);
        }
    }

    private static String interval(MeanInterval interval) {
        if (interval == null) {
            return "-";
        }
        return interval.low() == null
                ? String.format(Locale.ROOT, "%.4f", interval.mean())
                : String.format(Locale.ROOT, "%.4f [%.4f, %.4f]", interval.mean(), interval.low(), interval.high());
    }

    private static String share(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * value);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }
}
