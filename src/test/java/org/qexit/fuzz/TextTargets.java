package org.qexit.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.TinyBundle;
import org.qexit.common.Json;
import org.qexit.data.Dataset;
import org.qexit.data.catalog.DatasetDescriptor;
import org.qexit.data.formats.CsvColumn;
import org.qexit.data.formats.CsvDataset;
import org.qexit.data.formats.CsvOptions;
import org.qexit.experiment.run.RunConfig;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.fuzz.TextTarget.Independent;
import org.qexit.fuzz.TokenMutator.Grammar;
import org.qexit.quantum.CircuitFile;
import org.qexit.quantum.qasm.OpenQasmOracle;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ThresholdsFile;
import org.qexit.trace.TraceReader;

/** Readers of text, each with an independent one where there is one. */
final class TextTargets {
    private static final int FAST = 2000;
    /** DuckDB is opened anew for every trace. */
    private static final int DEAR = 60;

    private final Path folder;

    private TextTargets(Path folder) {
        this.folder = folder;
    }

    /** @param folder where the readers of files may have theirs */
    static List<TextTarget> all(Path folder) throws IOException {
        TextTargets targets = new TextTargets(folder);
        List<TextTarget> all = new ArrayList<>(targets.languages());
        all.addAll(targets.records());
        all.addAll(targets.tables());
        return all;
    }

    private static String text(String file) throws IOException {
        return Files.readString(Path.of(file));
    }

    private List<TextTarget> languages() throws IOException {
        List<String> json = List.of(
                "{\"a\": [1, 2.5, -3e2, true, false, null], \"b\": {\"c\": \"x\\n\\u0041\\\"\", \"d\": []}, \"e\": 0.1}",
                text("datasets/fashion-mnist-12k.json"));
        List<String> yaml = List.of(
                "a: &x [1, 0.5, 010, 0o17, 0x1F, yes, ~, true]\nb: *x\nc: &m {d: 'it''s', e: \"a\\tb\"}\n"
                        + "f:\n  <<: *m\n  g: |\n    two\n    lines\n  h: >-\n    folded\n    text\ni:\n- 1\n- - 2\n  - ! 3\n",
                text("experiments/quickstart.yaml"),
                text("datasets/mitbih.yaml"));
        return List.of(
                new TextTarget(
                        "JSON",
                        Grammar.JSON,
                        json,
                        FAST,
                        t -> Json.parse("f.json", t, Object.class),
                        (t, read) -> assertEquals(plain(PlainJson.read(t)), plain(read))),
                new TextTarget(
                        "YAML",
                        Grammar.YAML,
                        yaml,
                        FAST,
                        t -> Json.parseYaml("f.yaml", t, Object.class),
                        (t, read) -> assertEquals(plain(PlainYaml.read(t)), plain(read))),
                new TextTarget(
                        "OpenQASM", Grammar.QASM, OpenQasmOracle.programs(), FAST, OpenQasmOracle::read, (t, read) -> {
                            Optional<double[]> dense = OpenQasmOracle.dense(t);
                            if (dense.isEmpty()) {
                                throw new UnsupportedOperationException("the dense evaluation does not know it");
                            }
                            assertArrayEquals(dense.get(), (double[]) read, 1e-9);
                        }));
    }

    /** Numbers as doubles, objects by ascending keys: what two readers must agree on. */
    private static Object plain(Object value) {
        if (value instanceof Number number) {
            double d = number.doubleValue();
            return d == 0 ? 0.0 : d;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, v) -> sorted.put((String) key, plain(v)));
            return sorted;
        }
        return value instanceof List<?> list
                ? new ArrayList<>(list.stream().map(TextTargets::plain).toList())
                : value;
    }

    private List<TextTarget> records() throws IOException {
        String config = text("experiments/quickstart.yaml");
        TinyBundle bundle = new TinyBundle();
        return List.of(
                typed("run configuration", Grammar.YAML, config, t -> Json.parseYaml("f.yaml", t, RunConfig.class)),
                typed(
                        "training configuration",
                        Grammar.YAML,
                        config,
                        t -> Json.parseYaml("f.yaml", t, TrainingRun.class)),
                typed(
                        "descriptor",
                        Grammar.YAML,
                        text("datasets/fashion-mnist.yaml"),
                        t -> Json.parseYaml("f.yaml", t, DatasetDescriptor.class)),
                typed(
                        "plan",
                        Grammar.JSON,
                        text("src/test/resources/cases/r01-plan-lower-above-upper.json")
                                .replace("0.5", "0.3"),
                        t -> Json.parse("f.json", t, Plan.class)),
                typed(
                        "instance",
                        Grammar.JSON,
                        text("src/test/resources/cases/r05-small-weights.json"),
                        t -> Json.parse("f.json", t, Instance.class)),
                typed(
                        "bundle manifest",
                        Grammar.JSON,
                        bundle.manifest(),
                        t -> Json.parse("f.json", t, BundleManifest.class)),
                typed(
                        "thresholds",
                        Grammar.JSON,
                        "{\"format\":\"qexit.thresholds/1\",\"devices\":[{\"id\":\"a\",\"lower\":0.1,\"upper\":0.5},{\"id\":\"b\",\"lower\":0.25,\"upper\":\"never\"}]}",
                        t -> Json.parse("f.json", t, ThresholdsFile.class)),
                typed(
                        "circuit, JSON",
                        Grammar.JSON,
                        "{\"cases\":[{\"name\":\"bell\",\"n\":2,\"B\":1,\"n_theta\":1,\"ops\":[[\"H\",[0]],[\"CNOT\",[0,1]],"
                                + "[\"RX\",[0],{\"x\":0}],[\"RY\",[1],{\"theta\":0,\"factor\":2}]],\"x\":[[0.1]],\"theta\":[0.2]}]}",
                        t -> {
                            CircuitFile file = Json.parse("f.json", t, CircuitFile.class);
                            file.cases().forEach(CircuitFile.Case::circuit);
                            return file;
                        }));
    }

    private static TextTarget typed(String name, Grammar grammar, String seed, TextTarget.Reader reader) {
        return new TextTarget(name, grammar, List.of(seed), FAST / 2, reader, Independent.NONE);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("case.csv"), text);
    }

    private List<TextTarget> tables() {
        List<String> images = List.of(
                "label,p1,p2,p3,p4\n1,0,255,3,4\n0,1,2,3,4\n",
                "1,0,255,3,4\r\n0,1,2,3,4\r\n",
                "\"label\",a\n\"1\",7\n0,8\n");
        List<String> traces = List.of(
                "device,event,label,c1,c2\na,1,1,0.5,0.75\na,2,0,0.25,0.1\n\"b,\"\"c\",1,1,1,0\n",
                ",device,event,label,c1\n0,a,1,1,0.9\n1,a,2,0,0.1\n2,b,1,1,0.8\n");
        return List.of(
                new TextTarget(
                        "images, CSV",
                        Grammar.CSV,
                        images,
                        FAST,
                        t -> CsvDataset.read("f", file(t), CsvOptions.DEFAULT, null),
                        (t, read) -> sameImages(PlainCsv.read(t), (Dataset) read)),
                new TextTarget(
                        "groups, CSV",
                        Grammar.CSV,
                        List.of("sample,patient\n1,7\n2,8\n3,p 9\n", "patient\na\nb\n"),
                        FAST,
                        t -> CsvColumn.read(file(t), "patient"),
                        (t, read) -> {
                            // Blank lines are no rows, wherever they stand.
                            List<List<String>> rows = PlainCsv.read(t).stream()
                                    .filter(row -> !String.join("", row).isBlank() || row.size() > 1)
                                    .toList();
                            int at = stripped(rows.get(0)).indexOf("patient");
                            assertEquals(
                                    rows.stream()
                                            .skip(1)
                                            .map(row -> row.get(at).strip())
                                            .toList(),
                                    read);
                        }),
                new TextTarget(
                        "trace, CSV",
                        Grammar.CSV,
                        traces,
                        DEAR,
                        t -> traces(file(t)),
                        (t, read) -> sameTraces(PlainCsv.read(t), (List<?>) read)));
    }

    private static List<String> stripped(List<String> row) {
        return row.stream().map(String::strip).toList();
    }

    /** A first row with a cell that is no number is a header; one that counts may be either. */
    private static void sameImages(List<List<String>> rows, Dataset read) {
        List<List<String>> cells = rows.stream()
                .map(TextTargets::stripped)
                .filter(row -> !String.join("", row).isEmpty() || row.size() > 1)
                .toList();
        List<String> first = cells.get(0);
        boolean named = first.stream().anyMatch(cell -> !cell.matches("[-+.0-9eE]+|(?i:true|false)"));
        boolean counts = cells.size() == read.size() + 1 && !named;
        int label = Math.max(0, first.indexOf("label"));
        List<List<String>> samples = cells.subList(named || counts ? 1 : 0, cells.size());
        assertEquals(samples.size(), read.size());
        for (int i = 0; i < samples.size(); i++) {
            List<String> row = new ArrayList<>(samples.get(i));
            if (named && label == 0 && !first.contains("label")) {
                // Which column a header by other names calls the label is the product's to say.
                return;
            }
            assertEquals(number(row.remove(label)), read.classOf(i));
            double[] levels = new double[row.size()];
            for (int p = 0; p < levels.length; p++) {
                levels[p] = read.rawBytes(i)[p] & 0xff;
            }
            assertArrayEquals(row.stream().mapToDouble(TextTargets::number).toArray(), levels);
        }
    }

    private static double number(String cell) {
        return switch (cell.toLowerCase(Locale.ROOT)) {
            case "true" -> 1;
            case "false" -> 0;
            // -0 is 0.
            default -> Double.parseDouble(cell) + 0.0;
        };
    }

    private static List<String> traces(Path file) {
        List<String> rows = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(file)) {
            reader.metadata();
            for (Optional<TraceReader.Reading> o = reader.next(); o.isPresent(); o = reader.next()) {
                if (o.get().problem() != null) {
                    // A device that is refused: its line is told, and the answer of the whole is a refusal.
                    throw o.get().problem();
                }
                DeviceTrace trace = o.get().trace();
                for (int k = 0; k < trace.size(); k++) {
                    StringBuilder row =
                            new StringBuilder(trace.device() + "|" + trace.events()[k] + "|" + trace.labels()[k]);
                    for (float[] exit : trace.scores()) {
                        row.append("|").append(exit[k]);
                    }
                    rows.add(row.toString());
                }
            }
        }
        rows.sort(null);
        return rows;
    }

    private static void sameTraces(List<List<String>> rows, List<?> read) {
        List<String> header = stripped(rows.get(0));
        List<String> expected = new ArrayList<>();
        for (List<String> row : rows.subList(1, rows.size())) {
            StringBuilder text = new StringBuilder(row.get(header.indexOf("device")));
            text.append("|")
                    .append((long) number(row.get(header.indexOf("event")).strip()));
            text.append("|")
                    .append((int) number(row.get(header.indexOf("label")).strip()));
            for (int exit = 1; header.contains("c" + exit); exit++) {
                text.append("|")
                        .append(0f
                                + Float.parseFloat(
                                        row.get(header.indexOf("c" + exit)).strip()));
            }
            expected.add(text.toString());
        }
        expected.sort(null);
        assertEquals(expected, read, () -> Arrays.toString(header.toArray()));
    }
}
