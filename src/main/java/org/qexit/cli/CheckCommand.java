package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.qexit.allocation.AssignmentFile;
import org.qexit.allocation.FleetFile;
import org.qexit.allocation.FleetPlan;
import org.qexit.allocation.FleetRows;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.check.FleetCheck;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.method.Planner;
import org.qexit.cli.console.ExitCode;
import org.qexit.cli.console.StopSignal;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.common.WriteReasons;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a plan against its instance. */
@Command(
        name = "check",
        description = "Recomputes a plan from the raw data: decisions, loads, delays, capacities, objective, bound."
                + " An assignment of another tool is completed to a plan first, with a bound on all plans.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit check plan.json fleet.json",
            "  qexit check plan/ fleet/                 those of qexit spark optimize, of any size",
            "  qexit check assignment.csv fleet.json --seconds 60 --out plan.json    how far from the optimum is it?",
            "%nExit code 3: the plan breaks a constraint or makes a false claim."
        })
final class CheckCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "PLAN",
            description =
                    "The plan, format qexit.plan/1, or a directory of qexit spark optimize, or a CSV file with a header device,node and a pair a line.")
    private Path plan;

    @Parameters(index = "1", paramLabel = "INSTANCE", description = "The fleet it is for.")
    private Path instance;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "With an assignment: time for the bound. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--out", description = "With an assignment: write the completed plan here.")
    private Path out;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!(seconds > 0)) {
            throw new UserError("--seconds is " + seconds + "; expected a number > 0");
        }
        if (Files.isDirectory(plan) || Files.isDirectory(instance)) {
            return large();
        }
        Instance fleet = Instance.read(instance);
        boolean isAssignment = plan.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
        if (out != null && !isAssignment) {
            throw new UserError("--out goes with an assignment, a file that ends in .csv");
        }
        return isAssignment
                ? StopSignal.heeded(stop -> assignment(fleet, stop))
                : report(fleet, Json.read(plan, Plan.class));
    }

    /** A plan and a fleet of qexit spark optimize: directories of Parquet files. */
    private int large() {
        if (!Files.isDirectory(plan) || !Files.isDirectory(instance)) {
            throw new UserError("of " + plan + " and " + instance + " one is a directory; expected both, or none");
        }
        if (out != null) {
            throw new UserError("--out goes with an assignment, a file that ends in .csv");
        }
        FleetFile fleet = Json.read(instance.resolve(FleetFile.NAME), FleetFile.class);
        FleetPlan whole = Json.read(plan.resolve(FleetPlan.NAME), FleetPlan.class);
        try (FleetRows rows = FleetRows.open(instance, plan)) {
            return report(FleetCheck.check(fleet, whole, rows::next), whole.bound());
        }
    }

    private int assignment(Instance fleet, AtomicBoolean stop) {
        Map<String, String> nodeOf = AssignmentFile.read(plan, fleet);
        if (out != null) {
            WriteReasons.check(out, false);
        }
        Planner planner = Planner.of(fleet);
        if (!planner.unservable().isEmpty()) {
            return violations(planner.unservable());
        }
        List<String> obstacles = planner.obstacles(nodeOf);
        if (!obstacles.isEmpty()) {
            return violations(obstacles);
        }
        Plan whole = planner.completed(
                nodeOf, SolveOptions.defaults().withSeconds(seconds).withStop(stop));
        if (out != null) {
            Json.write(out, whole);
        }
        int code = report(fleet, whole);
        if (!json) {
            PrintWriter console = spec.commandLine().getOut();
            console.printf(
                    Locale.ROOT,
                    whole.status() == Plan.Status.OPTIMAL
                            ? "completed with exact thresholds and compute: no plan is better%n"
                            : "completed with exact thresholds and compute: at most %.4f %% below the best plan%n",
                    100 * whole.relativeGap());
            console.flush();
        }
        return code;
    }

    private int violations(List<String> found) {
        PrintWriter console = spec.commandLine().getOut();
        if (json) {
            console.println(Json.compact(Map.of("violations", found)));
        } else {
            found.forEach(violation -> console.println("VIOLATION " + violation));
        }
        console.flush();
        return ExitCode.INFEASIBLE;
    }

    private int report(Instance fleet, Plan read) {
        PlanCheck.Report report = PlanCheck.check(fleet, read);
        if (!json && read.energy() != null && read.energy().penalisedBound() != null) {
            spec.commandLine()
                    .getOut()
                    .println("less energy: objective " + read.energy().penalisedObjective() + ", claimed bound "
                            + read.energy().penalisedBound() + ", bound from the certificate "
                            + report.recomputedPenalisedBound());
        }
        return report(report, read.bound());
    }

    private int report(PlanCheck.Report report, Double claimed) {
        PrintWriter console = spec.commandLine().getOut();
        if (json) {
            console.println(Json.compact(report));
        } else {
            report.violations().forEach(violation -> console.println("VIOLATION " + violation));
            console.println("objective " + report.objective() + ", claimed bound " + claimed
                    + ", bound from the certificate " + report.recomputedBound()
                    + (report.boundProven() ? " (proves the claim), " : " (does not prove the claim), ")
                    + report.violations().size() + " violations");
        }
        console.flush();
        return report.isClean() ? ExitCode.OK : ExitCode.INFEASIBLE;
    }
}
