package org.qexit.allocation.infeasible;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.Relaxation;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.plan.PlanWriter;
import org.qexit.allocation.problem.Assignment;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.search.Outcome;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.NumberRange;
import org.qexit.edge.UserDevice;

/**
 * The cheapest changes that make an infeasible fleet feasible: more bandwidth, compute or power at one node, or a later deadline of one
 * device; where no single change suffices, several, one conflict after the other. Any change that helps must touch a device of an
 * irreducible conflict or a node that could serve one, so only those are tried. Each is made as small as {@link FitSearch} can prove, and
 * verified: the changed instance gets a plan that {@link PlanCheck} accepts.
 */
public final class Relaxations {
    /** Amounts are rounded up to this many digits: numbers that a person can type, 0.001 % above the least. */
    private static final int DIGITS = 6;

    private static final double CLOSE = 2e-5;
    private static final int TRIALS = 60;
    private static final int MAX_CHANGES = 12;
    private static final int MAX_LISTED = 12;
    /** A remedy is worth more patience than the solve that found none. */
    private static final double LEAST_SECONDS = 10;
    /** No deadline beyond this multiple of the present one is proposed. */
    private static final double LATEST = 1e6;

    private final PlanningProblem problem;
    private final SolveOptions options;
    private final Deadline deadline;
    private final FitProblem original;

    private Relaxations(PlanningProblem problem, SolveOptions options, Deadline deadline) {
        this.problem = problem;
        this.options = options;
        this.deadline = deadline;
        this.original = FitProblem.of(problem);
    }

    /** The cheapest remedies of an infeasible fleet, cheapest first; empty if none was found. */
    public static List<Relaxation> of(PlanningProblem problem, SolveOptions options) {
        Deadline deadline = Deadline.after(Math.max(LEAST_SECONDS, options.seconds() / 2), options.stop());
        return new Relaxations(problem, options, deadline).find();
    }

    private List<Relaxation> find() {
        if (original == null) {
            return List.of();
        }
        Infeasibility.Conflict conflict = Infeasibility.conflict(original, options, deadline);
        List<Relaxation> found = new ArrayList<>();
        for (Relaxation single : singles(original, conflict.devices(), true)) {
            if (verified(single)) {
                found.add(single);
            }
        }
        if (found.isEmpty()) {
            Relaxation several = several(conflict);
            if (several != null && verified(several)) {
                found.add(several);
            }
        }
        return found.subList(0, Math.min(MAX_LISTED, found.size()));
    }

    /** One change after the other, each the cheapest that resolves the conflict then found. */
    private Relaxation several(Infeasibility.Conflict first) {
        FitProblem current = original;
        List<Relaxation.Change> changes = new ArrayList<>();
        Infeasibility.Conflict conflict = first;
        while (changes.size() < MAX_CHANGES) {
            List<Relaxation> steps = singles(current, conflict.devices(), false);
            if (steps.isEmpty()) {
                steps = pairs(current, conflict.devices());
            }
            if (steps.isEmpty()) {
                return null;
            }
            for (Relaxation.Change change : steps.get(0).changes()) {
                current = applied(current, change);
                changes.add(change);
            }
            FitSearch.Answer answer = FitSearch.solve(current, options, deadline);
            if (answer.fits()) {
                return Relaxation.of(merged(changes), false);
            }
            if (!answer.proved() || deadline.passed()) {
                return null;
            }
            conflict = Infeasibility.conflict(current, options, deadline);
        }
        return null;
    }

    /** Several changes of one number are one, from the first to the last; none of them is proved to be least then. */
    private static List<Relaxation.Change> merged(List<Relaxation.Change> changes) {
        List<Relaxation.Change> result = new ArrayList<>();
        for (Relaxation.Change change : changes) {
            double from = change.from();
            for (int i = 0; i < result.size(); i++) {
                if (result.get(i).kind() == change.kind() && result.get(i).id().equals(change.id())) {
                    from = result.remove(i).from();
                    break;
                }
            }
            result.add(new Relaxation.Change(change.kind(), change.id(), from, change.to(), null));
        }
        return result;
    }

    /** The least single changes that let the whole fleet (or only the conflicting devices) fit, cheapest first. */
    private List<Relaxation> singles(FitProblem base, List<Integer> conflict, boolean whole) {
        List<Relaxation> found = new ArrayList<>();
        for (int j : nodesFor(base, conflict)) {
            for (Relaxation.Kind kind : Relaxation.Kind.values()) {
                if (kind != Relaxation.Kind.DEADLINE && !(kind == Relaxation.Kind.POWER && !base.hasBudget(j))) {
                    add(found, least(base, conflict, whole, kind, j));
                }
            }
        }
        for (int n : conflict) {
            add(found, least(base, conflict, whole, Relaxation.Kind.DEADLINE, n));
        }
        found.sort(Comparator.comparingDouble(Relaxation::cost));
        return found;
    }

    private static void add(List<Relaxation> found, Relaxation relaxation) {
        if (relaxation != null) {
            found.add(relaxation);
        }
    }

    /** Nodes that could serve one of the devices if their capacities were larger. */
    private static TreeSet<Integer> nodesFor(FitProblem base, List<Integer> conflict) {
        TreeSet<Integer> nodes = new TreeSet<>();
        for (int j = 0; j < base.nodes.size(); j++) {
            FitProblem roomy = base.hasBudget(j) ? base.withNode(j, with(base.nodes.get(j), null, null, null)) : base;
            for (int n : conflict) {
                if (roomy.need[n][j] < Double.POSITIVE_INFINITY) {
                    nodes.add(j);
                }
            }
        }
        return nodes;
    }

    /** For a device that no single change serves: bandwidth, compute and power of one node together. */
    private List<Relaxation> pairs(FitProblem base, List<Integer> conflict) {
        List<Relaxation> found = new ArrayList<>();
        for (int n : conflict) {
            for (int j : nodesFor(base, List.of(n))) {
                EdgeNode node = base.nodes.get(j);
                List<Relaxation.Change> changes = new ArrayList<>();
                FitProblem changed = base;
                if (base.hasBudget(j) && base.need[n][j] == Double.POSITIVE_INFINITY) {
                    double watts = base.users.get(n).powerMaxWatts();
                    changes.add(change(Relaxation.Kind.POWER, node.id(), node.powerWatts(), watts, null));
                    changed = applied(changed, changes.get(changes.size() - 1));
                }
                if (changed.need[n][j] > node.bandwidthHz()) {
                    changes.add(
                            change(Relaxation.Kind.BANDWIDTH, node.id(), node.bandwidthHz(), changed.need[n][j], null));
                }
                if (base.load[n] > node.eventsPerPeriod()) {
                    double units = node.unitsOf(base.load[n]);
                    changes.add(change(Relaxation.Kind.COMPUTE, node.id(), node.computeUnits(), units, null));
                }
                if (!changes.isEmpty()) {
                    found.add(Relaxation.of(changes, false));
                }
            }
        }
        found.sort(Comparator.comparingDouble(Relaxation::cost));
        return found;
    }

    private static Relaxation.Change change(
            Relaxation.Kind kind, String id, double from, double to, Double insufficient) {
        return new Relaxation.Change(kind, id, from, range(kind).nearest(roundUp(to)), insufficient);
    }

    /** What an instance may hold: no remedy goes beyond. */
    private static NumberRange range(Relaxation.Kind kind) {
        return switch (kind) {
            case BANDWIDTH -> NumberRange.NODE_HZ;
            case COMPUTE -> NumberRange.COMPUTE_UNITS;
            case POWER -> NumberRange.NODE_WATTS;
            case DEADLINE -> NumberRange.SECONDS;
        };
    }

    private static double roundUp(double value) {
        return new java.math.BigDecimal(value)
                .round(new java.math.MathContext(DIGITS, java.math.RoundingMode.CEILING))
                .doubleValue();
    }

    private static EdgeNode with(EdgeNode node, Double hz, Double units, Double watts) {
        return new EdgeNode(
                node.id(),
                hz == null ? node.bandwidthHz() : hz,
                units == null ? node.computeUnits() : units,
                node.securityLevel(),
                watts,
                node.unitsPerEvent());
    }

    private static FitProblem applied(FitProblem base, Relaxation.Change change) {
        for (int n = 0; change.kind() == Relaxation.Kind.DEADLINE && n < base.devices(); n++) {
            if (base.users.get(n).id().equals(change.id())) {
                return applied(base, change.kind(), n, change.to());
            }
        }
        for (int j = 0; j < base.nodes.size(); j++) {
            if (base.nodes.get(j).id().equals(change.id())) {
                return applied(base, change.kind(), j, change.to());
            }
        }
        throw new IllegalArgumentException("id " + change.id() + " is unknown");
    }

    private static FitProblem applied(FitProblem base, Relaxation.Kind kind, int index, double to) {
        if (kind == Relaxation.Kind.DEADLINE) {
            UserDevice user = base.users.get(index);
            return base.withUser(
                    index,
                    new UserDevice(
                            user.id(),
                            user.weight(),
                            user.securityLevel(),
                            user.featureBits(),
                            to,
                            user.bandwidthMaxHz(),
                            user.powerMaxWatts(),
                            user.eavesdropperGainPerNoise()));
        }
        EdgeNode node = base.nodes.get(index);
        return base.withNode(
                index,
                switch (kind) {
                    case BANDWIDTH -> with(node, to, null, node.powerWatts());
                    case COMPUTE -> with(node, null, to, node.powerWatts());
                    default -> with(node, null, null, to);
                });
    }

    /** The least value of one number that suffices, bracketed by proofs; null if none does or none was found. */
    private Relaxation least(FitProblem base, List<Integer> conflict, boolean whole, Relaxation.Kind kind, int index) {
        double from = from(base, kind, index);
        double to = range(kind).nearest(most(base, kind, index));
        if (!(to > from)) {
            return null;
        }
        double low = from;
        double high = Double.POSITIVE_INFINITY;
        double trial = to;
        for (int i = 0; i < TRIALS && !deadline.passed(); i++) {
            FitProblem changed = applied(base, kind, index, trial);
            FitSearch.Answer answer = answer(changed, conflict, whole);
            if (answer.fits()) {
                // What the found plan uses suffices, too.
                high = Math.min(trial, whole ? used(changed, kind, index, answer.node(), trial) : trial);
            } else if (answer.provedNot()) {
                low = trial;
            } else {
                break;
            }
            if (high == Double.POSITIVE_INFINITY || high - low <= CLOSE / 4 * high) {
                break;
            }
            // Often the found plan is the least: a trial right below it proves that at once.
            trial = range(kind)
                    .nearest(
                            i % 2 == 0
                                    ? Math.max(high * (1 - CLOSE / 5), (low + high) / 2)
                                    : low > 0 ? Math.sqrt(low * high) : high / 2);
        }
        if (high == Double.POSITIVE_INFINITY) {
            return null;
        }
        String id = kind == Relaxation.Kind.DEADLINE
                ? base.users.get(index).id()
                : base.nodes.get(index).id();
        Relaxation.Change change = change(kind, id, from, high, low);
        return Relaxation.of(List.of(change), change.to() - low <= CLOSE * change.to());
    }

    private FitSearch.Answer answer(FitProblem changed, List<Integer> conflict, boolean whole) {
        FitSearch.Answer part = FitSearch.solve(changed.only(conflict), options, deadline);
        return whole && part.fits() ? FitSearch.solve(changed, options, deadline) : part;
    }

    private static double from(FitProblem base, Relaxation.Kind kind, int index) {
        return switch (kind) {
            case BANDWIDTH -> base.nodes.get(index).bandwidthHz();
            case COMPUTE -> base.nodes.get(index).computeUnits();
            case POWER -> base.nodes.get(index).powerWatts();
            case DEADLINE -> base.users.get(index).deadlineSeconds();
        };
    }

    /** As much as all devices together could use. */
    private static double most(FitProblem base, Relaxation.Kind kind, int index) {
        double sum = 0;
        for (int n = 0; n < base.devices(); n++) {
            sum += switch (kind) {
                case BANDWIDTH -> base.need[n][index] < Double.POSITIVE_INFINITY ? roomy(base, n, index) : 0;
                case COMPUTE -> base.nodes.get(index).unitsOf(base.load[n]);
                case POWER -> base.users.get(n).powerMaxWatts();
                case DEADLINE -> 0;
            };
        }
        return kind == Relaxation.Kind.DEADLINE ? LATEST * from(base, kind, index) : sum * (1 + 1e-9);
    }

    /** With a power budget more bandwidth than the least may be needed, up to the device's own maximum. */
    private static double roomy(FitProblem base, int n, int j) {
        return base.hasBudget(j) ? base.users.get(n).bandwidthMaxHz() : base.need[n][j];
    }

    /** How much of the changed number a found placement needs. */
    private static double used(FitProblem changed, Relaxation.Kind kind, int index, int[] node, double trial) {
        List<Integer> own = new ArrayList<>();
        int j = kind == Relaxation.Kind.DEADLINE ? node[index] : index;
        double units = 0;
        for (int n = 0; n < node.length; n++) {
            if (node[n] == j) {
                own.add(n);
                units += changed.nodes.get(j).unitsOf(changed.load[n]);
            }
        }
        if (kind == Relaxation.Kind.COMPUTE) {
            return units;
        }
        if (kind == Relaxation.Kind.BANDWIDTH) {
            return changed.leastHz(j, own);
        }
        if (kind == Relaxation.Kind.DEADLINE && !changed.hasBudget(j)) {
            own.remove(Integer.valueOf(index));
            UserDevice user = changed.users.get(index);
            double free = changed.nodes.get(j).bandwidthHz() - changed.leastHz(j, own);
            double rate =
                    changed.link(index, j).bitsPerSecond(Math.min(free, user.bandwidthMaxHz()), user.powerMaxWatts());
            return rate > 0 ? user.featureBits() / rate * (1 + 1e-9) : trial;
        }
        return trial;
    }

    /** Whether the changed instance has a plan that the independent check accepts. */
    private boolean verified(Relaxation relaxation) {
        Instance changed = RelaxedInstance.of(problem.instance(), relaxation.changes());
        PlanningProblem again = PlanningProblem.of(changed);
        if (!again.unservable().isEmpty()) {
            return false;
        }
        FitSearch.Answer answer = FitSearch.solve(
                FitProblem.of(again),
                options,
                Deadline.after(Math.min(30, Math.max(1, deadline.secondsLeft())), options.stop()));
        if (!answer.fits()) {
            return false;
        }
        Assignment smallest = new Assignment(answer.node(), new int[answer.node().length], 0);
        Plan plan = new PlanWriter(again, "relaxation", options, 0).write(Outcome.Found.unproven(smallest));
        return plan.isFeasible() && PlanCheck.check(changed, plan).isClean();
    }
}
