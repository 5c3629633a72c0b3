package org.qexit.tier.sim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.common.Progress;
import org.qexit.common.RandomStreams;
import org.qexit.edge.SecrecyLink;
import org.qexit.simulation.Calendar;
import org.qexit.simulation.EventHandler;
import org.qexit.simulation.RandomStream;
import org.qexit.simulation.queue.Line;
import org.qexit.tier.Admission;
import org.qexit.tier.EventOutcome;
import org.qexit.tier.scenario.Arrivals;
import org.qexit.tier.scenario.Happening;
import org.qexit.tier.scenario.Policy;
import org.qexit.tier.scenario.Scenario;
import org.qexit.tier.world.ArrivalClock;
import org.qexit.tier.world.EventRows;
import org.qexit.trace.ClassThresholds;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.QuantilePath;
import org.qexit.trace.RateFollower;

/**
 * One run of a fleet under one plan and one policy. Every event goes from its device's processor, where the rule decides, over the
 * device's radio to the
 * node, and ends in exactly one {@link EventOutcome}. After the horizon no event comes any more and those under way are seen to their end.
 *
 * <p>What comes (arrivals, which events, fading, what happens) is drawn from streams of the device and the event's number alone, so that
 * plans and
 * policies meet the same world.
 */
final class FleetSimulation implements EventHandler {
    private static final int ARRIVAL = 0;
    private static final int SWITCH = 1;
    private static final int SENSED = 2;
    private static final int SENT = 3;
    private static final int SERVED = 4;
    private static final int HAPPENING = 5;
    private static final int LOOK = 6;
    private static final int FAULT = 7;
    private static final int CALL = 8;

    /** A transmission that takes this much more than its deadline by rounding is in time: plans use deadlines up. */
    private static final double ROUNDING = 1e-9;

    private static final int NO_LIMIT = Integer.MAX_VALUE;

    /** Events between two looks at whether to stop: a tenth of a second at most. */
    private static final long EVENTS_BETWEEN_LOOKS = 100_000;

    final Fleet fleet;
    final Scenario scenario;
    final Timeline timeline;
    final Tallies tallies;
    final Calendar calendar;
    final SimulatedDevice[] devices;
    final NodeQueue[] nodes;
    final boolean[] down;

    final Jobs jobs = new Jobs();
    final Line[] backhaul;
    private final List<Happening> happenings;
    final PolicyDesk desk;
    private final RandomStreams streams;
    final int replication;
    private final RandomStream fading;
    private final RandomStream labels;
    private final Map<String, Integer> nodeNumbers = new HashMap<>();
    int newDevices;
    /** Ends of services on a {@link Line} upon which nothing waits, so that no event of the calendar was needed for them. */
    long foreseen;

    private final IntConsumer answered = this::answered;
    private EventLog log;
    private Timeline.Assignments assignments;
    private Progress progress;

    final NodeLoads loads;

    FleetSimulation(Fleet fleet, Timeline timeline, Plan plan, Policy policy, int replication) {
        this(fleet, timeline, policy, replication, new Calendar());
        for (int n = 0; n < fleet.firstDevices; n++) {
            begin(devices[n], 0);
        }
        for (int i = 0; i < happenings.size(); i++) {
            calendar.schedule(happenings.get(i).at(), HAPPENING, 0, i);
        }
        apply(plan);
        if (desk.looksEvery() <= scenario.horizonSeconds()) {
            calendar.schedule(desk.looksEvery(), LOOK, 0, 0);
        }
    }

    /** Without events: those of the calendar belong to it. */
    FleetSimulation(Fleet fleet, Timeline timeline, Policy policy, int replication, Calendar calendar) {
        this.fleet = fleet;
        this.timeline = timeline;
        this.replication = replication;
        this.calendar = calendar;
        scenario = fleet.scenario;
        streams = RandomStreams.of(scenario.seed());
        fading = RandomStream.of(streams, "fading", replication);
        labels = RandomStream.of(streams, "labels", replication);
        tallies = new Tallies(timeline, fleet.size(), fleet.classes());
        happenings = Fleet.inOrder(scenario);
        fleet.nodes.forEach(node -> nodeNumbers.put(node.id(), nodeNumbers.size()));
        int queue = scenario.device().queue();
        devices = new SimulatedDevice[fleet.size()];
        for (int n = 0; n < devices.length; n++) {
            devices[n] = new SimulatedDevice(n, calendar, queue);
        }
        nodes = new NodeQueue[fleet.nodes.size()];
        backhaul = new Line[nodes.length];
        for (int j = 0; j < nodes.length; j++) {
            nodes[j] = nodeQueue(j);
            backhaul[j] = new Line(calendar, NO_LIMIT);
        }
        down = new boolean[nodes.length];
        loads = new NodeLoads(timeline, nodes.length);
        desk = PolicyDesk.of(policy, this);
    }

    private NodeQueue nodeQueue(int j) {
        Scenario.NodeSpec spec = scenario.node();
        NodeSize size = new NodeSize(
                fleet.nodes.get(j).computeUnits(),
                scenario.periodSeconds(),
                spec.servers(),
                spec.queue(),
                spec.batch(),
                fleet.size());
        return switch (spec.sharing()) {
            case RESERVED -> new ReservedNode(calendar, SERVED, j, jobs, size);
            case WEIGHTED -> new SharedNode(calendar, SERVED, j, jobs, size, true);
            case FIFO -> new SharedNode(calendar, SERVED, j, jobs, size, false);
        };
    }

    /** Notes every event's end from now on. */
    void logTo(EventLog events) {
        log = events;
    }

    /** Steps at the end of every bin from now on. */
    void tell(Progress of) {
        progress = of;
    }

    /** Notes every device's node at the end of every bin from now on. */
    void noteTo(Timeline.Assignments noted) {
        assignments = noted;
    }

    /** Runs to the end, or until {@code stop} is set; true if it ran to the end. */
    boolean run(BooleanSupplier stop) {
        for (int bin = timeline.bin(calendar.now()); bin < Timeline.BINS; bin++) {
            if (calendar.now() <= timeline.warmUpSeconds && timeline.warmUpSeconds <= timeline.binEnd(bin)) {
                if (!runUntil(timeline.warmUpSeconds, stop)) {
                    return false;
                }
                loads.warmUpEnds(nodes);
            }
            if (!runUntil(timeline.binEnd(bin), stop)) {
                return false;
            }
            loads.binEnds(bin, nodes);
            if (assignments != null) {
                assignments.binEnds(bin, devices);
            }
            if (progress != null) {
                progress.step();
            }
        }
        while (!stop.getAsBoolean()) {
            if (calendar.runEvents(this, EVENTS_BETWEEN_LOOKS) < EVENTS_BETWEEN_LOOKS) {
                return true;
            }
        }
        return false;
    }

    /** False if {@code stop} was set before; then it is earlier. */
    boolean runUntil(double seconds, BooleanSupplier stop) {
        while (!stop.getAsBoolean()) {
            if (calendar.run(this, seconds, EVENTS_BETWEEN_LOOKS)) {
                return true;
            }
        }
        return false;
    }

    /** Its number. */
    int replication() {
        return replication;
    }

    /** What the policy changed, and how often it found no plan. */
    int[] policyCounts() {
        return new int[] {desk.changes(), desk.failures()};
    }

    /** The greatest relative difference of the two sides of Little's law over all nodes. */
    double littleGap() {
        double greatest = 0;
        for (NodeQueue node : nodes) {
            double area = node.presentSeconds();
            double here = node.sojournSeconds();
            greatest = node.present() > 0 || area == 0 ? greatest : Math.max(greatest, Math.abs(area - here) / area);
        }
        return greatest;
    }

    /** What happened in the world: the events of the calendar, and the ends of services that needed none. */
    long happened() {
        return calendar.happened() + foreseen;
    }

    /** Events that came and have not ended, those on their way from a node to the server included. */
    int underWay() {
        int count = jobs.underWay();
        for (SimulatedDevice device : devices) {
            count += device.processor.present() - device.sensing;
        }
        for (Line line : backhaul) {
            count += line.present();
        }
        return count;
    }

    @Override
    public void handle(int kind, int entity, int item) {
        switch (kind) {
            case ARRIVAL -> arrive(devices[entity]);
            case SWITCH -> switchBursts(devices[entity]);
            case SENSED -> sensed(devices[entity], item);
            case SENT -> sent(devices[entity], item);
            case SERVED -> nodes[entity].done(item, answered);
            case HAPPENING -> happen(happenings.get(item));
            case LOOK -> look();
            case FAULT -> desk.nodeChanged(calendar.now());
            case CALL -> desk.called(item);
            default -> throw new IllegalStateException("event of kind " + kind);
        }
    }

    /** A device begins to see events. */
    private void begin(SimulatedDevice device, double now) {
        Instance.Device what = fleet.devices.get(device.number);
        device.active = true;
        device.rows = new EventRows(
                fleet.trace(0, device.number), RandomStream.of(streams, "rows/" + what.id(), replication));
        device.clock = new ArrivalClock(
                arrivals(what.id()),
                what.id(),
                fleet.plannedRate[device.number],
                RandomStream.of(streams, "arrivals/" + what.id(), replication),
                now);
        desk.begins(device);
        scheduleSwitch(device);
        scheduleArrival(device);
    }

    Arrivals arrivals(String device) {
        return scenario.arrivalsOf().getOrDefault(device, scenario.arrivals());
    }

    private void scheduleArrival(SimulatedDevice device) {
        double next = device.clock.nextTime(calendar.now());
        device.arrivalHandle =
                next <= scenario.horizonSeconds() ? calendar.schedule(next, ARRIVAL, device.number, 0) : 0;
    }

    private void scheduleSwitch(SimulatedDevice device) {
        double after = device.clock.switchAfter();
        if (calendar.now() + after <= scenario.horizonSeconds()) {
            calendar.scheduleAfter(after, SWITCH, device.number, 0);
        }
    }

    private void switchBursts(SimulatedDevice device) {
        device.clock.switchState(calendar.now());
        scheduleSwitch(device);
        reschedule(device);
    }

    private void reschedule(SimulatedDevice device) {
        calendar.cancel(device.arrivalHandle);
        scheduleArrival(device);
    }

    private void arrive(SimulatedDevice device) {
        double now = calendar.now();
        device.clock.came(now);
        scheduleArrival(device);
        int n = device.number;
        int row = device.rows.next();
        int number = device.events++;
        int phase = phase(now);
        int bin = timeline.bin(now);
        DeviceTrace trace = fleet.trace(device.level, n);
        boolean critical = trace.labels()[row] == 1;
        tallies.came(phase, bin, n, critical);
        if (device.off || device.processor.isFull()) {
            EventOutcome outcome = device.off ? EventOutcome.LOST_OFF : EventOutcome.LOST_DEVICE;
            count(phase, bin, n, row, outcome);
            if (log != null) {
                log.unseen(n, number, row, now, outcome);
            }
            return;
        }
        int decision = device.decide(trace, row);
        int exit = decision >> 1;
        boolean offloads = (decision & 1) == 1;
        if (device.follower != null) {
            device.follower.saw(offloads);
        }
        if (device.window != null) {
            device.window.see(
                    row,
                    device.level,
                    now,
                    labelled(n, number, scenario.monitor().labels().share()));
        }
        double looked = device.processor.arrive(fleet.exitSeconds[exit]);
        tallies.local(phase, n, fleet.exitJoules[exit]);
        if (!offloads && log == null) {
            count(phase, bin, n, row, EventOutcome.DROPPED);
            foreseen++;
            return;
        }
        if (offloads) {
            tallies.add(phase, n, critical ? Tallies.TRUE_POSITIVES : Tallies.FALSE_POSITIVES);
            tallies.addToBin(bin, n, Tallies.BIN_OFFLOADS);
        }
        int job = jobs.take();
        jobs.device[job] = n;
        jobs.row[job] = row;
        jobs.exit[job] = exit;
        jobs.phase[job] = phase;
        jobs.bin[job] = bin;
        jobs.number[job] = number;
        jobs.level[job] = device.level;
        jobs.arrived[job] = now;
        jobs.flags[job] = offloads ? Jobs.CRITICAL : 0;
        device.sensing++;
        calendar.schedule(looked, SENSED, n, job);
    }

    private int phase(double now) {
        int phase = timeline.phases() - 1;
        while (timeline.starts[phase] > now) {
            phase--;
        }
        return phase;
    }

    private void sensed(SimulatedDevice device, int job) {
        device.sensing--;
        if ((jobs.flags[job] & Jobs.CRITICAL) == 0) {
            end(job, EventOutcome.DROPPED);
            return;
        }
        double rate = rate(device, jobs.number[job]);
        if (!(rate > 0)) {
            end(job, EventOutcome.WITHHELD);
            return;
        }
        Instance.Device what = fleet.devices.get(device.number);
        double seconds = what.featureBits() / rate;
        if (seconds > what.deadlineSeconds() * (1 + ROUNDING)) {
            // An outage: the device tries as long as it is of use.
            seconds = what.deadlineSeconds();
            jobs.flags[job] |= Jobs.OUTAGE;
        }
        jobs.node[job] = device.node;
        jobs.grant[job] = device.grant;
        double sent = device.radio.arrive(seconds);
        if (Double.isNaN(sent)) {
            end(job, EventOutcome.LOST_LINK);
            return;
        }
        jobs.since[job] = calendar.now();
        calendar.schedule(sent, SENT, device.number, job);
        tallies.radio(jobs.phase[job], device.number, device.powerWatts * seconds);
    }

    /** Secrecy rate for an event, under fading its own. */
    private double rate(SimulatedDevice device, int number) {
        if (device.node == SimulatedDevice.NOWHERE || scenario.link().fading() == Scenario.Fading.NONE) {
            return device.bitsPerSecond;
        }
        fading.jumpTo((long) device.number << Integer.SIZE | number);
        double own = fading.exponential();
        double heard = fading.exponential();
        return link(device, device.node, own, heard).bitsPerSecond(device.bandwidthHz, device.powerWatts);
    }

    private SecrecyLink link(SimulatedDevice device, int node, double own, double heard) {
        return new SecrecyLink(
                own * device.gainFactor * fleet.gainPerNoise[device.number][node],
                heard * device.eavesdropperFactor * fleet.eavesdropperPerNoise[device.number]);
    }

    private void sent(SimulatedDevice device, int job) {
        double deadline = fleet.devices.get(device.number).deadlineSeconds();
        double took = calendar.now() - jobs.since[job];
        boolean outage = (jobs.flags[job] & Jobs.OUTAGE) != 0;
        boolean late = outage || took > deadline * (1 + ROUNDING);
        tallies.transmission(jobs.phase[job], device.number, took, late);
        if (outage) {
            end(job, EventOutcome.MISSED);
            return;
        }
        if (late) {
            jobs.flags[job] |= Jobs.LATE;
        }
        int node = jobs.node[job];
        if (down[node]) {
            end(job, EventOutcome.LOST_DOWN);
            return;
        }
        if (device.admission != null && device.admission.admit(calendar.now()) > 0) {
            end(job, EventOutcome.REFUSED);
            return;
        }
        jobs.version[job] = desk.version(node);
        jobs.units[job] = units(job);
        if (!nodes[node].offer(job)) {
            end(job, EventOutcome.LOST_NODE);
        }
    }

    private double units(int job) {
        return fleet.nodeModel() == null
                ? fleet.unitsPerEvent[jobs.node[job]]
                : fleet.nodeModel().unitsByExit()[decision(job).exit()];
    }

    ClassThresholds.Decision decision(int job) {
        int version = jobs.version[job];
        int level = jobs.level[job];
        ClassThresholds.Decision[][] all = version == 0 ? fleet.nodeDecisions[level] : desk.decisions(version, level);
        return all[fleet.like[jobs.device[job]]][jobs.row[job]];
    }

    private void answered(int job) {
        double delay = calendar.now() - jobs.arrived[job];
        int n = jobs.device[job];
        tallies.delay(jobs.phase[job], jobs.bin[job], n, delay);
        Double most = scenario.link().answerSeconds();
        boolean lateAnswer = most != null && delay > most;
        if (lateAnswer) {
            tallies.lateAnswer(jobs.phase[job], n);
        }
        boolean late = (jobs.flags[job] & Jobs.LATE) != 0 || lateAnswer;
        boolean rejected = fleet.nodeModel() != null && decision(job).falseAlarm();
        if (fleet.nodeModel() != null && !late && !rejected) {
            int truth = fleet.classOf(n, jobs.row[job]);
            int named = decision(job).classId();
            tallies.named(jobs.phase[job], truth, named);
            if (critical(n, jobs.row[job]) && truth == named) {
                tallies.rightClass(jobs.phase[job], jobs.bin[job], n);
            }
        }
        EventOutcome outcome = late ? EventOutcome.MISSED : rejected ? EventOutcome.REJECTED : EventOutcome.CLASSIFIED;
        count(job, outcome);
        if (scenario.backhaul() != null) {
            double seconds =
                    fleet.devices.get(n).featureBits() / scenario.backhaul().bitsPerSecond();
            double there = backhaul[jobs.node[job]].arrive(seconds)
                    + scenario.backhaul().delaySeconds();
            tallies.server(jobs.phase[job], there - jobs.arrived[job]);
            desk.atServer(job, there);
            foreseen++;
        }
        jobs.release(job);
    }

    private void end(int job, EventOutcome outcome) {
        count(job, outcome);
        jobs.release(job);
    }

    private void count(int job, EventOutcome outcome) {
        count(jobs.phase[job], jobs.bin[job], jobs.device[job], jobs.row[job], outcome);
        if (log != null) {
            log.ended(jobs, job, calendar.now(), outcome);
        }
    }

    private void count(int phase, int bin, int device, int row, EventOutcome outcome) {
        tallies.ended(phase, bin, device, critical(device, row), outcome);
        if (fleet.classes() > 0) {
            tallies.endedOfClass(phase, fleet.classOf(device, row), outcome);
        }
    }

    /** Its truth; images that get dark keep it. */
    private boolean critical(int device, int row) {
        return fleet.trace(0, device).labels()[row] == 1;
    }

    private void happen(Happening one) {
        double now = calendar.now();
        if (one.down() != null) {
            int j = nodeNumbers.get(one.node());
            if (down[j] != one.down()) {
                down[j] = one.down();
                nodes[j].clear(job -> end(job, EventOutcome.LOST_DOWN));
                calendar.scheduleAfter(scenario.monitor().faultSeconds(), FAULT, j, 0);
            }
            return;
        }
        if (one.newDevice() != null) {
            SimulatedDevice device = devices[fleet.firstDevices + newDevices++];
            begin(device, now);
            desk.deviceJoined(now);
            return;
        }
        for (SimulatedDevice device : devices) {
            if (one.concerns(fleet.devices.get(device.number).id()) && device.active) {
                change(device, one, now);
            }
        }
    }

    private void change(SimulatedDevice device, Happening one, double now) {
        device.off = one.off() == null ? device.off : one.off();
        device.gainFactor = one.gainFactor() == null ? device.gainFactor : one.gainFactor();
        device.eavesdropperFactor = one.eavesdropper() == null ? device.eavesdropperFactor : one.eavesdropper();
        device.noise = one.noise() == null ? device.noise : one.noise();
        device.darkness = one.darkness() == null ? device.darkness : one.darkness();
        int level = fleet.level(device.noise, device.darkness);
        if (level != device.level) {
            device.see(level);
        }
        if (one.classMix() != null) {
            device.rows.mix(one.classMix());
        }
        if (one.traffic() != null) {
            device.clock.traffic(now, one.traffic());
            reschedule(device);
        }
        if (one.gainFactor() != null || one.eavesdropper() != null) {
            refreshRate(device);
        }
    }

    /** Calls the desk after some seconds. */
    void callLater(double seconds, int what) {
        calendar.scheduleAfter(seconds, CALL, 0, what);
    }

    /** Whether the truth of an event becomes known, of which a share does. */
    boolean labelled(int device, int number, double share) {
        labels.jumpTo((long) device << Integer.SIZE | number);
        return labels.uniform() < share;
    }

    private void look() {
        desk.look(calendar.now());
        double next = calendar.now() + desk.looksEvery();
        if (next <= scenario.horizonSeconds()) {
            calendar.schedule(next, LOOK, 0, 0);
        }
    }

    /** Puts a plan into force; devices that it does not place send nothing. */
    void apply(Plan plan) {
        Map<String, Plan.Device> byId = new HashMap<>();
        plan.devices().forEach(device -> byId.put(device.id(), device));
        for (SimulatedDevice device : devices) {
            Plan.Device planned = byId.get(fleet.devices.get(device.number).id());
            if (planned != null && device.active) {
                apply(device, planned);
            } else {
                device.node = SimulatedDevice.NOWHERE;
                refreshRate(device);
            }
        }
    }

    /** What one device does from now on, and its grant. */
    void apply(SimulatedDevice device, Plan.Device planned) {
        device.planned = planned;
        device.plannedNode = nodeNumbers.get(planned.node());
        device.node = device.plannedNode;
        device.follow(planned.thresholds());
        device.bandwidthHz = planned.bandwidthHz();
        device.powerWatts = planned.powerWatts();
        device.admission =
                scenario.node().admission() && device.grant != planned.computeUnits() || device.admission == null
                        ? admission(planned.computeUnits() / fleet.unitsPerEvent[device.plannedNode])
                        : device.admission;
        device.grant = planned.computeUnits();
        if (desk.followerStep() > 0 && device.follower == null) {
            DeviceTrace own = fleet.devices.get(device.number).deviceTrace();
            double omega = Math.min(1, (planned.truePositives() + planned.falsePositives()) / (double) own.size());
            device.follower = new RateFollower(QuantilePath.of(own, planned.thresholds()), desk.followerStep(), omega);
        }
        refreshRate(device);
    }

    private Admission admission(double events) {
        if (!scenario.node().admission()) {
            return null;
        }
        Admission admission = new Admission(events, scenario.periodSeconds());
        if (calendar.now() > 0) {
            admission.restore(new double[] {Math.min(1, events), calendar.now()});
        }
        return admission;
    }

    private void refreshRate(SimulatedDevice device) {
        device.bitsPerSecond = device.node == SimulatedDevice.NOWHERE
                ? 0
                : link(device, device.node, 1, 1).bitsPerSecond(device.bandwidthHz, device.powerWatts);
    }
}
