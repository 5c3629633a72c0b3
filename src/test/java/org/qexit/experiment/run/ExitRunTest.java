package org.qexit.experiment.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.BundleVerification;
import org.qexit.common.Json;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.catalog.Subset;
import org.qexit.device.EdgeRuntime;
import org.qexit.export.BundleExport;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.RuleKind;
import org.qexit.trace.TraceReader;

/** From data to device with thresholds per exit: what the plan promises on the traces, the bundle does on the events. */
class ExitRunTest {
    private static final String CONFIG = """
            format: qexit.run/1
            name: each
            seed: 3
            data: {dataset: DATA, task: {critical: [2, 4, 6], criticalFraction: 0.2}}
            streams: {count: 3, dirichletAlpha: 2.0, events: [60, 80], criticalFraction: [0.2, 0.3]}
            fleet:
              cellRadiusMetres: 200
              weights: [1, 2]
              securityLevels: [2]
              featureBits: [98304]
              deadlineSeconds: [0.5]
              radio: {bandwidthMaxHz: 20000000, powerMaxWatts: 0.2, noiseDbmPerHz: -174, pathLossDbAtKilometre: 128.1, pathLossDbPerDecade: 37.6}
              eavesdropper: {xMetres: 2000, yMetres: 0, meanGainFactor: 0.1}
              nodes:
                - {id: en1, xMetres: 50, yMetres: 0, securityLevel: 1, bandwidthHz: 3000000, computeUnits: 10}
                - {id: en2, xMetres: -50, yMetres: 0, securityLevel: 2, bandwidthHz: 3000000, computeUnits: 10}
              energy: {joulesPerMemoryAccess: 6.4e-10}
            model:
              name: hybrid
              blocks: [{channels: 2, pool: 4}, {channels: 4, pool: 2}]
              heads: [{kind: linear, reduce: average}, {kind: quantum, qubits: 2, layers: 1}]
            twins: []
            training: {rule: per-exit, epochs: 2, batch: 32, offloadBudget: 0.3, heldOutFraction: 0.3}
            rule: per-exit
            methods: [exact]
            """;

    @TempDir
    private Path directory;

    @Test
    void whatThePlanSaysTheBundleDoes() throws IOException {
        Path images = directory.resolve("images");
        new Subset(40, 40, 1).write(DatasetCatalog.standard(null), "fashion-mnist-12k", images);
        Path config = directory.resolve("run.yaml");
        Files.writeString(config, CONFIG.replace("DATA", images.toString()));
        Path run = directory.resolve("run");
        Pipeline.run(config, new Pipeline.Options(run, null, null));

        Instance instance = Instance.read(run.resolve("instance-hybrid.json"));
        Plan plan = Json.read(run.resolve("plan-hybrid-exact.json"), Plan.class);
        assertEquals(RuleKind.PER_EXIT, instance.kind());
        assertEquals(RuleKind.PER_EXIT, plan.rule());
        assertEquals(List.of(), PlanCheck.check(instance, plan).violations());
        assertTrue(Files.readString(run.resolve("report.html")).contains("Rules side by side"));

        StoredModel model = ModelDirectory.read(run.resolve("models/hybrid"));
        assertEquals(RuleKind.PER_EXIT, model.thresholds().kind());
        assertEquals(RuleKind.PER_EXIT, model.training().thresholds().rule());
        Deployment deployment = Deployment.open(
                run,
                new Deployment.Options(
                        null,
                        new Deployment.Inputs(null, null, null, null),
                        new Deployment.Form(null, null, false, false),
                        null,
                        null,
                        false));
        Path out = directory.resolve("bundle");
        BundleExport.of(deployment.spec()).writeDirectory(out);
        Bundle bundle = Bundle.open(out);
        assertEquals("qexit.bundle/3", bundle.manifest().format());
        BundleVerification.Report report =
                BundleVerification.verify(bundle, "none", deployment.reference(), deployment.test());
        assertTrue(report.passed(), report.toString());

        List<DeviceTrace> test = TraceReader.readAll(run.resolve("traces/hybrid-test.parquet"));
        for (int n = 0; n < test.size(); n++) {
            Map<?, ?> settings = Json.parse("settings", bundle.text("devices/ue" + (n + 1) + ".json"), Map.class);
            decidesAsItsSettingsSay(
                    out, settings, test.get(n), deployment.test().get(n));
        }
    }

    /** Each event's recorded confidences walked by the settings' text, against the runtime on the event itself. */
    private static void decidesAsItsSettingsSay(
            Path bundle, Map<?, ?> settings, DeviceTrace trace, BundleEvents events) {
        List<?> lower = (List<?>) settings.get("lower");
        List<?> upper = (List<?>) settings.get("upper");
        try (EdgeRuntime runtime = EdgeRuntime.open(bundle, (String) settings.get("device"))) {
            int size = runtime.input().size();
            for (int k = 0; k < trace.size(); k++) {
                EdgeRuntime.Result result =
                        runtime.classify(Arrays.copyOfRange(events.values(), k * size, (k + 1) * size));
                int exit = 0;
                boolean critical = false;
                boolean decided = false;
                for (; !decided && exit < lower.size(); exit++) {
                    float c = trace.scores()[exit][k];
                    boolean normal = lower.get(exit).equals("always")
                            || lower.get(exit) instanceof Number l && c <= l.floatValue();
                    critical = !normal
                            && (upper.get(exit).equals("always")
                                    || upper.get(exit) instanceof Number u && c >= u.floatValue());
                    decided = normal || critical;
                }
                assertEquals(exit, result.exit(), settings + ": event " + k);
                assertEquals(critical, result.critical(), settings + ": event " + k);
            }
        }
    }
}
