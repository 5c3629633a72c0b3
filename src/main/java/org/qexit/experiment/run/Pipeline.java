package org.qexit.experiment.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Planner;
import org.qexit.common.AtomicFiles;
import org.qexit.common.ConfigText;
import org.qexit.common.Hashing;
import org.qexit.common.InfeasibleError;
import org.qexit.common.Json;
import org.qexit.common.Machine;
import org.qexit.common.PeakMemory;
import org.qexit.common.Progress;
import org.qexit.common.Provenance;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.common.Version;
import org.qexit.common.Warning;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.streams.DeviceStream;
import org.qexit.experiment.report.Interval;
import org.qexit.experiment.report.Report;
import org.qexit.experiment.report.ReportData;
import org.qexit.experiment.report.RunFacts;
import org.qexit.experiment.report.misses.DecidedEvents;
import org.qexit.experiment.report.misses.MissesSection;
import org.qexit.experiment.report.simulation.SimulationPage;
import org.qexit.experiment.report.simulation.SimulationSection;
import org.qexit.experiment.run.ModelRun.PlanRun;
import org.qexit.export.BundleExport;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.node.ComputeUnits;
import org.qexit.nn.node.PayloadKind;
import org.qexit.nn.training.TrainingData;
import org.qexit.threshold.node.ConfusionPlot;
import org.qexit.tier.result.ResultFiles;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.result.SimulationText;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rate;
import org.qexit.trace.ThresholdsFile;
import org.qexit.trace.TraceMetadata;
import org.qexit.trace.TraceWriter;

/** The whole chain, from a configuration to a run directory. */
public final class Pipeline {
    /** The folder of the plans' simulation. */
    static final String SIMULATION = "simulation";

    /** The folder of what devices run, in a run without a fleet. */
    static final String BUNDLE = "bundle";

    private final ConfigText configuration;
    private final String configText;
    private final RunConfig config;
    private final Path dataDirectory;
    private final RunData data;
    private final RandomStreams random;
    private final String fingerprint;
    private final RunSummary there;
    private final RunDirectory directory;
    private final Provenance provenance;
    private final List<Warning> warnings = new ArrayList<>();
    private final Map<String, Object> seconds = new LinkedHashMap<>();
    private final long startNanos = System.nanoTime();
    private Instant started = Instant.now();

    /**
     * @param out where results go, or null for {@code runs/<name>}
     * @param seed instead of the configuration's, or null
     * @param dataDirectory where to look for data sets first, or null
     * @param force whether a finished run of something else may be replaced
     */
    public record Options(Path out, Long seed, Path dataDirectory, boolean force) {
        /** Without leave to replace a finished run. */
        public Options(Path out, Long seed, Path dataDirectory) {
            this(out, seed, dataDirectory, false);
        }
    }

    /** Runs the chain of a configuration as it is. */
    public static RunSummary run(Path configFile, Options options) {
        return run(ConfigText.of(configFile), options);
    }

    private Pipeline(ConfigText configuration, Options options) {
        this.configuration = configuration;
        RunConfig read = RunConfig.read(configuration);
        this.config = options.seed() == null ? read : read.withSeed(options.seed());
        this.configText = configuration.text();
        this.dataDirectory = options.dataDirectory();
        this.data = RunData.of(config, DatasetCatalog.standard(options.dataDirectory()));
        this.random = data.random();
        String configSha256 = Hashing.sha256Hex(configText.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Path out = options.out() == null ? Path.of("runs", config.name()) : options.out();
        // The data too: what was learnt from other images is not this run's.
        String images = String.join(" ", new TreeMap<>(data.sha256()).values());
        this.fingerprint = Version.current() + " " + configSha256 + " " + config.seed() + " " + images;
        this.there = FinishedRun.at(out, fingerprint, options.force()).orElse(null);
        this.directory = there != null ? null : RunDirectory.open(out, fingerprint);
        if (there == null && directory.resumed()) {
            Progress.say("going on with what an interrupted run left in " + directory.work());
        }
        this.provenance = new Provenance(Version.current(), config.seed(), configSha256, null);
    }

    /**
     * Runs the chain of a configuration.
     *
     * <p>A finished run of the same configuration, seed, data and version is not repeated: its summary is what it was.
     *
     * <p>However it ends, trainings and plans that were finished are kept beside the target and taken up by the same call.
     *
     * @throws UserError for a mistake in the configuration or the data; nothing is left then, unless a training had begun
     */
    public static RunSummary run(ConfigText configuration, Options options) {
        Pipeline pipeline = new Pipeline(configuration, options);
        if (pipeline.there != null) {
            Progress.say(pipeline.there.directory() + ": the same run is there already; --force repeats it");
            return pipeline.there;
        }
        Thread farewell = new Thread(() -> Progress.say(
                "Interrupted. The same command goes on from the last epoch kept in " + pipeline.directory.work()));
        Runtime.getRuntime().addShutdownHook(farewell);
        boolean finished = false;
        try {
            RunSummary summary = pipeline.run();
            finished = true;
            return summary;
        } finally {
            forget(farewell);
            if (!finished) {
                pipeline.directory.leave();
            }
        }
    }

    /**
     * Runs the chain of a configuration over what an earlier run of it left, which is then not done again.
     *
     * @param earlier when that was
     * @param left puts what it left in place
     */
    static RunSummary again(ConfigText configuration, Options options, Instant earlier, Consumer<RunDirectory> left) {
        Pipeline pipeline = new Pipeline(configuration, options);
        pipeline.started = earlier;
        try {
            left.accept(pipeline.directory);
            return pipeline.run();
        } catch (RuntimeException e) {
            pipeline.directory.leave();
            throw e;
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is going down, and the hook with it: nothing to forget.
        }
    }

    private RunSummary run() {
        Map<String, ModelConfig> models = config.models(data.train());
        List<DeviceStream> streams = data.devices();
        TrainingData learning = data.learning(config.training());
        Fleet fleet = config.fleet() == null ? null : Fleet.place(cell(), data.deviceIds(), random);
        refuseImpossible(fleet);
        lap("data");
        Progress.say(String.format(
                Locale.ROOT,
                "data: %,d images to learn from, %d devices with %,d events",
                learning.train().size() + learning.heldOut().size(),
                streams.size(),
                streams.stream().mapToInt(DeviceStream::size).sum()));
        warn(data.warnings(config.training(), true));

        List<TrainedNetwork> networks = ParallelTraining.trainAll(
                config.training(),
                models,
                learning,
                random,
                provenance,
                directory.work().resolve("models"));
        lap("training");
        for (TrainedNetwork network : networks) {
            Progress.say(String.format(
                    Locale.ROOT,
                    "model %s: %,d parameters, best of %d epochs is %d, TPR %.3f at OFR %.3f on held-out images, %.0f s",
                    network.name(),
                    network.costs().get(network.costs().size() - 1).parameters(),
                    network.trained().history().size(),
                    network.trained().bestEpoch(),
                    network.trained().best().heldOutTruePositiveRate(),
                    network.trained().best().heldOutOffloadRate(),
                    network.seconds()));
            warn(ModelWarnings.ofTraining(
                    network.name(),
                    network.trained().history(),
                    network.trained().bestEpoch()));
        }

        EdgeNodes edgeNodes = new EdgeNodes(config, data, provenance, directory.work());
        List<EdgeNodes.Trained> nodes = edgeNodes(edgeNodes, networks);
        for (EdgeNodes.Trained node : nodes) {
            Progress.say(String.format(
                    Locale.ROOT,
                    "model %s: %,d bits per event, class accuracy %.3f at %.0f %% of its computation on offloaded validation"
                            + " events, %.0f s",
                    node.name(),
                    node.bits(),
                    node.choice().accuracy().orThrow(),
                    100 * node.choice().unitsPerEvent(),
                    node.seconds()));
        }
        lap("edge node");

        List<ModelRun> runs = new ArrayList<>();
        for (int m = 0; m < networks.size(); m++) {
            runs.add(
                    fleet == null
                            ? decideWithinBudget(networks.get(m))
                            : decide(networks.get(m), fleet, unitsPerEvent(nodes, m)));
        }
        lap("decisions");

        List<ReportData.EdgeNodeRow> rows = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            rows.add(edgeNodes.row(nodes.get(i), runs.get(Math.max(0, i - firstTwin() + 1))));
        }
        for (ReportData.EdgeNodeRow row : rows) {
            Progress.say(String.format(
                    Locale.ROOT,
                    "model %s: of all critical test events right end to end %s, of the normal ones %s reach an operator",
                    row.model(),
                    row.chain().rightEndToEnd(),
                    row.chain().falseAlarms()));
            Path picture = directory.work().resolve("confusion-" + row.model() + ".svg");
            AtomicFiles.writeString(picture, ConfusionPlot.svg(row.chain()));
        }
        List<StaticModels.StaticRun> statics = statics(runs, models, learning);
        Optional<SimulationResult> simulation = simulate(runs.get(0));
        lap("simulation");
        writeReport(fleet, runs, statics, rows, simulation);
        lap("report");
        return finish(runs, statics, simulation);
    }

    /** The networks without early exits that cost as much as the models do by their first plan. */
    private List<StaticModels.StaticRun> statics(
            List<ModelRun> runs, Map<String, ModelConfig> models, TrainingData learning) {
        if (!config.staticTwin()) {
            return List.of();
        }
        List<StaticModels.StaticRun> statics = new StaticModels(data, config.training())
                .train(
                        runs,
                        models,
                        learning,
                        random,
                        provenance,
                        directory.work().resolve("models"));
        lap("static twins");
        return statics;
    }

    /** Trains nothing for a fleet that no models can serve. */
    private void refuseImpossible(Fleet fleet) {
        List<String> obstacles = fleet == null ? List.of() : fleet.obstacles(countsMeanUnits());
        if (!obstacles.isEmpty()) {
            throw new InfeasibleError(
                    "fleet: no plan can serve the devices, whatever models they have: " + String.join("; ", obstacles));
        }
    }

    /** The cell, with the bits of an offloaded event that follow from what edge nodes are sent, if it does not say them. */
    private FleetConfig cell() {
        if (config.fleet().featureBits() != null) {
            return config.fleet();
        }
        ModelConfig device = config.model().forData(data.train());
        PayloadKind sent = config.edgeNode().all().get(0);
        return config.fleet().withFeatureBits(config.edgeNode().bitsPerEvent(sent, data.train(), device));
    }

    /** The nodes' models, all payloads behind the first of the devices' models, then the deployed payload's behind each of the others. */
    private List<EdgeNodes.Trained> edgeNodes(EdgeNodes edgeNodes, List<TrainedNetwork> networks) {
        if (config.edgeNode() == null) {
            return List.of();
        }
        List<EdgeNodes.Trained> all = new ArrayList<>(edgeNodes.train(networks.get(0)));
        for (TrainedNetwork twin : networks.subList(1, networks.size())) {
            all.add(edgeNodes.behind(all.get(0), twin));
        }
        return all;
    }

    /** Where in the list of the nodes' models those behind twins begin. */
    private int firstTwin() {
        return config.edgeNode().all().size();
    }

    /**
     * r of the edge node's model that is deployed behind a model of the devices, where its events count as much as they compute; else null.
     *
     * @param model number of the devices' model; 0 is the first
     */
    private Double unitsPerEvent(List<EdgeNodes.Trained> nodes, int model) {
        return countsMeanUnits()
                ? (Double) nodes.get(model == 0 ? 0 : firstTwin() + model - 1)
                        .choice()
                        .unitsPerEvent()
                : null;
    }

    private boolean countsMeanUnits() {
        return config.edgeNode() != null && config.edgeNode().computeUnits() == ComputeUnits.MEAN;
    }

    private ModelRun decide(TrainedNetwork network, Fleet fleet, Double unitsPerEvent) {
        List<DeviceTrace> validation = record(network, DeviceStream.Part.VALIDATION);
        record(network, DeviceStream.Part.CALIBRATION);
        List<DeviceTrace> test = record(network, DeviceStream.Part.TEST);
        warn(ModelWarnings.ofTraces(network.name(), validation));
        Instance instance = fleet.instance(config.name() + "-" + network.name(), validation, unitsPerEvent)
                .withRule(config.rule());
        boolean same = write("instance-" + network.name() + ".json", instance);
        Planner planner = Planner.of(instance);
        List<PlanRun> plans = new ArrayList<>();
        for (String name : config.methods()) {
            Plan plan = plan(planner, network.name(), name, same);
            Progress.say(String.format(
                    Locale.ROOT,
                    "plan %s, %s: %s%s",
                    network.name(),
                    name,
                    plan.status().name().toLowerCase(Locale.ROOT),
                    plan.objective() == null
                            ? ", " + firstOf(plan.reasons())
                            : String.format(Locale.ROOT, ", objective %.6f", plan.objective())));
            String suffix = network.name() + "-" + name + ".json";
            Json.write(directory.work().resolve("thresholds-" + suffix), thresholds(network, plan));
            plans.add(PlanRun.of(plan, validation, test));
        }
        return new ModelRun(network.section(), network.cumulativeMemoryAccesses(), validation, test, instance, plans);
    }

    /** Without a fleet: every device's best thresholds that offload no more of its validation events than the training's budget. */
    private ModelRun decideWithinBudget(TrainedNetwork network) {
        List<DeviceTrace> validation = record(network, DeviceStream.Part.VALIDATION);
        record(network, DeviceStream.Part.CALIBRATION);
        List<DeviceTrace> test = record(network, DeviceStream.Part.TEST);
        warn(ModelWarnings.ofTraces(network.name(), validation));
        PlanRun run = PlanRun.within(config.rule(), config.training().budget().offload(), validation, test);
        List<ThresholdsFile.Device> devices = new ArrayList<>();
        for (int i = 0; i < validation.size(); i++) {
            devices.add(ThresholdsFile.Device.of(
                    validation.get(i).device(), run.thresholds().get(i), null));
        }
        Json.write(
                directory.work().resolve(budgetThresholds(network.name())),
                ThresholdsFile.of(network.name(), network.sha256(), PlanRun.BUDGET, null, devices));
        return new ModelRun(
                network.section(), network.cumulativeMemoryAccesses(), validation, test, null, List.of(run));
    }

    /** The file of a model's thresholds in a run without a fleet. */
    static String budgetThresholds(String model) {
        return "thresholds-" + model + "-" + PlanRun.BUDGET + ".json";
    }

    /** Writes what is decided from; whether the finished file of an interrupted run says the same. */
    private boolean write(String name, Object content) {
        Path file = directory.work().resolve(name);
        String before = directory.isFinished(name) ? readText(file) : null;
        Json.write(file, content);
        directory.finish(name);
        return readText(file).equals(before);
    }

    /** A method's plan: read, if an interrupted run finished it for the same instance, else made. */
    private Plan plan(Planner planner, String model, String method, boolean sameInstance) {
        String name = "plan-" + model + "-" + method + ".json";
        if (sameInstance && directory.isFinished(name)) {
            return Json.read(directory.work().resolve(name), Plan.class);
        }
        SolveOptions how = SolveOptions.defaults().withSeed(random.seed("plan/" + method));
        // The price of fairness is left out: a time limit would decide on its value.
        Plan plan = planner.explained(planner.plan(method, how), how, 0).withoutSeconds();
        write(name, plan);
        return plan;
    }

    private static ThresholdsFile thresholds(TrainedNetwork network, Plan plan) {
        return ThresholdsFile.of(
                network.name(),
                network.sha256(),
                plan.method(),
                null,
                plan.devices().stream()
                        .map(d -> ThresholdsFile.Device.of(d.id(), d.thresholds(), d.node()))
                        .toList());
    }

    /** Records the confidences of one split of all devices and writes them as a trace. */
    private List<DeviceTrace> record(TrainedNetwork network, DeviceStream.Part part) {
        List<DeviceTrace> traces = data.devices().stream()
                .map(stream -> network.trace(stream.device(), stream.part(part)))
                .toList();
        TraceMetadata metadata =
                TraceMetadata.of(network.name(), network.sha256(), network.exitCosts(), part.word(), provenance);
        TraceWriter.write(
                directory.work().resolve("traces").resolve(network.name() + "-" + part.word() + ".parquet"),
                traces.get(0).exits(),
                metadata,
                out -> traces.forEach(out::append));
        return traces;
    }

    /** Told at once, and again in the report, the record and the summary. */
    private void warn(List<Warning> found) {
        warnings.addAll(ModelWarnings.say(found));
    }

    /** What becomes of a model's plans in time, if the configuration asks for it and there are any. */
    private Optional<SimulationResult> simulate(ModelRun run) {
        List<String> found = run.plans().stream()
                .map(PlanRun::plan)
                .filter(plan -> plan != null && plan.objective() != null)
                .map(Plan::method)
                .toList();
        if (config.simulate() == null || found.isEmpty()) {
            return Optional.empty();
        }
        SimulationResult result = RunSimulation.of(config, directory.work(), found, data.deviceIds());
        ResultFiles.write(directory.work().resolve(SIMULATION), result, SimulationPage.html(result));
        return Optional.of(result);
    }

    private void writeReport(
            Fleet fleet,
            List<ModelRun> runs,
            List<StaticModels.StaticRun> statics,
            List<ReportData.EdgeNodeRow> edgeNodes,
            Optional<SimulationResult> simulation) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("configuration", configuration.file() + " (sha256 " + provenance.configSha256() + ")");
        facts.put("seed", Long.toString(config.seed()));
        facts.put("data", config.data().name());
        new TreeMap<>(data.sha256()).forEach((name, sha256) -> facts.put("sha256 of " + name + " images", sha256));
        facts.put("started", started.truncatedTo(ChronoUnit.SECONDS).toString());
        Machine.describe().forEach((name, value) -> facts.put(name, String.valueOf(value)));
        ReportData report = new ReportBuilder(fleet, runs, statics)
                .build(
                        new RunFacts(
                                "qexit run: " + config.name(),
                                config.name(),
                                config.seed(),
                                notes(
                                        "One seed of each model: the intervals cover the choice of test events, not that of the"
                                                + " training run.",
                                        "Multiply-accumulates, memory accesses and energy count the classical layers; what a"
                                                + " circuit costs on quantum hardware or in a simulator is not in them."),
                                facts,
                                List.of("./qexit run " + configuration.file() + " --seed " + config.seed()
                                        + configuration.options()),
                                configText),
                        edgeNodes,
                        sections(runs, simulation));
        Report.write(directory.work().resolve("report.html"), report);
    }

    /** What was missed, and what becomes of the plans in time. */
    private List<ReportData.Section> sections(List<ModelRun> runs, Optional<SimulationResult> simulation) {
        List<ReportData.Section> sections = new ArrayList<>();
        List<DecidedEvents> decided = runs.stream()
                .filter(run -> run.plans().get(0).found())
                .map(run -> DecidedEvents.of(
                        run.name(), run.test(), run.plans().get(0).thresholds()))
                .filter(model -> !model.events().isEmpty())
                .toList();
        if (!decided.isEmpty()) {
            sections.add(MissesSection.of(decided, data.test()));
        }
        simulation.ifPresent(result ->
                sections.add(SimulationSection.of(result, config.model().name(), SIMULATION + "/report.html")));
        return sections;
    }

    private List<String> notes(String... always) {
        return Stream.concat(warnings.stream().map(Warning::toString), Stream.of(always))
                .toList();
    }

    private RunSummary finish(
            List<ModelRun> runs, List<StaticModels.StaticRun> statics, Optional<SimulationResult> simulation) {
        double total = (System.nanoTime() - startNanos) * 1e-9;
        OptionalLong peak = PeakMemory.mebibytes();
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("format", RunFiles.FORMAT);
        record.put("name", config.name());
        record.put("seed", config.seed());
        record.put("config", configText);
        record.put("configSha256", provenance.configSha256());
        record.put(RunFiles.CONFIG_DIRECTORY, configuration.directory().toString());
        record.put(RunFiles.CONFIG_FILE, configuration.file().toString());
        if (!configuration.set().isEmpty()) {
            record.put("set", configuration.set());
        }
        record.put("data", data.sha256());
        record.put("started", started.truncatedTo(ChronoUnit.SECONDS).toString());
        if (!warnings.isEmpty()) {
            record.put("warnings", warnings);
        }
        record.put("secondsByStage", seconds);
        record.put("seconds", total);
        record.put("peakMebibytes", peak.isPresent() ? peak.getAsLong() : null);
        RunSummary summary = new RunSummary(
                directory.shown(),
                rows(runs),
                statics.stream().map(StaticModels.StaticRun::row).toList(),
                null,
                simulation
                        .map(result -> new RunSummary.Simulated(
                                directory.shown().resolve(SIMULATION).resolve("report.html"),
                                SimulationText.summary(result)))
                        .orElse(null),
                warnings,
                total,
                peak.isPresent() ? (Long) peak.getAsLong() : null);
        record.putAll(FinishedRun.told(fingerprint, summary));
        record.put("machine", Machine.describe());
        record.put("files", sha256OfFiles());
        Json.write(directory.work().resolve(RunDirectory.MARK), RunFiles.sealed(record));
        directory.commit();
        return summary.withBundle(bundle());
    }

    /** Without a fleet nothing is left to decide: what devices run is made at once, from the finished run, as {@code qexit export} does. */
    private Path bundle() {
        boolean exact = config.model().heads().stream().allMatch(head -> head.equals(head.exact()));
        if (config.fleet() != null || !exact) {
            return null;
        }
        Path bundle = directory.shown().resolve(BUNDLE);
        Deployment deployment = Deployment.open(directory.shown(), Deployment.Options.ofRun(dataDirectory));
        BundleExport.of(deployment.spec()).writeDirectory(bundle);
        return bundle;
    }

    private Map<String, String> sha256OfFiles() {
        Map<String, String> hashes = new LinkedHashMap<>();
        for (Path file : directory.files()) {
            try {
                hashes.put(
                        file.toString().replace('\\', '/'),
                        Hashing.sha256Hex(directory.work().resolve(file)));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        }
        return hashes;
    }

    private static List<RunSummary.Row> rows(List<ModelRun> runs) {
        List<RunSummary.Row> rows = new ArrayList<>();
        for (ModelRun model : runs) {
            for (PlanRun run : model.plans()) {
                rows.add(row(model.name(), run));
            }
        }
        return rows;
    }

    private static RunSummary.Row row(String model, PlanRun run) {
        Plan plan = run.plan();
        Optional<DeviceCounts> all =
                run.test().isEmpty() ? Optional.empty() : Optional.of(DeviceCounts.pooled(ReportData.ALL, run.test()));
        return new RunSummary.Row(
                model,
                run.method(),
                run.status(),
                plan == null ? null : plan.objective(),
                plan == null ? null : plan.gap(),
                rate(all, Confusion::tpr),
                rate(all, Confusion::fpr),
                rate(all, Confusion::car),
                rate(all, Confusion::ofr),
                run.test().stream()
                        .filter(o -> o.positives() > 0)
                        .map(o -> (double) o.counts().truePositives() / o.positives())
                        .min(Double::compare)
                        .orElse(null),
                plan == null ? null : plan.reasons());
    }

    private static Interval rate(Optional<DeviceCounts> outcome, Function<Confusion, Rate> kind) {
        return outcome.map(o -> Interval.of(kind.apply(o.counts()))).orElse(Interval.undefined());
    }

    /** The first reason, and how many more there are. */
    public static String firstOf(List<String> reasons) {
        if (reasons == null || reasons.isEmpty()) {
            return "no reason given";
        }
        return reasons.get(0) + (reasons.size() == 1 ? "" : " (and " + (reasons.size() - 1) + " more in the plan)");
    }

    private void lap(String stage) {
        double sum = seconds.values().stream().mapToDouble(v -> (Double) v).sum();
        seconds.put(stage, (System.nanoTime() - startNanos) * 1e-9 - sum);
    }

    private static String readText(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
