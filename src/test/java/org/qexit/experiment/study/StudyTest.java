package org.qexit.experiment.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.DirectoryLock;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.Split;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.experiment.run.TrainingRun;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.training.TrainedModel;
import org.qexit.nn.training.Trainer;
import org.qexit.nn.training.TrainingData;
import org.qexit.threshold.BudgetSearch;
import org.qexit.threshold.Frontier;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

/** The whole study on made-up beats of made-up patients, a few seconds of training. */
class StudyTest {
    private static final int LENGTH = 24;
    private static final String CONFIG = """
            format: qexit.study/1
            name: tiny
            data:
              - name: beats
                dataset: beats
                task: {critical: [1], normal: [0], keepAll: true}
                trainEvents: 200
                validationShare: 0.4
                model:
                  name: net
                  blocks: [{channels: 3, kernel: 5, pool: 4}, {channels: 3}]
                  heads: [{kind: quantum, qubits: 2, layers: 1}, {kind: quantum, qubits: 2, layers: 1}]
            training: {epochs: 4, warmupEpochs: 2, batch: 16, learningRate: 0.02}
            losses:
              - {name: ce, budgetFree: true, training: {surrogateWeight: 0}}
              - {name: path, training: {surrogate: path}}
            parts:
              - {heads: [hybrid], budgets: [0.1, 0.3], seeds: [1, 2]}
              - {heads: [linear], losses: [ce], budgets: [0.3], seeds: [1]}
            """;

    @TempDir
    private Path folder;

    /** Noisy bumps; abnormal ones are wider. Six patients learn, five others are tested. */
    private DatasetCatalog catalog() throws IOException {
        for (String part : List.of("train", "test")) {
            int patients = part.equals("train") ? 6 : 5;
            int n = patients * 60;
            SplittableRandom random = RandomStreams.of(7).stream(part);
            ByteBuffer x = ByteBuffer.allocate(16 + n * LENGTH)
                    .putInt(0x0803)
                    .putInt(n)
                    .putInt(1)
                    .putInt(LENGTH);
            ByteBuffer y = ByteBuffer.allocate(8 + n).putInt(0x0801).putInt(n);
            StringBuilder groups = new StringBuilder("record\n");
            for (int i = 0; i < n; i++) {
                int label = random.nextInt(5) == 0 ? 1 : 0;
                double width = label == 1 ? 3 + random.nextDouble() : 2 + 1.5 * random.nextDouble();
                for (int t = 0; t < LENGTH; t++) {
                    double bump = Math.exp(-Math.pow((t - 11) / width, 2));
                    x.put((byte) (int) (60 + 120 * bump + 50 * random.nextDouble()));
                }
                y.put((byte) label);
                groups.append(part).append(i * patients / n).append('\n');
            }
            Path base = folder.resolve("beats");
            Files.createDirectories(base);
            write(base.resolve(part + "-x"), x);
            write(base.resolve(part + "-y"), y);
            Files.writeString(base.resolve(part + ".csv"), groups);
        }
        Files.writeString(folder.resolve("beats.yaml"), """
                name: beats
                format: idx
                groups: record
                files:
                  - {role: train_images, name: train-x}
                  - {role: train_labels, name: train-y}
                  - {role: train_groups, name: train.csv}
                  - {role: test_images, name: test-x}
                  - {role: test_labels, name: test-y}
                  - {role: test_groups, name: test.csv}
                """);
        return DatasetCatalog.of(List.of(folder));
    }

    private static void write(Path file, ByteBuffer bytes) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(bytes.array());
        }
    }

    private StudyConfig config(String text) throws IOException {
        Path file = folder.resolve("study.yaml");
        Files.writeString(file, text);
        return StudyConfig.read(file);
    }

    private static List<StudyRow> rows(Path out) {
        return StudyResults.read(out.resolve("results.csv")).rows();
    }

    /** Lines without the processor time, and without the digest, which holds it. */
    private static TreeSet<String> lines(Path out) throws IOException {
        TreeSet<String> lines = new TreeSet<>();
        Files.readAllLines(out.resolve("results.csv")).forEach(l -> lines.add(l.replaceFirst("(,[^,]*){2}$", "")));
        return lines;
    }

    @Test
    void interruptedStudyGoesOnAndItsRowsAreThoseOfPlainTraining() throws Exception {
        DatasetCatalog catalog = catalog();
        StudyConfig config = config(CONFIG);
        Path out = folder.resolve("out");
        StudySummary summary = Study.run(config, catalog, out, 2, true);
        assertEquals(9, rows(out).size());
        checkSummary(summary, rows(out));
        checkFigures(out);
        checkAgainstPlainTraining(config, catalog, rows(out));

        // As if killed behind some of its rows: what is missing comes again, to the bit; what is there stays.
        TreeSet<String> whole = lines(out);
        Path file = out.resolve("results.csv");
        List<String> all = Files.readAllLines(file);
        List<String> kept = new ArrayList<>(all);
        kept.removeIf(line -> line.contains(",path,0.3,2,") || line.contains(",ce,0.1,1,"));
        assertEquals(8, kept.size());
        Files.writeString(file, String.join("\n", kept) + "\n");
        Study.run(config, catalog, out, 1, true);
        assertEquals(whole, lines(out));
        assertTrue(Files.readAllLines(file).containsAll(kept));

        byte[] before = Files.readAllBytes(file);
        Study.run(config, catalog, out, 1, true);
        assertEquals(new String(before), Files.readString(file));

        StudyConfig other = config(CONFIG.replace("trainEvents: 200", "trainEvents: 201"));
        UserError error = assertThrows(UserError.class, () -> Study.run(other, catalog, out, 1, true));
        assertTrue(error.getMessage().contains("other settings"), error.getMessage());
    }

    private static void checkSummary(StudySummary summary, List<StudyRow> rows) {
        assertEquals(5, summary.means().size());
        assertEquals(2, summary.losses().size());
        StudySummary.Comparison path = summary.losses().get(1);
        assertEquals(0.3, path.pair().budget());
        double sum = 0;
        for (long seed : new long[] {1, 2}) {
            sum += row(rows, "hybrid", "path", 0.3, seed).test().truePositiveRate()
                    - row(rows, "hybrid", "ce", 0.3, seed).test().truePositiveRate();
        }
        assertEquals(sum / 2, path.tpr().mean(), 1e-12);
        StudySummary.Comparison twin = summary.heads().get(0);
        assertEquals("linear", twin.pair().second());
        assertEquals(1, twin.tpr().interval().count());
        assertEquals(
                row(rows, "hybrid", "ce", 0.3, 1).frontierRate()
                        - row(rows, "linear", "ce", 0.3, 1).frontierRate(),
                twin.frontierTpr().mean(),
                1e-12);
    }

    private static StudyRow row(List<StudyRow> rows, String head, String loss, double budget, long seed) {
        String key = "beats/" + head + "/" + loss + "/" + budget + "/" + seed;
        return rows.stream().filter(r -> r.key().equals(key)).findFirst().orElseThrow();
    }

    private static void checkFigures(Path out) throws Exception {
        for (String name : List.of("losses.svg", "heads.svg")) {
            DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(out.resolve(name).toFile());
        }
        String tables = Files.readString(out.resolve("summary.md"));
        assertTrue(tables.contains("| beats | hybrid | 30 % | path − ce | 2 |"), tables);
    }

    /** The rows of seed 1 from the trainer alone, without shared warm-up, and counts by the decision rule. */
    private void checkAgainstPlainTraining(StudyConfig config, DatasetCatalog catalog, List<StudyRow> rows) {
        StudyConfig.Data set = config.data().get(0);
        RandomStreams random = RandomStreams.of(1);
        Dataset train = catalog.load("beats", Split.TRAIN);
        Dataset test = catalog.load("beats", Split.TEST);
        LabelledSet all = set.task().on(train).apply(train, random, "task");
        LabelledSet events =
                all.holdOut(200.0 / all.size(), random, "study/events").heldOut();
        int compared = 0;
        for (StudyConfig.Loss loss : config.losses()) {
            for (double budget : new double[] {0.1, 0.3}) {
                TrainingConfig training = config.training(set, loss, budget);
                // The first 40 % of each patient's 60 beats choose epoch and thresholds.
                LabelledSet fresh = set.task().on(test).apply(test, random, "study/test");
                int[] first = IntStream.range(0, 300).filter(k -> k % 60 < 24).toArray();
                int[] rest = IntStream.range(0, 300).filter(k -> k % 60 >= 24).toArray();
                TrainedModel plain = Trainer.of(
                                set.model(),
                                training,
                                new TrainingData(events, fresh.select(first)),
                                random,
                                TrainingRun.EXACT)
                        .train();
                StudyRow row = row(rows, "hybrid", loss.name(), budget, 1);
                if (plain.bestEpoch() < training.softness().warmupEpochs()) {
                    continue;
                }
                compared++;
                assertEquals(plain.bestEpoch(), row.bestEpoch());
                DeviceTrace validation = plain.model().trace("v", fresh.select(first));
                DeviceTrace reported = plain.model().trace("t", fresh.select(rest));
                Thresholds thresholds = Frontier.of(validation)
                        .within((long) Math.floor(budget * 120 + 1e-9))
                        .thresholds();
                assertEquals(thresholds, new Thresholds(row.lower(), row.upper()));
                Confusion confusion = Confusion.of(reported, thresholds);
                assertEquals(180, row.test().events());
                assertEquals(confusion.truePositives(), row.test().truePositives());
                assertEquals(confusion.falsePositives(), row.test().falsePositives());
                assertEquals(
                        BudgetSearch.of(reported)
                                .within((long) Math.floor(budget * 180 + 1e-9))
                                .truePositives(),
                        row.frontier());
            }
        }
        assertTrue(compared >= 2, "only " + compared + " compared");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "losses: [ce], | losses: [nothing], | parts name the loss 'nothing'; expected one of: ce, path",
                "[0.1, 0.3] | [0.3, 0.1] | budgets is [0.3, 0.1]; expected ascending shares",
                "[0.1, 0.3] | [0, 0.3] | budgets is [0.0, 0.3]; expected ascending shares",
                "seeds: [1, 2] | seeds: [1, 1] | seeds is [1, 1]; expected different ones",
                "warmupEpochs: 2 | warmupEpochs: 4 | training.warmupEpochs is 4; expected at least 1 and less than epochs, 4",
                "surrogateWeight: 0 | surrogateWeight: 1 | loss ce is budgetFree, but surrogateWeight is 1.0",
                "surrogate: path | surrogate: path, learningRate: 0.1 | differ in the warm-up on beats",
                "surrogate: path | surrogate: paht | field 'surrogate' is 'paht'; expected one of: path, published",
                "batch: 16 | batch: 16, offloadBudget: 0.1 | expected it in the budgets of parts only",
                "name: beats | name: a/b | name is 'a/b'; expected letters, digits",
                "validationShare: 0.4 | validationShare: 1 | validationShare is 1.0; expected more than 0",
                "heads: [linear] | heads: [cubic] | is 'cubic'; expected one of: hybrid, bounded, separable, matched, linear",
                "batch: 16 | bach: 16 | unknown field 'bach'",
                "format: qexit.study/1 | format: qexit.run/1 | format is 'qexit.run/1'; expected qexit.study/1",
            })
    void hostileConfigurationEndsInOneLine(String from, String to, String message) {
        assertTrue(CONFIG.contains(from));
        UserError error = assertThrows(
                UserError.class,
                () -> config(CONFIG.replaceFirst(
                        java.util.regex.Pattern.quote(from), java.util.regex.Matcher.quoteReplacement(to))));
        assertTrue(error.getMessage().contains(message), error.getMessage());
        assertFalse(error.getMessage().contains("\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "beats,hybrid | nothing | line 2: 1 columns; expected 24",
                ",20,10, | ,5,10, | line 2: 7 + 3 offloads of 10 critical in 5 events",
                ",abc, | ,abc,x, | line 2: 25 columns; expected 24",
            })
    void hostileResultsEndInOneLine(String from, String to, String message) throws IOException {
        Path file = folder.resolve("results.csv");
        String row = BARE_ROW;
        Files.writeString(file, StudyRow.BARE_HEADER + "\n" + row + "\n");
        assertEquals(6, StudyResults.read(file).rows().get(0).frontier());
        String changed = from.startsWith("beats") ? to : row.replace(from, to);
        Files.writeString(file, StudyRow.BARE_HEADER + "\n" + changed + "\n");
        UserError error = assertThrows(UserError.class, () -> StudyResults.read(file));
        assertTrue(error.getMessage().contains(message), error.getMessage());
        Files.writeString(file, StudyRow.BARE_HEADER + "\n" + row + "\n" + row + "\n");
        UserError twice = assertThrows(UserError.class, () -> StudyResults.read(file));
        assertTrue(twice.getMessage().contains("line 3: beats/hybrid/ce/0.1/1 a second time"), twice.getMessage());
        Files.writeString(file, "other\n");
        assertThrows(UserError.class, () -> StudyResults.read(file));
    }

    private static final String BARE_ROW =
            "beats,hybrid,ce,0.1,1,abc,4,0.1,0.5,20,10,7,3,30,10,5,1,0.50000,0.20000,6,0.60000,0.10000,0.20000,1.0";

    /** Every digit of every column, of a row of today; of one of an earlier version, those that its rates tell of. */
    @Test
    void aChangedDigitIsNotSummedUp() throws IOException {
        Path file = folder.resolve("results.csv");
        Files.writeString(file, StudyRow.BARE_HEADER + "\n" + BARE_ROW + "\n");
        String row = StudyResults.read(file).rows().get(0).line();
        Files.writeString(file, StudyRow.HEADER + "\n" + row + "\n");
        assertEquals(row, StudyResults.read(file).rows().get(0).line());
        int changes = 0;
        for (int at = 0; at < row.length(); at++) {
            if (Character.isDigit(row.charAt(at))) {
                char other = (char) ('0' + (row.charAt(at) - '0' + 1 + at % 9) % 10);
                Files.writeString(
                        file, StudyRow.HEADER + "\n" + row.substring(0, at) + other + row.substring(at + 1) + "\n");
                UserError error = assertThrows(UserError.class, () -> StudyResults.read(file));
                assertTrue(error.getMessage().contains("results.csv line 2"), error.getMessage());
                changes++;
            }
        }
        assertTrue(changes > 50, changes + " changes");
        for (String change : List.of(",5,1,|,6,1,", ",0.50000,|,0.50001,", ",30,|,31,", ",6,0.6|,7,0.6")) {
            String[] words = change.split("\\|");
            Files.writeString(file, StudyRow.BARE_HEADER + "\n" + BARE_ROW.replace(words[0], words[1]) + "\n");
            assertThrows(UserError.class, () -> StudyResults.read(file), change);
        }
    }

    @Test
    void theCommittedResultsAreReadable() {
        for (String study : List.of("surrogate", "surrogate/tight", "surrogate/limited")) {
            assertTrue(rows(Path.of("experiments", study)).size() >= 10, study);
        }
    }

    @Test
    void aSecondStudyInTheSameDirectoryIsRefused() throws IOException {
        DatasetCatalog catalog = catalog();
        StudyConfig config = config(CONFIG);
        Path out = folder.resolve("out");
        DirectoryLock first = DirectoryLock.inside(out);
        UserError error = assertThrows(UserError.class, () -> Study.run(config, catalog, out, 1, true));
        assertTrue(error.getMessage().startsWith(out + ": another qexit"), error.getMessage());
        first.close();
        assertFalse(Files.exists(out));
    }
}
