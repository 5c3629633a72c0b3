package org.qexit.tier.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                        new Policy.ReplanOnAlarm(0.01),
                        new Policy.ReplanOnAlarm(1),
                        new Policy.Periodic(9, 0.01),
                        new Policy.ThresholdsOnAlarm(),
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
            edgeNode: {trace: t, lower: 2, upper: 1} | expected numbers from 0 to 1
            colour: red | unknown field 'colour'
            """)
    void refusesInOneLine(String yaml, String part) {
        UserError error = assertThrows(UserError.class, () -> parse(yaml));
        assertTrue(error.getMessage().contains(part), error.getMessage());
        assertTrue(error.getMessage().startsWith("s.yaml"), error.getMessage());
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
