package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.AtomicFiles;
import org.qexit.common.Hashing;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.catalog.Subset;
import picocli.CommandLine;

/** Names, numbers and bytes are those of the root locale where people write other digits, another i or another calendar. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocaleTest {
    /** Digits of any script but ours. */
    private static final Pattern FOREIGN_DIGIT = Pattern.compile("[\\p{Nd}&&[^0-9]]");

    /** Files that hold times. */
    private static final Pattern TIMED =
            Pattern.compile("plan\\.json|.*(run\\.json|report\\.html|history\\.json|metrics\\.csv|tfevents.*)");

    private final Locale before = Locale.getDefault();

    @TempDir
    private static Path directory;

    private Path config;
    private Path damaged;
    private Map<String, String> expected;
    private String said;

    private String run(int code, String command, Path out) {
        StringWriter text = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(text, true));
        line.setErr(new PrintWriter(text, true));
        String words = command.replace("CONFIG", config.toString())
                .replace("IMAGES", directory.resolve("images").toString())
                .replace("DAMAGED", damaged.toString())
                .replace("OUT", out.toString());
        assertEquals(code, line.execute(words.split(" +")), command + ": " + text);
        return text.toString();
    }

    /** What commands write, and what they say without times. */
    private String commands(Path out) {
        StringBuilder all = new StringBuilder();
        run(0, "run CONFIG --out OUT/run --quiet", out);
        run(0, "train CONFIG --out OUT/model", out);
        all.append(run(0, "train CONFIG --out OUT/model --resume --json", out));
        for (String command : List.of(
                "trace OUT/model CONFIG --out OUT/trace.csv",
                "thresholds OUT/run/traces/hybrid-validation.parquet --budget 0.2",
                "thresholds OUT/trace.csv --all",
                "optimize OUT/run/instance-hybrid.json --method nearest --out OUT/plan.json --fairness-seconds 0",
                "check OUT/run/plan-hybrid-exact.json OUT/run/instance-hybrid.json",
                "export OUT/run --out OUT/bundle --zip OUT/bundle.zip --qasm 2",
                "circuit import OUT/bundle/circuits/exit-2.qasm -o OUT/circuit.json",
                "circuit run OUT/circuit.json --json",
                "circuit draw OUT/circuit.json",
                "data subset IMAGES --train-per-class 3 --test-per-class 2 --out OUT/small",
                "data show OUT/small")) {
            all.append(run(0, command, out));
        }
        all.append(run(2, "thresholds DAMAGED", out));
        return all.toString()
                .replace(out.toString(), "OUT")
                .replaceAll("(\"seconds\":)[0-9.E-]+", "$1T")
                .replaceAll("[0-9.]+(e-?[0-9]+)? (m?s|seconds|MiB)\\b", "T");
    }

    private static Map<String, String> files(Path out) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(out)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = out.relativize(file).toString();
                byte[] bytes = Files.readAllBytes(file);
                String text = new String(bytes, StandardCharsets.UTF_8);
                files.put(name, TIMED.matcher(name).matches() ? "" : Hashing.sha256Hex(bytes));
                if (name.matches(".*(json|csv|html|md|svg|qasm)")) {
                    assertFalse(FOREIGN_DIGIT.matcher(text).find(), name);
                }
                if (name.endsWith("metrics.csv")) {
                    // Times are of some digits or others, but numbers as we write them.
                    assertTrue(text.lines().skip(1).allMatch(l -> l.matches("[-+0-9.,eEInfiytNaN]*")), text);
                }
            }
        }
        return files;
    }

    @BeforeAll
    void inTheRootLocale() throws IOException {
        Path images = directory.resolve("images");
        new Subset(40, 40, 1).write(DatasetCatalog.standard(null), "fashion-mnist-12k", images);
        config = Files.writeString(
                directory.resolve("run.yaml"), DamagedRunTest.CONFIG.replace("DATA", images.toString()));
        damaged = Files.writeString(directory.resolve("damaged.csv"), "device,event,label,c1\na,1,1,0.5\na,2,7,0.25\n");
        Locale.setDefault(Locale.ROOT);
        Path out = directory.resolve("out");
        said = commands(out);
        expected = files(out);
        assertTrue(expected.size() > 40, expected.keySet().toString());
    }

    @AfterEach
    void giveBack() {
        Locale.setDefault(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ar-SA-u-nu-arab", "fa-IR", "tr-TR", "th-TH-u-nu-thai-ca-buddhist"})
    void theSameNamesNumbersAndBytes(String tag) throws IOException {
        Locale.setDefault(Locale.forLanguageTag(tag));
        // The same place each time: a bundle's card says where it came from.
        Path out = directory.resolve("out");
        AtomicFiles.deleteTree(out);
        assertLinesMatch(said.lines().map(Pattern::quote), commands(out).lines());
        Map<String, String> found = files(out);
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach((name, sha256) -> assertEquals(sha256, found.get(name), name));
    }

    /** The locales do what is tested against: they write other digits, and a dotted capital I. */
    @Test
    void theLocalesAreOther() {
        assertTrue(FOREIGN_DIGIT
                .matcher(String.format(Locale.forLanguageTag("fa-IR"), "%d", 14))
                .find());
        assertTrue(FOREIGN_DIGIT
                .matcher(String.format(Locale.forLanguageTag("th-TH-u-nu-thai"), "%.2f", 0.5))
                .find());
        assertFalse("exit".toUpperCase(Locale.forLanguageTag("tr-TR")).equals("EXIT"));
    }
}
