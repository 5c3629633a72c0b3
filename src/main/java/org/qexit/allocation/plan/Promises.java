package org.qexit.allocation.plan;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.common.RandomStreams;
import org.qexit.threshold.CrossFit;
import org.qexit.threshold.exits.ExitSearch;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;
import org.qexit.trace.RuleKind;

/**
 * What a plan's thresholds are worth on events that they were not chosen on: each device's utility cross-fitted at the share of its
 * events that the plan offloads.
 */
public final class Promises {
    /** Confidences of a fleet up to which the folds are drawn as often as for one device, and once beyond. */
    private static final long SMALL = 500_000;
    /** Confidences beyond which nothing is promised: it would take minutes. */
    private static final long MOST = 50_000_000;
    /** How much longer thresholds per exit are searched than a pair, about. */
    private static final long DEAR = 30;

    private Promises() {}

    /** The plan with its devices' cross-fitted utilities; one without devices as it is. */
    public static Plan add(PlanningProblem problem, Plan plan, SolveOptions options) {
        if (!plan.isFeasible() || options.stop().get()) {
            return plan;
        }
        List<Instance.Device> devices = problem.instance().devices();
        long scores = devices.stream()
                .map(Instance.Device::trace)
                .mapToLong(trace ->
                        (long) trace.labels().length * (trace.labels().length == 0 ? 1 : trace.scores()[0].length))
                .sum();
        boolean perExit = problem.instance().kind() == RuleKind.PER_EXIT;
        long effort = perExit ? DEAR * scores : scores;
        if (effort > MOST) {
            return plan;
        }
        int repeats = effort <= SMALL ? CrossFit.REPEATS : 1;
        RandomStreams streams = RandomStreams.of(options.seed());
        return plan.withDevices(IntStream.range(0, devices.size())
                .parallel()
                .mapToObj(n -> plan.devices()
                        .get(n)
                        .withCrossFittedUtility(
                                utility(perExit, devices.get(n), plan.devices().get(n), streams, repeats)))
                .toList());
    }

    private static Double utility(
            boolean perExit, Instance.Device device, Plan.Device planned, RandomStreams streams, int repeats) {
        DeviceTrace trace = device.deviceTrace();
        long budget = (long) planned.truePositives() + planned.falsePositives();
        Function<DeviceTrace, Rule> choose = some -> {
            ExitSearch.Limits limits = new ExitSearch.Limits(
                    CrossFit.share(budget, trace.size(), some.size()),
                    PlanningProblem.mostFalsePositives(device, some.size() - some.positives()),
                    PlanningProblem.cost(device, trace.exits()));
            return perExit
                    ? ExitSearch.of(some, limits, 0).thresholds()
                    : limits.pair(some).thresholds();
        };
        CrossFit fit = CrossFit.of(trace, choose, streams, repeats);
        return fit == null ? null : fit.tpr();
    }
}
