package org.qexit.experiment.shots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.UserError;
import org.qexit.experiment.results.StudyPlace;

class ShotStudyTest {
    private static final Path COMMITTED = Path.of("experiments/shots/study.yaml");

    @TempDir
    private Path folder;

    private static final String HEADER = String.join(",", ShotTally.COLUMNS) + "\n";

    /** Two seeds: sequential 50 and 100 shots with 2 wrong; fixed 400 and 200 shots err as seldom: ratios 8 and 2, mean 4. */
    @Test
    void summaryComparesAtEqualDecisionError() throws Exception {
        String rest = ",10,1,100,10,11,9,11";
        Files.writeString(
                folder.resolve("results.csv"),
                HEADER
                        + "4,none,1,betting,10000,1000,2,1,3,50" + rest + "\n"
                        + "4,none,1,fixed,100,1000,9,9,0,100" + rest + "\n"
                        + "4,none,1,fixed,400,1000,2,2,0,400" + rest + "\n"
                        + "4,none,1,fixed,800,1000,3,3,0,800" + rest + "\n"
                        + "4,none,2,betting,10000,1000,2,0,3,100" + rest + "\n"
                        + "4,none,2,fixed,100,1000,5,5,0,200" + rest + "\n"
                        + "4,none,2,fixed,400,1000,4,4,0,200" + rest + "\n");
        ShotSummary summary = ShotStudy.run(
                ShotStudyConfig.read(COMMITTED), StudyPlace.here(null, 1), folder, false, new AtomicBoolean());
        ShotSummary.Line line = summary.lines().get(0);
        assertEquals(75, line.shots().mean(), 1e-12);
        assertEquals(4, line.ratio().mean(), 1e-9);
        assertEquals(1, line.unreached());
        assertEquals(0.0005, line.wrongBeforeCap(), 1e-12);
        assertTrue(Files.readString(folder.resolve("summary.md")).contains("| none | 4 | betting | 75"));
        assertTrue(Files.readString(folder.resolve("shots.svg")).contains("<svg"));
    }

    @Test
    void theCommittedResultsAreThoseOfTheirConfiguration() throws Exception {
        ShotStudyConfig config = ShotStudyConfig.read(COMMITTED);
        Files.copy(COMMITTED.resolveSibling("results.csv"), folder.resolve("results.csv"));
        ShotSummary summary = ShotStudy.run(config, StudyPlace.here(null, 1), folder, false, new AtomicBoolean());
        assertEquals(
                config.qubits().size() * config.noise().size() * config.bounds().size(),
                summary.lines().size());
        for (ShotSummary.Line line : summary.lines()) {
            assertEquals(config.seeds().size(), line.shots().count());
            assertTrue(line.wrongBeforeCap() <= config.delta());
        }
        assertEquals(
                Files.readString(COMMITTED.resolveSibling("summary.md")),
                Files.readString(folder.resolve("summary.md")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "qubits: [2, 3, 4, 5, 6]|qubits: [2, 11]|qubits is 11",
                "seeds: [1, 2, 3, 4, 5]|seeds: []|seeds is empty",
                "delta: 0.05|delta: 1|delta is 1.0",
                "maxShots: 10000|maxShots: 0|maxShots is 0",
                "fixed: [10,|fixed: [50,|expected ascending",
                "noise: [none,|noise: [loud,|noise 'loud'",
                "kind: quantum, qubits: 4, layers: 2|kind: linear|no quantum head",
            })
    void badConfigurationsAreRefused(String from, String to, String said) throws Exception {
        Path file = folder.resolve("study.yaml");
        String text = Files.readString(COMMITTED);
        assertTrue(text.contains(from), from);
        Files.writeString(file, text.replace(from, to));
        UserError error = assertThrows(UserError.class, () -> ShotStudyConfig.read(file));
        assertTrue(error.getMessage().contains(said), error.getMessage());
    }

    @Test
    void foreignAndDamagedResultsAreRefused() throws Exception {
        ShotStudyConfig config = ShotStudyConfig.read(COMMITTED);
        Path results = folder.resolve("results.csv");
        for (String text :
                new String[] {"", "a,b\n", HEADER + "4,none,1\n", HEADER + "4,none,x" + ",1".repeat(14) + "\n"}) {
            Files.writeString(results, text);
            assertThrows(
                    UserError.class,
                    () -> ShotStudy.run(config, StudyPlace.here(null, 1), folder, false, new AtomicBoolean()));
        }
    }
}
