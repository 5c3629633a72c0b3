package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.Split;
import org.qexit.data.bowles.MnistPca;
import org.qexit.data.bowles.SyntheticFamily;
import org.qexit.data.bowles.SyntheticFiles;
import org.qexit.data.bowles.SyntheticSet;
import org.qexit.data.bowles.SyntheticSets;
import org.qexit.data.catalog.DatasetCatalog;
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
                    + " split, and values within 1e-12.",
            "With --mnist also the 19 sets of MNIST's threes and fives by 2 to 20 principal components, mnist_pca/, from a directory with"
                    + " MNIST's four IDX files; values within 1e-9 of the published ones."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit data make bowles2024 --out data",
            "  qexit data make bowles2024 --family hyperplanes_diff --seed 5 --out more",
            "  qexit data make bowles2024 --family mnist_pca --mnist ~/mnist --out data"
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
                            + " hyperplanes_diff, mnist_pca (default: all; mnist_pca only with --mnist).")
    private List<String> families = List.of();

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            description = "Other data by the same recipes: a seed from 0 to 2147483647 (default: the published seeds).")
    private Integer seed;

    @Option(
            names = "--mnist",
            paramLabel = "DIR",
            description = "Directory with train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and"
                    + " t10k-labels-idx1-ubyte, .gz or not.")
    private Path mnist;

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
        boolean digits = families.isEmpty() ? mnist != null : families.contains(MnistPca.WORD);
        if (digits && mnist == null) {
            throw new UserError("--family " + MnistPca.WORD + " needs --mnist, a directory with MNIST's four files");
        }
        if (mnist != null && !digits) {
            throw new UserError("--mnist is given, but not the family " + MnistPca.WORD);
        }
        Set<SyntheticFamily> wanted = wanted();
        Map<String, Integer> sets = new TreeMap<>();
        List<String> files = new ArrayList<>();
        try {
            if (digits) {
                project(sets, files);
            }
            if (!wanted.isEmpty()) {
                synthesise(set -> write(set, wanted, sets, files));
            }
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
        print(new Made(benchmark, seed, sets, files));
        return ExitCode.OK;
    }

    private void synthesise(Consumer<SyntheticSet> each) {
        if (seed == null) {
            SyntheticSets.published(each);
        } else {
            SyntheticSets.seeded(seed, each);
        }
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

    private void project(Map<String, Integer> sets, List<String> files) {
        DatasetCatalog catalog = DatasetCatalog.standard(null);
        if (!Files.isDirectory(mnist)) {
            throw new UserError("--mnist: " + mnist + ": expected an existing directory");
        }
        String directory = mnist.toAbsolutePath().toString();
        Dataset train = catalog.load(directory, Split.TRAIN);
        Dataset test = catalog.load(directory, Split.TEST);
        try (Progress progress = Progress.start("principal components, sets", MnistPca.sets())) {
            MnistPca.make(train, test, seed == null ? MnistPca.PUBLISHED_SEED : seed, set -> {
                for (Path file : SyntheticFiles.write(set, out.resolve(MnistPca.WORD))) {
                    files.add(MnistPca.WORD + "/" + file.getFileName());
                }
                sets.merge(MnistPca.WORD, 1, Integer::sum);
                progress.step();
            });
        }
    }

    private Set<SyntheticFamily> wanted() {
        if (families.isEmpty()) {
            return EnumSet.allOf(SyntheticFamily.class);
        }
        Set<SyntheticFamily> wanted = EnumSet.noneOf(SyntheticFamily.class);
        for (String word : families) {
            if (!word.equals(MnistPca.WORD)) {
                wanted.add(SyntheticFamily.of(word)
                        .orElseThrow(() -> new UserError("--family is '" + word + "'; expected one of "
                                + String.join(", ", SyntheticFamily.words()) + ", " + MnistPca.WORD)));
            }
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
        if (made.sets().containsKey(MnistPca.WORD)) {
            terminal.printf(
                    Locale.ROOT,
                    "  %-22s %d sets: threes and fives by 2 to 20 principal components%n",
                    MnistPca.WORD,
                    made.sets().get(MnistPca.WORD));
        }
        terminal.println("written: " + made.files().size() + " files under " + out);
    }
}
