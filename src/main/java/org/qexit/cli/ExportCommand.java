package org.qexit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.qexit.allocation.Plan;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleKeys;
import org.qexit.bundle.BundleSignature;
import org.qexit.bundle.BundleVerification;
import org.qexit.cli.console.DataLocation;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.DirectoryLock;
import org.qexit.common.Json;
import org.qexit.common.Progress;
import org.qexit.common.UserError;
import org.qexit.data.streams.DeviceStream;
import org.qexit.experiment.onnx.ForeignDeployment;
import org.qexit.experiment.onnx.ForeignTracing;
import org.qexit.experiment.run.Deployment;
import org.qexit.experiment.run.NodeDeployment;
import org.qexit.experiment.run.RunFiles;
import org.qexit.export.BundleExport;
import org.qexit.export.BundleSpec;
import org.qexit.export.ConfigMap;
import org.qexit.export.ForeignSpec;
import org.qexit.export.NodeSpec;
import org.qexit.export.Quantisation;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.Safetensors;
import org.qexit.threshold.Budget;
import org.qexit.trace.ThresholdsFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a bundle that deployments can run. */
@Command(
        name = "export",
        description =
                "Writes a bundle: staged ONNX graphs, the whole graph with the early exit inside, thresholds, plan, device"
                        + " files, circuits, golden answers, model card, manifest. Verifies it in ONNX Runtime before it ends."
                        + " Of a run or a model of ours, or of an ONNX file of another exporter, which is cut at its exits.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit export runs/quickstart --out bundles/hybrid --zip bundles/hybrid.zip",
            "  qexit export runs/quickstart --model classical --plan my-plan.json --out bundles/classical",
            "  qexit export models/quickstart-hybrid --config experiments/quickstart.yaml --out bundle",
            "  qexit export runs/quickstart --out bundles/int8 --int8",
            "  qexit export models/hybrid --config run.yaml --thresholds ue.json --out bundles/hybrid     no plan",
            "  qexit export models/en --config edge.yaml --thresholds en.json --out bundles/en      an edge node's",
            "  qexit export net.onnx --outputs e1,e2,e3 --images t10k-images-idx3-ubyte.gz \\",
            "      --labels t10k-labels-idx1-ubyte.gz --critical 2,4,6 --scale 255 --budget 0.1 --out bundle",
            "  qexit export --new-key keys/release      makes a key pair to sign with",
            "  qexit export runs/quickstart --out bundle --sign keys/release.key.pem",
            "  qexit export runs/quickstart --configmap qexit.yaml && kubectl apply -f qexit.yaml",
            "  qexit export models/quickstart-hybrid --safetensors hybrid.safetensors",
            "%nThe same input gives the same bytes. Exit code 1: what was written does not pass its verification.",
        })
final class ExportCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "RUN_OR_MODEL",
            description = "A run's directory, or a model's; or an ONNX file.")
    private Path source;

    @Option(names = "--out", paramLabel = "DIR", description = "The bundle; one that is there already is replaced.")
    private Path out;

    @Option(names = "--zip", paramLabel = "FILE", description = "The same as one zip file.")
    private Path zip;

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description =
                    "The plan. Default: the run's first method's; for a model, the plan that a run of --config would make.")
    private Path plan;

    @Option(
            names = "--instance",
            paramLabel = "FILE",
            description = "The plan's instance, for security levels. Default: the run's.")
    private Path instance;

    @Option(names = "--model", paramLabel = "NAME", description = "Which of a run's models. Default: its first.")
    private String model;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Which events devices see, for metrics, golden answers and verification. Default: the run's own.")
    private Path config;

    @Option(
            names = "--device",
            paramLabel = "ID",
            description = "Whose thresholds model.onnx holds. Default: the plan's first device.")
    private String device;

    @Option(names = "--name", description = "Name of the bundle. Default: run and model.")
    private String name;

    @Option(names = "--sign", paramLabel = "KEY", description = "Sign with this Ed25519 key, PEM of PKCS #8.")
    private Path sign;

    @Option(
            names = "--new-key",
            paramLabel = "PREFIX",
            description = "Make PREFIX.key.pem and PREFIX.pub.pem and end, unless there is something to export.")
    private Path newKey;

    @Option(names = "--qasm", paramLabel = "2|3", defaultValue = "3", description = "With 2: OpenQASM 2 as well.")
    private int qasm;

    @Option(
            names = "--int8",
            description =
                    "Convolutions in 8-bit integers, calibrated on validation events; thresholds are chosen anew on the"
                            + " quantised model's own confidences, within the same number of offloads.")
    private boolean int8;

    @Option(
            names = "--exact-heads",
            description =
                    "Export heads with shots or noise as their exact expectation values, which no recorded trace has.")
    private boolean exactHeads;

    @Option(
            names = "--configmap",
            paramLabel = "FILE",
            description =
                    "Write the plan and its thresholds as a Kubernetes ConfigMap, at most 1 MiB; --name is its name (qexit). Without --out that"
                            + " is all; of a run or of --plan.")
    private Path configMap;

    @Option(
            names = "--safetensors",
            paramLabel = "FILE",
            description =
                    "Write the parameters of a model's directory for other programs, .safetensors; --out may be left out then.")
    private Path safetensors;

    @Option(
            names = "--thresholds",
            paramLabel = "FILE",
            description =
                    "Thresholds, as qexit thresholds --out writes them: of the devices, in place of a plan's; of an edge"
                            + " node, where by default only the last exit decides.")
    private Path thresholds;

    @Option(
            names = "--ue",
            paramLabel = "DIR",
            description = "Edge node: the devices' model whose features it is sent.")
    private Path devicesModel;

    @Option(
            names = "--budget",
            paramLabel = "B",
            description =
                    "ONNX model: most offloads of a device, a fraction of its events (0.1) or a number; thresholds are the best"
                            + " pair within it.")
    private String budget;

    @Mixin
    private OnnxOptions onnx;

    @Mixin
    private DataLocation data;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter console = spec.commandLine().getOut();
        if (newKey != null) {
            Path[] files = BundleKeys.create(newKey);
            spec.commandLine().getErr().println("keep secret: " + files[0] + "; give to everybody: " + files[1]);
            if (source == null) {
                return ExitCode.OK;
            }
        }
        if (configMap != null) {
            writeConfigMap();
            if (out == null) {
                return ExitCode.OK;
            }
        }
        if (safetensors != null) {
            if (source == null) {
                throw new UserError("--safetensors needs a model's directory");
            }
            Safetensors.write(safetensors, ModelDirectory.read(source));
            spec.commandLine().getErr().println(safetensors + ": parameters of " + source);
            if (out == null) {
                return ExitCode.OK;
            }
        }
        if (source == null || out == null) {
            throw new UserError("RUN_OR_MODEL or --out is missing. Maybe look at: qexit export --help");
        }
        if (qasm != 2 && qasm != 3) {
            throw new UserError("--qasm is " + qasm + "; expected 2 or 3");
        }
        PrivateKey key = sign == null ? null : BundleSignature.readPrivateKey(sign);
        DirectoryLock lock = DirectoryLock.beside(out);
        try {
            BundleExport.checkFree(out);
            return export(console, key);
        } finally {
            lock.close();
        }
    }

    private void writeConfigMap() {
        if (source == null && plan == null) {
            throw new UserError("--configmap needs a plan; expected --plan or a run");
        }
        Path file = plan == null ? RunFiles.firstPlan(source, model) : plan;
        ThresholdsFile node = thresholds == null ? null : Json.read(thresholds, ThresholdsFile.class);
        ConfigMap map = ConfigMap.of(name == null ? "qexit" : name, file, Json.read(file, Plan.class), node);
        map.write(configMap);
        spec.commandLine().getErr().println(configMap + ": ConfigMap " + map.name() + " of " + file);
    }

    /** An edge node's model, with its own thresholds and no plan. */
    private int exportNode(PrintWriter console, PrivateKey key) {
        if (plan != null || instance != null || model != null || device != null || int8 || exactHeads) {
            throw new UserError(source + ": is an edge node's model; expected none of --plan, --instance, --model,"
                    + " --device, --int8 and --exact-heads");
        }
        NodeDeployment deployment = NodeDeployment.open(
                source, new NodeDeployment.Options(config, devicesModel, thresholds, data.directory()));
        String command = "qexit export " + source + (config == null ? "" : " --config " + config)
                + (thresholds == null ? "" : " --thresholds " + thresholds);
        NodeSpec what = deployment.spec(name, qasm == 2, command);
        Progress.say("bundle " + what.name() + ": lowering "
                + what.network().model().config().exits() + " stages");
        write(BundleExport.of(what), key);
        return print(
                console,
                BundleVerification.verify(
                        Bundle.open(out), key == null ? "none" : "made", deployment.reference(), deployment.test()),
                null);
    }

    /** Another exporter's model, cut at its exits. */
    private int exportForeign(PrintWriter console, PrivateKey key) {
        if (plan != null
                || instance != null
                || model != null
                || config != null
                || int8
                || exactHeads
                || thresholds != null
                || devicesModel != null) {
            throw new UserError(
                    source + ": is an ONNX file; expected none of --plan, --instance, --model, --config, --int8,"
                            + " --exact-heads, --thresholds and --ue");
        }
        if (budget == null) {
            throw new UserError("--budget is missing; expected how many events a device may offload, such as 0.1");
        }
        Budget offloads = Budget.parse(budget);
        ForeignTracing tracing = onnx.trace(source, DeviceStream.Part.VALIDATION, data.catalog());
        tracing.warnings().forEach(warning -> spec.commandLine().getErr().println("qexit: " + warning));
        ForeignDeployment deployment = new ForeignDeployment(tracing, offloads);
        String command = "qexit export " + source + onnx.words() + " --budget " + budget;
        ForeignSpec what = deployment.spec(name, device, command);
        Progress.say("bundle " + what.name() + ": cutting "
                + tracing.scores().probabilities().size() + " stages");
        write(BundleExport.of(what), key);
        return print(
                console,
                BundleVerification.verify(
                        Bundle.open(out), key == null ? "none" : "made", deployment.reference(), what.events()),
                null);
    }

    private int export(PrintWriter console, PrivateKey key) {
        if (OnnxOptions.isOnnx(source)) {
            return exportForeign(console, key);
        }
        onnx.checkAbsent(source);
        if (budget != null) {
            throw new UserError("--budget goes with an ONNX file; " + source + " is none. Its budgets are its plan's");
        }
        if (NodeDeployment.isOne(source)) {
            return exportNode(console, key);
        }
        if (devicesModel != null) {
            throw new UserError("--ue goes with an edge node's model; " + source + " is none");
        }
        if (thresholds != null && (plan != null || instance != null)) {
            throw new UserError("--thresholds stands beside --plan or --instance; expected one or the other");
        }
        String command = "qexit export " + source + (model == null ? "" : " --model " + model)
                + (plan == null ? "" : " --plan " + plan)
                + (config == null ? "" : " --config " + config)
                + (thresholds == null ? "" : " --thresholds " + thresholds);
        Deployment deployment = Deployment.open(
                source,
                new Deployment.Options(
                        model,
                        new Deployment.Inputs(plan, instance, config, thresholds),
                        new Deployment.Form(device, name, exactHeads, qasm == 2),
                        data.directory(),
                        command,
                        false));
        BundleSpec what = deployment.spec();
        Progress.say("bundle " + what.name() + ": lowering "
                + what.network().model().config().exits() + " stages");
        Quantisation.Report quantised = null;
        if (int8) {
            quantised = BundleExport.quantise(what, export -> write(export, key));
        } else {
            write(BundleExport.of(what), key);
        }
        BundleVerification.Report report = BundleVerification.verify(
                Bundle.open(out),
                key == null ? "none" : "made",
                deployment.reference(),
                what.events().test());
        return print(console, report, quantised);
    }

    private int print(PrintWriter console, BundleVerification.Report report, Quantisation.Report quantised) {
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("bundle", out.toString());
            result.put("zip", zip == null ? null : zip.toString());
            result.put("int8", quantised);
            result.put("verification", report);
            console.println(Json.compact(result));
        } else {
            long bytes =
                    report.files().values().stream().mapToLong(Long::longValue).sum();
            console.printf(
                    Locale.ROOT,
                    "%s: %d files, %,d bytes%n",
                    out,
                    report.files().size() + 1,
                    bytes);
            VerifyCommand.print(console, report);
            if (quantised != null) {
                quantised.lines().forEach(console::println);
            }
        }
        console.flush();
        return report.passed() ? ExitCode.OK : ExitCode.REJECTED;
    }

    private void write(BundleExport export, PrivateKey key) {
        if (key != null) {
            export.sign(key);
        }
        export.writeDirectory(out);
        if (zip != null) {
            export.writeZip(zip);
        }
    }
}
