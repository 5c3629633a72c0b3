package org.qexit.experiment.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.experiment.results.StudyPlace;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;

class RuleStudyTest {
    private static final Path COMMITTED = Path.of("experiments/thresholds/study.yaml");

    private static final String DRAWN = """
            format: qexit.rules/1
            name: small
            sets:
              - name: drawn
                drawn: {devices: 3, events: 300, critical: 0.15, separations: [1, 2, 3.5], shared: 0.3, costs: [10, 25, 45]}
            budgets: [0.05, 0.15]
            seeds: [1, 2, 3]
            """;

    @TempDir
    private Path folder;

    private RuleStudyConfig config(String text) throws Exception {
        Path file = folder.resolve("study.yaml");
        Files.writeString(file, text);
        return RuleStudyConfig.read(file);
    }

    /** Every rule keeps its caps on the events that it was chosen on, and per-exit is never behind what it contains. */
    @Test
    void rulesAreTheBestOfTheirKindWithinTheBudget() {
        DrawnScores scores = new DrawnScores(1, 400, 0.15, List.of(1.0, 2.0, 3.0), 0.3, List.of(10L, 25L, 45L));
        List<BigDecimal> costs = List.of(BigDecimal.TEN, BigDecimal.valueOf(25), BigDecimal.valueOf(45));
        for (long seed = 1; seed <= 5; seed++) {
            DeviceTrace trace = scores.draw("ue1", RandomStreams.of(seed).stream("test"));
            for (double budget : new double[] {0, 0.02, 0.1, 0.4, 1}) {
                Map<String, Rule> rules = RuleChoice.of(trace, budget, costs);
                assertEquals(RuleChoice.names(3), List.copyOf(rules.keySet()));
                int each = Confusion.of(trace, rules.get(RuleChoice.PER_EXIT)).truePositives();
                rules.forEach((name, rule) -> {
                    Confusion counts = Confusion.of(trace, rule);
                    assertTrue(counts.offloads() <= budget * 400 + 1e-9, name);
                    assertTrue(counts.truePositives() <= each, name + " finds " + counts.truePositives());
                });
                for (int q = 0; q < 3; q++) {
                    Confusion alone = Confusion.of(trace, rules.get(RuleChoice.single(q + 1)));
                    assertEquals(400, alone.exits().get(q), "all events leave at exit " + (q + 1));
                }
                double pairs = cost(Confusion.of(trace, rules.get(RuleChoice.PAIR)));
                assertTrue(cost(Confusion.of(trace, rules.get(RuleChoice.AT_PAIRS_COST))) <= pairs + 1e-3);
            }
        }
    }

    private static double cost(Confusion counts) {
        return (10.0 * counts.exits().get(0)
                        + 25 * counts.exits().get(1)
                        + 45 * counts.exits().get(2))
                / 400;
    }

    @Test
    void aStudyCountsAndGoesOn() throws Exception {
        RuleStudyConfig config = config(DRAWN);
        RuleSummary summary = RuleStudy.run(config, StudyPlace.here(null, 1), folder, true, new AtomicBoolean());
        assertEquals(2 * RuleChoice.names(3).size(), summary.lines().size());
        for (RuleSummary.Line line : summary.lines()) {
            if (line.rule().equals(RuleChoice.PAIR)) {
                assertNull(line.difference());
                assertEquals(1, line.relativeCost(), 1e-12);
            } else {
                assertEquals(3, line.difference().count());
            }
        }
        double first = tprAtRate(summary, "exit-1");
        assertTrue(tprAtRate(summary, "exit-3") > first + 0.15, summary.toString());
        assertTrue(tprAtRate(summary, "per-exit") > first + 0.1, summary.toString());
        List<String> lines = Files.readAllLines(folder.resolve("results.csv"));
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",");
            assertTrue(Double.parseDouble(cells[12]) <= Double.parseDouble(cells[2]) * 900, line);
        }
        // A unit that was interrupted is counted again, to the same rows.
        Files.write(
                folder.resolve("results.csv"),
                lines.subList(0, 1 + 2 * RuleChoice.names(3).size()));
        assertThrows(
                UserError.class,
                () -> RuleStudy.run(config, StudyPlace.here(null, 1), folder, true, new AtomicBoolean(true)));
        RuleStudy.run(config, StudyPlace.here(null, 1), folder, true, new AtomicBoolean());
        assertEquals(lines, Files.readAllLines(folder.resolve("results.csv")));
        assertTrue(Files.readString(folder.resolve("summary.md")).contains("| drawn | 15.0 % | per-exit |"));
        assertTrue(Files.readString(folder.resolve("rules.svg")).contains("<svg"));
    }

    private static double tprAtRate(RuleSummary summary, String rule) {
        return summary.lines().stream()
                .filter(line -> line.rule().equals(rule) && line.budget() == 0.15)
                .findFirst()
                .orElseThrow()
                .tprAtRate();
    }

    @Test
    void theCommittedResultsAreThoseOfTheirConfiguration() throws Exception {
        RuleStudyConfig config = RuleStudyConfig.read(COMMITTED);
        Files.copy(COMMITTED.resolveSibling("results.csv"), folder.resolve("results.csv"));
        RuleSummary summary = RuleStudy.run(config, StudyPlace.here(null, 1), folder, false, new AtomicBoolean());
        assertEquals(
                config.sets().size()
                        * config.budgets().size()
                        * RuleChoice.names(3).size(),
                summary.lines().size());
        summary.lines().stream()
                .filter(line -> line.difference() != null)
                .forEach(line ->
                        assertEquals(config.seeds().size(), line.difference().count()));
        assertEquals(
                Files.readString(COMMITTED.resolveSibling("summary.md")),
                Files.readString(folder.resolve("summary.md")));
    }

    @Test
    void aSetIsATrainedOneOrADrawnOne() {
        for (String other :
                List.of("    streams: {count: 2}\n    drawn: {", "    training: {epochs: 2}\n    drawn: {")) {
            UserError error = assertThrows(UserError.class, () -> config(DRAWN.replace("    drawn: {", other)));
            assertTrue(error.getMessage().contains("expected either data and model"), error.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "budgets: [0.05, 0.15]|budgets: [0]|budgets is",
                "seeds: [1, 2, 3]|seeds: [1, 1]|seeds is",
                "separations: [1, 2, 3.5]|separations: [1, 2]|3 costs for 2 separations",
                "shared: 0.3|shared: 1.5|shared is 1.5",
                "devices: 3|devices: 0|devices is 0",
                "name: drawn|name: a/b|expected letters",
            })
    void badConfigurationsAreRefused(String from, String to, String said) {
        assertTrue(DRAWN.contains(from), from);
        UserError error = assertThrows(UserError.class, () -> config(DRAWN.replace(from, to.replace("\\n", "\n"))));
        assertTrue(error.getMessage().contains(said), error.getMessage());
    }
}
