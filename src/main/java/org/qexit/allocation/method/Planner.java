package org.qexit.allocation.method;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.Relaxation;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.infeasible.Infeasibility;
import org.qexit.allocation.infeasible.Relaxations;
import org.qexit.allocation.plan.ObjectiveUnit;
import org.qexit.allocation.plan.PlanFacts;
import org.qexit.allocation.plan.PlanWriter;
import org.qexit.allocation.plan.Promises;
import org.qexit.allocation.problem.Deadline;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.allocation.problem.StaircaseMps;
import org.qexit.allocation.search.CapacityPrices;
import org.qexit.allocation.search.Outcome;
import org.qexit.common.Checks;
import org.qexit.common.UserError;

/**
 * The door to planning: makes plans for one fleet, explains them, and makes new ones from old ones.
 *
 * <pre>{@code
 * Instance fleet = Instance.read(java.nio.file.Path.of("instance.json"));
 * Planner planner = Planner.of(fleet).withEnergyWeight(0.2); // per joule
 * Plan plan = planner.plan("exact", SolveOptions.defaults());
 * Plan full = planner.explained(plan, SolveOptions.defaults(), 0);
 * }</pre>
 *
 * <p>Every plan is checked on the raw data before it is handed out and carries its certificate; one that does not exist carries reasons.
 * For the same fleet, method, seed and effort plans are the same, unless a time limit strikes. One planner may serve several threads.
 */
public final class Planner {
    /** The method's name in plans whose assignment was given. */
    public static final String GIVEN = "given";

    private final PlanningProblem problem;
    /** What makes an infeasible fleet feasible, the same for every method; null until first asked for. */
    private List<Relaxation> remedies;

    private Planner(PlanningProblem problem) {
        this.problem = problem;
    }

    /**
     * Projects a fleet onto what the search needs: least bandwidths in Hz, exact threshold frontiers.
     *
     * @throws UserError if a trace has not been read or holds labels other than 0 and 1
     */
    public static Planner of(Instance fleet) {
        return new Planner(PlanningProblem.of(Checks.present("fleet", fleet)));
    }

    /** A planner for the same fleet where each joule of expected offload energy per period costs {@code perJoule} ≥ 0. */
    public Planner withEnergyWeight(double perJoule) {
        return new Planner(problem.withEnergyWeight(perJoule));
    }

    public Instance fleet() {
        return problem.instance();
    }

    /** One sentence for each device that no node can serve; then no plan exists. */
    public List<String> unservable() {
        return problem.unservable();
    }

    /**
     * Plans with the method of that name.
     *
     * @return status optimal or feasible with devices and certificate, or infeasible or unknown with reasons
     * @throws UserError if the method is unknown
     * @throws IllegalStateException if the independent check rejects the plan: then the method has a bug
     */
    public Plan plan(String method, SolveOptions options) {
        Allocator allocator = Methods.byName(method);
        Deadline deadline = Deadline.after(options.seconds(), options.stop());
        Outcome outcome = problem.unservable().isEmpty()
                ? allocator.search(problem, unit().of(options), deadline)
                : new Outcome.Infeasible(problem.unservable());
        return PlanWriter.certified(problem.instance(), written(method, outcome, options, deadline));
    }

    /**
     * The plan with all that is to be said of it: fairness, use and shadow prices of every node, what its thresholds
     * are worth on other events; where it is infeasible, the cheapest
     * remedies.
     *
     * @param fairnessSeconds for the price of fairness, which a time limit bounds; 0 leaves it out
     */
    public Plan explained(Plan plan, SolveOptions options, double fairnessSeconds) {
        Checks.nonNegative("fairnessSeconds", fairnessSeconds);
        if (!plan.instance().equals(problem.instance().name())) {
            throw new IllegalArgumentException("the plan is for " + plan.instance() + "; expected one for "
                    + problem.instance().name());
        }
        if (plan.status() == Plan.Status.INFEASIBLE) {
            return plan.withRelaxations(remedies(options));
        }
        Plan full = Promises.add(problem, PlanFacts.add(problem, plan, options), options);
        return fairnessSeconds > 0 && !options.stop().get()
                ? PlanFacts.withPriceOfFairness(problem, full, options, fairnessSeconds)
                : full;
    }

    private synchronized List<Relaxation> remedies(SolveOptions options) {
        if (remedies == null) {
            remedies = Relaxations.of(problem, options);
        }
        return remedies;
    }

    /**
     * Plans anew from a plan for a fleet that has changed a little: maximises Σ ρ_n ln U_n − C · (devices moved).
     *
     * @param previous a plan with devices, some of them of this fleet
     * @param moveCost C ≥ 0, in units of the objective
     * @throws UserError if the plan before has no devices of this fleet, or power is a variable
     */
    public Plan replanned(Plan previous, double moveCost, SolveOptions options) {
        Reoptimisation work = Reoptimisation.of(problem, previous, moveCost);
        Deadline deadline = Deadline.after(options.seconds(), options.stop());
        if (!problem.unservable().isEmpty()) {
            return written(Methods.EXACT, new Outcome.Infeasible(problem.unservable()), options, deadline);
        }
        CapacityPrices plain = work.plainPrices(deadline);
        Outcome net = work.search(plain, unit().of(options), deadline);
        if (!(net instanceof Outcome.Found found)) {
            return written(Methods.EXACT, net, options, deadline);
        }
        Outcome own = Outcome.Found.bounded(found.assignment(), plain.trueBound(), plain);
        Plan plan = written(Methods.EXACT, own, options, deadline);
        return PlanWriter.certified(problem.instance(), work.withMoves(plan, found));
    }

    /**
     * Completes an assignment of any origin: exact thresholds and compute for its devices, with a bound on all plans.
     *
     * @param nodeOf node id by device id
     * @return a plan of the method {@value #GIVEN}, whose gap is the distance from the optimum at most
     * @throws UserError if it is no plan, with the reasons
     */
    public Plan completed(Map<String, String> nodeOf, SolveOptions options) {
        GivenAssignment given = given(nodeOf);
        Deadline deadline = Deadline.after(options.seconds(), options.stop());
        Outcome outcome = given.completed(unit().of(options), deadline);
        return PlanWriter.certified(problem.instance(), written(GIVEN, outcome, options, deadline));
    }

    /** Why an assignment is no plan; empty if it is one. */
    public List<String> obstacles(Map<String, String> nodeOf) {
        return given(nodeOf).obstacles();
    }

    /** Plans with the method {@code exact} from an assignment of any origin, which need not be complete, nor fit. */
    public Plan planFrom(Map<String, String> nodeOf, SolveOptions options) {
        Deadline deadline = Deadline.after(options.seconds(), options.stop());
        Outcome outcome = problem.unservable().isEmpty()
                ? given(nodeOf).improved(unit().of(options), deadline)
                : new Outcome.Infeasible(problem.unservable());
        return PlanWriter.certified(problem.instance(), written(Methods.EXACT, outcome, options, deadline));
    }

    private GivenAssignment given(Map<String, String> nodeOf) {
        return new GivenAssignment(problem, Checks.present("nodeOf", nodeOf));
    }

    /**
     * Writes the exact problem in free MPS, for other solvers (docs/allocation.md).
     *
     * @throws UserError if a device cannot be served, or power is a variable
     * @throws IOException from {@code out}
     */
    public void writeMps(Appendable out) throws IOException {
        StaircaseMps.write(problem, out);
    }

    /**
     * Stage A of the method {@code two-stage} alone, for whoever times it.
     *
     * @return the gap it was solved to, relative to |objective|; empty if the devices do not fit
     */
    public OptionalDouble offloadStageGap(SolveOptions options) {
        Deadline deadline = Deadline.after(options.seconds(), options.stop());
        Outcome counts = OffloadStage.of(problem).solve(options, deadline);
        if (!(counts instanceof Outcome.Found found)) {
            return OptionalDouble.empty();
        }
        double value = found.assignment().value();
        double gap = Math.max(0, found.bound() - value);
        return OptionalDouble.of(gap <= 1e-12 ? 0 : gap / Math.abs(value));
    }

    private ObjectiveUnit unit() {
        return new ObjectiveUnit(problem.objectiveUnit());
    }

    private Plan written(String method, Outcome outcome, SolveOptions options, Deadline deadline) {
        Outcome explained = Infeasibility.explain(problem, outcome, options, deadline.secondsLeft());
        return new PlanWriter(problem, method, options, deadline.secondsUsed()).write(explained);
    }
}
