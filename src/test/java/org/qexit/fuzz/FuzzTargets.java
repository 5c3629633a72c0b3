package org.qexit.fuzz;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleSignature;
import org.qexit.bundle.TinyBundle;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.data.Split;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.events.EventFiles;
import org.qexit.data.events.EventFormat;
import org.qexit.data.events.EventLines;
import org.qexit.data.events.EventSource;
import org.qexit.data.formats.CsvColumn;
import org.qexit.data.formats.CsvDataset;
import org.qexit.data.formats.CsvOptions;
import org.qexit.data.formats.Idx;
import org.qexit.data.formats.WfdbAnnotations;
import org.qexit.data.formats.WfdbRecord;
import org.qexit.experiment.run.RunConfig;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.experiment.scores.GivenScores;
import org.qexit.experiment.scores.NpyBytes;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.training.CheckpointFiles;
import org.qexit.onnx.foreign.EventInput;
import org.qexit.onnx.foreign.Events;
import org.qexit.onnx.foreign.ExitCosts;
import org.qexit.onnx.foreign.ExitScores;
import org.qexit.onnx.foreign.ForeignGraph;
import org.qexit.onnx.foreign.ForeignModel;
import org.qexit.onnx.foreign.ForeignRun;
import org.qexit.quantum.CircuitFile;
import org.qexit.quantum.noise.NoiseModel;
import org.qexit.quantum.qasm.OpenQasm;
import org.qexit.quantum.qasm.OpenQasmOracle;
import org.qexit.quantum.qasm.OpenQasmReader;
import org.qexit.threshold.Budget;
import org.qexit.tier.live.inference.InferRequest;
import org.qexit.tier.live.inference.Message;
import org.qexit.tier.live.inference.Parameters;
import org.qexit.tier.live.inference.Refusal;
import org.qexit.tier.live.inference.Tensor;
import org.qexit.trace.ThresholdsFile;
import org.qexit.trace.TraceReader;
import org.qexit.trace.TraceWriter;

/** Every reader of files that users or strangers write, with good files to begin from. */
final class FuzzTargets {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Path MODEL = Path.of("models/quickstart-hybrid");
    private static final EventFormat EVENT = new EventFormat(1, 2, 2, 255, false, true, null);

    private final Path folder;

    private FuzzTargets(Path folder) {
        this.folder = folder;
    }

    /** @param folder where seeds may be made */
    static List<FuzzTarget> all(Path folder) throws IOException {
        FuzzTargets targets = new FuzzTargets(folder);
        List<FuzzTarget> all = new ArrayList<>(targets.decisions());
        all.addAll(targets.learning());
        all.addAll(targets.events());
        all.addAll(targets.bundles());
        all.addAll(targets.records());
        all.addAll(targets.requests());
        all.addAll(targets.foreign());
        return all;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    private static void trace(Path file) {
        try (TraceReader reader = TraceReader.open(file)) {
            reader.metadata();
            for (Optional<TraceReader.Reading> o = reader.next(); o.isPresent(); o = reader.next()) {
                if (o.get().problem() != null) {
                    FuzzTest.checkOneLine(o.get().problem());
                }
            }
        }
    }

    private List<FuzzTarget> decisions() throws IOException {
        byte[] csv = utf8("device,event,label,c1,c2\na,1,1,0.5,0.75\na,2,0,0.25,0.1\n\"b,\"\"c\",1,1,1,0\n");
        Path parquet = folder.resolve("seed.parquet");
        TraceWriter.write(parquet, 2, null, out -> {
            out.append("a", 1, 1, new float[] {0.5f, 0.75f});
            out.append("a", 2, 0, new float[] {0.25f, 0.1f});
            out.append("b", 3, 1, new float[] {1, 0});
        });
        Path small = RESOURCES.resolve("allocation/n4m2s1.json");
        Instance instance = Instance.read(small);
        byte[] plan = utf8("""
                {"format":"qexit.plan/1","instance":"n4m2s1","method":"exact","status":"optimal","objective":-1.5,"bound":-1.4,
                 "gap":0.1,"devices":[
                  {"id":"ue1","node":"en1","lower":0.1,"upper":0.9,"bandwidthHz":1e6,"powerWatts":0.1,"computeUnits":3,
                   "truePositives":1,"falsePositives":0,"utility":0.5,"delaySeconds":0.1},
                  {"id":"ue2","node":"en2","lower":0.1,"upper":"never","bandwidthHz":1e6,"powerWatts":0.1,"computeUnits":3,
                   "truePositives":1,"falsePositives":0}],
                 "certificate":{"kind":"node-prices","multipliers":{"bandwidthPerHz":[1e-7,2e-7],"computePerUnit":[0,0.1]}}}
                """);
        byte[] inline = utf8("""
                {"format":"qexit.instance/1","name":"one","radio":{"bandwidthMaxHz":2e7,"powerMaxWatts":0.2,
                 "noiseWattsPerHz":4e-21},"devices":[{"id":"ue1","weight":1,"securityLevel":1,"featureBits":491520,
                 "deadlineSeconds":0.2,"eavesdropper":{"gain":8e-15},"trace":{"labels":[0,1],"scores":[[0.1],[0.9]]}}],
                 "nodes":[{"id":"en1","bandwidthHz":1e7,"computeUnits":50,"securityLevel":3}],"links":[{"device":"ue1","node":"en1","gain":4e-12}]}
                """);
        return List.of(
                new FuzzTarget("trace, CSV", ".csv", true, List.of(csv), FuzzTargets::trace),
                new FuzzTarget("trace, Parquet", ".parquet", false, List.of(bytes(parquet)), FuzzTargets::trace),
                new FuzzTarget("instance", ".json", true, List.of(inline), Instance::read),
                new FuzzTarget(
                        "plan", ".json", true, List.of(plan), f -> PlanCheck.check(instance, Json.read(f, Plan.class))),
                new FuzzTarget(
                        "budget",
                        ".txt",
                        true,
                        List.of(utf8("0.1"), utf8("120"), utf8("10%")),
                        f -> Budget.parse(new String(Files.readAllBytes(f), StandardCharsets.ISO_8859_1))),
                new FuzzTarget(
                        "noise",
                        ".txt",
                        true,
                        List.of(utf8("depolarising=0.01,readout=0.02")),
                        f -> NoiseModel.parse(new String(Files.readAllBytes(f), StandardCharsets.ISO_8859_1))));
    }

    private List<FuzzTarget> learning() throws IOException {
        byte[] config = bytes(Path.of("experiments/quickstart.yaml"));
        byte[] circuits = utf8("""
                {"cases":[{"name":"bell","n":2,"B":1,"n_theta":1,"ops":[["H",[0]],["CNOT",[0,1]],["RX",[0],{"x":0}],
                 ["RY",[1],{"theta":0,"factor":2}],["RZ",[1],{"const":0.5}]],"x":[[0.1]],"theta":[0.2]}]}
                """);
        Path circuitFile = Files.write(folder.resolve("c.json"), circuits);
        var circuit = CircuitFile.read(circuitFile).cases().get(0).circuit();
        byte[] qasm2 =
                utf8("OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[2];\nh q[0];\ncx q[0],q[1];\nrx(pi/2) q[1];\n");
        byte[] training = CheckpointFiles.write(folder.resolve("checkpoint"));
        String fingerprint = CheckpointFiles.fingerprint();
        String parameters = Json.read(MODEL.resolve("model.json"), java.util.Map.class)
                .get("parametersFile")
                .toString();
        return List.of(
                new FuzzTarget("run configuration", ".yaml", true, List.of(config), RunConfig::read),
                new FuzzTarget("training configuration", ".yaml", true, List.of(config), TrainingRun::read),
                new FuzzTarget(
                        "circuit, JSON",
                        ".json",
                        true,
                        List.of(circuits),
                        f -> CircuitFile.read(f).cases().forEach(c -> {
                            c.circuit();
                            c.flatInputs();
                        })),
                new FuzzTarget(
                        "circuit, OpenQASM",
                        ".qasm",
                        true,
                        qasm(utf8(OpenQasm.write(circuit, 3)), qasm2),
                        f -> OpenQasmReader.read(
                                f.toString(), new String(Files.readAllBytes(f), StandardCharsets.UTF_8))),
                new FuzzTarget(
                        "checkpoint", ".ckpt", true, List.of(training), f -> CheckpointFiles.read(f, fingerprint)),
                new FuzzTarget("model manifest", ".json", true, List.of(bytes(MODEL.resolve("model.json"))), f -> {
                    Path model = Files.createDirectories(f.resolveSibling("model"));
                    Files.copy(f, model.resolve("model.json"));
                    Files.copy(MODEL.resolve(parameters), model.resolve(parameters));
                    ModelDirectory.read(model);
                }),
                new FuzzTarget("model parameters", ".bin", false, List.of(bytes(MODEL.resolve(parameters))), f -> {
                    Path model = Files.createDirectories(f.resolveSibling("model"));
                    Files.copy(MODEL.resolve("model.json"), model.resolve("model.json"));
                    Files.copy(f, model.resolve(parameters));
                    ModelDirectory.read(model);
                }));
    }

    private static List<byte[]> qasm(byte[]... more) throws IOException {
        List<byte[]> seeds = new ArrayList<>(List.of(more));
        OpenQasmOracle.programs().forEach(program -> seeds.add(utf8(program)));
        return seeds;
    }

    /** Records, folders and tables, each with one part spoilt. */
    /** What devices and others send to nodes. */
    private List<FuzzTarget> requests() {
        InferRequest request = new InferRequest(
                "00c0ffee00c0ffee-1",
                Parameters.NONE.with("device", "ue1").with("settled", 1L).with("all_exits", true),
                List.of(
                        new Tensor.Fp32("input", new int[] {1, 2, 2}, new float[] {0, 1.5f, -3e8f, 0.25f}),
                        new Tensor.Uint8("other", new int[] {3}, new byte[] {0, 127, -1})),
                List.of(new InferRequest.WantedOutput("class", false)));
        Message binary = request.write(true);
        return List.of(
                new FuzzTarget(
                        "inference request",
                        ".json",
                        true,
                        List.of(request.write(false).bytes()),
                        f -> request(Message.of(Files.readAllBytes(f), null))),
                new FuzzTarget("binary inference request", ".bin", false, List.of(binary.bytes()), f -> {
                    byte[] bytes = Files.readAllBytes(f);
                    request(new Message(bytes, Math.min(bytes.length, binary.jsonLength())));
                }));
    }

    private static void request(Message message) {
        try {
            InferRequest.read(message).meaning();
        } catch (Refusal e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    private List<FuzzTarget> records() throws IOException {
        byte[] header =
                utf8("100 2 360 10\n100.dat 212 200(-3)/mV 11 1024 0 0 0 V5\n100.dat 212 200 11 1024 0 0 0 ECG MLII\n");
        byte[] annotations = {4, 4, 3, 0x14, 0x59, (byte) 0xec, 0, 0, 1, 0, 1, 4, 0, 0};
        byte[] samples = new byte[30];
        byte[] thresholds = utf8(
                "{\"format\":\"qexit.thresholds/1\",\"devices\":[{\"id\":\"a\",\"lower\":0.1,\"upper\":0.5},{\"id\":\"b\",\"lower\":0.25,\"upper\":\"never\"}]}");
        return List.of(
                new FuzzTarget("WFDB header", ".hea", true, List.of(header), f -> record(f, samples)),
                new FuzzTarget("WFDB samples", ".dat", false, List.of(samples), f -> {
                    Files.write(f.resolveSibling("100.hea"), header);
                    Files.write(f.resolveSibling("100.dat"), Files.readAllBytes(f));
                    WfdbRecord.read(f.getParent(), "100", "MLII");
                }),
                new FuzzTarget(
                        "WFDB annotations", ".atr", false, List.of(annotations), f -> WfdbAnnotations.read(f, 360)),
                new FuzzTarget("image folder", ".png", false, List.of(image("png"), image("jpg")), f -> {
                    Path data = f.resolveSibling("data");
                    for (String place : List.of("train/a", "train/b", "test/a", "test/b")) {
                        Files.createDirectories(data.resolve(place));
                        Files.write(data.resolve(place).resolve("1.png"), image("png"));
                    }
                    Files.copy(f, data.resolve("train/b/2.png"));
                    for (Split split : Split.values()) {
                        DatasetCatalog.of(List.of()).load(data.toString(), split);
                    }
                }),
                new FuzzTarget(
                        "groups, CSV",
                        ".csv",
                        true,
                        List.of(utf8("sample,patient\n1,7\n2,8\n")),
                        f -> CsvColumn.read(f, "patient")),
                new FuzzTarget(
                        "thresholds", ".json", true, List.of(thresholds), f -> Json.read(f, ThresholdsFile.class)));
    }

    private static void record(Path header, byte[] samples) throws IOException {
        Files.write(header.resolveSibling("100.hea"), Files.readAllBytes(header));
        Files.write(header.resolveSibling("100.dat"), samples);
        WfdbRecord.read(header.getParent(), "100", "MLII");
    }

    /** Files of other programs: ONNX models, which are run, and scores. */
    private List<FuzzTarget> foreign() throws IOException {
        byte[] onnx = bytes(RESOURCES.resolve("onnx/residual.onnx"));
        byte[] dense = bytes(RESOURCES.resolve("onnx/dense.onnx"));
        byte[] npy = NpyBytes.floats("<f4", false, new int[] {2, 3, 2}, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        byte[] labels = NpyBytes.longs(new int[] {3}, 0, 1, 1);
        Path given = Files.write(folder.resolve("labels.npy"), labels);
        byte[] archive = NpyBytes.zip(java.util.Map.of("scores.npy", npy, "labels.npy", labels));
        byte[] table = utf8("score,label\n0.5,1\n0.25,0\n");
        return List.of(
                new FuzzTarget("foreign model, ONNX", ".onnx", false, List.of(onnx, dense), FuzzTargets::runModel),
                new FuzzTarget("scores, NumPy", ".npy", false, List.of(npy), f -> scores(f, given)),
                new FuzzTarget("labels, NumPy", ".npy", false, List.of(labels), f -> {
                    Path scores = Files.write(f.resolveSibling("scores.npy"), npy);
                    scores(scores, f);
                }),
                new FuzzTarget("scores, NumPy zipped", ".npz", false, List.of(archive), f -> scores(f, null)),
                new FuzzTarget("scores, CSV", ".csv", true, List.of(table), f -> scores(f, null)));
    }

    private static void scores(Path file, Path labels) {
        GivenScores.read(
                new GivenScores.Source(List.of(file), labels, null, null, List.of(1), null, ExitScores.Said.NOTHING));
    }

    private static void runModel(Path file) {
        ForeignModel model = ForeignModel.read(file, List.of("e1", "e2", "e3"));
        EventInput input = EventInput.of(
                model, new long[] {1, 28, 28}, new EventInput.Normalisation(255, new float[0], new float[0]));
        Events events = new Events() {
            @Override
            public int size() {
                return 2;
            }

            @Override
            public void copyTo(int event, float[] target, int offset) {
                for (int i = 0; i < 784; i++) {
                    target[offset + i] = (i * 37 + event * 11) % 256;
                }
            }
        };
        float[] first = new float[784];
        events.copyTo(0, first, 0);
        ForeignGraph graph = ForeignGraph.of(model, first, input);
        ExitCosts.checkOrder(graph);
        ForeignRun run = new ForeignRun(graph, input);
        ExitScores.of(run, run.scores(events), List.of(1), ExitScores.Said.NOTHING);
    }

    /** Reads all events; ends in the problem of the last bad one. */
    private static void drain(EventSource source) {
        String problem = null;
        try (source) {
            for (Optional<EventSource.Event> e = source.next(); e.isPresent(); e = source.next()) {
                if (e.get().problem() != null) {
                    problem = e.get().problem();
                    FuzzTest.checkOneLine(new UserError(problem));
                }
            }
        }
        if (problem != null) {
            throw new UserError(problem);
        }
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] image(String format) throws IOException {
        BufferedImage image = new BufferedImage(5, 4, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(1, 1, 0, 200);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, format, out);
        return out.toByteArray();
    }

    private List<FuzzTarget> events() throws IOException {
        byte[] idx = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8};
        byte[] idxFloats = new byte[4 + 8 + 16];
        System.arraycopy(new byte[] {0, 0, 13, 2, 0, 0, 0, 1, 0, 0, 0, 4}, 0, idxFloats, 0, 12);
        byte[] lines = utf8("a,b,c,d\n1,2,3,4\n[[1,2],[3,4]]\nAAECAw==\n0.5,1e2,2.,1\n");
        byte[] descriptor = bytes(Path.of("datasets/fashion-mnist-12k.json"));
        return List.of(
                new FuzzTarget("data set, IDX", "-ubyte", false, List.of(idx, idxFloats), Idx::read),
                new FuzzTarget("data set, IDX gzipped", ".gz", false, List.of(gzip(idx), gzip(idxFloats)), Idx::read),
                new FuzzTarget(
                        "data set, CSV",
                        ".csv",
                        true,
                        List.of(utf8("label,a,b,c,d\n1,0,255,3,4\n0,1,2,3,4\n")),
                        file -> CsvDataset.read("fuzz", file, CsvOptions.DEFAULT, null)),
                new FuzzTarget(
                        "data set, descriptor JSON",
                        ".json",
                        true,
                        List.of(descriptor),
                        DatasetCatalog::readDescriptor),
                new FuzzTarget(
                        "data set, descriptor YAML",
                        ".yaml",
                        true,
                        List.of(bytes(Path.of("datasets/fashion-mnist.yaml")), bytes(Path.of("datasets/mitbih.yaml"))),
                        DatasetCatalog::readDescriptor),
                new FuzzTarget(
                        "events, images",
                        ".png",
                        false,
                        List.of(image("png"), image("jpg")),
                        f -> drain(EventFiles.of(EVENT, List.of(f)))),
                new FuzzTarget(
                        "events, IDX",
                        ".idx",
                        false,
                        List.of(idx, idxFloats),
                        f -> drain(EventFiles.of(EVENT, List.of(f)))),
                new FuzzTarget(
                        "events, lines",
                        ".txt",
                        true,
                        List.of(lines),
                        f -> drain(EventLines.of("in", new ByteArrayInputStream(Files.readAllBytes(f)), EVENT))));
    }

    /** A bundle's hashes let nothing spoilt through: here they are made right again, so that the readers behind them work. */
    private static void withFile(Path work, String name, byte[] content) throws IOException {
        TinyBundle bundle = new TinyBundle();
        bundle.put(name, content);
        Bundle.open(bundle.directory(work.resolveSibling("bundle")));
    }

    private List<FuzzTarget> bundles() throws IOException {
        TinyBundle tiny = new TinyBundle();
        byte[] manifest = utf8(tiny.manifest());
        byte[] key = utf8("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
                + "-----END PUBLIC KEY-----\n");
        return List.of(
                new FuzzTarget(
                        "bundle, zip", ".zip", false, List.of(bytes(tiny.zip(folder.resolve("b.zip")))), Bundle::open),
                new FuzzTarget("bundle, manifest", ".json", true, List.of(manifest), f -> {
                    Path bundle = new TinyBundle().directory(f.resolveSibling("bundle"));
                    Files.write(bundle.resolve("manifest.json"), Files.readAllBytes(f));
                    Bundle.open(bundle);
                }),
                new FuzzTarget(
                        "bundle, ONNX",
                        ".onnx",
                        false,
                        List.of(tiny.get("stage-1.onnx")),
                        f -> withFile(f, "stage-1.onnx", Files.readAllBytes(f))),
                new FuzzTarget(
                        "bundle, device",
                        ".json",
                        true,
                        List.of(tiny.get("devices/ue2.json")),
                        f -> withFile(f, "devices/ue2.json", Files.readAllBytes(f))),
                new FuzzTarget("signature key", ".pem", true, List.of(key), f -> {
                    Set.of(BundleSignature.readPublicKey(f));
                }));
    }
}
