package org.qexit.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.BundleSignature;
import org.qexit.bundle.BundleVerification;
import org.qexit.cli.console.DataLocation;
import org.qexit.cli.console.ExitCode;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.data.streams.DeviceStream;
import org.qexit.device.EngineVerification;
import org.qexit.experiment.bench.ExitTiming;
import org.qexit.experiment.onnx.ForeignDeployment;
import org.qexit.experiment.onnx.ForeignTracing;
import org.qexit.experiment.run.Deployment;
import org.qexit.experiment.run.NodeDeployment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Proves a bundle. */
@Command(
        name = "verify",
        description =
                "Checks every hash, and the signature if a key is given; runs every stage and the whole graph in ONNX"
                        + " Runtime and compares confidences, decisions and exits with the golden answers and, with --against, with the"
                        + " trained model on its test events; then the Java engine, where it runs the bundle, with ONNX Runtime on the same"
                        + " events.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  qexit verify bundles/hybrid.zip --key release.pub.pem",
            "  qexit verify bundles/hybrid --against runs/quickstart",
            "  qexit verify models/bundle-hybrid --against models/quickstart-hybrid --config experiments/quickstart.yaml",
            "  qexit verify bundles/en --against models/en --config edge.yaml",
            "  qexit verify bundles/hybrid --timing",
            "%nExit code 1: the bundle is not what it claims to be (a byte changed, a wrong signature, another answer).",
        })
final class VerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "BUNDLE", description = "A bundle's directory or zip file.")
    private Path bundle;

    @Option(
            names = "--key",
            paramLabel = "PUB",
            description = "Ed25519 public key, PEM of X.509: the bundle must be signed.")
    private Path key;

    @Option(
            names = "--against",
            paramLabel = "RUN_OR_MODEL",
            description = "The trained model, to compare test events; or the ONNX file that the bundle was cut from.")
    private Path against;

    @Option(names = "--model", paramLabel = "NAME", description = "Which of a run's models. Default: its first.")
    private String model;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Which events devices see. Default: the run's own configuration.")
    private Path config;

    @Option(
            names = "--ue",
            paramLabel = "DIR",
            description = "Edge node: the devices' model whose features it is sent.")
    private Path devicesModel;

    @Option(
            names = "--timing",
            description =
                    "Also which nodes of the whole graph ONNX Runtime runs for the golden events of each exit, and how long they take:"
                            + " the stages behind an exit are not run.")
    private boolean timing;

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
        if (against == null && (config != null || model != null)) {
            throw new UserError("--config and --model go with --against, which is missing");
        }
        if (!Files.exists(bundle)) {
            throw new UserError(bundle + ": no such file or directory; expected a bundle");
        }
        PrintWriter console = spec.commandLine().getOut();
        BundleVerification.Reference reference = null;
        List<BundleEvents> events = List.of();
        if (OnnxOptions.isOnnx(against)) {
            ForeignTracing tracing = onnx.trace(against, DeviceStream.Part.TEST, data.catalog());
            ForeignDeployment deployment = new ForeignDeployment(tracing, null);
            reference = deployment.reference();
            events = deployment.events();
        } else if (against != null && NodeDeployment.isOne(against)) {
            NodeDeployment deployment = NodeDeployment.open(
                    against, new NodeDeployment.Options(config, devicesModel, null, data.directory()));
            reference = deployment.reference();
            events = deployment.test();
        } else if (against != null) {
            Deployment deployment =
                    Deployment.open(against, Deployment.Options.reference(model, config, data.directory()));
            reference = deployment.reference();
            events = deployment.test();
        }
        var publicKey = key == null ? null : BundleSignature.readPublicKey(key);
        BundleVerification.Report report;
        EngineVerification.Report engine;
        ExitTiming exits = null;
        try {
            Bundle opened = Bundle.open(bundle);
            if (publicKey != null) {
                opened.verifySignature(publicKey);
            }
            String signature = publicKey != null ? "verified" : opened.isSigned() ? "not checked (no --key)" : "none";
            report = BundleVerification.verify(opened, signature, reference, events);
            engine = EngineVerification.of(opened, events);
            exits = timing ? ExitTiming.of(opened) : null;
        } catch (UserError e) {
            // Whoever is told that a bundle is wrong need not be told how to call the program.
            if (json) {
                Map<String, Object> refused = new LinkedHashMap<>();
                refused.put("passed", false);
                refused.put("refused", e.getMessage());
                console.println(Json.compact(refused));
                console.flush();
            }
            spec.commandLine().getErr().println("REJECTED " + e.getMessage());
            return ExitCode.REJECTED;
        }
        if (json && exits != null) {
            Map<String, Object> both = new LinkedHashMap<>();
            both.put("verification", new WithEngine(report, engine));
            both.put("timing", exits);
            console.println(Json.compact(both));
        } else if (json) {
            console.println(Json.compact(new WithEngine(report, engine)));
        } else {
            report.files().forEach((path, bytes) -> console.printf(Locale.ROOT, "%,12d  %s%n", bytes, path));
            print(console, report);
            print(console, engine);
            if (exits != null) {
                print(console, exits);
            }
        }
        console.flush();
        return report.passed() && engine.passed() && (exits == null || exits.saved()) ? ExitCode.OK : ExitCode.REJECTED;
    }

    /** What --json prints: what ONNX Runtime showed, and beside it what the engine did. */
    private record WithEngine(@JsonUnwrapped BundleVerification.Report onnx, EngineVerification.Report engine) {}

    private static void print(PrintWriter out, EngineVerification.Report engine) {
        if (engine.notRun() != null) {
            out.println("engine: does not run it, ONNX Runtime does: " + engine.notRun());
            return;
        }
        for (EngineVerification.Check check : engine.checks()) {
            if (!check.passed()) {
                out.printf(
                        Locale.ROOT,
                        "engine, %s%s: largest difference %.1e, %d other decisions, %d other exits  FAILED%n",
                        check.on(),
                        check.device() == null ? "" : " of " + check.device(),
                        check.maxDifference(),
                        check.differentDecisions(),
                        check.differentExits());
            }
        }
        int events = engine.checks().stream()
                .mapToInt(EngineVerification.Check::events)
                .sum();
        out.printf(
                Locale.ROOT,
                "%s: %d events in the %s, largest difference from ONNX Runtime %.1e%n",
                engine.passed() ? "PASSED" : "REJECTED",
                events,
                engine.backend(),
                engine.maxDifference());
    }

    private static void print(PrintWriter out, ExitTiming timing) {
        out.println("left at   golden   nodes run   layers run   whole graph p50 [us]   stages p50 [us]");
        for (ExitTiming.OfExit exit : timing.exits()) {
            out.printf(
                    Locale.ROOT,
                    "exit %-4d %6d %5d of %-4d %4d of %-4d %19.0f %17.0f%n",
                    exit.exit(),
                    exit.events(),
                    exit.nodesRun(),
                    timing.nodes(),
                    exit.layersRun(),
                    timing.layers(),
                    exit.wholeMicros(),
                    exit.stagesMicros());
        }
        out.println(
                timing.saved()
                        ? "the stages behind an exit were not run: by ONNX Runtime's profiler fewer layers ran for every earlier exit"
                        : "REJECTED: stages behind an exit were run");
    }

    /** What was found, a line for each set of events. */
    static void print(PrintWriter out, BundleVerification.Report report) {
        out.printf(Locale.ROOT, "bundle %s, manifest sha256 %s%n", report.bundle(), report.manifestSha256());
        out.printf(Locale.ROOT, "signature: %s%n", report.signature());
        out.printf(
                Locale.ROOT, "ONNX operators (opset %d): %s%n", report.opset(), String.join(" ", report.operators()));
        out.println(
                "events                 n   max |difference|: stages   whole graph   other decisions   other exits");
        for (BundleVerification.Check check : report.checks()) {
            out.printf(
                    Locale.ROOT,
                    "%-18s %5d %26.1e %13.1e %17d %13d%s%n",
                    check.on().equals("golden") ? "golden" : "test of " + check.device(),
                    check.events(),
                    check.maxDifferenceStages(),
                    check.maxDifferenceWhole(),
                    check.differentDecisions(),
                    check.differentExits(),
                    check.passed() ? "" : "  FAILED");
        }
        report.warnings().forEach(warning -> out.println(warning));
        int events = report.checks().stream()
                .mapToInt(BundleVerification.Check::events)
                .sum();
        out.printf(
                Locale.ROOT,
                "%s: %d events in ONNX Runtime, largest difference %.1e%n",
                report.passed() ? "PASSED" : "REJECTED",
                events,
                report.maxDifference());
    }
}
