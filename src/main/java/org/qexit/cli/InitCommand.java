package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.data.ClassChoice;
import org.qexit.data.guess.CriticalGuess;
import org.qexit.data.guess.DataGuess;
import org.qexit.experiment.init.FirstConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** From data of the user's own to a configuration. */
@Command(
        name = "init",
        description =
                "Looks at your data and writes a commented configuration for qexit run that works as it is: images in a folder"
                        + " per class, tables (rows with a label and values, or series), IDX files as of MNIST, or a descriptor.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit init photos/ --out photos.yaml                  a folder per class, in train/ and test/ or not",
            "  qexit init sensors.csv --out sensors.yaml             a row per sample: label, values; maybe a patient or machine",
            "  qexit init sensors.csv --label state --critical fault,leak --group machine",
            "  qexit init mnist/                                     IDX files; writes config.yaml",
            "",
            "Everything it decides stands in the file, with the reason: change what is not so.",
        })
final class InitCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PATH", description = "A directory, a table or a descriptor.")
    private Path path;

    @Option(
            names = {"--out", "-o"},
            paramLabel = "FILE",
            description = "The configuration. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("config.yaml");

    @Option(
            names = "--critical",
            paramLabel = "CLASS",
            split = ",",
            description = "The critical classes, by name or number. Default: guessed from names and frequencies.")
    private List<String> critical = List.of();

    @Option(names = "--label", paramLabel = "COLUMN", description = "Tables: the column of the classes.")
    private String label;

    @Option(
            names = "--group",
            paramLabel = "COLUMN",
            description = "Tables: the column that tells patients, machines or the like apart.")
    private String group;

    @Option(names = "--force", description = "Replace a file that is there.")
    private boolean force;

    @Option(names = "--json", description = "Print what was found as one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (Files.exists(out) && !force) {
            throw new UserError(out + ": is there already. Maybe give --force to replace it, or another --out");
        }
        DataGuess data = DataGuess.of(path, new DataGuess.Said(label, group));
        FirstConfig config = config(data);
        AtomicFiles.writeString(out, config.yaml(out));
        PrintWriter console = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("config", out.toString());
            facts.putAll(config.facts());
            console.println(Json.compact(facts));
        } else {
            print(console, config);
        }
        return ExitCode.OK;
    }

    private FirstConfig config(DataGuess data) {
        if (critical.isEmpty()) {
            CriticalGuess guess = CriticalGuess.of(data.train());
            return FirstConfig.of(data, guess.classes(), guess.reason());
        }
        List<String> names = data.train().classNames();
        List<Integer> ids = critical.stream()
                .map(String::strip)
                .map(text -> names.contains(text) || !text.matches("[0-9]{1,6}")
                        ? ClassChoice.of(text)
                        : ClassChoice.of(Integer.valueOf(text)))
                .map(choice -> choice.id(data.train().name(), names))
                .toList();
        return FirstConfig.of(data, ids, FirstConfig.AS_YOU_SAID);
    }

    private void print(PrintWriter console, FirstConfig config) {
        DataGuess data = config.data();
        console.printf(
                Locale.ROOT,
                "%s: %s, %,d samples to learn from and %,d to test on, %d classes, %d x %d x %d values each%n",
                path,
                data.kind(),
                data.train().size(),
                data.test().size(),
                data.train().classNames().size(),
                data.train().channels(),
                data.train().height(),
                data.train().width());
        data.notes().forEach(note -> console.println("  " + note));
        console.printf(
                Locale.ROOT,
                "  critical: %s (%s); %.1f %% of the events, of which %.0f %% may be offloaded%n",
                String.join(", ", config.criticalNames()),
                config.reason().equals(FirstConfig.AS_YOU_SAID) ? config.reason() : "a guess: " + config.reason(),
                100 * config.criticalShare(),
                100 * config.budget());
        console.println(out + " is written: look at it, then");
        console.println("  qexit run " + out);
    }
}
