package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.Json;
import org.qexit.data.Dataset;
import org.qexit.data.Split;
import org.qexit.data.catalog.DatasetCatalog;

/**
 * Every case of {@code src/test/resources/cases} by the command that a user would give, against its right value, which was worked out by
 * hand or with an independent program. Each stands for a kind of mistake.
 */
class CasesTest {
    private static final Path CASES = Path.of("src/test/resources/cases");

    /** Cases that are known to be wrong still. */
    private static final Set<String> OPEN = Set.of();

    /**
     * Case, command, and right answers with "or" between them: what the command found, or "refused" with a pattern that is found in the
     * one line of the refusal.
     */
    private static final String TABLE = """
            q01-mid-measure-v2.qasm       | import | 0.000000 1.000000 or refused line \\d+ column \\d+: .*measure
            q04-no-semicolon-barrier.qasm | import | refused line 6 column \\d+: .*;
            q05-no-semicolon-measure.qasm | import | refused line 6 column \\d+: .*;
            q07-measure-unknown-qubit.qasm | import | refused line \\d+ column \\d+: .*[qc]\\[[579]\\]
            q08-bit-measure-v3.qasm       | import | 0.955336 -1.000000
            q10-u3.qasm                   | import | 0.631376 0.995004
            q12-angle-pi-times.qasm       | import | 0.707107 0.500000
            q14-whole-register.qasm       | import | 0.921061 0.921061
            q15-two-registers.qasm        | import | 0.921061 1.000000 0.921061
            q17-gate-definition.qasm      | import | 0.912668 0.955336 or refused gate definition
            q19-gphase-v3.qasm            | import | 0.921061 1.000000
            q20-named-input-v3.qasm       | import | 0.877583 0.968912 or refused alpha
            q21-reset.qasm                | import | 1.000000 0.362358 or refused reset
            q22-undeclared-input-v3.qasm  | import | refused x_3
            j01-factor-text.json          | run    | refused factor
            j02-factor-null.json          | run    | refused factor
            c01-label-and-numbered-columns | show  | 4 of 1 x \\d+ x \\d+, 0: 2, 1: 2, mean 0.3127
            c02-named-label-numbered-columns.yaml | show | 4 of 1 x \\d+ x \\d+, 0: 2, 1: 2, mean 0.3127
            c04-first-row-blank-pixel     | show   | refused line 1, column 2: pixel ''
            c06-numbered-header           | show   | 4 of 1 x \\d+ x \\d+, .*, mean 0.3127
            c07-label-as-decimal          | show   | 4 of 1 x \\d+ x \\d+, 0: 2, 1: 2, mean .*
            c08-label-scientific.yaml     | show   | 2 of 1 x \\d+ x \\d+, 0: 1, 1: 1, mean 0.3875
            c10-java-number-suffix        | show   | refused line 1, column 2: .*expected a whole number 0 to 255
            g01-patient-as-decimal.yaml   | show   | refused patient 1 is in both splits
            i01-bmp-left-out              | show   | refused 2 files .*no PNG or JPEG
            i03-numbered-classes          | show   | 6 of .*, 0: 1, 1: 1, 2: 1, 3 9: 1, 4 10: 1, 5 11: 1, mean .*
            i04-empty-folder-shifts-ids   | show   | .*, 0 cat: \\d+, 1 dog: \\d+, mean .*
            i06-cmyk                      | show   | .*, mean 0.3529 or refused CMYK
            i07-exif-orientation-6        | show   | 2 of 1 x 16 x 8, .*
            s01-train-and-test-shapes-differ | show | refused 1 x 2 x 8; expected 1 x 4 x 4
            s02-dotted-names              | show   | 2 of 1 x 2 x 2, 0: 1, 1: 1, mean .*
            n01-float-levels.idx.gz       | infer  | refused expected 0\\S* to 1
            n03-levels-28x28.idx.gz       | infer  | 0.490002
            n04-out-of-range.csv.gz       | infer  | refused expected 0\\S* to 255
            t01-pandas-index.csv          | thresholds | a 1/1/0 2/2/0 b 1/1/0
            t04-two-unnamed-columns.csv   | thresholds | a 1/1/0 2/2/0 b 1/1/0
            t05-mixed-line-ends.csv       | thresholds | a 1/1/0 2/2/0 b 1/1/0 or refused line 2
            t06-quote-not-closed.csv      | thresholds | refused quote .*line 2
            t07-digit-underscore.csv      | thresholds | refused event 1.*c2
            y01-alias-name.yaml           | train  | tiny, 1 epochs or refused alias
            y04-alias-number.yaml         | train  | m, 3 epochs or refused alias
            y05-octal-epochs.yaml         | train  | m, 10 epochs or refused epochs
            y07-tab-after-colon.yaml      | train  | m, 1 epochs or refused line \\d+.*tab
            y08-two-documents.yaml        | train  | refused line 16.*second document
            a01-tiny-feature.json         | optimize | -6.9315e-01 or refused featureBits
            a03-huge-weights.json         | optimize | -6.9315e\\+307 or refused weight
            a04-nan.json                  | optimize | refused line 1.*NaN
            baseline                      | beats  | as 103
            microvolts                    | beats  | as 103
            time-resolution               | beats  | as 103
            invalid-samples               | beats  | fewer than 103 or differs from 103 by less than 100 or refused 100
            lead-after-word               | beats  | as 103 or refused 100
            format-16                     | beats  | as 103 or refused 100.*16
            no-end-mark                   | beats  | as 103, told or refused 100
            r01-plan-lower-above-upper.json | export | refused lower
            r03-plan-impossible-numbers.json | export | refused bandwidthHz|computeUnits|node
            r04-one-bit-flipped.parquet   | budget | refused r04-one-bit-flipped
            r04-whole.parquet             | budget | 12 events, TPR 0.250
            r05-small-weights.json        | check  | optimal within 1e-9 or feasible
            """;

    @TempDir
    private Path folder;

    private String out;
    private String err;
    private int made;

    private record Row(String name, String command, List<String> right) {
        static Row of(String line) {
            String[] parts = line.split("\\|", 3);
            return new Row(
                    parts[0].strip(), parts[1].strip(), List.of(parts[2].strip().split(" or ")));
        }

        boolean isRight(String answer) {
            return right.stream()
                    .anyMatch(r -> r.startsWith("refused ")
                            ? answer.startsWith("refused ")
                                    && Pattern.compile(r.substring(8))
                                            .matcher(answer)
                                            .find(8)
                            : answer.matches(r));
        }
    }

    @Test
    void everyCaseIsRight() throws IOException {
        List<Row> rows = TABLE.lines().map(Row::of).toList();
        List<String> wrong = new ArrayList<>();
        Set<String> mended = new TreeSet<>();
        for (Row row : rows) {
            String answer = answer(row.name(), row.command());
            if (!row.isRight(answer)) {
                wrong.add(row.name() + ": " + answer + "\n    right: " + String.join(" or ", row.right()));
            } else if (OPEN.contains(row.name())) {
                mended.add(row.name());
            }
        }
        String summary = rows.size() - wrong.size() + " of " + rows.size() + " cases right";
        // What the runner is asked for.
        System.out.println(summary);
        List<String> unexpected =
                wrong.stream().filter(w -> !OPEN.contains(w.split(":")[0])).toList();
        assertEquals("", String.join("\n", unexpected), summary);
        assertEquals(Set.of(), mended, "right by now, no longer open");
    }

    @Test
    void everyFileHasARow() throws IOException {
        Set<String> named = TABLE.lines().map(line -> Row.of(line).name()).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(CASES)) {
            assertEquals(
                    List.of(),
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> !named.contains(name) && !named.contains(name + ".yaml"))
                            .toList());
        }
    }

    private String answer(String name, String command) throws IOException {
        String file = CASES.resolve(name).toString();
        String own = folder.resolve("o" + made++).toString();
        return switch (command) {
            case "import" ->
                run("circuit", "import", file, "-o", own) && run("circuit", "run", halves(own), "--json")
                        ? values()
                        : refusal();
            case "run" -> run("circuit", "run", file, "--json") ? values() : refusal();
            case "show" -> run("data", "show", file, "--json") ? shown() : refusal();
            case "infer" ->
                run("infer", "models/bundle-hybrid", "--device", "ue1", "--input", file, "--json")
                        ? format("%.6f", number(json().get("confidences"), 0))
                        : refusal();
            case "thresholds" -> run("thresholds", file, "--all") ? corners() : refusal();
            case "train" ->
                run("train", file, "--out", own, "--json")
                        ? json().get("model") + ", "
                                + err.lines()
                                        .filter(line -> line.startsWith("epoch "))
                                        .count() + " epochs"
                        : refusal();
            case "optimize" ->
                run("optimize", file, "--fairness-seconds", "0", "--seconds", "5", "--json")
                        ? format("%.4e", json().get("objective"))
                        : refusal();
            case "beats" -> beats(name, Path.of(own));
            case "export" ->
                run(
                                "export",
                                "models/quickstart-hybrid",
                                "--config",
                                "experiments/quickstart.yaml",
                                "--plan",
                                file,
                                "--out",
                                own)
                        ? "exported"
                        : refusal();
            case "budget" -> run("thresholds", file, "--budget", "3", "--json") ? chosen() : refusal();
            case "check" -> checked(file, own);
            default -> throw new AssertionError(command);
        };
    }

    private boolean run(String... args) {
        StringWriter stdout = new StringWriter();
        StringWriter stderr = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(stdout))
                .setErr(new PrintWriter(stderr))
                .execute(args);
        out = stdout.toString();
        err = stderr.toString();
        return code == 0;
    }

    /** One line; what was told of single events or devices before it may say why. */
    private String refusal() {
        List<String> lines = err.strip().lines().toList();
        boolean clear = !lines.isEmpty()
                && lines.stream().allMatch(line -> line.startsWith("qexit: ") || line.startsWith("epoch "))
                && !err.contains("this is a bug")
                && lines.size() <= 3;
        String text = String.join(" // ", lines);
        return (clear ? "refused " : "failed ") + text.substring(0, Math.min(400, text.length()));
    }

    private Map<?, ?> json() {
        return Json.parse("output", out.lines().findFirst().orElse(""), Map.class);
    }

    private static Object number(Object list, int index) {
        return ((List<?>) list).get(index);
    }

    private static String format(String format, Object value) {
        return String.format(Locale.ROOT, format, ((Number) value).doubleValue());
    }

    /** Sets the inputs of an imported circuit, which OpenQASM gives no values, to 0.5. */
    @SuppressWarnings("unchecked")
    private static String halves(String circuit) {
        Map<String, Object> file = Json.read(Path.of(circuit), Map.class);
        Map<String, Object> first = (Map<String, Object>) number(file.get("cases"), 0);
        if (first.get("x") != null) {
            int inputs = ((List<?>) number(first.get("x"), 0)).size();
            first.put("x", List.of(Collections.nCopies(inputs, 0.5)));
        }
        Json.write(Path.of(circuit), file);
        return circuit;
    }

    /** ⟨Z⟩ of all qubits. */
    private String values() {
        Map<?, ?> first = (Map<?, ?>) number(json().get("cases"), 0);
        return ((List<?>) number(first.get("values"), 0))
                .stream()
                        .map(v -> format("%.6f", v).replace("-0.000000", "0.000000"))
                        .collect(Collectors.joining(" "));
    }

    private String shown() {
        Map<?, ?> train = (Map<?, ?>) number(json().get("splits"), 0);
        StringBuilder text = new StringBuilder(train.get("size") + " of " + train.get("channels") + " x "
                + train.get("height") + " x " + train.get("width"));
        ((Map<?, ?>) train.get("classCounts")).forEach((label, count) -> text.append(", " + label + ": " + count));
        return text + ", mean " + format("%.4f", train.get("pixelMean"));
    }

    private String corners() {
        StringBuilder text = new StringBuilder();
        String device = "";
        for (String line : out.lines().skip(1).toList()) {
            String[] cells = line.split(",");
            if (cells[1].equals("0")) {
                continue;
            }
            text.append(cells[0].equals(device) ? "" : cells[0] + " ");
            device = cells[0];
            text.append(cells[1] + "/" + cells[2] + "/" + cells[3] + " ");
        }
        return text.toString().strip();
    }

    private String chosen() {
        Map<?, ?> device =
                (Map<?, ?>) number(Json.parse("output", out, Map.class).get("devices"), 0);
        Map<?, ?> rate = (Map<?, ?>) ((Map<?, ?>) device.get("chosen")).get("tpr");
        return device.get("events") + " events, TPR " + format("%.3f", rate.get("value"));
    }

    private String checked(String file, String plan) {
        if (!run("optimize", file, "--fairness-seconds", "0", "--out", plan) || !run("check", plan, file)) {
            return refusal();
        }
        Map<?, ?> made = Json.read(Path.of(plan), Map.class);
        double gap = ((Number) made.get("gap")).doubleValue();
        double objective = ((Number) made.get("objective")).doubleValue();
        return made.get("status").equals("optimal")
                ? gap <= 1e-9 * Math.abs(objective) ? "optimal within 1e-9" : "optimal with a gap of " + gap
                : made.get("status").toString();
    }

    /** Rows of record 100 beside those of record 103. */
    private String beats(String kind, Path own) throws IOException {
        Path records = CaseRecords.write(kind, own.resolve("records"));
        Path beats = own.resolve("beats");
        if (!run("data", "beats", records.toString(), "--out", beats.toString())) {
            return refusal();
        }
        Dataset test =
                DatasetCatalog.of(List.of()).load(own.resolve("beats.json").toString(), Split.TEST);
        Map<String, int[]> groups = test.samplesByGroup();
        int[] variant = groups.getOrDefault("100", new int[0]);
        int[] plain = groups.get("103");
        if (variant.length != plain.length) {
            return variant.length < plain.length ? "fewer than 103" : "more than 103";
        }
        int most = 0;
        for (int i = 0; i < plain.length; i++) {
            byte[] here = test.rawBytes(variant[i]);
            byte[] there = test.rawBytes(plain[i]);
            if (test.classOf(variant[i]) != test.classOf(plain[i])) {
                return "other classes than 103";
            }
            for (int t = 0; t < here.length; t++) {
                most = Math.max(most, Math.abs((here[t] & 0xff) - (there[t] & 0xff)));
            }
        }
        return most == 0
                ? "as 103" + (err.isEmpty() ? "" : ", told")
                : "differs from 103 by " + (most < 100 ? "less than 100" : most);
    }
}
