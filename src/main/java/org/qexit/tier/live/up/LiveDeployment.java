package org.qexit.tier.live.up;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleSignature;
import org.qexit.common.RandomStreams;
import org.qexit.tier.live.cloud.CloudService;
import org.qexit.tier.live.control.CloudReports;
import org.qexit.tier.live.control.ControlTrust;
import org.qexit.tier.live.control.HttpControl;
import org.qexit.tier.live.device.ControlFollower;
import org.qexit.tier.live.device.DeviceOptions;
import org.qexit.tier.live.device.InForce;
import org.qexit.tier.live.device.NodeAddress;
import org.qexit.tier.live.device.Pace;
import org.qexit.tier.live.device.PayloadFormat;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.report.ReportSettings;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Role;

/**
 * A whole deployment over loopback: cloud server, one service per node, devices as threads that replay their events, and the page. Ends
 * in the order in which nothing is lost: devices take no more events, wait for their answers and let go; then the nodes, then the cloud
 * server.
 */
public final class LiveDeployment implements AutoCloseable {
    /** Between two looks at control documents. */
    static final double CONTROL_SECONDS = 2;

    private static final int SENDERS = 4;
    private static final long TICK_MILLIS = 50;
    private static final long SHOW_NANOS = 1_000_000_000;
    /** Longer than it takes to look at labels, and at control documents. */
    private static final double QUIET_SECONDS = 4;

    private static final double DEVICE_DRAIN_SECONDS = 1;

    private final LiveFleet fleet;
    private final UpFolder folder;
    private final UpSettings settings;
    private final Map<String, NodeHost.Running> nodes = new LinkedHashMap<>();
    private final List<RunningDevice> devices = new ArrayList<>();
    /** What is to be closed, the last that was started first. */
    private final Deque<Runnable> closing = new ArrayDeque<>();

    private CloudService cloud;
    private LivePage page;
    private LiveFigures figures;
    private long begin;
    private volatile boolean ending;

    private LiveDeployment(LiveFleet fleet, UpFolder folder, UpSettings settings) {
        this.fleet = fleet;
        this.folder = folder;
        this.settings = settings;
    }

    /**
     * Makes certificates and documents, and starts all but the devices.
     *
     * @param folder with the keys in it that have signed the fleet's bundles
     * @throws org.qexit.common.UserError if something cannot be served
     */
    public static LiveDeployment start(LiveFleet fleet, UpFolder folder, UpSettings settings) {
        LiveDeployment deployment = new LiveDeployment(fleet, folder, settings);
        boolean good = false;
        try {
            deployment.start();
            good = true;
        } finally {
            if (!good) {
                deployment.close();
            }
        }
        return deployment;
    }

    private void start() {
        // The page first: a port that is taken is told before the work.
        page = new LivePage(settings.page(), settings.say());
        closing.push(page::close);
        Loopback.issueCertificates(fleet, folder);
        Loopback.publish(fleet, folder);
        cloud = CloudService.start(
                new CloudService.Options(
                        Loopback.anyPort(),
                        Credentials.read(folder.certificate(Role.CLOUD, Loopback.CLOUD)),
                        HttpLimits.standard(),
                        folder.control(),
                        named(Loopback.CLOUD)),
                settings.learning());
        closing.push(cloud::close);
        Map<String, String> addresses = new LinkedHashMap<>();
        for (LiveFleet.Node node : fleet.nodes()) {
            NodeHost.Running running = settings.nodes().start(order(node), named(node.id()));
            closing.push(running::close);
            nodes.put(node.id(), running);
            addresses.put(node.id(), running.address());
        }
        Bundle nodeBundle = Bundle.open(fleet.nodeBundle());
        for (LiveFleet.Device device : fleet.devices()) {
            RunningDevice running = device(device, nodeBundle, addresses);
            closing.push(running::close);
            devices.add(running);
        }
        figures = new LiveFigures(
                fleet,
                settings.speed(),
                folder,
                cloud,
                new Versions(nodeBundle.sha256(), folder.cloud()),
                addresses,
                Loopback.operator(folder),
                nodeBundle.node().classes());
    }

    private java.util.function.Consumer<String> named(String who) {
        return line -> settings.say().accept(who + ": " + line);
    }

    private NodeHost.Order order(LiveFleet.Node node) {
        return new NodeHost.Order(
                node.id(),
                fleet.nodeBundle(),
                fleet.plan(),
                folder.certificate(Role.NODE, node.id()),
                folder.node(node.id()),
                URI.create(cloud.address()),
                folder.trust(),
                fleet.periodSeconds() / settings.speed(),
                node.unitsPerEvent(),
                settings.learning() != null);
    }

    private RunningDevice device(LiveFleet.Device device, Bundle nodeBundle, Map<String, String> addresses) {
        Credentials credentials = Credentials.read(folder.certificate(Role.DEVICE, device.id()));
        InForce begun = InForce.of(Bundle.open(fleet.deviceBundle()), device.id());
        ControlFollower follower = new ControlFollower(
                new HttpControl(URI.create(cloud.address()), credentials),
                new ControlTrust(Loopback.NAME, BundleSignature.readPublicKey(folder.trust())),
                folder.device(device.id()).resolve("control"),
                device.id(),
                line -> {
                    // Who is let go of may be in the middle of a look.
                    if (!line.startsWith("took ") && !ending) {
                        named(device.id()).accept(line);
                    }
                });
        DeviceOptions options = new DeviceOptions(
                device.id(),
                addresses.entrySet().stream()
                        .map(node -> new NodeAddress(node.getKey(), node.getValue()))
                        .toList(),
                PayloadFormat.of(
                        nodeBundle.manifest().name(),
                        nodeBundle.node(),
                        nodeBundle.manifest().input()),
                "the run's test events",
                folder.device(device.id()).resolve("outbox"),
                folder.log(device.id()),
                settings.deadlineSeconds(),
                SENDERS,
                DEVICE_DRAIN_SECONDS,
                credentials,
                device.level(),
                follower,
                CONTROL_SECONDS,
                ReportSettings.of(new CloudReports(URI.create(cloud.address()), credentials)),
                named(device.id()));
        double perSecond = device.eventsPerPeriod() * settings.speed() / fleet.periodSeconds();
        return new RunningDevice(
                begun,
                options,
                new RunningDevice.Sight(
                        device.events(),
                        Pace.poisson(perSecond, fleet.seed(), device.id(), 0),
                        seen(device, begun.bundle().manifest().input().maximum())),
                (id, event) -> settings.offloaded().add(device.id(), id, event));
    }

    /** What a device sees of an event at this moment. */
    private UnaryOperator<float[]> seen(LiveFleet.Device device, float maximum) {
        Disturbance disturbance = settings.disturbance();
        if (disturbance == null) {
            return event -> event;
        }
        SplittableRandom random =
                new SplittableRandom(RandomStreams.of(fleet.seed()).seed("disturbance/" + device.id()));
        return event -> seconds() < disturbance.afterSeconds() ? event : disturbance.of(event, maximum, random);
    }

    /** Where the page is. */
    public String address() {
        return page.address();
    }

    /**
     * Lets the devices work until their events have ended, the time is over, or it is to stop; then ends all but the page.
     *
     * @param stop whether it is to stop
     * @throws RuntimeException what ended a device
     */
    public UpSummary run(BooleanSupplier stop) {
        begin = System.nanoTime();
        devices.forEach(RunningDevice::begin);
        double most = settings.seconds() == null ? Double.POSITIVE_INFINITY : settings.seconds();
        show("running", () -> stop.getAsBoolean() || seconds() >= most);
        devices.forEach(RunningDevice::noMore);
        double until = seconds() + settings.drainSeconds();
        show("draining", () -> seconds() >= until);
        learn(stop);
        ending = true;
        devices.forEach(RunningDevice::stop);
        devices.forEach(RunningDevice::close);
        throwFailure();
        double ended = seconds();
        figures.read(ended);
        boolean complete = figures.complete();
        endNodes();
        cloud.drain(Duration.ofMillis((long) (1e3 * settings.drainSeconds())));
        Figures last = figures.figures("ended", ended);
        UpSummary summary = new Accounts(folder, fleet)
                .summary(devices.stream().map(RunningDevice::summary).toList(), last, complete);
        page.show(last);
        return summary;
    }

    /** Waits until what was answered has been learnt from and nodes have what came of it: nothing has changed for a while. */
    private void learn(BooleanSupplier enough) {
        if (settings.learning() == null) {
            return;
        }
        double until = seconds() + settings.drainSeconds();
        double since = seconds();
        String before = "";
        while (!enough.getAsBoolean()
                && seconds() < until
                && seconds() - since < QUIET_SECONDS
                && !Thread.currentThread().isInterrupted()) {
            figures.read(seconds());
            Figures now = figures.figures("learning", seconds());
            page.show(now);
            String state = now.cloud()
                    + now.nodes().stream().map(Figures.Node::model).toList().toString();
            if (!state.equals(before) || now.cloud().training() != null) {
                before = state;
                since = seconds();
            }
            pause(10 * TICK_MILLIS);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private double seconds() {
        return 1e-9 * (System.nanoTime() - begin);
    }

    /** Shows figures, until all devices are done, one has failed, or it is enough. */
    private void show(String state, BooleanSupplier enough) {
        long next = System.nanoTime();
        while (!enough.getAsBoolean()
                && devices.stream().noneMatch(device -> device.failure() != null)
                && !devices.stream().allMatch(RunningDevice::isDone)) {
            if (System.nanoTime() >= next) {
                figures.read(seconds());
                page.show(figures.figures(state, seconds()));
                next = System.nanoTime() + SHOW_NANOS;
            }
            try {
                Thread.sleep(TICK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void throwFailure() {
        for (RunningDevice device : devices) {
            if (device.failure() != null) {
                throw device.failure();
            }
        }
    }

    private void endNodes() {
        Duration atMost = Duration.ofMillis((long) (1e3 * settings.drainSeconds()) + 1000);
        nodes.forEach((id, node) -> {
            if (!node.drain(atMost)) {
                named(id).accept("some requests were not answered within " + settings.drainSeconds() + " s");
            }
            node.close();
        });
    }

    /** Ends what runs still, the page last. */
    @Override
    public void close() {
        RuntimeException first = null;
        while (!closing.isEmpty()) {
            try {
                closing.pop().run();
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
