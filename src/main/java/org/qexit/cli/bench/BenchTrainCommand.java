package org.qexit.cli.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.common.Machine;
import org.qexit.common.UserError;
import org.qexit.experiment.bench.StepBenchmark;
import org.qexit.experiment.bench.StepProfile;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.nn.BlockConfig;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.Twin;
import org.qexit.nn.head.HeadConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures training steps. */
@Command(
        name = "train",
        description =
                "Times training steps of a hybrid model beside those of its classical twins, on our engine and on DL4J, step by"
                        + " step in turn, and says where a hybrid step spends its time.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit bench train --json                       the quickstart's model, batch 64",
            "  qexit bench train --qubits 6,6 --channels 16,32 --threads 2",
            "  qexit bench train --config experiments/quickstart.yaml --input 1,28,28",
        })
final class BenchTrainCommand implements Callable<Integer> {
    @Option(
            names = "--qubits",
            split = ",",
            defaultValue = "4,4,6",
            description = "Qubits of each exit's head (default: ${DEFAULT-VALUE}).")
    private List<Integer> qubits;

    @Option(
            names = "--channels",
            split = ",",
            defaultValue = "8,16,32",
            description = "Channels of each block (default: ${DEFAULT-VALUE}).")
    private List<Integer> channels;

    @Option(names = "--layers", defaultValue = "2", description = "Of the circuits (default: ${DEFAULT-VALUE}).")
    private int layers;

    @Option(
            names = "--input",
            split = ",",
            paramLabel = "SIZE",
            defaultValue = "1,28,28",
            description = "Channels, height and width of the images (default: ${DEFAULT-VALUE}).")
    private List<Integer> input;

    @Option(
            names = "--config",
            paramLabel = "CONFIG",
            description = "Take the model from a configuration instead; its heads may have any options.")
    private Path config;

    @Option(names = "--batch", defaultValue = "64", description = "Images per step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--threads",
            defaultValue = "1",
            description =
                    "Take steps on this many threads, too, where our engine runs the model (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--warm-up",
            paramLabel = "ROUNDS",
            defaultValue = "200",
            description = "Steps of each model before (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--rounds", defaultValue = "300", description = "Steps of each model (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--profile",
            paramLabel = "STEPS",
            defaultValue = "300",
            description = "Hybrid steps to sample for the profile; 0 for none (default: ${DEFAULT-VALUE}).")
    private int profile;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        StepBenchmark.StepTimes result;
        StepProfile where;
        try {
            StepBenchmark benchmark =
                    new StepBenchmark(model(), List.of(Twin.MATCHED, Twin.CLASSICAL), batch, threads, 1);
            result = benchmark.run(warmUp, rounds);
            where = profile > 0 ? benchmark.profile(profile) : null;
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("ratio", result.ratios().get(0).ratio());
            all.put("batch", batch);
            all.put("steps", result);
            all.put("profile", where);
            all.put("machine", Machine.describe());
            spec.commandLine().getOut().println(Json.compact(all));
        } else {
            print(result, where);
        }
        return ExitCode.OK;
    }

    private ModelConfig model() {
        if (input.size() != 3) {
            throw new UserError("--input has " + input.size() + " numbers; expected channels,height,width");
        }
        ModelConfig model;
        if (config != null) {
            model = TrainingRun.read(config).model();
        } else {
            List<BlockConfig> blocks = channels.stream().map(BlockConfig::of).toList();
            List<HeadConfig> heads = new ArrayList<>();
            qubits.forEach(n -> heads.add(HeadConfig.quantum(n, layers)));
            model = new ModelConfig("hybrid", null, null, null, null, blocks, heads);
        }
        return model.forInput(input.get(0), input.get(1), input.get(2));
    }

    private void print(StepBenchmark.StepTimes result, StepProfile where) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "%d steps of each model in turn, batch %d; medians [ms]%n", result.rounds(), batch);
        out.printf(
                Locale.ROOT,
                "%-20s %-6s %7s %10s  %-22s %9s %9s%n",
                "model",
                "engine",
                "threads",
                "parameters",
                "of the heads",
                "CPU",
                "clock");
        for (StepBenchmark.Times times : result.times()) {
            out.printf(
                    Locale.ROOT,
                    "%-20s %-6s %7d %,10d  %-22s %9.2f %9.2f%n",
                    times.model(),
                    times.engine().name().toLowerCase(Locale.ROOT),
                    times.threads(),
                    times.parameters(),
                    times.headParameters(),
                    times.cpuMillis(),
                    times.wallMillis());
        }
        for (StepBenchmark.Ratio ratio : result.ratios()) {
            out.printf(
                    Locale.ROOT,
                    "hybrid / %s: %.3f (95 %% interval %.3f to %.3f) of CPU time, %.3f of clock time%n",
                    ratio.twin(),
                    ratio.ratio(),
                    ratio.low(),
                    ratio.high(),
                    ratio.wallRatio());
        }
        for (StepBenchmark.EngineRatio ratio : result.engines()) {
            out.printf(
                    Locale.ROOT,
                    "%s, qexit%s / %s: %.3f (95 %% interval %.3f to %.3f) of %s time, %.3f of clock time%n",
                    ratio.model(),
                    ratio.over().equals("dl4j") ? "" : " on " + threads + " threads",
                    ratio.over(),
                    ratio.ratio(),
                    ratio.low(),
                    ratio.high(),
                    ratio.over().equals("dl4j") ? "CPU" : "clock",
                    ratio.wallRatio());
        }
        if (where != null) {
            out.printf(
                    Locale.ROOT,
                    "hybrid step: %.1f %% in native or vector kernels (%d samples)%n",
                    100 * where.kernelShare(),
                    where.samples());
            where.shares().forEach((place, share) -> out.printf(Locale.ROOT, "  %5.1f %%  %s%n", 100 * share, place));
            out.println("outside kernels, innermost methods:");
            where.hottest()
                    .forEach((method, share) -> out.printf(Locale.ROOT, "  %5.1f %%  %s%n", 100 * share, method));
        }
    }
}
