package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.data.bowles.SyntheticFamily;
import org.qexit.data.bowles.SyntheticFiles;
import org.qexit.data.bowles.SyntheticSet;
import org.qexit.data.bowles.SyntheticSets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Published synthetic data, made again from its recipe. */
@Command(
        name = "make",
        description = {
            "Makes the data of a published benchmark from its recipe.",
            "bowles2024: the 114 synthetic sets of Bowles, Ahmed and Schuld (arXiv 2403.07059), 300 samples each, 2 to 20 features:"
                    + " FAMILY/SET_train.csv and FAMILY/SET_test.csv, comma-separated, the label, -1 or +1, last, no header."
                    + " linearly_separable and hyperplanes_diff have the published bytes, the others the same rows, labels and"
                    + " split, and values within 1e-12."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit data make bowles2024 --out data",
            "  qexit data make bowles2024 --family hyperplanes_diff --seed 5 --out more"
        })
final class MakeDataCommand implements Callable<Integer> {
    private static final String BENCHMARK = "bowles2024";

    @Parameters(paramLabel = "BENCHMARK", description = "bowles2024")
    private String benchmark;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Directory for the families.")
    private Path out;

    @Option(
            names = "--family",
            paramLabel = "FAMILY",
            split = ",",
            description =
                    "Only these: linearly_separable, hidden_manifold, hidden_manifold_diff, two_curves, two_curves_diff,"
                            + " hyperplanes_diff (default: all).")
    private List<String> families = List.of();

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            description = "Other data by the same recipes: a seed from 0 to 2147483647 (default: the published seeds).")
    private Integer seed;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** What {@code --json} prints. */
    record Made(String benchmark, Integer seed, Map<String, Integer> sets, List<String> files) {}

    @Override
    public Integer call() {
        if (!benchmark.equals(BENCHMARK)) {
            throw new UserError("benchmark is '" + benchmark + "'; expected " + BENCHMARK);
        }
        if (seed != null && seed < 0) {
            throw new UserError("--seed is " + seed + "; expected 0 to " + Integer.MAX_VALUE);
        }
        Set<SyntheticFamily> wanted = wanted();
        Map<String, Integer> sets = new TreeMap<>();
        List<String> files = new ArrayList<>();
        try {
            if (seed == null) {
                SyntheticSets.published(set -> write(set, wanted, sets, files));
            } else {
                SyntheticSets.seeded(seed, set -> write(set, wanted, sets, files));
            }
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
        print(new Made(benchmark, seed, sets, files));
        return ExitCode.OK;
    }

    private void write(SyntheticSet set, Set<SyntheticFamily> wanted, Map<String, Integer> sets, List<String> files) {
        if (!wanted.contains(set.family())) {
            return;
        }
        String directory = set.family().directory();
        for (Path file : SyntheticFiles.write(set, out.resolve(directory))) {
            files.add(directory + "/" + file.getFileName());
        }
        sets.merge(set.family().word(), 1, Integer::sum);
    }

    private Set<SyntheticFamily> wanted() {
        if (families.isEmpty()) {
            return EnumSet.allOf(SyntheticFamily.class);
        }
        Set<SyntheticFamily> wanted = EnumSet.noneOf(SyntheticFamily.class);
        for (String word : families) {
            wanted.add(SyntheticFamily.of(word)
                    .orElseThrow(() -> new UserError("--family is '" + word + "'; expected one of "
                            + String.join(", ", SyntheticFamily.words()))));
        }
        return wanted;
    }

    private void print(Made made) {
        PrintWriter terminal = spec.commandLine().getOut();
        if (json) {
            terminal.println(Json.compact(made));
            return;
        }
        for (SyntheticFamily family : SyntheticFamily.values()) {
            Integer count = made.sets().get(family.word());
            if (count != null) {
                terminal.printf(Locale.ROOT, "  %-22s %d sets: %s%n", family.word(), count, family.what());
            }
        }
        terminal.println("written: " + made.files().size() + " files under " + out);
    }
}
