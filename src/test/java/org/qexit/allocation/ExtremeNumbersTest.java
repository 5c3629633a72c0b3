package org.qexit.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.allocation.check.PlanCheck;
import org.qexit.allocation.method.Planner;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.edge.Eavesdropper;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.edge.NumberRange;
import org.qexit.edge.Radio;

/** Every number of an instance, at the ends of what a double, a range and a text can be: one line, or the right plan. */
class ExtremeNumbersTest {
    private static final String FLEET = """
            {
              "format": "qexit.instance/1", "name": "t",
              "radio": {
                "bandwidthMaxHz": 2e7,
                "powerMaxWatts": 0.2,
                "noiseWattsPerHz": 4e-21
              },
              "devices": [
                {
                  "id": "a",
                  "weight": 1,
                  "securityLevel": 1,
                  "featureBits": 1e5,
                  "deadlineSeconds": 0.1,
                  "powerMaxWatts": 0.2,
                  "bandwidthMaxHz": 2e7,
                  "eventsPerPeriod": 3,
                  "maxFalsePositiveRate": 1,
                  "eavesdropper": {
                    "gain": 0,
                    "noiseWattsPerHz": 4e-21
                  },
                  "trace": {"labels": [1, 0, 1], "scores": [
                    [0.9],
                    [0.1],
                    [0.6]]}
                },
                {
                  "id": "b",
                  "weight": 1, "securityLevel": 1, "featureBits": 1e5, "deadlineSeconds": 0.1, "eavesdropper": {"gain": 0},
                  "trace": {"labels": [1, 0, 1], "scores": [[0.9], [0.1], [0.6]]}
                }
              ],
              "nodes": [
                {
                  "id": "n",
                  "bandwidthHz": 1e6,
                  "computeUnits": 3,
                  "securityLevel": 1,
                  "powerWatts": 1
                }
              ],
              "links": [
                {
                  "device": "a", "node": "n",
                  "gain": 1e-11
                },
                {"device": "b", "node": "n", "gain": 1e-11}
              ]
            }
            """;

    /** Those that prove what they find. */
    private static final List<String> METHODS = List.of("exact", "benders");

    private static final SolveOptions OPTIONS = SolveOptions.defaults().withSeconds(5);

    /** Line and text of every number that stands on a line of its own. */
    static List<String> fields() {
        List<String> found = new ArrayList<>();
        for (String line : FLEET.lines().toList()) {
            if (line.matches("\\s*\"\\w+\": [-0-9.e]+,?")) {
                found.add(line);
            }
        }
        assertEquals(18, found.size());
        return found;
    }

    private static String with(String line, String value) {
        assertTrue(FLEET.contains(line + "\n"), line);
        return FLEET.replace(line + "\n", line.replaceFirst(": [-0-9.e]+", ": " + value) + "\n");
    }

    /** The plan for a text, or the one line that refuses it, which names line, field and value. */
    private static Plan plan(String text, String field, String value, int line) {
        try {
            Instance fleet = Json.parse("f.json", text, Instance.class);
            Planner planner = Planner.of(fleet);
            Plan plan = planner.explained(planner.plan("exact", OPTIONS), OPTIONS, 0);
            if (plan.isFeasible()) {
                assertEquals(List.of(), PlanCheck.check(fleet, plan).violations());
            } else {
                // Never for the number's sake: each reason names a constraint whose two sides are at odds as printed.
                assertEquals(Plan.Status.INFEASIBLE, plan.status(), value);
                assertTrue(
                        plan.reasons().get(0).matches(".*(above|below) the (node|device).*")
                                || plan.reasons().get(0).contains("secrecy")
                                || plan.reasons().get(0).contains("no thresholds"),
                        plan.reasons().toString());
            }
            return plan;
        } catch (UserError e) {
            String message = e.getMessage();
            assertTrue(message.startsWith("f.json line " + line + ": field '"), message);
            assertTrue(message.contains(field), message);
            assertTrue(message.contains("; expected "), message);
            String shown = value.replace("\"", "");
            assertTrue(
                    message.contains(shown)
                            || message.contains(String.valueOf(number(shown)))
                            || message.contains("is missing or of the wrong type"),
                    message);
            return null;
        }
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    @ParameterizedTest
    @MethodSource("fields")
    void everyNumberIsRefusedInOneLineOrPlannedRightly(String line) {
        String field = line.strip().split("\"")[1];
        for (String value : List.of(
                "5e-324",
                "1e-308",
                "1e-300",
                "1e-30",
                "1e30",
                "1e300",
                "1.7e308",
                "1e400",
                "-1e400",
                "1e-400",
                "NaN",
                "Infinity",
                "-Infinity",
                "\"NaN\"",
                "\"Infinity\"",
                "\"INF\"",
                "\"\"",
                "[]",
                "{}",
                "true",
                "\"1\"",
                "-0.0",
                "0",
                "-1")) {
            String text = with(line, value);
            assertTrue(text.contains(value));
            Plan plan = plan(text, field, value, FLEET.lines().toList().indexOf(line) + 1);
            boolean number = value.matches("-?[0-9].*");
            assertTrue(number || plan == null, value + " is no number");
            assertTrue(!number || !Double.isInfinite(number(value)) || plan == null, value + " is infinite");
        }
    }

    /** At the very ends of the ranges that the documentation states, fleets are planned; beyond them they are refused. */
    @ParameterizedTest
    @CsvSource({
        "weight, 1e-30, 1e30", "featureBits, 1e-6, 1e18", "deadlineSeconds, 1e-9, 1e15", "bandwidthMaxHz, 1e-6, 1e18",
        "powerMaxWatts, 1e-15, 1e12", "noiseWattsPerHz, 1e-40, 1", "gain, 1e-40, 1e6", "bandwidthHz, 1e-6, 1e18",
        "computeUnits, 1e-9, 1e15", "powerWatts, 1e-15, 1e12", "eventsPerPeriod, 1e-9, 1e15"
    })
    void rangesEndWhereTheySay(String field, String least, String most) {
        for (String line : fields()) {
            if (line.contains('"' + field + '"')) {
                Json.parse("f", with(line, least), Instance.class);
                Json.parse("f", with(line, most), Instance.class);
                for (double beyond : new double[] {number(least) * 0.99, number(most) * 1.01}) {
                    String message = assertThrows(
                                    UserError.class,
                                    () -> Json.parse("f", with(line, Double.toString(beyond)), Instance.class))
                            .getMessage();
                    assertTrue(message.contains(field + " is " + beyond + "; expected "), message);
                    assertTrue(
                            message.endsWith(String.format(Locale.ROOT, "%s to %s", number(least), number(most))),
                            message);
                }
            }
        }
    }

    /** Both devices' loads are 2; 3 units leave one of them at U = 1/2: ρ ln 1/2, whatever the units in which things are measured. */
    @Test
    void unitsDoNotMatter() {
        for (double scale : new double[] {1e-6, 1e-3, 1, 1e3, 1e6}) {
            String text = FLEET.replaceAll("1e5", Double.toString(1e5 * scale))
                    .replace("2e7", Double.toString(2e7 * scale))
                    .replace("1e6", Double.toString(1e6 * scale))
                    .replace("4e-21", Double.toString(4e-21 / scale));
            Plan plan = plan(text, "weight", "1", 0);
            assertEquals(Math.log(0.5), plan.objective(), 1e-12);
        }
    }

    /** A feature of next to nothing needs next to no bandwidth: both devices fit, as with 1e5 bits. */
    @Test
    void theTiniestFeatureFits() {
        for (String bits : List.of("1e-6", "1e-3", "1")) {
            assertEquals(
                    Math.log(0.5),
                    plan(with("      \"featureBits\": 1e5,", bits), "featureBits", bits, 0)
                            .objective(),
                    1e-12);
        }
    }

    private static double end(SplittableRandom random, NumberRange range) {
        int kind = random.nextInt(6);
        if (kind == 0 && range.orZero()) {
            return 0;
        }
        return kind < 2
                ? range.least()
                : kind < 3
                        ? range.most()
                        : Math.min(
                                range.most(),
                                Math.exp(random.nextDouble(Math.log(range.least()), Math.log(range.most()))));
    }

    /** One device and one node with numbers from all over the ranges: it is served exactly where the plain formula says so. */
    @Test
    void aloneADeviceIsServedWhereThePlainFormulaSaysSo() {
        int feasible = 0;
        int infeasible = 0;
        for (long seed = 1; seed <= 1000; seed++) {
            SplittableRandom random = RandomStreams.of(seed).stream("ends");
            Radio radio = new Radio(
                    end(random, NumberRange.DEVICE_HZ),
                    end(random, NumberRange.DEVICE_WATTS),
                    end(random, NumberRange.NOISE_WATTS_PER_HZ));
            Double events = random.nextBoolean() ? null : (Double) end(random, NumberRange.EVENTS);
            double heard = random.nextBoolean() ? 0 : end(random, NumberRange.GAIN);
            Instance.Device device = new Instance.Device(
                    "a",
                    end(random, NumberRange.WEIGHT),
                    1,
                    end(random, NumberRange.FEATURE_BITS),
                    end(random, NumberRange.SECONDS),
                    null,
                    null,
                    new Eavesdropper(heard, null),
                    new Instance.Trace(new int[] {1, 0, 1}, new float[][] {{0.9f}, {0.1f}, {0.6f}}, null),
                    events,
                    null);
            Double budget = random.nextBoolean() ? null : (Double) end(random, NumberRange.NODE_WATTS);
            EdgeNode node = new EdgeNode(
                    "n", end(random, NumberRange.NODE_HZ), end(random, NumberRange.COMPUTE_UNITS), 1, budget);
            double gain = end(random, NumberRange.GAIN);
            Instance fleet = new Instance(
                    Instance.FORMAT,
                    "ends",
                    radio,
                    List.of(device),
                    List.of(node),
                    List.of(new Link("a", "n", gain)),
                    null,
                    null);
            double hz = Math.min(radio.bandwidthMaxHz(), node.bandwidthHz());
            double watts = budget == null ? radio.powerMaxWatts() : Math.min(budget, radio.powerMaxWatts());
            double x = gain / radio.noiseWattsPerHz() * watts / hz;
            double y = heard / radio.noiseWattsPerHz() * watts / hz;
            double rate = x > y && hz > 0 ? hz * Math.log1p((x - y) / (1 + y)) / Math.log(2) : 0;
            double margin = rate / (device.featureBits() / device.deadlineSeconds());
            boolean served = margin >= 1 && (events == null ? 1 : events / 3) <= node.computeUnits();
            if (Math.abs(margin - 1) < 1e-6) {
                continue;
            }
            String name = METHODS.get((int) (seed % METHODS.size()));
            Planner planner = Planner.of(fleet).withEnergyWeight(seed % 3 == 0 ? end(random, NumberRange.COST) : 0);
            Plan plan = planner.explained(planner.plan(name, OPTIONS), OPTIONS, 0);
            assertEquals(
                    served ? Plan.Status.OPTIMAL : Plan.Status.INFEASIBLE,
                    plan.status(),
                    name + ", seed " + seed + " " + plan.reasons());
            if (served) {
                feasible++;
                assertEquals(
                        List.of(),
                        PlanCheck.check(fleet, Json.parse("p", Json.pretty(plan), Plan.class))
                                .violations());
            } else {
                infeasible++;
            }
        }
        assertTrue(feasible > 50 && infeasible > 50, feasible + " and " + infeasible);
    }
}
