package org.qexit.allocation.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.allocation.AssignmentFile;
import org.qexit.allocation.Exhaustive;
import org.qexit.allocation.FleetGenerator;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.edge.Link;

/** Assignments of other tools are completed and bounded; the model for other solvers is the problem that is solved here. */
class GivenAssignmentTest {
    private static final SolveOptions QUICK = SolveOptions.defaults().withEffort(0.05);

    /** The same fleet where every device may use its given node alone: its optimum is what a completion must reach. */
    private static Instance only(Instance fleet, Map<String, String> nodeOf) {
        List<Link> links = fleet.links().stream()
                .filter(link -> link.node().equals(nodeOf.get(link.device())))
                .toList();
        return new Instance(
                fleet.format(), fleet.name(), fleet.radio(), fleet.devices(), fleet.nodes(), links, null, null);
    }

    @Test
    void aCompletionIsTheBestOfItsAssignmentAndItsBoundHoldsForAll() {
        int complete = 0;
        for (long seed = 1; seed <= 40; seed++) {
            Instance fleet = Exhaustive.fleet(seed, 4, 3);
            SplittableRandom random = RandomStreams.of(seed).stream("given");
            Map<String, String> nodeOf = new HashMap<>();
            Planner planner = Planner.of(fleet);
            if (!planner.unservable().isEmpty()) {
                continue;
            }
            PlanningProblem problem = PlanningProblem.of(fleet);
            int[][] allowed = problem.model(PlanningProblem.Objective.PROPORTIONAL_FAIRNESS).allowed;
            for (int n = 0; n < allowed.length; n++) {
                int node = allowed[n][random.nextInt(allowed[n].length)];
                nodeOf.put(problem.user(n).id(), fleet.nodes().get(node).id());
            }
            double best = Fleets.enumerate(problem);
            double own = Fleets.enumerate(PlanningProblem.of(only(fleet, nodeOf)));
            if (own == Double.NEGATIVE_INFINITY) {
                assertTrue(!planner.obstacles(nodeOf).isEmpty(), fleet.name());
                assertThrows(UserError.class, () -> planner.completed(nodeOf, QUICK));
                continue;
            }
            complete++;
            Plan plan = planner.completed(nodeOf, QUICK);
            assertEquals(own, plan.objective(), 1e-9 * Math.abs(own), fleet.name());
            assertEquals(best, plan.bound(), 2e-9 * Math.abs(best), fleet.name());
            assertTrue(PlanCheck.check(fleet, plan).boundProven());
            assertEquals(own >= best - 1e-9 * Math.abs(best), plan.status() == Plan.Status.OPTIMAL);
            assertEquals(best, planner.planFrom(nodeOf, QUICK).objective(), 1e-9 * Math.abs(best));
        }
        assertTrue(complete > 5, complete + " assignments were plans");
    }

    @Test
    void aStartNeedNotBeCompleteNorFit() {
        Instance fleet = FleetGenerator.fleet(FleetGenerator.Family.SCARCE, 12, 3, 3);
        Planner planner = Planner.of(fleet);
        Plan plan = planner.plan("exact", QUICK);
        Map<String, String> all = new HashMap<>();
        fleet.devices().forEach(d -> all.put(d.id(), "en1"));
        for (Map<String, String> start : List.of(all, Map.of("ue1", "en1"))) {
            assertTrue(!planner.obstacles(start).isEmpty());
            assertEquals(plan.objective(), planner.planFrom(start, QUICK).objective(), 1e-7);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "node,device\nue0,en0\n",
                "device,node\n",
                "device,node\nue0\n",
                "device,node\nue0,en0,1\n",
                "device,node\nue0,en0\nue0,en1\n",
                "device,node\nnobody,en0\n",
                "device,node\nue0,nowhere\n",
                "device,node\n\"ue0,en0\n",
                "device,node\nue0,\0\n"
            })
    void filesThatAreNoAssignmentAreRefusedInOneLine(String text, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), text);
        Instance fleet = Exhaustive.fleet(1, 3, 2);
        UserError error = assertThrows(UserError.class, () -> AssignmentFile.read(file, fleet));
        assertTrue(error.getMessage().startsWith(file.toString())
                && !error.getMessage().contains("\n"));
    }

    @Test
    void filesOfSpreadsheetsAreRead(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.csv");
        Files.writeString(file, "\uFEFFdevice, node\r\n\"ue1\", en0\r\n\r\nue0,\"en1\"\r\n");
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("ue1", "en0");
        expected.put("ue0", "en1");
        assertEquals(expected, AssignmentFile.read(file, Exhaustive.fleet(1, 3, 2)));
    }

    /** A free MPS model as its rows say, solved by trying everything. */
    private static final class Mps {
        private final Map<String, Map<String, Double>> columns = new LinkedHashMap<>();
        private final Map<String, Double> right = new HashMap<>();
        private final Map<String, Map<String, Map<String, Double>>> choices = new LinkedHashMap<>();

        private Mps(String text) {
            String section = "";
            for (String line : text.lines().toList()) {
                String[] word = line.strip().split("\\s+");
                if (!line.startsWith(" ")) {
                    section = word[0];
                } else if (section.equals("COLUMNS") && !word[0].equals("MARK")) {
                    for (int i = 1; i < word.length; i += 2) {
                        columns.computeIfAbsent(word[0], k -> new HashMap<>())
                                .put(word[i], Double.parseDouble(word[i + 1]));
                    }
                } else if (section.equals("RHS")) {
                    right.put(word[1], Double.parseDouble(word[2]));
                }
            }
            columns.forEach((name, rows) -> rows.keySet().stream()
                    .filter(row -> row.startsWith("one."))
                    .forEach(row -> choices.computeIfAbsent(row, k -> new LinkedHashMap<>())
                            .put(name, rows)));
        }

        private double least() {
            return least(List.copyOf(choices.keySet()), 0, new HashMap<>(right), 0);
        }

        private double least(List<String> rows, int at, Map<String, Double> left, double cost) {
            if (at == rows.size()) {
                return cost;
            }
            double best = Double.POSITIVE_INFINITY;
            for (Map<String, Double> column : choices.get(rows.get(at)).values()) {
                Map<String, Double> rest = new HashMap<>(left);
                column.forEach((row, use) -> rest.computeIfPresent(row, (k, has) -> has - use));
                if (rest.values().stream().allMatch(has -> has >= -1e-9)) {
                    best = Math.min(best, least(rows, at + 1, rest, cost + column.get("cost")));
                }
            }
            return best;
        }
    }

    @Test
    void theModelForOtherSolversHasTheSameOptimum() throws IOException {
        for (long seed = 1; seed <= 12; seed++) {
            Instance fleet = Exhaustive.fleet(seed, 3, 2);
            Planner planner = Planner.of(fleet);
            StringBuilder text = new StringBuilder();
            if (!planner.unservable().isEmpty()) {
                assertThrows(UserError.class, () -> planner.writeMps(text));
                continue;
            }
            planner.writeMps(text);
            double best = Fleets.enumerate(PlanningProblem.of(fleet));
            assertEquals(-best, new Mps(text.toString()).least(), 1e-9 * Math.abs(best), fleet.name());
        }
    }

    @Test
    @Tag("slow")
    void anotherSolversSolutionComesBackAsTheOptimum(@TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(
                List.of("/usr/bin", "/usr/local/bin").stream().anyMatch(bin -> Files.isExecutable(Path.of(bin, "cbc"))),
                "cbc (Debian: coinor-cbc) is not installed");
        for (FleetGenerator.Family family : FleetGenerator.Family.values()) {
            Instance fleet = FleetGenerator.fleet(family, 12, 3, 5);
            Planner planner = Planner.of(fleet);
            StringBuilder text = new StringBuilder();
            planner.writeMps(text);
            Path model = Files.writeString(folder.resolve(family + ".mps"), text);
            Path answer = folder.resolve(family + ".txt");
            Process cbc = new ProcessBuilder(
                            "cbc",
                            model.toString(),
                            "ratioGap",
                            "0",
                            "allowableGap",
                            "0",
                            "solve",
                            "solu",
                            answer.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            assertTrue(cbc.waitFor(5, TimeUnit.MINUTES));
            StringBuilder csv = new StringBuilder("device,node\n");
            for (String line : Files.readAllLines(answer)) {
                String[] word = line.strip().split("\\s+");
                if (word.length == 4 && Double.parseDouble(word[2]) > 0.5) {
                    String[] name = word[1].split("\\.");
                    csv.append(name[0]).append(',').append(name[1]).append('\n');
                }
            }
            Path file = Files.writeString(folder.resolve("a.csv"), csv);
            Plan plan = planner.completed(AssignmentFile.read(file, fleet), SolveOptions.defaults());
            assertTrue(plan.relativeGap() <= 1e-6, family + ": " + plan.relativeGap());
        }
    }
}
