package org.qexit.tier.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.NodeSettings;
import org.qexit.common.Json;
import org.qexit.data.formats.Idx;
import org.qexit.device.EdgeRuntime;
import org.qexit.device.NodeRuntime;
import org.qexit.tier.live.device.DeviceOptions;
import org.qexit.tier.live.device.DeviceProcess;
import org.qexit.tier.live.device.DeviceSummary;
import org.qexit.tier.live.device.EventFeed;
import org.qexit.tier.live.device.InForce;
import org.qexit.tier.live.device.NodeAddress;
import org.qexit.tier.live.device.Pace;
import org.qexit.tier.live.device.PayloadFormat;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.journal.InMemory;
import org.qexit.tier.live.node.NodePlan;
import org.qexit.tier.live.node.NodeServer;
import org.qexit.tier.live.node.NodeService;
import org.qexit.tier.scenario.ArrivalFile;
import org.qexit.tier.scenario.NodeModel;
import org.qexit.tier.scenario.Scenario;
import org.qexit.tier.scenario.SimulationInputs;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.EventOrigins;
import org.qexit.trace.Rule;

/**
 * The simulation against the services on loopback: the same plan, events and times of arrival. Every event must leave at the same exit with the
 * same decision and come to the same end, and none is lost where no queue is full.
 */
class LoopbackTest {
    private static final Path DEVICE = Path.of("models/bundle-hybrid");
    private static final Path NODE = Path.of("src/test/resources/bundles/edge-node.zip");

    @TempDir(factory = InMemory.class)
    private Path folder;

    private EdgeRuntime device;
    private NodeRuntime node;

    /** By event of the trace: the images, and what the models say of them. */
    private float[][] images;

    private DeviceTrace trace;
    private ClassThresholds.Decision[] decisions;

    @BeforeEach
    void open() {
        device = EdgeRuntime.open(DEVICE, "ue1");
        node = NodeRuntime.open(NODE);
    }

    @AfterEach
    void close() {
        device.close();
        node.close();
    }

    private void decide(int events) {
        byte[][] rows = Idx.read(Path.of("datasets/fashion-mnist-12k/t10k-images-idx3-ubyte.gz"))
                .rows();
        images = new float[events][];
        float[][] scores = new float[device.exits()][events];
        decisions = new ClassThresholds.Decision[events];
        for (int k = 0; k < events; k++) {
            images[k] = new float[rows[k].length];
            for (int i = 0; i < images[k].length; i++) {
                images[k][i] = rows[k][i] & 0xff;
            }
            float[] own = device.classifyByAllStages(images[k]).confidences();
            for (int q = 0; q < own.length; q++) {
                scores[q][k] = own[q];
            }
            NodeRuntime.Result far = node.classify(images[k]);
            decisions[k] = new ClassThresholds.Decision(far.exit() - 1, far.classId());
        }
        byte[] labels = new byte[events];
        int[] classes = new int[events];
        long[] ids = new long[events];
        for (int k = 0; k < events; k++) {
            ids[k] = k;
            // Truth is of no matter here, but there must be events of both kinds.
            labels[k] = (byte) (k % 2);
            classes[k] = k % 2 == 0 ? 0 : 2;
        }
        trace = new DeviceTrace("ue1", ids, labels, scores, EventOrigins.of(classes, classes));
    }

    private SmallFleet fleet() {
        return new SmallFleet().node("en1", 1e6).device("ue1", "en1", 1e6, 1e9, trace, device.thresholds(), 10);
    }

    /** One line of the simulation's log. */
    private record Simulated(int event, double arrived, int exit, String outcome, double ended) {}

    private List<Simulated> simulate(SmallFleet fleet, double[] times, String yaml) throws SQLException {
        NodeSettings settings = node.node();
        double[] units = new double[node.exits()];
        Arrays.fill(units, 1);
        NodeModel model = new NodeModel(
                settings.classes(), settings.critical(), new ClassThresholds.Decision[][] {decisions}, units);
        SimulationInputs inputs = fleet.inputs(yaml, model);
        Scenario recorded = inputs.scenario().withRecorded(List.of(new ArrivalFile.DeviceTimes("ue1", times)));
        inputs = new SimulationInputs(
                recorded, inputs.instance(), inputs.plans(), inputs.traces(), inputs.costs(), model, null);
        Path file = folder.resolve("log.parquet");
        Simulation.log(inputs, file, 1, new AtomicBoolean());
        List<Simulated> events = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT \"row\", seconds, exit, outcome, endSeconds FROM '" + file + "' ORDER BY event")) {
            while (row.next()) {
                events.add(new Simulated(
                        row.getInt(1), row.getDouble(2), row.getInt(3), row.getString(4), row.getDouble(5)));
            }
        }
        return events;
    }

    /** The same events at the same times, through a device and a node that are processes but for their names. */
    private DeviceSummary serve(SmallFleet fleet, List<Simulated> events, double[] times) {
        NodeServer.Options options = new NodeServer.Options(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                null,
                null,
                folder.resolve("node"),
                HttpLimits.standard(),
                new NodeService.Settings(null, 1, 8, 2, 10),
                null,
                line -> {});
        Bundle nodeBundle = Bundle.open(NODE);
        try (NodeServer server = NodeServer.start(nodeBundle, NodePlan.of("plan", fleet.plan(), "en1", 1), options)) {
            Rule pair = device.thresholds();
            InForce begun = InForce.of(Bundle.open(DEVICE), "ue1");
            assertEquals(pair, begun.thresholds());
            DeviceProcess process = DeviceProcess.start(
                    begun,
                    new DeviceOptions(
                            "ue1",
                            List.of(NodeAddress.parse(server.address().toString(), true)),
                            PayloadFormat.of(
                                    nodeBundle.manifest().name(),
                                    nodeBundle.node(),
                                    nodeBundle.manifest().input()),
                            "images",
                            folder.resolve("outbox"),
                            folder.resolve("events.jsonl"),
                            60,
                            4,
                            5,
                            null,
                            1,
                            null,
                            10,
                            line -> {}));
            try (process) {
                Iterator<Simulated> next = events.iterator();
                process.run(
                        () -> next.hasNext()
                                ? Optional.of(
                                        new EventFeed.Item(images[next.next().event()], null))
                                : Optional.empty(),
                        times == null ? Pace.asFastAsPossible() : Pace.recorded(times, 1, 0),
                        () -> false);
            }
            return process.summary();
        }
    }

    private Map<Integer, Map<?, ?>> served() throws IOException {
        Map<Integer, Map<?, ?>> lines = new TreeMap<>();
        for (String text : Files.readAllLines(folder.resolve("events.jsonl"))) {
            Map<?, ?> line = Json.parse("line", text, Map.class);
            lines.put((Integer) line.get("event"), line);
        }
        return lines;
    }

    private void assertSame(List<Simulated> events) throws IOException {
        Map<Integer, Map<?, ?>> served = served();
        assertEquals(events.size(), served.size());
        for (int i = 0; i < events.size(); i++) {
            Simulated simulated = events.get(i);
            Map<?, ?> line = served.get(i + 1);
            assertEquals(simulated.outcome(), line.get("end"), simulated + " and " + line);
            assertEquals(simulated.exit(), line.get("exit"), simulated + " and " + line);
            if (simulated.outcome().equals("classified") || simulated.outcome().equals("rejected")) {
                ClassThresholds.Decision far = decisions[simulated.event()];
                assertEquals(far.classId(), line.get("class"));
                assertEquals(far.exit() + 1, line.get("nodeExit"));
            }
        }
    }

    private static double[] times(int events, double meanGap) {
        SplittableRandom random = new SplittableRandom(11);
        double[] times = new double[events];
        double now = 0;
        for (int k = 0; k < events; k++) {
            now -= meanGap * Math.log(1 - random.nextDouble());
            times[k] = now;
        }
        return times;
    }

    @Test
    void everyEventComesToTheSameEndAsInTheSimulation() throws Exception {
        decide(250);
        // Twice through the trace: in the order that the simulation draws.
        double[] times = times(500, 0.1);
        List<Simulated> events = simulate(
                fleet(),
                times,
                "periodSeconds: 100\nhorizonSeconds: 1000\nwarmUp: 0\ndevice: {queue: 1000}\nnode: {queue: 1000}");
        assertEquals(500, events.size());
        DeviceSummary summary = serve(fleet(), events, null);
        assertSame(events);
        for (String end : List.of("dropped", "classified", "rejected")) {
            assertTrue(events.stream().filter(e -> e.outcome().equals(end)).count() > 20, end);
        }
        assertEquals(0, summary.missed() + summary.waiting() + summary.unreadable());
    }

    /** Times of the services against those of a simulation that has the models' measured times. */
    @Test
    @Tag("slow")
    void answersTakeAsLongAsInTheSimulationButForTheTransport() throws Exception {
        decide(250);
        double[] exits = new double[device.exits()];
        double nodeSeconds = 0;
        for (int round = 0; round < 3; round++) {
            long[] nanos = new long[exits.length];
            long far = 0;
            for (float[] image : images) {
                long start = System.nanoTime();
                device.classifyByAllStages(image);
                nanos[exits.length - 1] += System.nanoTime() - start;
                start = System.nanoTime();
                node.classify(image);
                far += System.nanoTime() - start;
            }
            // Later exits at the cost of all, which is less than a millisecond here.
            Arrays.fill(exits, nanos[exits.length - 1] / 1e9 / images.length);
            nodeSeconds = far / 1e9 / images.length;
        }
        double[] times = times(1000, 0.02);
        SmallFleet fleet = new SmallFleet()
                .node("en1", 1 / nodeSeconds * 100)
                .device("ue1", "en1", 1 / nodeSeconds * 100, 1e9, trace, device.thresholds(), 10);
        List<Simulated> events = simulate(
                fleet,
                times,
                "periodSeconds: 100\nhorizonSeconds: 1000\nwarmUp: 0\ndevice: {queue: 1000, exitSeconds: "
                        + Arrays.toString(exits) + "}\nnode: {queue: 1000}");
        DeviceSummary summary = serve(fleet, events, times);
        assertSame(events);
        double[] simulated = events.stream()
                .filter(e -> e.outcome().equals("classified") || e.outcome().equals("rejected"))
                .mapToDouble(e -> e.ended() - e.arrived())
                .sorted()
                .toArray();
        double[] served = served().values().stream()
                .filter(line -> line.containsKey("class"))
                .mapToDouble(line -> ((Number) line.get("delaySeconds")).doubleValue())
                .sorted()
                .toArray();
        assertEquals(simulated.length, served.length);
        // What the simulation does not know of: two forces of a disk, HTTP, and whoever else uses this machine's cores.
        String medians = simulated[simulated.length / 2] + " s simulated, " + served[served.length / 2] + " s served";
        assertTrue(served[served.length / 2] >= simulated[simulated.length / 2] / 2, medians);
        assertTrue(served[served.length / 2] <= simulated[simulated.length / 2] + 0.25, medians);
        String tails = at95(simulated) + " s simulated, " + at95(served) + " s served";
        assertTrue(at95(served) <= at95(simulated) + 2, tails);
        assertEquals(0, summary.missed() + summary.waiting());
    }

    private static double at95(double[] sorted) {
        return sorted[(int) (0.95 * sorted.length)];
    }
}
