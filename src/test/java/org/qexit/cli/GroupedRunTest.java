package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.allocation.Instance;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.data.GroupedBeats;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.TraceReader;

/** {@code streams: {byGroup: true}}: the groups of the data are the devices of run, train, trace and export. */
class GroupedRunTest {
    private static final String CONFIG = """
            format: qexit.run/1
            name: grouped
            seed: 3
            data: {dataset: beats, task: {critical: [1, 2], normal: [0], keepAll: true}}
            streams: {byGroup: true}
            fleet:
              cellRadiusMetres: 200
              weights: [1, 2]
              securityLevels: [2]
              featureBits: [98304]
              deadlineSeconds: [0.5]
              radio: {bandwidthMaxHz: 20000000, powerMaxWatts: 0.2, noiseDbmPerHz: -174, pathLossDbAtKilometre: 128.1, pathLossDbPerDecade: 37.6}
              eavesdropper: {xMetres: 2000, yMetres: 0, meanGainFactor: 0.1}
              nodes: [{id: en1, xMetres: 50, yMetres: 0, securityLevel: 1, bandwidthHz: 9000000, computeUnits: 60}]
              energy: {joulesPerMemoryAccess: 6.4e-10}
            model:
              name: hybrid
              blocks: [{channels: 2, pool: 4}]
              heads: [{kind: quantum, qubits: 2, layers: 1}]
            twins: []
            training: {epochs: 1, batch: 32, offloadBudget: 0.3, heldOutFraction: 0.3}
            methods: [exact]
            """;

    @TempDir
    private Path folder;

    private final StringWriter err = new StringWriter();

    private Path data() {
        return folder.resolve("data");
    }

    private void run(Object... args) {
        int code = Main.commandLine()
                .setOut(new PrintWriter(new StringWriter(), true))
                .setErr(new PrintWriter(err, true))
                .execute(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
        assertEquals(0, code, err.toString());
    }

    /** Patients a and b learn; c0 to c3 are devices; d has one beat, and so none of both kinds in every split. */
    private List<String> writeBeats() throws IOException {
        SplittableRandom random = RandomStreams.of(5).stream("beats");
        List<String> train = new ArrayList<>(Collections.nCopies(160, "a"));
        List<String> test = new ArrayList<>(List.of("d"));
        for (int i = 0; i < 400; i++) {
            train.add("b");
            test.add("c" + random.nextInt(4));
        }
        GroupedBeats.write(Files.createDirectory(data()), train, test);
        return test;
    }

    @Test
    void groupsAreTheDevicesOfEveryCommand() throws IOException {
        List<String> owners = writeBeats();
        Path config = Files.writeString(folder.resolve("grouped.yaml"), CONFIG);
        Path out = folder.resolve("out");
        Path model = folder.resolve("model");
        Path again = folder.resolve("test.csv");
        run("run", config, "--out", out, "--data-dir", data(), "--quiet");
        run("train", config, "--out", model, "--data-dir", data());
        run("trace", model, config, "--out", again, "--part", "test", "--data-dir", data());
        run("export", out, "--out", folder.resolve("bundle"), "--data-dir", data());

        List<DeviceTrace> test = TraceReader.readAll(out.resolve("traces/hybrid-test.parquet"));
        List<DeviceTrace> traced = TraceReader.readAll(again);
        assertEquals(
                List.of("c0", "c1", "c2", "c3"),
                test.stream().map(DeviceTrace::device).toList());
        for (int i = 0; i < test.size(); i++) {
            DeviceTrace device = test.get(i);
            long beats = IntStream.range(0, owners.size())
                    .filter(k -> owners.get(k).equals(device.device()) && k % 4 != 3)
                    .count();
            assertEquals(0.3 * beats, device.size(), 1);
            assertEquals(device.device(), traced.get(i).device());
            assertArrayEquals(device.events(), traced.get(i).events());
            assertArrayEquals(device.scores(), traced.get(i).scores());
        }
        Instance instance = Instance.read(out.resolve("instance-hybrid.json"));
        assertEquals(
                List.of(1.0, 2.0, 1.0, 2.0),
                instance.devices().stream().map(Instance.Device::weight).toList());
        assertTrue(Json.read(out.resolve("thresholds-hybrid-exact.json"), Object.class)
                .toString()
                .contains("id=c3"));
    }
}
