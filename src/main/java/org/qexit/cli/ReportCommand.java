package org.qexit.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Progress;
import org.qexit.experiment.run.ReportAgain;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A finished run's report, made anew. */
@Command(
        name = "report",
        description =
                "Makes the report of a finished run anew, as this version of qexit writes it, from the run's models and"
                        + " plans: one HTML page that fetches nothing. Nothing is trained, and the run stays as it is.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit report runs/quickstart                          writes runs/quickstart-report.html",
            "  qexit report runs/own --out own.html --data-dir /data/images",
        })
final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "Directory of a finished run.")
    private Path run;

    @Option(names = "--out", paramLabel = "FILE", description = "The page; default RUN-report.html beside the run.")
    private Path out;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where to look for data sets first.")
    private Path dataDirectory;

    @Option(names = "--quiet", description = "No progress.")
    private boolean quiet;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Progress.enable(!quiet);
        Path whole = run.toAbsolutePath().normalize();
        Path page = out == null ? whole.resolveSibling(whole.getFileName() + "-report.html") : out;
        ReportAgain.write(run, page, dataDirectory);
        spec.commandLine().getOut().println("Look at " + page);
        return ExitCode.OK;
    }
}
