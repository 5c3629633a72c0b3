package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.qexit.cli.bench.BenchCommand;
import org.qexit.cli.console.ExitCode;
import org.qexit.cli.console.Failures;
import org.qexit.cli.console.HelpText;
import org.qexit.cli.control.CertificatesCommand;
import org.qexit.cli.control.ControlCommand;
import org.qexit.cli.device.DeviceCommand;
import org.qexit.cli.serve.ServeCommand;
import org.qexit.cli.up.UpCommand;
import org.qexit.common.Suggestions;
import org.qexit.common.TemporaryFolder;
import org.qexit.common.UserError;
import org.qexit.common.Version;
import org.qexit.common.WriteReasons;
import org.qexit.experiment.run.RunFiles;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The command line. Ends with 0 when all went well, 1 for a bundle that does not pass, 2 for a user's mistake, 3 for an infeasible plan, 4 for an alarm, 70
 * for a bug.
 */
@Command(
        name = "qexit",
        description =
                "Trains hybrid quantum-classical early-exit models for edge devices and turns their confidence traces"
                        + " into fair, certified deployment decisions.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.BuildVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            InitCommand.class,
            RunCommand.class,
            ReportCommand.class,
            TrainCommand.class,
            CalibrateCommand.class,
            StudyCommand.class,
            CompareCommand.class,
            TraceCommand.class,
            ShotsCommand.class,
            ThresholdsCommand.class,
            OptimizeCommand.class,
            SimulateCommand.class,
            CheckCommand.class,
            ExportCommand.class,
            VerifyCommand.class,
            EvaluateCommand.class,
            InferCommand.class,
            MonitorCommand.class,
            DeviceCommand.class,
            ServeCommand.class,
            UpCommand.class,
            CertificatesCommand.class,
            ControlCommand.class,
            CircuitCommand.class,
            DataCommand.class,
            SparkCommand.class,
            BenchCommand.class,
            DoctorCommand.class,
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit run experiments/quickstart.yaml   the whole chain on real images",
            "  qexit doctor                            what this machine offers",
            "  qexit help COMMAND                      options and examples of a command",
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        TemporaryFolder.use();
        int code;
        try {
            code = commandLine().execute(args);
        } catch (Throwable e) {
            // Outside any command: the virtual machine would print a stack and end with 1, which means something else.
            code = Failures.explain(e, new PrintWriter(System.err, true));
        }
        System.exit(code);
    }

    /** The command line with its error handling; writes to standard output and standard error unless told otherwise. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.addSubcommand(new CommandLine.HelpCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        HelpText.fit(line);
        line.setExecutionStrategy(Main::checkedThenRun);
        line.setParameterExceptionHandler(Main::explainMisuse);
        line.setExecutionExceptionHandler(Main::explainFailure);
        return line;
    }

    /** Options that say where results go, in all commands. */
    private static final Set<String> OUTPUTS = Set.of(
            "--out",
            "-o",
            "--zip",
            "--png",
            "--croissant",
            "--html",
            "--plot",
            "--csv",
            "--svg",
            "--write",
            "--new-key",
            "--log",
            "--configmap",
            "--export-mps",
            "--safetensors",
            "--state");

    static boolean isOutput(CommandLine.Model.OptionSpec option) {
        return OUTPUTS.contains(option.longestName());
    }

    /**
     * Whether results can be written, and whether what is read of a finished run is still what the run made, is looked at first, before the
     * work.
     */
    private static int checkedThenRun(CommandLine.ParseResult parsed) {
        CommandLine.ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (!last.isUsageHelpRequested() && !last.isVersionHelpRequested()) {
            PrintWriter err = last.commandSpec().commandLine().getErr();
            for (CommandLine.Model.ArgSpec argument : last.matchedArgs()) {
                String output = argument instanceof CommandLine.Model.OptionSpec option && isOutput(option)
                        ? option.longestName()
                        : null;
                boolean directory = argument.paramLabel().contains("DIR");
                for (Path path : paths(argument.getValue())) {
                    try {
                        if (output == null) {
                            RunFiles.checkGiven(path);
                        } else {
                            checkDrawing(output, path);
                            WriteReasons.check(path, directory);
                        }
                    } catch (UserError e) {
                        err.println("qexit: " + (output == null ? "" : output + " ") + e.getMessage());
                        return ExitCode.USER_ERROR;
                    }
                }
            }
        }
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (Error e) {
            // The library hands on exceptions only.
            return Failures.explain(e, last.commandSpec().commandLine().getErr());
        }
    }

    private static List<Path> paths(Object value) {
        if (value instanceof Path path) {
            return List.of(path);
        }
        return value instanceof Collection<?> many
                ? many.stream()
                        .filter(Path.class::isInstance)
                        .map(Path.class::cast)
                        .toList()
                : List.of();
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Pictures are SVG: a file of another kind would hold what its name denies. */
    private static void checkDrawing(String option, Path path) {
        String name = path.toString();
        int dot = name.lastIndexOf('.');
        if (option.equals("--plot")
                && dot > name.lastIndexOf('/')
                && !name.substring(dot).equalsIgnoreCase(".svg")
                && !name.startsWith("/dev/")) {
            throw new UserError("is '" + UserError.shown(name) + "'; expected a name that ends in .svg");
        }
    }

    private static int explainMisuse(CommandLine.ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        PrintWriter err = line.getErr();
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched
                && !line.getSubcommands().isEmpty()
                && !unmatched.getUnmatched().isEmpty()
                && !unmatched.getUnmatched().get(0).startsWith("-")) {
            String written = unmatched.getUnmatched().get(0);
            String name = line.getCommandSpec().qualifiedName();
            err.println("qexit: unknown command '" + UserError.shown(written) + "'"
                    + Suggestions.maybe(written, line.getSubcommands().keySet()));
            err.println("Maybe look at: " + name + " --help");
            return ExitCode.USER_ERROR;
        }
        err.println("qexit: " + withoutTypes(firstLine(e.getMessage())));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, err)) {
            err.println("Maybe look at: " + line.getCommandSpec().qualifiedName() + " --help");
        }
        return ExitCode.USER_ERROR;
    }

    private static int explainFailure(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
        return Failures.explain(e, line.getErr());
    }

    /** A parser's words on a value that is no number, without names of Java's types. */
    private static String withoutTypes(String message) {
        return message.replaceFirst(" is not an? (?:int|long|short|Integer|Long)$", " is no whole number, or too large")
                .replaceFirst(" is not an? (?:double|float|Double|Float)$", " is no number");
    }

    private static String firstLine(String message) {
        return message == null ? "wrong usage" : message.lines().findFirst().orElse("wrong usage");
    }

    /** "qexit 0.1.0" for {@code --version}. */
    static final class BuildVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"qexit " + Version.current()};
        }
    }
}
