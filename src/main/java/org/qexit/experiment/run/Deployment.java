package org.qexit.experiment.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Planner;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.DeviceSettings;
import org.qexit.common.Json;
import org.qexit.common.Provenance;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.common.Version;
import org.qexit.common.Warning;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.streams.DeviceStream;
import org.qexit.export.BundleSpec;
import org.qexit.export.ModelCard;
import org.qexit.export.NetworkReference;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;
import org.qexit.nn.training.EpochRecord;
import org.qexit.nn.training.Trainer;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;
import org.qexit.trace.ThresholdsFile;

/** What a bundle is made from: a finished run, or a model directory with a plan and a configuration where they are at hand. */
public final class Deployment {
    private static final String NO_NODE = "none";
    private static final String ANY_DEVICE = "default";

    private final Path source;
    private final Options options;
    private final StoredModel stored;
    private final Path directory;
    private final EarlyExitModel exact;
    private final boolean measured;
    private final TrainingRun run;
    private final Plan plan;
    private final Instance instance;
    private final ThresholdsFile budget;
    private final Double joulesPerMemoryAccess;
    private final String name;
    private final RunData data;
    private final List<DeviceStream> streams;

    /**
     * Files beside the source; each may be null.
     *
     * @param plan the plan
     * @param instance the plan's instance
     * @param config configuration that says which events devices see
     * @param thresholds of the devices, in place of a plan's
     */
    public record Inputs(Path plan, Path instance, Path config, Path thresholds) {}

    /**
     * What the bundle is to be.
     *
     * @param device whose thresholds the whole graph holds, or null
     * @param name of the bundle, or null
     * @param exactHeads whether heads with shots or noise may be exported as exact expectation values
     * @param qasm2 whether circuits are wanted in OpenQASM 2 too
     */
    public record Form(String device, String name, boolean exactHeads, boolean qasm2) {}

    /**
     * How to make it.
     *
     * @param model which of a run's models, or null
     * @param dataDirectory where to look for data sets first, or null
     * @param command what the model card says made the bundle, or null
     * @param referenceOnly whether only the model and its events are wanted, no plan
     */
    public record Options(
            String model, Inputs inputs, Form form, Path dataDirectory, String command, boolean referenceOnly) {
        /** Of a finished run's first model, all as the run has it. */
        static Options ofRun(Path dataDirectory) {
            return new Options(
                    null,
                    new Inputs(null, null, null, null),
                    new Form(null, null, false, false),
                    dataDirectory,
                    null,
                    false);
        }

        /** Of a model to verify against. */
        public static Options reference(String model, Path config, Path dataDirectory) {
            return new Options(
                    model,
                    new Inputs(null, null, config, null),
                    new Form(null, null, true, false),
                    dataDirectory,
                    null,
                    true);
        }
    }

    private Deployment(Path source, Options options) {
        this.source = source;
        this.options = options;
        Path planFile = options.inputs().plan();
        Path instanceFile = options.inputs().instance();
        RunConfig fleetRun;
        if (Files.exists(source.resolve(RunDirectory.MARK))) {
            RunFiles files = RunFiles.of(source);
            RunRecord record = RunRecord.read(source.resolve(RunDirectory.MARK), files.record());
            RunConfig config = record.config();
            boolean planned = config.fleet() != null;
            String model = options.model() == null ? config.model().name() : options.model();
            this.directory = source.resolve("models").resolve(model);
            if (!Files.isDirectory(directory)) {
                throw new UserError(
                        source + ": the run has no model '" + model + "'; expected one of those in models/");
            }
            files.checkModel(directory);
            this.stored = ModelDirectory.read(directory).forDevice(directory.toString());
            this.run = options.inputs().config() == null
                    ? record.training()
                    : TrainingRun.read(options.inputs().config());
            boolean given = options.inputs().thresholds() != null;
            if (planFile == null && planned && !given) {
                planFile =
                        source.resolve("plan-" + model + "-" + config.methods().get(0) + ".json");
            }
            if (instanceFile == null && planned && !given) {
                instanceFile = source.resolve("instance-" + model + ".json");
            }
            Path budgetFile = source.resolve(Pipeline.budgetThresholds(model));
            for (Path file : Arrays.asList(planFile, instanceFile, budgetFile)) {
                if (file != null) {
                    files.check(file);
                }
            }
            if (given) {
                this.budget = given(options.inputs().thresholds());
            } else {
                this.budget = planned || planFile != null || !Files.exists(budgetFile)
                        ? null
                        : Json.read(budgetFile, ThresholdsFile.class);
            }
            fleetRun = planned ? config : null;
            this.name = options.form().name() == null
                    ? config.name() + "-" + model
                    : options.form().name();
        } else {
            if (options.model() != null) {
                throw new UserError("--model is '" + options.model() + "' but " + source
                        + " is not a run; expected a run's directory, or no --model");
            }
            this.directory = source;
            this.stored = ModelDirectory.read(source).forDevice(source.toString());
            this.budget = options.inputs().thresholds() == null
                    ? null
                    : given(options.inputs().thresholds());
            this.run = options.inputs().config() == null
                    ? null
                    : TrainingRun.read(options.inputs().config());
            fleetRun = options.inputs().config() == null
                    ? null
                    : fleetOf(options.inputs().config());
            this.name = options.form().name() == null
                    ? source.toAbsolutePath().normalize().getFileName().toString()
                    : options.form().name();
        }
        ModelConfig config = stored.model().config();
        this.measured = config.heads().stream().anyMatch(head -> !head.equals(head.exact()));
        if (measured && !options.form().exactHeads()) {
            throw new UserError(source + ": has heads with shots or noise, which no ONNX operator can draw."
                    + " Maybe export exact expectation values instead: --exact-heads");
        }
        this.exact = measured ? exact(stored.model()) : stored.model();
        DatasetCatalog catalog = DatasetCatalog.standard(options.dataDirectory());
        this.data = run == null ? null : RunData.of(run, catalog).fitting(config);
        this.streams = data == null ? List.of() : data.devices();
        this.joulesPerMemoryAccess =
                fleetRun == null ? null : fleetRun.fleet().energy().joulesPerMemoryAccess();
        if (options.inputs().thresholds() != null) {
            this.instance = null;
            this.plan = null;
            checkDevices(options.inputs().thresholds());
        } else if (planFile == null && fleetRun != null && !options.referenceOnly()) {
            this.instance = instance(fleetRun);
            this.plan = decide(fleetRun);
        } else {
            this.instance = instanceFile == null || options.referenceOnly() ? null : Instance.read(instanceFile);
            this.plan = planFile == null || options.referenceOnly() ? null : readPlan(planFile);
            if (plan != null && instance != null && !plan.instance().equals(instance.name())) {
                throw new UserError(
                        planFile + ": is a plan of the instance '" + plan.instance() + "'; expected one of '"
                                + instance.name() + "', which " + instanceFile + " is. Maybe give its own: --instance");
            }
            if (plan != null && fleetRun != null) {
                checkPlaces(planFile, fleetRun);
            }
        }
    }

    /** Thresholds from a file that anybody may have written. */
    private ThresholdsFile given(Path file) {
        ThresholdsFile read = Json.read(file, ThresholdsFile.class);
        if (read.kind() != null) {
            throw new UserError(file + ": is of an edge node's model; expected thresholds of devices");
        }
        if (read.modelSha256() != null
                && !read.modelSha256().equals(stored.model().sha256())) {
            throw new UserError(
                    file + ": is of another model, " + read.model() + "; expected one chosen on a trace of " + source);
        }
        return read;
    }

    /** Every device that sees events has thresholds that fit the model. */
    private void checkDevices(Path file) {
        if (budget.devices().isEmpty()) {
            throw new UserError(file + ": has no devices; expected at least one");
        }
        List<String> ids = streams.isEmpty()
                ? budget.devices().stream().map(ThresholdsFile.Device::id).toList()
                : data.deviceIds();
        for (String id : ids) {
            Rule rule = budget.of(id).orElseThrow(() -> new UserError(file + ": has no thresholds for device " + id));
            try {
                rule.perExit(stored.model().config().exits());
            } catch (IllegalArgumentException e) {
                throw new UserError(file + ": device " + id + ": " + e.getMessage(), e);
            }
        }
    }

    /** A run's configuration, or null for one that only trains. */
    private static RunConfig fleetOf(Path config) {
        return Json.readYaml(config, Map.class).containsKey("fleet") ? RunConfig.read(config) : null;
    }

    /** The fleet as a run would see it: the model's confidences on every device's validation events. */
    private Instance instance(RunConfig config) {
        List<DeviceTrace> validation = streams.stream()
                .map(stream -> stored.model().trace(stream.device(), stream.validation()))
                .toList();
        return Fleet.place(config.fleet(), data.deviceIds(), RandomStreams.of(config.seed()))
                .instance(name, validation, null)
                .withRule(config.rule());
    }

    /** The plan that a run would deploy. */
    private Plan decide(RunConfig config) {
        String method = config.methods().get(0);
        SolveOptions how =
                SolveOptions.defaults().withSeed(RandomStreams.of(config.seed()).seed("plan/" + method));
        Planner planner = Planner.of(instance);
        Plan decided = planner.explained(planner.plan(method, how), how, 0).withoutSeconds();
        if (!decided.isFeasible()) {
            throw new UserError(options.inputs().config() + ": method " + method + " finds no plan: "
                    + Pipeline.firstOf(decided.reasons()) + ". Maybe give one: --plan");
        }
        return decided;
    }

    /**
     * Reads a run or a model.
     *
     * @throws UserError if it is neither, or its plan decides nothing
     */
    public static Deployment open(Path source, Options options) {
        if (!Files.isDirectory(source)) {
            throw new UserError(source + ": no such directory; expected a run's or a model's");
        }
        return new Deployment(source, options);
    }

    /** A plan is a file that anybody may have written: what its devices would be told is checked before it is told. */
    private Plan readPlan(Path file) {
        Plan read = Json.read(file, Plan.class);
        if (!read.isFeasible() || read.devices().isEmpty()) {
            throw new UserError(file + ": the plan is " + read.status().json() + "; expected one that is feasible");
        }
        Set<String> seen = new HashSet<>();
        for (Plan.Device device : read.devices()) {
            String place = file + ": device " + device.id() + ": ";
            try {
                settings(device);
            } catch (IllegalArgumentException e) {
                throw new UserError(place + e.getMessage(), e);
            }
            if (!seen.add(device.id())) {
                throw new UserError(place + "stands twice; expected once");
            }
            if (instance != null
                    && instance.nodes().stream().noneMatch(node -> node.id().equals(device.node()))) {
                throw new UserError(place + "node is '" + device.node() + "'; expected one of the instance's nodes");
            }
        }
        return read;
    }

    /** A plan may leave devices out, but not name ones or nodes that the configuration does not have. */
    private void checkPlaces(Path file, RunConfig config) {
        Set<String> nodes =
                config.fleet().nodes().stream().map(FleetConfig.NodeConfig::id).collect(Collectors.toSet());
        for (Plan.Device device : plan.devices()) {
            if (!data.deviceIds().contains(device.id())) {
                throw new UserError(file + ": device '" + device.id() + "' is unknown; expected one of "
                        + UserError.shown(String.join(", ", data.deviceIds())));
            }
            if (!nodes.contains(device.node())) {
                throw new UserError(file + ": device " + device.id() + ": node '" + device.node()
                        + "' is unknown; expected one of "
                        + UserError.shown(nodes.stream().sorted().collect(Collectors.joining(", "))));
            }
        }
    }

    private static EarlyExitModel exact(EarlyExitModel model) {
        List<HeadConfig> heads =
                model.config().heads().stream().map(HeadConfig::exact).toList();
        return EarlyExitModel.of(model.config().withHeads(heads), model.tensors());
    }

    /** The trained network, its circuits without shots and noise: what the bundle is compared with. */
    public NetworkReference reference() {
        return new NetworkReference(exact);
    }

    /** Every device's test events; none where no configuration is known. */
    public List<BundleEvents> test() {
        return events(DeviceStream.Part.TEST);
    }

    private List<BundleEvents> events(DeviceStream.Part part) {
        List<BundleEvents> events = new ArrayList<>();
        for (DeviceStream stream : streams) {
            if (plan == null || plan.devices().stream().anyMatch(d -> d.id().equals(stream.device()))) {
                LabelledSet set = stream.part(part);
                events.add(new BundleEvents(stream.device(), set.labels(), values(set)));
            }
        }
        return events;
    }

    static float[] values(LabelledSet set) {
        int features = set.dataset().features();
        float[] values = new float[set.size() * features];
        for (int k = 0; k < set.size(); k++) {
            set.copyTo(k, values, k * features);
        }
        if (set.dataset().isBytes()) {
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.round(values[i] * 255);
            }
        }
        return values;
    }

    /** Everything that a bundle holds. */
    public BundleSpec spec() {
        List<DeviceSettings> devices = devices();
        String graph = options.form().device() == null
                ? devices.get(0).device()
                : options.form().device();
        if (devices.stream().noneMatch(d -> d.device().equals(graph))) {
            throw new UserError("--device is '" + graph + "'; expected one of the plan's devices, such as "
                    + devices.get(0).device());
        }
        return new BundleSpec(
                name,
                new BundleSpec.Network(
                        exact,
                        stored.parametersSha256(),
                        data == null || data.test().isBytes() ? 255 : 1),
                new BundleSpec.Settings(plan, devices, graph),
                new BundleSpec.Events(events(DeviceStream.Part.VALIDATION), test()),
                new ModelCard.Facts(
                        dataFacts(),
                        joulesPerMemoryAccess,
                        notes(),
                        warnings(devices),
                        options.command() == null ? List.of() : List.of(options.command())),
                options.form().qasm2(),
                provenance());
    }

    private List<DeviceSettings> devices() {
        if (plan != null) {
            return plan.devices().stream().map(this::settings).toList();
        }
        if (stored.thresholds() == null && budget == null) {
            throw new UserError(source + ": the model has no thresholds of its own; expected a plan (--plan)");
        }
        List<String> known = budget == null
                ? List.of(ANY_DEVICE)
                : budget.devices().stream().map(ThresholdsFile.Device::id).toList();
        List<String> ids = streams.isEmpty()
                ? known
                : streams.stream().map(DeviceStream::device).toList();
        return ids.stream().map(this::withoutNode).toList();
    }

    /** The thresholds that a run without a fleet chose for a device, or else those of the training. */
    private DeviceSettings withoutNode(String id) {
        Rule rule = budget == null
                ? stored.thresholds()
                : budget.of(id)
                        .orElseThrow(() -> new UserError(source + ": the run chose no thresholds for device " + id));
        return DeviceSettings.of(id, name, rule, new DeviceSettings.Placement(NO_NODE, 0, 0, 0), null);
    }

    private DeviceSettings settings(Plan.Device device) {
        Integer level = instance == null
                ? null
                : instance.devices().stream()
                        .filter(d -> d.id().equals(device.id()))
                        .map(Instance.Device::securityLevel)
                        .findFirst()
                        .orElse(null);
        return DeviceSettings.of(
                device.id(),
                name,
                device.thresholds(),
                new DeviceSettings.Placement(
                        device.node(), device.bandwidthHz(), device.powerWatts(), device.computeUnits()),
                level);
    }

    private List<String> dataFacts() {
        if (data == null) {
            return List.of("not known: exported without a configuration; golden inputs are random numbers");
        }
        List<String> facts = new ArrayList<>();
        Dataset images = data.test();
        facts.add("data set " + run.data().name() + ", content of its test images: sha256 " + images.sha256());
        facts.add("critical classes: "
                + String.join(
                        ", ",
                        data.critical().stream()
                                .map(id -> id + " (" + images.classNames().get(id) + ")")
                                .toList()));
        for (DeviceStream.Part part : DeviceStream.Part.values()) {
            int events = streams.stream().mapToInt(s -> s.part(part).size()).sum();
            int critical =
                    streams.stream().mapToInt(s -> s.part(part).positives()).sum();
            facts.add(String.format(
                    Locale.ROOT,
                    "%s: %,d events of %d devices, %,d critical",
                    part.word(),
                    events,
                    streams.size(),
                    critical));
        }
        return facts;
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (measured) {
            notes.add(
                    "The model was trained and its plan made with shots or noise in its circuits; the bundle holds their exact"
                            + " expectation values, so confidences differ from the recorded traces.");
        }
        if (plan == null) {
            notes.add(
                    options.inputs().thresholds() != null
                            ? "No plan: every device has the thresholds that a file gives it, and no node."
                            : budget == null
                                    ? "No plan: all devices have the thresholds that training chose on held-out data, and no node."
                                    : "No plan: every device has the best thresholds for the training's offload budget on its own"
                                            + " validation events, and no node.");
        }
        return notes;
    }

    /** What will hardly do about the model, its data and the devices' thresholds. */
    private List<Warning> warnings(List<DeviceSettings> devices) {
        List<Warning> warnings = new ArrayList<>();
        String model = stored.model().config().name();
        if (data != null) {
            warnings.addAll(data.ofData());
            warnings.addAll(ModelWarnings.ofDevices(streams));
            ModelWarnings.Spread spread = new ModelWarnings.Spread();
            streams.forEach(stream -> spread.add(exact.trace(stream.device(), stream.validation())));
            warnings.addAll(spread.warnings(model));
        }
        List<EpochRecord> history = Trainer.history(directory);
        if (stored.bestEpoch() >= 1 && stored.bestEpoch() <= history.size()) {
            warnings.addAll(ModelWarnings.ofTraining(model, history, stored.bestEpoch()));
        }
        devices.forEach(
                device -> warnings.addAll(ModelWarnings.ofThresholds(model, device.device(), device.thresholds())));
        return warnings;
    }

    private Provenance provenance() {
        Provenance known = stored.provenance();
        return new Provenance(
                Version.current(),
                known == null ? null : known.seed(),
                known == null ? null : known.configSha256(),
                data == null ? null : Map.of(data.test().name(), data.test().sha256()));
    }

    /** What {@code run.json} says of the run, as far as it is of use here. */
    private record RunRecord(RunConfig config, TrainingRun training) {
        static RunRecord read(Path file, Map<?, ?> record) {
            if (!(record.get("config") instanceof String text) || !(record.get("seed") instanceof Number seed)) {
                throw new UserError(file + ": has no text 'config' and number 'seed'; expected a finished run");
            }
            String name = file + ", field 'config'";
            RunConfig config = Json.parseYaml(name, text, RunConfig.class).withSeed(seed.longValue());
            TrainingRun training = Json.parseYaml(name, text, TrainingRun.class).withSeed(seed.longValue());
            return RunFiles.configDirectory(record)
                    .map(directory -> new RunRecord(config.near(directory), training.near(directory)))
                    .orElse(new RunRecord(config, training));
        }
    }
}
