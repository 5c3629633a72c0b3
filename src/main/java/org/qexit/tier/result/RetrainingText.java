package org.qexit.tier.result;

import java.util.List;
import java.util.Locale;
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
        SimulationText.line(
                text, "%n%-16s %-20s %-30s %-30s", "plan", "policy", "class accuracy", "less the reference");
        for (SimulationResult.Variant variant : result.variants()) {
            SimulationText.line(
                    text,
                    "%-16s %-20s %-30s %-30s",
                    variant.plan(),
                    variant.policy(),
                    SimulationText.interval(variant.figures().classAccuracy()),
                    variant.difference() == null
                            ? "-"
                            : SimulationText.interval(variant.difference().classAccuracy()));
            for (SimulationResult.Phase phase : variant.phases()) {
                SimulationText.line(text, "  %-35s %s", phase.name(), SimulationText.share(phase.classAccuracy()));
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
        SimulationText.line(
                text,
                "%nplan %s: %d retrained %s, %d accepted",
                variant.plan(),
                all.size(),
                all.size() == 1 ? "model" : "models",
                accepted);
        if (all.isEmpty()) {
            return;
        }
        SimulationText.line(
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
            SimulationText.line(
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
            SimulationText.line(text, "... %,d more", all.size() - MOST);
        }
    }
}
