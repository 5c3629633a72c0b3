package org.qexit.allocation.infeasible;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.Outcome;

/**
 * Explains why a fleet whose devices can all be served alone does not fit together: a set of devices that is proved not to fit, made
 * smaller by deletion until, time permitting, it is irreducible: without any one of them the rest fits. Where the devices outside of it do
 * not fit either, they have a reason of their own.
 */
public final class Infeasibility {
    private Infeasibility() {}

    /**
     * A set that does not fit.
     *
     * @param devices in increasing order
     * @param irreducible proved: without any one of them the others fit
     */
    record Conflict(List<Integer> devices, boolean irreducible) {}

    /** A proof that nothing fits is worth that much time for its reasons, even when it came late. */
    private static final double LEAST_SECONDS = 5;

    /** Replaces the reasons of an outcome that is proved infeasible by capacities; others pass through. */
    public static Outcome explain(PlanningProblem problem, Outcome outcome, SolveOptions options, double secondsLeft) {
        if (!(outcome instanceof Outcome.Infeasible) || !problem.unservable().isEmpty()) {
            return outcome;
        }
        Deadline deadline = Deadline.after(Math.max(LEAST_SECONDS, secondsLeft), options.stop());
        FitProblem fit = FitProblem.of(problem);
        return new Outcome.Infeasible(conflicts(fit, options, deadline).stream()
                .map(conflict -> describe(fit, conflict))
                .toList());
    }

    /** Conflicts that share no device, until the devices left fit together or are not proved not to; at least one. */
    static List<Conflict> conflicts(FitProblem fit, SolveOptions options, Deadline deadline) {
        List<Conflict> found = new ArrayList<>();
        List<Integer> left =
                new ArrayList<>(IntStream.range(0, fit.devices()).boxed().toList());
        do {
            List<Integer> places = List.copyOf(left);
            Conflict among = conflict(fit.only(places), options, deadline);
            List<Integer> devices = among.devices().stream().map(places::get).toList();
            found.add(new Conflict(devices, among.irreducible()));
            left.removeAll(devices);
        } while (!left.isEmpty()
                && !deadline.passed()
                && FitSearch.solve(fit.only(left), options, deadline).provedNot());
        return found;
    }

    /** Drops devices, first in blocks, as long as the rest is still proved not to fit. */
    static Conflict conflict(FitProblem fit, SolveOptions options, Deadline deadline) {
        List<Integer> kept =
                new ArrayList<>(IntStream.range(0, fit.devices()).boxed().toList());
        boolean irreducible = false;
        for (int block = Math.max(1, fit.devices() / 2); block >= 1; block /= 2) {
            irreducible = block == 1;
            for (int from = 0; from < kept.size(); ) {
                if (deadline.passed()) {
                    return new Conflict(kept, false);
                }
                List<Integer> fewer = new ArrayList<>(kept.subList(0, from));
                fewer.addAll(kept.subList(Math.min(kept.size(), from + block), kept.size()));
                FitSearch.Answer answer = fewer.isEmpty() ? null : FitSearch.solve(fit.only(fewer), options, deadline);
                if (answer != null && answer.provedNot()) {
                    kept = fewer;
                } else {
                    from += block;
                    irreducible &= answer == null || answer.fits();
                }
            }
        }
        return new Conflict(kept, irreducible);
    }

    private static String describe(FitProblem fit, Conflict conflict) {
        List<Integer> devices = conflict.devices();
        List<Integer> nodes = IntStream.range(0, fit.nodes.size())
                .filter(j -> devices.stream().anyMatch(n -> fit.pairFits(n, j)))
                .boxed()
                .toList();
        double leastHz = 0;
        double leastUnits = 0;
        for (int n : devices) {
            leastHz += nodes.stream()
                    .filter(j -> fit.pairFits(n, j))
                    .mapToDouble(j -> fit.need[n][j])
                    .min()
                    .orElse(0);
            leastUnits += fit.load[n];
        }
        boolean budgets = nodes.stream().anyMatch(fit::hasBudget);
        // Nodes whose units of an event differ have no common measure but events.
        boolean whole = nodes.stream().allMatch(j -> fit.nodes.get(j).unitsPerEvent() == null);
        String text = String.format(
                Locale.ROOT,
                "devices %s cannot be served together by nodes %s, the only ones that can serve them: they need at least %.6g Hz"
                        + " and %.6g compute " + (whole ? "units" : "events per period")
                        + " in total, each device whole at one node%s; the nodes have %.6g Hz and %.6g %s",
                devices.stream().map(n -> fit.users.get(n).id()).collect(Collectors.joining(", ")),
                nodes.stream().map(j -> fit.nodes.get(j).id()).collect(Collectors.joining(", ")),
                leastHz,
                leastUnits,
                budgets ? ", and more bandwidth where power is short" : "",
                nodes.stream().mapToDouble(j -> fit.nodes.get(j).bandwidthHz()).sum(),
                nodes.stream()
                        .mapToDouble(j -> fit.nodes.get(j).eventsPerPeriod())
                        .sum(),
                whole ? "units" : "events");
        if (budgets) {
            text += nodes.stream()
                    .filter(fit::hasBudget)
                    .map(j -> String.format(
                            Locale.ROOT,
                            "%s %.6g W",
                            fit.nodes.get(j).id(),
                            fit.nodes.get(j).powerWatts()))
                    .collect(Collectors.joining(", ", ", power budgets: ", ""));
        }
        return conflict.irreducible() && devices.size() > 1 ? text + "; without any one of them the others fit" : text;
    }
}
