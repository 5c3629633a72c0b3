package org.qexit.allocation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.allocation.Fleets;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.allocation.SolveOptions;
import org.qexit.allocation.method.Planner;
import org.qexit.allocation.problem.PlanningProblem;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.trace.RuleKind;

/** Plans with thresholds per exit and with caps on the local cost, recounted from the JSON files alone. */
class ExitPlansTest {
    static IntStream seeds() {
        return IntStream.range(0, 24);
    }

    private static Plan plan(Instance fleet) {
        return Planner.of(fleet).plan("exact", SolveOptions.defaults());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void isTheBestOfItsRulesAndProvesIt(int seed) {
        Instance pairs = Fleets.random(seed, 3, 2);
        Instance fleet = pairs.withRule(RuleKind.PER_EXIT);
        Plan plan = plan(fleet);
        double best = Fleets.enumerate(PlanningProblem.of(fleet));
        assertEquals(best > Double.NEGATIVE_INFINITY, plan.isFeasible());
        if (!plan.isFeasible()) {
            assertTrue(plan.reasons().get(plan.reasons().size() - 1).contains("thresholds per exit that were found"));
            return;
        }
        assertEquals(best, plan.objective(), 1e-9);
        assertTrue(plan.objective() >= Fleets.enumerate(PlanningProblem.of(pairs)) - 1e-9);
        String text = Json.pretty(plan);
        recount(Json.parse("fleet", Json.compact(fleet), Map.class), Json.parse("plan", text, Map.class));
        PlanCheck.Report report = PlanCheck.check(fleet, Json.parse("plan", text, Plan.class));
        assertEquals(List.of(), report.violations());
        assertTrue(report.boundProven());
        assertEquals(RuleKind.PER_EXIT, plan.rule());
        assertTrue(plan.certificate().rules().among().contains("thresholds per exit of the list"));
        if (plan.devices().stream().anyMatch(d -> d.thresholds().kind() == RuleKind.PER_EXIT)) {
            List<String> refused = PlanCheck.check(pairs, plan).violations();
            assertTrue(refused.stream().anyMatch(v -> v.contains("the instance's rule is pair")), refused + "");
        }
    }

    /** Every event of every device walked anew, on plain maps: counts and loads, capacities, objective. */
    private static void recount(Map<?, ?> fleet, Map<?, ?> plan) {
        double objective = 0;
        List<?> parts = (List<?>) plan.get("devices");
        for (int n = 0; n < parts.size(); n++) {
            Map<?, ?> part = (Map<?, ?>) parts.get(n);
            Map<?, ?> device = (Map<?, ?>) ((List<?>) fleet.get("devices")).get(n);
            assertEquals(device.get("id"), part.get("id"));
            Map<?, ?> trace = (Map<?, ?>) device.get("trace");
            List<?> labels = (List<?>) trace.get("labels");
            int[] counts = new int[2];
            int positives = 0;
            for (int k = 0; k < labels.size(); k++) {
                int label = ((Number) labels.get(k)).intValue();
                positives += label;
                counts[label] += offloaded(part, (List<?>) ((List<?>) trace.get("scores")).get(k)) ? 1 : 0;
            }
            assertEquals(part.get("truePositives"), counts[1]);
            assertEquals(part.get("falsePositives"), counts[0]);
            Number period = (Number) device.get("eventsPerPeriod");
            double load = (counts[0] + counts[1]) * (period == null ? 1 : period.doubleValue() / labels.size());
            assertEquals(load, ((Number) part.get("computeUnits")).doubleValue(), 1e-9);
            objective += ((Number) device.get("weight")).doubleValue() * Math.log((double) counts[1] / positives);
        }
        assertEquals(objective, ((Number) plan.get("objective")).doubleValue(), 1e-9);
        for (Object each : (List<?>) fleet.get("nodes")) {
            Map<?, ?> node = (Map<?, ?>) each;
            double units = 0;
            for (Object part : parts) {
                boolean here = ((Map<?, ?>) part).get("node").equals(node.get("id"));
                units += here ? ((Number) ((Map<?, ?>) part).get("computeUnits")).doubleValue() : 0;
            }
            assertTrue(units <= ((Number) node.get("computeUnits")).doubleValue() * (1 + 1e-9));
        }
    }

    private static boolean offloaded(Map<?, ?> part, List<?> scores) {
        for (int q = 0; q < scores.size(); q++) {
            float score = ((Number) scores.get(q)).floatValue();
            if (score <= number(part.get("lower"), q, Float.POSITIVE_INFINITY)) {
                return false;
            }
            if (score >= number(part.get("upper"), q, Float.NEGATIVE_INFINITY)) {
                return true;
            }
        }
        return false;
    }

    private static float number(Object field, int exit, float always) {
        Object entry = field instanceof List<?> list ? list.get(exit) : field;
        if (entry instanceof Number number) {
            return number.floatValue();
        }
        return entry.equals("always") ? always : -always;
    }

    private static Instance parse(Instance fleet, String field, String value) {
        String text = Json.compact(fleet).replace("\"eavesdropper\":", field + value + ",\"eavesdropper\":");
        return Json.parse("fleet", text, Instance.class);
    }

    /** With a cap on the cost, plans of both rules keep it, and none of them is above the plan without. */
    @ParameterizedTest
    @MethodSource("seeds")
    void keepsACapOnTheLocalCost(int seed) {
        Instance free = Fleets.random(seed, 3, 2);
        double cap = 1 + new SplittableRandom(seed).nextInt(5) / 2.0;
        Instance capped = parse(free, "\"exitCosts\":[1,3.5],\"maxCost\":", Double.toString(cap));
        for (RuleKind kind : RuleKind.values()) {
            Instance fleet = capped.withRule(kind);
            Plan plan = plan(fleet);
            if (!plan.isFeasible()) {
                continue;
            }
            PlanCheck.Report report = PlanCheck.check(fleet, plan);
            assertEquals(List.of(), report.violations());
            assertTrue(report.boundProven());
            for (int n = 0; n < plan.devices().size(); n++) {
                Instance.Device device = fleet.devices().get(n);
                int events = device.trace().labels().length;
                double spent = 0;
                for (float[] scores : device.trace().scores()) {
                    spent += plan.devices().get(n).thresholds().decide(scores).exit() == 0 ? 1 : 3.5;
                }
                assertTrue(spent <= cap * events + 1e-9);
            }
            assertTrue(plan.objective() <= plan(free.withRule(kind)).objective() + 1e-9);
        }
    }

    @Test
    void theCheckFindsACostAboveTheCap() {
        Instance free = IntStream.range(0, 40)
                .mapToObj(seed -> Fleets.random(seed, 3, 2))
                .filter(fleet -> plan(fleet).isFeasible())
                .findFirst()
                .orElseThrow();
        Plan plan = plan(free);
        Instance capped = parse(free, "\"exitCosts\":[1,100],\"maxCost\":", "1");
        List<String> found = PlanCheck.check(capped, plan).violations();
        assertTrue(found.stream().anyMatch(v -> v.contains("mean local cost exceeds the cap 1")), found + "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "\"maxCost\":; 3; maxCost stands alone; expected exitCosts",
                "\"exitCosts\":[2,5],\"maxCost\":; 1.5; below the first exit's cost",
                "\"exitCosts\":[5,2],\"maxCost\":; 6; none below the one before",
                "\"exitCosts\":[1,2,3],\"maxCost\":; 2; 3 costs for 2 exits",
                "\"exitCosts\":[],\"maxCost\":; 2; no costs",
            })
    void refusesCostsThatAreNone(String field, String value, String why) {
        Instance fleet = Fleets.random(3, 3, 2);
        UserError error = assertThrows(UserError.class, () -> Planner.of(parse(fleet, field, value)));
        assertTrue(error.getMessage().contains(why.split(";")[0]), error.getMessage());
        assertFalse(error.getMessage().contains("\n"));
    }

    @Test
    void refusesARuleThatIsNone() {
        String text = Json.compact(Fleets.random(3, 3, 2)).replace("\"radio\"", "\"rule\":\"per exit\",\"radio\"");
        UserError error = assertThrows(UserError.class, () -> Json.parse("fleet", text, Instance.class));
        assertTrue(error.getMessage().contains("expected pair or per-exit"), error.getMessage());
        assertNull(Fleets.random(3, 3, 2).rule());
    }

    /** A list that was shortened proves less; thresholds of another number of exits are no rule of the device. */
    @Test
    void theCheckTrustsNoList() {
        for (int seed = 0; seed < 40; seed++) {
            Instance fleet = Fleets.random(seed, 3, 2).withRule(RuleKind.PER_EXIT);
            Plan plan = plan(fleet);
            if (!plan.isFeasible() || plan.devices().get(0).thresholds().kind() == RuleKind.PAIR) {
                continue;
            }
            String text = Json.compact(plan);
            Plan longer = Json.parse(
                    "plan",
                    text.replaceAll("\"lower\":\\[", "\"lower\":[\"never\",")
                            .replaceAll("\"upper\":\\[", "\"upper\":[\"never\","),
                    Plan.class);
            List<String> found = PlanCheck.check(fleet, longer).violations();
            assertTrue(found.stream().anyMatch(v -> v.contains("thresholds of 3 exits; its trace has 2")), found + "");
            Plan bare = plan.withCertificate(plan.certificate().among(null));
            assertTrue(PlanCheck.check(fleet, bare).violations().stream().noneMatch(v -> v.contains("thresholds")));
            return;
        }
        throw new AssertionError("no plan has thresholds per exit");
    }
}
