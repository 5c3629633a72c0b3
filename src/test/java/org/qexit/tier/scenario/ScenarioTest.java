package org.qexit.tier.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.allocation.Instance;
import org.qexit.common.Json;
import org.qexit.common.UserError;

class ScenarioTest {
    @TempDir
    private Path folder;

    private static Scenario parse(String yaml) {
        return Json.parseYaml("s.yaml", "format: qexit.scenario/1\n" + yaml, Scenario.class);
    }

    @Test
    void everythingHasADefault() {
        Scenario scenario = parse("seed: 3");
        assertEquals(3, scenario.seed());
        assertEquals(List.of(new Policy.Kept()), scenario.policies());
        assertEquals(new Arrivals.Poisson(1), scenario.arrivals());
        assertEquals(new Scenario.WarmUp(null), scenario.warmUp());
        assertEquals(Scenario.Sharing.RESERVED, scenario.node().sharing());
        assertEquals(Scenario.standard(), parse("seed: 1"));
    }

    @Test
    void readsAllKinds() {
        Scenario scenario = parse("""
                policies: [kept, replanOnAlarm, {replanOnAlarm: {moveCost: 1}}, {periodic: {seconds: 9}}, {thresholdsOnAlarm: {}}, follower]
                warmUp: 7
                arrivals: {kind: bursts, onSeconds: 1, offSeconds: 3, burst: 4}
                arrivalsOf: {ue1: {kind: periodic, factor: 2}, ue2: {kind: recorded, file: times.csv}}
                happens: [{at: 1, devices: all, traffic: 2}, {at: 2, devices: [a, b], off: true}, {at: 3, eavesdropper: 2}]
                """);
        assertEquals(
                List.of(
                        new Policy.Kept(),
                        new Policy.ReplanOnAlarm(0.01, 1),
                        new Policy.ReplanOnAlarm(1, 1),
                        new Policy.Periodic(9, 0.01, 1),
                        new Policy.ThresholdsOnAlarm(1),
                        new Policy.Follower(0.02)),
                scenario.policies());
        assertEquals(7, scenario.warmUp().seconds());
        assertEquals(0, ((Arrivals.Bursts) scenario.arrivals()).quiet());
        assertEquals(new Arrivals.Periodic(2, 0), scenario.arrivalsOf().get("ue1"));
        assertTrue(scenario.happens().get(0).concerns("x"));
        assertTrue(scenario.happens().get(1).concerns("b")
                && !scenario.happens().get(1).concerns("c"));
        assertTrue(scenario.happens().get(2).concerns("x"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            policies: [rest] | expected one of: kept, replanOnAlarm
            policies: [{kept: {a: 1}}] | unknown option 'a'; it has none
            policies: [{periodic: {every: 1}}] | unknown option 'every'; expected one of: moveCost, seconds
            policies: [{follower: {eta: big}}] | eta is 'big'; expected a number
            policies: [{follower: {eta: 0}}] | eta is 0.0
            policies: [{replanOnAlarm: {traffic: 0}}] | traffic is 0.0
            policies: [{thresholdsOnAlarm: {moveCost: 1}}] | unknown option 'moveCost'; expected one of: traffic
            plans: [{traffic: 2}] | plan has no method; expected a name, or method with traffic
            plans: [{method: best}] | method
            plans: [{method: exact, traffic: 0}] | traffic is 0.0; expected
            plans: [{method: exact, gainFactor: -1}] | gainFactor is -1.0
            plans: [{method: exact, computeUnits: half}] | expected one of: full, mean
            plans: [{method: exact, name: ''}] | name
            plans: [{method: exact, power: 2}] | unknown field 'plans[0].power'
            plans: [7] | plans
            plans: ['  '] | plan is
            policies: [[kept]] | expected a name
            warmUp: soon | warmUp is 'soon'; expected auto, or seconds
            warmUp: 3600 | expected less than horizonSeconds
            horizonSeconds: 0 | horizonSeconds is 0.0
            periodSeconds: -1 | periodSeconds is -1.0
            replications: 0 | replications is 0
            arrivals: {kind: poisson, factor: -1} | factor is -1.0
            arrivals: {kind: uniform} | expected one of: poisson, periodic, bursts, recorded
            arrivals: {kind: bursts, onSeconds: 1, offSeconds: 1, burst: 3} | burst is 3.0; expected 1.0 to 2.0
            arrivals: {kind: periodic, jitter: 2} | jitter is 2.0
            arrivals: {kind: recorded} | file is missing
            device: {queue: 0} | queue is 0
            device: {macsPerSecond: 1, exitSeconds: [1]} | expected one of the two
            device: {exitSeconds: [2, 1]} | exitSeconds is 1.0
            link: {fading: rician} | expected one of: none, rayleigh
            link: {answerSeconds: 0} | answerSeconds is 0.0
            node: {servers: 0} | servers is 0
            node: {batch: 2} | batch is 2 with sharing reserved
            node: {servers: 9, queue: 3} | queue is 3
            backhaul: {delaySeconds: -1, bitsPerSecond: 1} | delaySeconds is -1.0
            monitor: {alpha: 1} | alpha is 1.0
            monitor: {labels: {share: 2, delaySeconds: 0}} | share is 2.0
            happens: [{at: 4000, node: en1, down: true}] | happens at 4000.0 s; expected at most horizonSeconds
            happens: [{at: -1, node: en1, down: true}] | at is -1.0
            happens: [{at: 1, node: en1}] | nothing happens
            happens: [{at: 1, device: a, off: true, traffic: 2}] | off and traffic happens
            happens: [{at: 1, down: true}] | the node is missing
            happens: [{at: 1, node: en1, off: true}] | off concerns devices
            happens: [{at: 1, off: true}] | device or devices is missing
            happens: [{at: 1, device: a, devices: [b], off: true}] | expected one of the two
            happens: [{at: 1, devices: [], off: true}] | expected all, or a list of ids
            happens: [{at: 1, devices: all, darkness: 2}] | darkness is 2.0
            happens: [{at: 1, devices: all, gainFactor: -1}] | gainFactor is -1.0
            happens: [{at: 1, devices: all, classMix: {1: 0}}] | sum of the weights of classMix
            happens: [{at: 1, devices: all, classMix: {x: 1}}] | classMix
            happens: [{at: 1, newDevice: {like: a}}] | id is missing
            edgeNode: {trace: t} | expected thresholds, or lower and upper
            edgeNode: {trace: t, payload: event, thresholds: u} | trace and payload; expected one of the two
            edgeNode: {payload: picture} | expected one of: event, features
            edgeNode: {payload: event, lower: 0.1} | expected thresholds, or lower and upper
            edgeNode: {thresholds: u, lower: 0.1, upper: 0.2} | expected thresholds, or lower and upper
            edgeNode: {trace: t, lower: 2, upper: 1} | expected numbers from 0 to 1
            colour: red | unknown field 'colour'
            """)
    void refusesInOneLine(String yaml, String part) {
        UserError error = assertThrows(UserError.class, () -> parse(yaml));
        assertTrue(error.getMessage().contains(part), error.getMessage());
        assertTrue(error.getMessage().startsWith("s.yaml"), error.getMessage());
    }

    @Test
    void plansAreNamedOrMade() {
        List<PlanChoice> plans = parse(
                        "plans: [exact, {method: nearest}, {method: exact, traffic: 1.5, gainFactor: 0.5, computeUnits: full}, {method: exact, name: own}]")
                .plans();
        assertEquals(PlanChoice.of("exact"), plans.get(0));
        assertEquals(
                List.of("exact", "nearest", "exact for traffic x 1.5 for gain x 0.5 in full units", "own"),
                plans.stream().map(PlanChoice::name).toList());
        assertEquals(
                List.of(false, true, true, true),
                plans.stream().map(PlanChoice::isMade).toList());
    }

    /** The fleet that a plan is made for differs in what the choice says, and in nothing else. */
    @Test
    void aPlanIsMadeForABusierFleet() {
        Instance fleet = Json.parse("fleet", """
                {"format": "qexit.instance/1", "name": "f", "radio": {"bandwidthMaxHz": 1e6, "powerMaxWatts": 1, "noiseWattsPerHz": 1e-12},
                 "devices": [{"id": "a", "weight": 1, "securityLevel": 1, "featureBits": 10, "deadlineSeconds": 1, "eavesdropper": {"gain": 1e-9},
                   "trace": {"labels": [0, 1, 1], "scores": [[0.5], [0.6], [0.7]]}},
                  {"id": "b", "weight": 1, "securityLevel": 1, "featureBits": 10, "deadlineSeconds": 1, "eavesdropper": {"gain": 1e-9},
                   "trace": {"labels": [0, 1, 1], "scores": [[0.5], [0.6], [0.7]]}, "eventsPerPeriod": 8}],
                 "nodes": [{"id": "n", "bandwidthHz": 1e6, "computeUnits": 9, "securityLevel": 1, "unitsPerEvent": 0.5}],
                 "links": [{"device": "a", "node": "n", "gain": 2e-6}]}""", Instance.class);
        PlanChoice choice = parse("plans: [{method: exact, traffic: 1.5, gainFactor: 0.25, computeUnits: mean}]")
                .plans()
                .get(0);
        Instance busier = choice.plannedFor(fleet, 0.2);
        assertEquals(
                List.of(4.5, 12.0),
                busier.devices().stream().map(Instance.Device::eventsPerPeriod).toList());
        assertEquals(5e-7, busier.links().get(0).gain(), 1e-20);
        assertEquals(0.2, busier.nodes().get(0).unitsPerEvent());
        Instance same = parse("plans: [{method: exact}]").plans().get(0).plannedFor(fleet, null);
        assertEquals(fleet, same);
        assertEquals(
                null,
                parse("plans: [{method: exact, computeUnits: full}]")
                        .plans()
                        .get(0)
                        .plannedFor(fleet, 0.2)
                        .nodes()
                        .get(0)
                        .unitsPerEvent());
        assertThrows(UserError.class, () -> choice.plannedFor(fleet, null));
    }

    @Test
    void otherValuesTakeTheirPlaces() throws IOException {
        Path file = folder.resolve("s.yaml");
        Files.writeString(
                file,
                "format: qexit.scenario/1\narrivals: {kind: poisson, factor: 3}\nhappens: [{at: 1, devices: all, traffic: 2}, {at: 2, eavesdropper: 2}]");
        Scenario changed = Scenario.read(
                file,
                Map.of(
                        "arrivals.factor",
                        0.5,
                        "happens.1.at",
                        7,
                        "link.answerSeconds",
                        9,
                        "policies",
                        List.of("kept", Map.of("follower", Map.of("eta", 0.5)))));
        assertEquals(new Arrivals.Poisson(0.5), changed.arrivals());
        assertEquals(7, changed.happens().get(1).at());
        assertEquals(9, changed.link().answerSeconds());
        assertEquals(List.of(new Policy.Kept(), new Policy.Follower(0.5)), changed.policies());
        for (String path : List.of(
                "happens.2.at", "happens.x", "seed.a", "", "a..b", "happens.-1", "happens.0.at.z", "arrivals.speed")) {
            UserError error = assertThrows(UserError.class, () -> Scenario.read(file, Map.of(path, 1)), path);
            assertTrue(error.getMessage().startsWith(file.toString()), error.getMessage());
        }
    }

    @Test
    void readsRecordedTimesAndNamesTheLineThatIsNone() throws IOException {
        Path file = folder.resolve("times.csv");
        Files.writeString(file, "device,seconds\nue2,5\nue1,3\n\nue2,1.5\n");
        List<ArrivalFile.DeviceTimes> times = ArrivalFile.read(file);
        assertEquals(
                List.of("ue1", "ue2"),
                times.stream().map(ArrivalFile.DeviceTimes::device).toList());
        assertEquals(
                List.of(1.5, 5.0),
                java.util.Arrays.stream(times.get(1).seconds()).boxed().toList());
        for (String line : new String[] {"ue1", "ue1,x", "ue1,-1", "ue1,NaN", "ue1,Infinity", ",1"}) {
            Files.writeString(file, "device,seconds\nue1,1\n" + line + "\n");
            UserError error = assertThrows(UserError.class, () -> ArrivalFile.read(file));
            assertTrue(error.getMessage().contains("line 3"), error.getMessage());
        }
        Files.writeString(file, "seconds,device\n");
        assertTrue(assertThrows(UserError.class, () -> ArrivalFile.read(file))
                .getMessage()
                .contains("line 1"));
        assertThrows(UserError.class, () -> ArrivalFile.read(folder.resolve("none.csv")));
    }
}
