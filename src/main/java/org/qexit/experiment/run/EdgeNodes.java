package org.qexit.experiment.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.qexit.allocation.Plan;
import org.qexit.common.Json;
import org.qexit.common.Provenance;
import org.qexit.common.Waiting;
import org.qexit.data.streams.DeviceStream;
import org.qexit.experiment.report.Interval;
import org.qexit.experiment.report.ReportData;
import org.qexit.nn.ExitCost;
import org.qexit.nn.node.PayloadKind;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;
import org.qexit.nn.training.EpochRecord;
import org.qexit.nn.training.TrainedModel;
import org.qexit.nn.training.Trainer;
import org.qexit.threshold.node.ChainFigures;
import org.qexit.threshold.node.ChoiceFile;
import org.qexit.threshold.node.NodeEvents;
import org.qexit.threshold.node.NodeSearch;
import org.qexit.trace.ClassTrace;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

/**
 * The edge nodes' models of a run: one for each payload that its configuration compares, behind the first of the devices' models, and what stands
 * behind each of the others. Their thresholds are chosen on the validation events that the devices would offload within the budget they are trained for: before there is a
 * plan, which may depend on them.
 */
final class EdgeNodes {
    private final RunConfig config;
    private final RunData data;
    private final Provenance provenance;
    private final Path work;

    /**
     * @param provenance of what is written
     * @param work the run's directory
     */
    EdgeNodes(RunConfig config, RunData data, Provenance provenance, Path work) {
        this.config = config;
        this.data = data;
        this.provenance = provenance;
        this.work = work;
    }

    /**
     * A trained model with its thresholds.
     *
     * @param name as files and tables have it
     * @param payload what it is sent
     * @param stored the model
     * @param bits of an offloaded event
     * @param choice of its thresholds on validation events
     * @param validation its traces of the validation events
     * @param test its traces of the test events
     * @param seconds that its training took
     */
    record Trained(
            String name,
            PayloadKind payload,
            StoredModel stored,
            long bits,
            NodeSearch.Choice choice,
            List<ClassTrace> validation,
            List<ClassTrace> test,
            double seconds) {}

    /** All models in the order of the configuration, trained side by side: the first is deployed. */
    List<Trained> train(TrainedNetwork device) {
        StoredModel stored = device.trained().stored(config.training(), provenance);
        EdgeNodeTraining training = new EdgeNodeTraining(config.edgeNode(), data);
        List<PayloadKind> kinds = config.edgeNode().all();
        ExecutorService pool = Executors.newFixedThreadPool(
                Math.min(kinds.size(), Runtime.getRuntime().availableProcessors()));
        try {
            List<Future<Trained>> futures = new ArrayList<>();
            for (PayloadKind kind : kinds) {
                String name = config.edgeNode().model(kind).name();
                Trainer trainer = training.trainer(kind, stored, name);
                futures.add(pool.submit(() -> train(name, kind, trainer, stored, device)));
            }
            List<Trained> all = new ArrayList<>();
            for (Future<Trained> future : futures) {
                all.add(Waiting.resultOf(future));
            }
            return all;
        } finally {
            pool.shutdownNow();
        }
    }

    /**
     * What nodes have behind another of the devices' models: where events are sent the same model, with thresholds for what that one offloads; where
     * features are sent, which are that model's own, a model of their own.
     */
    Trained behind(Trained deployed, TrainedNetwork twin) {
        String name = nameBehind(deployed.name(), twin.name());
        return switch (deployed.payload()) {
            case EVENT -> {
                NodeSearch.Choice choice = choose(twin, deployed.validation(), deployed.stored());
                write(name, deployed.stored(), choice);
                yield new Trained(
                        name,
                        deployed.payload(),
                        deployed.stored(),
                        deployed.bits(),
                        choice,
                        deployed.validation(),
                        deployed.test(),
                        deployed.seconds());
            }
            case FEATURES -> {
                StoredModel stored = twin.trained().stored(config.training(), provenance);
                Trainer trainer =
                        new EdgeNodeTraining(config.edgeNode(), data).trainer(deployed.payload(), stored, name);
                yield train(name, deployed.payload(), trainer, stored, twin);
            }
        };
    }

    /** What stands behind another of the devices' models than the first. */
    static String nameBehind(String deployed, String device) {
        return deployed + "-" + device;
    }

    private void write(String name, StoredModel stored, NodeSearch.Choice choice) {
        Json.write(
                work.resolve("thresholds-" + name + ".json"),
                ChoiceFile.of(name, stored.model().sha256(), choice));
    }

    private Trained train(String name, PayloadKind kind, Trainer trainer, StoredModel device, TrainedNetwork network) {
        Path directory = work.resolve("models").resolve(name);
        long start = System.nanoTime();
        TrainedModel trained = trainer.complete(directory, provenance);
        double epochs =
                trained.history().stream().mapToDouble(EpochRecord::seconds).sum();
        double seconds = Math.max((System.nanoTime() - start) * 1e-9, epochs);
        StoredModel read = ModelDirectory.read(directory);
        StoredModel stored =
                new StoredModel(trained.model(), null, trained.bestEpoch(), null, provenance, read.edgeNode());
        ModelDirectory.write(directory, stored);
        // A copy of the devices' model: several of these threads read it.
        EdgeNodeModel node = EdgeNodeModel.of(stored, device.with(device.model().copy(), device.thresholds()));
        List<ClassTrace> validation = record(node, name, DeviceStream.Part.VALIDATION);
        List<ClassTrace> test = record(node, name, DeviceStream.Part.TEST);
        NodeSearch.Choice choice = choose(network, validation, stored);
        write(name, stored, choice);
        return new Trained(
                name, kind, stored, stored.edgeNode().payload().bitsPerEvent(), choice, validation, test, seconds);
    }

    private List<ClassTrace> record(EdgeNodeModel node, String name, DeviceStream.Part part) {
        List<ClassTrace> traces = node.traces(data, part);
        Path file = work.resolve("traces").resolve(name + "-" + part.word() + ".parquet");
        ClassTrace.write(file, traces, node.metadata(part, provenance));
        return traces;
    }

    private NodeSearch.Choice choose(TrainedNetwork network, List<ClassTrace> validation, StoredModel stored) {
        double budget = config.training().budget().offload();
        TrainedNetwork own = network.copy();
        List<DeviceTrace> devices = data.devices().stream()
                .map(stream -> own.trace(stream.device(), stream.validation()))
                .toList();
        NodeEvents events = NodeEvents.offloaded(
                validation,
                data.critical(),
                devices,
                id -> devices.stream()
                        .filter(device -> device.device().equals(id))
                        .findFirst()
                        .map(device -> TrainingRun.EXACT.choose(device, budget)));
        NodeSearch search = NodeSearch.of(events, costs(stored));
        double least = config.edgeNode().accuracy() * search.best().accuracy().orThrow();
        return search.reaching(least);
    }

    private static long[] costs(StoredModel stored) {
        return ExitCost.of(stored.model().config()).stream()
                .mapToLong(ExitCost::macs)
                .toArray();
    }

    /**
     * What a model does on the test events that a plan's devices offload.
     *
     * @param run the devices' model that the edge node's belongs to; its first plan's devices count, all events where it has none
     */
    ReportData.EdgeNodeRow row(Trained trained, ModelRun run) {
        List<Rule> rules = run.plans().get(0).plan().devices().stream()
                .map(Plan.Device::thresholds)
                .toList();
        NodeEvents events = rules.isEmpty()
                ? NodeEvents.all(trained.test(), data.critical())
                : NodeEvents.offloaded(
                        trained.test(),
                        data.critical(),
                        run.test(),
                        id -> IntStream.range(0, rules.size())
                                .filter(i -> run.test().get(i).device().equals(id))
                                .mapToObj(rules::get)
                                .findFirst());
        ChainFigures figures = events.figures(
                trained.stored().model().config().classes(), trained.choice().thresholds());
        int[] right = events.rightByExit();
        return new ReportData.EdgeNodeRow(
                trained.name(),
                trained.stored().edgeNode().payload().words(),
                trained.bits(),
                IntStream.of(right)
                        .mapToObj(count -> Interval.wilson(count, events.offloads()))
                        .toList(),
                trained.choice(),
                figures,
                new OffloadModes(data.critical(), trained.choice().thresholds())
                        .rows(rules, run.validation(), run.test(), trained),
                trained.seconds());
    }
}
