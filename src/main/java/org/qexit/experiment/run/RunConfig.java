package org.qexit.experiment.run;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.qexit.allocation.method.Methods;
import org.qexit.common.Checks;
import org.qexit.common.ConfigText;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.streams.FleetStreamSpec;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.StaticTwin;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.Twin;
import org.qexit.nn.node.EdgeNodeConfig;
import org.qexit.nn.node.PayloadKind;
import org.qexit.trace.RuleKind;

/**
 * What {@code qexit run} reads; see experiments/quickstart.yaml.
 *
 * @param format must be {@value #FORMAT}
 * @param name of the run
 * @param seed of every random choice
 * @param data what is learnt
 * @param streams the devices' events; null means all defaults, or without a fleet one device that has all test samples
 * @param fleet the devices' cell; null means that nothing is planned: every device gets its best thresholds for the training's offload budget
 * @param model the model
 * @param twins further models made from it for comparison; null means classical
 * @param training how all of them are trained
 * @param staticTwin whether each model is shown beside a network without early exits of the same mean cost; null means that it is
 * @param edgeNode the edge nodes' model, or null for none
 * @param rule the kind of rule that devices decide by; null means pair
 * @param methods planning methods; the first is the one deployed; null means exact, nearest, sum-utility, or none without a fleet
 * @param simulate how long the plans are simulated at the end, or null for not at all
 */
public record RunConfig(
        String format,
        String name,
        Long seed,
        DataConfig data,
        FleetStreamSpec streams,
        FleetConfig fleet,
        ModelConfig model,
        List<Twin> twins,
        TrainingConfig training,
        Boolean staticTwin,
        EdgeNodeConfig edgeNode,
        RuleKind rule,
        List<String> methods,
        Simulate simulate) {
    public static final String FORMAT = "qexit.run/1";

    public RunConfig {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        Checks.notBlank("name", name);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException(
                    "name is '" + name + "'; expected letters, digits, '.', '_' and '-', as it names a directory");
        }
        Checks.present("seed", seed);
        Checks.present("data", data);
        Checks.present("model", model);
        boolean perExit = rule == RuleKind.PER_EXIT;
        if (fleet == null && (edgeNode != null || simulate != null || methods != null || perExit)) {
            throw new IllegalArgumentException((edgeNode != null
                            ? "edgeNode"
                            : simulate != null ? "simulate" : methods != null ? "methods" : "rule per-exit")
                    + " is set, but fleet is missing; expected a fleet to plan for, or neither");
        }
        streams = streams != null ? streams : fleet == null ? FleetStreamSpec.WHOLE : FleetStreamSpec.DEFAULT;
        if (fleet != null && fleet.featureBits() == null && edgeNode == null) {
            throw new IllegalArgumentException(
                    "fleet.featureBits is missing; expected it, or a section edgeNode, from whose"
                            + " payload it follows");
        }
        twins = twins == null ? List.of(Twin.CLASSICAL) : List.copyOf(twins);
        Checks.present("training", training);
        staticTwin = staticTwin == null || staticTwin;
        rule = rule == null ? RuleKind.PAIR : rule;
        if (methods != null) {
            methods = List.copyOf(methods);
        } else {
            methods = fleet == null ? List.of() : List.of("exact", "nearest", "sum-utility");
        }
        if (methods.isEmpty() && fleet != null) {
            throw new IllegalArgumentException("methods is empty; expected at least one");
        }
        for (String method : methods) {
            try {
                Methods.checkName(method);
            } catch (UserError e) {
                throw new IllegalArgumentException("methods: " + e.getMessage(), e);
            }
        }
    }

    /**
     * A short simulation of the plans that were found, docs/simulation.md; what is null is as there.
     *
     * @param periodSeconds the time in which a device sees as many events as were planned with
     * @param horizonSeconds simulated time
     * @param replications how many
     */
    public record Simulate(Double periodSeconds, Double horizonSeconds, Integer replications) {
        public Simulate {
            if (periodSeconds != null) {
                Checks.positive("periodSeconds", periodSeconds);
            }
            if (horizonSeconds != null) {
                Checks.positive("horizonSeconds", horizonSeconds);
            }
            if (replications != null) {
                Checks.within("replications", replications, 1, 100_000);
            }
        }
    }

    public static RunConfig read(Path file) {
        return read(ConfigText.of(file));
    }

    /** The same with fields that were set on the command line. */
    public static RunConfig read(ConfigText text) {
        return text.as(RunConfig.class).near(text.directory());
    }

    /** The same with the data's paths, as seen from the configuration's directory, made absolute. */
    RunConfig near(Path directory) {
        return new RunConfig(
                format,
                name,
                seed,
                data.near(directory),
                streams,
                fleet,
                model,
                twins,
                training,
                staticTwin,
                edgeNode,
                rule,
                methods.isEmpty() ? null : methods,
                simulate);
    }

    public RunConfig withSeed(long other) {
        return new RunConfig(
                format,
                name,
                other,
                data,
                streams,
                fleet,
                model,
                twins,
                training,
                staticTwin,
                edgeNode,
                rule,
                methods.isEmpty() ? null : methods,
                simulate);
    }

    /** The model and its twins by name, for the images of a data set. */
    Map<String, ModelConfig> models(Dataset images) {
        ModelConfig resolved = model.forData(images);
        Map<String, ModelConfig> all = new LinkedHashMap<>();
        all.put(model.name(), resolved);
        for (Twin twin : twins) {
            String twinName = twin.label();
            if (all.put(twinName, twin.of(resolved).withName(twinName)) != null) {
                throw new UserError("twins: a model named '" + twinName + "' stands twice. Maybe rename model.name");
            }
        }
        Set<String> taken = new HashSet<>(all.keySet());
        if (staticTwin) {
            for (ModelConfig each : all.values()) {
                if (!taken.add(StaticTwin.name(each))) {
                    throw new UserError("twins: a model named '" + StaticTwin.name(each)
                            + "' stands twice. Maybe rename model.name, or set staticTwin: false");
                }
            }
        }
        if (edgeNode != null) {
            for (PayloadKind kind : edgeNode.all()) {
                String node = edgeNode.model(kind).name();
                List<String> behind = Stream.concat(
                                Stream.of(node),
                                all.keySet().stream().map(device -> EdgeNodes.nameBehind(node, device)))
                        .toList();
                for (String name : behind) {
                    if (taken.contains(name)) {
                        throw new UserError(
                                "edgeNode: a model named '" + name + "' stands twice. Maybe rename edgeNode.name");
                    }
                }
            }
        }
        return all;
    }
}
