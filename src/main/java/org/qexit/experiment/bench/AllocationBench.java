package org.qexit.experiment.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.method.Planner;
import org.qexit.common.Checks;
import org.qexit.common.statistics.Samples;

/** Runs methods on fleets and records time, incumbent, bound and gap, as {@code qexit bench allocation} prints them. */
public final class AllocationBench {
    private static final double NANO = 1e-9;

    private final SolveOptions options;
    private final boolean keepMoments;

    /** @param keepMoments whether rows keep the course of the search */
    public AllocationBench(SolveOptions options, boolean keepMoments) {
        this.options = options;
        this.keepMoments = keepMoments;
    }

    /**
     * A moment of a search.
     *
     * @param seconds since the method began
     * @param objective of the incumbent, or null
     * @param bound proved so far, or null
     */
    public record Moment(double seconds, Double objective, Double bound) {}

    /**
     * One method on one fleet.
     *
     * @param instance the fleet's name
     * @param devices N
     * @param nodes M
     * @param method its name
     * @param status of the plan
     * @param objective Σ ρ ln U of the plan, or null
     * @param bound proved, or null
     * @param gap bound − objective, or null
     * @param gapPercent of |objective|, or null
     * @param seconds wall-clock time of the method
     * @param cpuSeconds processor time of the whole process meanwhile: what a busy machine cannot stretch
     * @param readSeconds wall-clock time of reading the file (0 where generated)
     * @param projectSeconds wall-clock time of projecting links and traces onto needs and staircases
     * @param knownBest what the instance says is the best known objective, or null
     * @param jainUtility Jain's index of U_n, or null
     * @param minUtility the least U_n, or null
     * @param sumUtility Σ U_n, or null
     * @param paperLb published bound, or null
     * @param paperUb published bound, or null
     * @param violations what the independent check found
     * @param moments of the search, or null
     */
    public record Row(
            String instance,
            int devices,
            int nodes,
            String method,
            Plan.Status status,
            Double objective,
            Double bound,
            Double gap,
            Double gapPercent,
            double seconds,
            double cpuSeconds,
            double readSeconds,
            double projectSeconds,
            Double knownBest,
            Double jainUtility,
            Double minUtility,
            Double sumUtility,
            Double paperLb,
            Double paperUb,
            List<String> violations,
            List<Moment> moments) {}

    /**
     * Runs every method in turn on one fleet.
     *
     * @param readSeconds what reading it took
     * @param done hears of each row at once
     */
    public List<Row> run(Instance fleet, double readSeconds, List<String> methods, Consumer<Row> done) {
        Checks.present("fleet", fleet);
        long start = System.nanoTime();
        Planner planner = Planner.of(fleet);
        double projectSeconds = (System.nanoTime() - start) * NANO;
        List<Row> rows = new ArrayList<>();
        for (String method : methods) {
            Row row = run(planner, method, readSeconds, projectSeconds);
            rows.add(row);
            done.accept(row);
        }
        return rows;
    }

    private Row run(Planner planner, String method, double readSeconds, double projectSeconds) {
        List<Moment> moments = new ArrayList<>();
        SolveOptions listening = options.withListener(note -> {
            moments.add(new Moment(note.seconds(), finite(note.objective()), finite(note.bound())));
            options.listener().accept(note);
        });
        long cpu = cpuNanos();
        long start = System.nanoTime();
        Plan plan = planner.plan(method, listening);
        double seconds = (System.nanoTime() - start) * NANO;
        double cpuSeconds = (cpuNanos() - cpu) * NANO;
        moments.add(new Moment(seconds, plan.objective(), plan.bound()));
        boolean feasible = plan.isFeasible();
        double[] utilities =
                plan.devices().stream().mapToDouble(Plan.Device::utility).toArray();
        Plan.PublishedBounds published = plan.published();
        Instance fleet = planner.fleet();
        return new Row(
                fleet.name(),
                fleet.devices().size(),
                fleet.nodes().size(),
                method,
                plan.status(),
                plan.objective(),
                plan.bound(),
                plan.gap(),
                plan.gap() == null ? null : 100 * plan.relativeGap(),
                seconds,
                cpuSeconds,
                readSeconds,
                projectSeconds,
                fleet.known() != null && fleet.known().get("best") instanceof Number best ? best.doubleValue() : null,
                feasible ? Samples.jain(utilities) : null,
                feasible ? java.util.Arrays.stream(utilities).min().getAsDouble() : null,
                feasible ? java.util.Arrays.stream(utilities).sum() : null,
                published == null ? null : published.paperLb(),
                published == null ? null : published.paperUb(),
                PlanCheck.check(fleet, plan).violations(),
                keepMoments ? moments : null);
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
