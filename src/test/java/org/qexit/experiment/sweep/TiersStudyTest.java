package org.qexit.experiment.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.ConfigText;
import org.qexit.common.statistics.MeanInterval;
import org.qexit.experiment.results.StudyPlace;
import org.qexit.experiment.run.RunConfig;
import org.qexit.tier.scenario.PlanChoice;
import org.qexit.tier.scenario.Policy;
import org.qexit.tier.scenario.Scenario;

/** The committed study of plans, policies and tiers: its files are read, and its pages and pictures are those of its results. */
class TiersStudyTest {
    private static final Path STUDY = Path.of("experiments/tiers");
    private static final int REPLICATIONS = 10;

    @TempDir
    private static Path folder;

    private static SweepSummary again() throws IOException {
        Files.copy(STUDY.resolve("results.csv"), Files.createDirectories(folder).resolve("results.csv"));
        return Sweep.run(
                ConfigText.of(STUDY.resolve("study.yaml")),
                folder,
                new Sweep.Options(List.of(), false, StudyPlace.here(null, 1), 1, new AtomicBoolean()));
    }

    @Test
    void tablesAndPicturesAreThoseOfTheResults() throws IOException {
        SweepSummary summary = again();
        assertEquals(Files.readString(folder.resolve("summary.md")), Files.readString(STUDY.resolve("summary.md")));
        String page = Files.readString(STUDY.resolve("README.md"));
        for (SweepSummary.Part part : summary.parts()) {
            String picture = part.name() + ".svg";
            assertEquals(Files.readString(folder.resolve(picture)), Files.readString(STUDY.resolve(picture)), picture);
            assertTrue(page.contains("](" + picture + ")"), picture);
        }
        Set<String> rows = new HashSet<>(Files.readAllLines(STUDY.resolve("summary.md")));
        List<String> shown = page.lines().filter(line -> line.startsWith("|")).toList();
        assertTrue(shown.size() > 50, "tables");
        shown.forEach(line -> assertTrue(rows.contains(line), line));
    }

    /** Every cell that the configuration and the scenarios ask for is in the results, with all replications or none. */
    @Test
    void nothingIsMissing() {
        Map<SweepRow.Cell, Integer> counts = new HashMap<>();
        SweepResults.read(STUDY.resolve("results.csv"))
                .forEach(row -> counts.merge(row.cell(), row.replication() == null ? 0 : 1, Integer::sum));
        int cells = 0;
        for (SweepConfig.Part part :
                SweepConfig.read(STUDY.resolve("study.yaml")).parts()) {
            for (SweepConfig.Series series : part.series()) {
                for (int step = 0; step < part.sweep().values().size(); step++) {
                    Map<String, Object> set = new HashMap<>(series.set());
                    int at = step;
                    part.sweep().set().forEach((path, values) -> set.put(path, values.get(at)));
                    Scenario scenario = Scenario.read(STUDY.resolve(part.scenario()), set);
                    assertEquals(REPLICATIONS, scenario.replications());
                    for (PlanChoice plan : scenario.plans()) {
                        for (Policy policy : scenario.policies()) {
                            SweepRow.Cell cell = new SweepRow.Cell(
                                    part.name(),
                                    series.name(),
                                    part.sweep().values().get(step).text(),
                                    plan.name(),
                                    policy.name());
                            assertNotNull(counts.get(cell), cell.toString());
                            assertTrue(counts.get(cell) == REPLICATIONS || counts.get(cell) == 0, cell.toString());
                            cells++;
                        }
                    }
                }
            }
        }
        assertEquals(cells, counts.size());
        assertEquals("narrow", RunConfig.read(STUDY.resolve("narrow.yaml")).name());
    }

    /** One difference, with its interval, by hand: 2.262157 is the 97.5 % point of Student's t with nine degrees of freedom. */
    @Test
    void differencesAreOverPairs() {
        double[] exact = new double[REPLICATIONS];
        double[] nearest = new double[REPLICATIONS];
        SweepResults.read(STUDY.resolve("results.csv")).stream()
                .filter(row -> row.cell().part().equals("load")
                        && row.cell().series().equals("weighted")
                        && row.cell().step().equals("0.75"))
                .forEach(row -> {
                    int number = row.replication().number();
                    if (row.cell().plan().equals("exact")) {
                        exact[number] = 100 * row.replication().utility();
                    } else if (row.cell().plan().equals("nearest")) {
                        nearest[number] = 100 * row.replication().utility();
                    }
                });
        double mean = 0;
        for (int r = 0; r < REPLICATIONS; r++) {
            mean += (nearest[r] - exact[r]) / REPLICATIONS;
        }
        double squares = 0;
        for (int r = 0; r < REPLICATIONS; r++) {
            squares += Math.pow(nearest[r] - exact[r] - mean, 2);
        }
        double half = 2.262157 * Math.sqrt(squares / (REPLICATIONS - 1) / REPLICATIONS);
        SweepSummary summary = SweepSummary.of(
                SweepConfig.read(STUDY.resolve("study.yaml")), SweepResults.read(STUDY.resolve("results.csv")));
        MeanInterval difference = summary.parts().get(0).rows().stream()
                .filter(row -> row.series().equals("weighted")
                        && row.step().equals("0.75")
                        && row.plan().equals("nearest"))
                .findFirst()
                .orElseThrow()
                .differences()
                .get(0);
        assertEquals(mean, difference.mean(), 1e-9);
        assertEquals(mean - half, difference.low(), 1e-5);
        assertEquals(mean + half, difference.high(), 1e-5);
    }
}
