package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.PlanCheck;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a plan against its instance. */
@Command(
        name = "check",
        description = "Recomputes a plan from the raw data: decisions, loads, delays, capacities, objective, bound.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit check plan.json fleet.json",
            "%nExit code 3: the plan breaks a constraint or makes a false claim."
        })
final class CheckCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "PLAN", description = "The plan, format qexit.plan/1.")
    private Path plan;

    @Parameters(index = "1", paramLabel = "INSTANCE", description = "The fleet it is for.")
    private Path instance;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Plan read = Json.read(plan, Plan.class);
        PlanCheck.Report report = PlanCheck.check(Instance.read(instance), read);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.compact(report));
        } else {
            report.violations().forEach(violation -> out.println("VIOLATION " + violation));
            out.println("objective " + report.objective() + ", claimed bound " + read.bound()
                    + ", bound from the certificate " + report.recomputedBound()
                    + (report.boundProven() ? " (proves the claim), " : " (does not prove the claim), ")
                    + report.violations().size() + " violations");
        }
        out.flush();
        return report.isClean() ? ExitCode.OK : ExitCode.INFEASIBLE;
    }
}
