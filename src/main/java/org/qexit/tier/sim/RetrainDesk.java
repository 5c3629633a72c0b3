package org.qexit.tier.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.simulation.SnapshotReader;
import org.qexit.simulation.SnapshotWriter;
import org.qexit.tier.cloud.CloudRules;
import org.qexit.tier.cloud.CloudServer;
import org.qexit.tier.cloud.Evidence;
import org.qexit.tier.cloud.Example;
import org.qexit.tier.cloud.Order;
import org.qexit.tier.cloud.Report;
import org.qexit.tier.result.SimulationResult;
import org.qexit.tier.scenario.CloudSpec;
import org.qexit.tier.scenario.NodeModels;
import org.qexit.tier.scenario.Scenario;
import org.qexit.trace.ClassThresholds;

/**
 * The cloud server in simulated time. What nodes answered reaches it over the backhaul, labels come late and for a part; it looks as often as the
 * monitor does, trains really, and what it accepts is at each node after the time that the parameters take to get there.
 *
 * <p>Events of one row of a device's trace are one source, at whatever level of noise and darkness.
 */
final class RetrainDesk extends PolicyDesk {
    private static final int TRAINED = 0;

    private final FleetSimulation simulation;
    private final Fleet fleet;
    private final CloudSpec spec;
    private final Scenario.Labels labels;
    private final DriftWatch watch;
    private final CloudServer server;
    private final RandomStreams random;
    private final PriorityQueue<Labelled> known = new PriorityQueue<>();
    private final Map<String, NodeModels.Sample> payloads = new HashMap<>();

    /** {@code [version]}. */
    private final List<NodeModels.Version> versions = new ArrayList<>();

    /** {@code [version][level]}; null until asked for. */
    private final List<ClassThresholds.Decision[][][]> decisions = new ArrayList<>();

    /** {@code [node]}. */
    private final int[] versionAt;

    private final Map<Integer, Double> inForce = new HashMap<>();
    private NodeModels.Version candidate;
    private long sequence;
    private int failures;

    /** A report whose truth is known from a time on. */
    private record Labelled(double at, long sequence, Report report, int classId) implements Comparable<Labelled> {
        @Override
        public int compareTo(Labelled other) {
            int byTime = Double.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    RetrainDesk(FleetSimulation simulation) {
        this.simulation = simulation;
        fleet = simulation.fleet;
        Scenario scenario = fleet.scenario;
        spec = scenario.cloud();
        labels = spec.labels() == null ? scenario.monitor().labels() : spec.labels();
        watch = new DriftWatch(fleet);
        versionAt = new int[fleet.nodes.size()];
        random =
                RandomStreams.of(RandomStreams.of(scenario.seed()).seed("cloud/replication " + simulation.replication));
        CloudRules rules =
                spec.rules(fleet.nodeModel().classes().size(), fleet.nodeModel().critical(), random.seed("rules"));
        NodeModels.Version deployed = fleet.inputs.nodeModels().deployed();
        server = new CloudServer(rules, deployed.sha256());
        put(deployed, fleet.nodeDecisions);
    }

    private void put(NodeModels.Version version, ClassThresholds.Decision[][][] byLevel) {
        versions.add(version);
        decisions.add(byLevel);
    }

    @Override
    double looksEvery() {
        return fleet.scenario.monitor().everySeconds();
    }

    @Override
    void begins(SimulatedDevice device) {
        device.window = new Window(fleet.scenario.monitor().windowEvents());
        device.window.restart(simulation.calendar.now());
    }

    @Override
    void atServer(int job, double now) {
        Jobs jobs = simulation.jobs;
        int n = jobs.device[job];
        if (!simulation.labelled(n, jobs.number[job], labels.share())) {
            return;
        }
        int row = jobs.row[job];
        int trace = fleet.like[n];
        String source = trace + "/" + row;
        String event = source + "/" + jobs.level[job];
        List<Double> pair = fleet.pair(jobs.level[job]);
        payloads.putIfAbsent(event, new NodeModels.Sample(trace, row, pair.get(0), pair.get(1)));
        Report report = new Report(
                event,
                source,
                fleet.devices.get(n).id(),
                jobs.version[job],
                simulation.decision(job).classId());
        double at = Math.max(now, jobs.arrived[job] + labels.delaySeconds());
        known.add(new Labelled(at, sequence++, report, fleet.classOf(n, row)));
    }

    @Override
    void look(double now) {
        hear(now);
        for (SimulatedDevice device : simulation.devices) {
            if (device.active && watch.alarm(device)) {
                watch.accept(device, now);
                server.alarm();
            }
        }
        server.due(now).ifPresent(this::train);
    }

    private void hear(double now) {
        while (!known.isEmpty() && known.peek().at() <= now) {
            Labelled next = known.poll();
            server.report(next.report());
            server.label(next.report().event(), next.classId());
        }
    }

    private void train(Order order) {
        List<NodeModels.Sample> samples = order.examples().stream()
                .map(example -> payloads.get(example.event()))
                .toList();
        try {
            candidate = fleet.inputs
                    .nodeModels()
                    .trainedOn(
                            versions.get(Math.toIntExact(order.baseVersion())),
                            samples,
                            spec.training(),
                            random.seed("training/" + order.candidate() + "/" + order.orderedSeconds()));
        } catch (UserError e) {
            // Too few events of a kind, or a divergence: the model stays.
            failures++;
            server.abandon();
            return;
        }
        simulation.callLater(spec.trainingSeconds(), TRAINED);
    }

    @Override
    void called(int what) {
        if (what == TRAINED) {
            decide(simulation.calendar.now());
        } else {
            int nodes = versionAt.length;
            versionAt[(what - 1) % nodes] = (what - 1) / nodes;
        }
    }

    private void decide(double now) {
        hear(now);
        ClassThresholds.Decision[][][] fresh = new ClassThresholds.Decision[fleet.levels()][][];
        int old = Math.toIntExact(server.version());
        put(candidate, fresh);
        int tried = versions.size() - 1;
        Evidence decided = server.decide(now, candidate.sha256(), right(old), right(tried));
        if (decided.result().verdict().accepted()) {
            distribute(tried, now, decided.candidate());
        } else {
            versions.remove(tried);
            decisions.remove(tried);
        }
        candidate = null;
    }

    private Predicate<Example> right(int version) {
        return example -> {
            NodeModels.Sample sample = payloads.get(example.event());
            int level = fleet.level(sample.noise(), sample.darkness());
            int named = decisions(version, level)[sample.device()][sample.row()].classId();
            return fleet.nodeModel().critical().contains(example.classId())
                    ? named == example.classId()
                    : named == ClassThresholds.FALSE_ALARM;
        };
    }

    private void distribute(int version, double now, int number) {
        Scenario.Backhaul line = fleet.scenario.backhaul();
        double seconds = line.delaySeconds() + versions.get(version).bits() / line.bitsPerSecond();
        for (int j = 0; j < versionAt.length; j++) {
            simulation.callLater(seconds, 1 + version * versionAt.length + j);
        }
        inForce.put(number, now + seconds);
    }

    @Override
    int version(int node) {
        return versionAt[node];
    }

    @Override
    ClassThresholds.Decision[][] decisions(int version, int level) {
        ClassThresholds.Decision[][][] own = decisions.get(version);
        if (own[level] == null) {
            own[level] = fleet.decisions(versions.get(version), level);
        }
        return own[level];
    }

    @Override
    List<SimulationResult.Candidate> candidates() {
        return server.evidence().stream()
                .map(one ->
                        new SimulationResult.Candidate(simulation.replication + 1, one, inForce.get(one.candidate())))
                .toList();
    }

    @Override
    int changes() {
        return inForce.size();
    }

    @Override
    int failures() {
        return failures;
    }

    @Override
    void write(SnapshotWriter out) {
        throw new UserError("policy retrain: a run that retrains cannot be put into a snapshot");
    }

    @Override
    void restore(SnapshotReader in) {
        throw in.broken("of a run that retrains; expected another policy");
    }
}
