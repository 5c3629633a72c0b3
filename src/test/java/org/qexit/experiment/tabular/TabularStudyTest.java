package org.qexit.experiment.tabular;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.ConfigText;
import org.qexit.common.UserError;
import org.qexit.experiment.results.StudyPlace;

class TabularStudyTest {
    private static final String CONFIG = "format: qexit.tabular/1\nname: small\nfeatures: 2\n"
            + "families: [linearly_separable, two_curves]\nmodels: [svc, dressed, dressed-separable, dressed-twin]\n"
            + "refits: 2\ngrid: {layers: [1], learningRate: [0.1], gamma: [0.1, 1], C: [10]}\n";

    @TempDir
    private Path folder;

    private TabularConfig config(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("study.yaml"), text);
        return TabularConfig.read(ConfigText.of(file));
    }

    private static TabularStudy.Options options(int threads, Double hours, List<String> said) {
        return new TabularStudy.Options(true, StudyPlace.here(null, threads), hours, said::add, new AtomicBoolean());
    }

    private static Map<String, String> files(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(file).toString(), Files.readString(file));
            }
        }
        return files;
    }

    @Test
    void whateverInterruptsItTheBytesAreTheSame() throws Exception {
        TabularConfig config = config(CONFIG);
        Path whole = folder.resolve("whole");
        TabularSummary summary = TabularStudy.run(config, whole, options(1, null, new ArrayList<>()));
        assertEquals(8, summary.sets().size());
        assertEquals(4, summary.models().size());
        TabularSummary.Line dressed = summary.sets().stream()
                .filter(line -> line.model().equals("dressed") && line.family().equals("linearly_separable"))
                .findFirst()
                .orElseThrow();
        assertEquals(2, dressed.refits().length);
        assertTrue(dressed.accuracy() > 0.9, dressed.toString());

        // Stopped at once, then with a part of its rows gone, then on three threads.
        Path broken = folder.resolve("broken");
        AtomicBoolean stop = new AtomicBoolean(true);
        TabularStudy.Options stopped = new TabularStudy.Options(true, StudyPlace.here(null, 2), null, line -> {}, stop);
        assertThrows(UserError.class, () -> TabularStudy.run(config, broken, stopped));
        Path table = Path.of("results/bowles2024/two_curves-dressed.csv");
        Files.createDirectories(broken.resolve(table).getParent());
        List<String> lines = Files.readAllLines(whole.resolve(table));
        assertEquals(1 + 5 + 2, lines.size());
        Files.write(
                broken.resolve(table),
                lines.stream().filter(line -> !line.contains("refit")).toList());
        TabularStudy.run(config, broken, options(3, null, new ArrayList<>()));
        assertEquals(files(whole), files(broken));

        // Nothing is left to do; the rows are believed.
        List<String> said = new ArrayList<>();
        String changed = files(whole).get(table.toString()).replace(",true,", ",false,");
        Files.writeString(whole.resolve(table), changed);
        TabularSummary again = TabularStudy.run(config, whole, options(1, null, said));
        assertTrue(said.get(0).startsWith("0 of 8 searches to do"), said.toString());
        assertTrue(again.sets().stream().anyMatch(line -> line.accuracy() == null && line.failed() == 5));
    }

    @Test
    void winnersAreTrainedAgainOnMachines() throws Exception {
        String text = "format: qexit.tabular/1\nname: machines\nfeatures: 2\nfamilies: [linearly_separable]\n"
                + "models: [svc, dressed, dressed-twin]\nrefits: 1\n"
                + "grid: {layers: [1], learningRate: [0.1], gamma: [0.1], C: [10]}\n";
        Path there = folder.resolve("machines");
        TabularSummary without = TabularStudy.run(config(text), there, options(1, null, new ArrayList<>()));
        assertTrue(without.measured().isEmpty());
        String measured = text + "machines: [{shots: 50, noise: {depolarising: 0.01}}]\n";
        List<String> said = new ArrayList<>();
        TabularSummary summary = TabularStudy.run(config(measured), there, options(2, null, said));
        // Only the circuit, and only what is new.
        assertTrue(said.get(0).startsWith("1 of 3 searches to do"), said.toString());
        assertEquals(without.models(), summary.models());
        assertEquals(
                List.of("dressed shots=50;depolarising=0.01"),
                summary.measured().stream()
                        .map(one -> one.model() + " " + one.machine())
                        .toList());
        assertTrue(
                summary.measured().get(0).accuracy() > 0.8, summary.measured().toString());
        assertTrue(Files.readString(there.resolve("results/bowles2024/linearly_separable-dressed.csv"))
                .contains(",measured,learningRate=0.1;layers=1;shots=50;depolarising=0.01,0,"));
        assertTrue(Files.readString(there.resolve("summary.md"))
                .contains("| dressed | shots 50, depolarising 0.01 | 1 |"));
        Map<String, String> before = files(there);
        TabularStudy.run(config(measured), there, options(1, null, said));
        assertTrue(said.get(1).startsWith("0 of 3 searches to do"), said.toString());
        assertEquals(before, files(there));
    }

    @Test
    void whatTakesTooLongIsListed() throws Exception {
        List<String> said = new ArrayList<>();
        TabularSummary summary = TabularStudy.run(config(CONFIG), folder.resolve("none"), options(1, 0.0, said));
        assertEquals(8, summary.skipped().size());
        assertTrue(said.get(0).contains("8 left out"), said.toString());
        assertTrue(Files.readString(folder.resolve("none/summary.md")).contains("## Left out"));
        assertTrue(summary.sets().isEmpty());
    }

    /** Three features are one qubit of the re-uploading circuit; four are two. */
    @Test
    void oneQubitHasNothingToEntangle() throws Exception {
        String text = "format: qexit.tabular/1\nname: pairs\nfamilies: [linearly_separable]\nrefits: 1\n"
                + "models: [re-uploading, re-uploading-separable]\ngrid: {layers: [1], learningRate: [0.1], measured: [full]}\n";
        TabularSummary one = TabularStudy.run(
                config(text + "features: 3\n"), folder.resolve("pairs"), options(2, null, new ArrayList<>()));
        assertEquals(4, one.sets().size());
        assertTrue(one.pairs().isEmpty(), one.pairs().toString());
        TabularSummary two = TabularStudy.run(
                config(text + "features: 4\n"), folder.resolve("pairs"), options(2, null, new ArrayList<>()));
        assertEquals(1, two.pairs().get(0).differences().size());
    }

    @Test
    void freshSetsHaveTheirOwnSeeds() throws Exception {
        TabularConfig config = config("format: qexit.tabular/1\nname: fresh\nprotocol: fresh\nfeatures: 2\n"
                + "families: [hidden_manifold]\nmodels: [svc]\ndataSeeds: [3, 4]\n");
        TabularSummary summary = TabularStudy.run(config, folder.resolve("fresh"), options(2, null, new ArrayList<>()));
        assertEquals(
                List.of(3, 4),
                summary.sets().stream().map(TabularSummary.Line::dataSeed).toList());
        assertFalse(
                summary.sets().get(0).accuracy().equals(summary.sets().get(1).accuracy()));
        assertTrue(summary.agreement() == null);
        // A thousand samples.
        double accuracy = summary.sets().get(0).refits()[0];
        assertEquals(Math.rint(accuracy * 1000), accuracy * 1000, 1e-9);
    }

    /** Support vectors know no chance: on every published set the same figure, but on the five that were published on training samples. */
    @Test
    void supportVectorsAreThosePublished() throws Exception {
        TabularConfig config = config("format: qexit.tabular/1\nname: svc\nmodels: [svc]\n"
                + "families: [linearly_separable, two_curves_diff]\nrefits: 2\n");
        TabularSummary summary = TabularStudy.run(config, folder.resolve("svc"), options(2, null, new ArrayList<>()));
        assertNotNull(summary.agreement());
        assertEquals(19 + 14, summary.agreement().pairs());
        assertEquals(summary.agreement().pairs(), summary.agreement().within());
        assertEquals(5, summary.agreement().onTraining());
        for (TabularSummary.Line line : summary.sets()) {
            boolean onTraining = line.dataset().matches("two_curves-10d-(1[6-9]|20)degree");
            assertEquals(onTraining, Math.abs(line.accuracy() - line.published()) > 1e-4, line.toString());
        }
        assertTrue(Files.readString(folder.resolve("svc/summary.md")).contains("5 more are not compared"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "models: [mlp, lstm]|models: 'lstm'",
                "families: [planes]|families: 'planes'",
                "features: 1|features is 1",
                "refits: 0|refits is 0",
                "dataSeeds: [1]|dataSeeds is given",
                "'protocol: fresh\ndataSeeds: [-1]'|dataSeeds is -1",
                "grid: {depth: [1]}|'depth' is no hyperparameter",
                "grid: {layers: [0]}|grid.layers has '0'",
                "grid: {learningRate: [-0.1]}|grid.learningRate has '-0.1'",
                "grid: {measured: [all]}|grid.measured has 'all'",
                "grid: {hidden: [a]}|grid.hidden has 'a'",
                "machines: [{shots: 0}]|machines.shots is 0",
                "machines: [{noise: {depolarising: 2}}]|noise.depolarising is 2",
                "machines: [{}]|one without shots and noise",
            })
    void saysWhatIsWrong(String line, String told) {
        UserError error =
                assertThrows(UserError.class, () -> config("format: qexit.tabular/1\nname: wrong\n" + line + "\n"));
        assertTrue(error.getMessage().contains(told), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }

    @ParameterizedTest
    @CsvSource({
        "'no header'",
        "'dataset,dataSeed,stage,point,part,converged,train,test,steps,parameters\na,0,search,p,0,true,1,2,3,4'",
        "'dataset,dataSeed,stage,point,part,converged,train,test,steps,parameters\na,0,search,p,0,maybe,1,1,3,4'",
        "'dataset,dataSeed,stage,point,part,converged,train,test,steps,parameters\na,0'",
    })
    void damagedResultsAreTold(String text) throws Exception {
        Path file = folder.resolve("out/results/bowles2024/two_curves-svc.csv");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        TabularConfig config = config(CONFIG);
        UserError error = assertThrows(
                UserError.class,
                () -> TabularStudy.run(config, folder.resolve("out"), options(1, 0.0, new ArrayList<>())));
        assertTrue(error.getMessage().contains("two_curves-svc.csv line"), error.getMessage());
        assertEquals(1, error.getMessage().lines().count());
    }
}
