package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.experiment.compare.Comparison;
import org.qexit.experiment.compare.ComparisonPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finished runs beside each other. */
@Command(
        name = "compare",
        description =
                "Shows finished runs beside each other: every model by the thresholds that its run deploys, on test events,"
                        + " and its difference to the first, paired where both were tested on the same samples.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit compare runs/own runs/own-longer",
            "  qexit compare runs/seed1 runs/seed2 runs/seed3 --json",
            "  qexit compare runs/* --html comparison.html",
        })
final class CompareCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "RUN",
            description = "Directories of finished runs; the first is the reference.")
    private List<Path> runs;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the comparison as a page.")
    private Path html;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Comparison comparison = Comparison.of(runs);
        if (html != null) {
            AtomicFiles.writeString(html, ComparisonPage.html(comparison));
        }
        PrintWriter console = spec.commandLine().getOut();
        if (json) {
            console.println(Json.compact(comparison));
        } else {
            ComparisonPage.lines(comparison).forEach(console::println);
        }
        return ExitCode.OK;
    }
}
