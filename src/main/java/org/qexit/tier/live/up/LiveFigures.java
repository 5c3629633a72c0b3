package org.qexit.tier.live.up;

import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.qexit.tier.live.cloud.CloudService;

/** Puts together what devices' logs and nodes' figures say. Used by one thread at a time. */
final class LiveFigures {
    private static final String FALSE_ALARM = "false alarm";

    private final LiveFleet fleet;
    private final double speed;
    private final List<String> classNames;
    private final CloudService cloud;
    private final Versions versions;
    private final List<DeviceTally> devices = new ArrayList<>();
    private final List<NodeTally> nodes = new ArrayList<>();

    /**
     * @param cloud server
     * @param versions of the nodes' model
     * @param addresses of nodes, by id
     * @param client that nodes answer
     * @param classNames in the order of their ids
     */
    LiveFigures(
            LiveFleet fleet,
            double speed,
            UpFolder folder,
            CloudService cloud,
            Versions versions,
            Map<String, String> addresses,
            HttpClient client,
            List<String> classNames) {
        this.fleet = fleet;
        this.speed = speed;
        this.cloud = cloud;
        this.versions = versions;
        this.classNames = List.copyOf(classNames);
        fleet.devices().forEach(device -> devices.add(new DeviceTally(device, folder.log(device.id()))));
        fleet.nodes().forEach(node -> nodes.add(new NodeTally(node, addresses.get(node.id()), client)));
    }

    /** Looks at all logs and asks all nodes. */
    void read(double seconds) {
        devices.forEach(DeviceTally::read);
        nodes.forEach(node -> node.read(seconds));
    }

    Figures figures(String state, double seconds) {
        double periodSeconds = fleet.periodSeconds() / speed;
        List<Figures.Device> all = devices.stream().map(DeviceTally::figures).toList();
        CloudState learnt = CloudState.of(cloud);
        versions.read(learnt);
        List<Figures.Node> each = new ArrayList<>();
        for (int j = 0; j < nodes.size(); j++) {
            String id = fleet.nodes().get(j).id();
            int served = (int) fleet.devices().stream()
                    .filter(device -> device.node().equals(id))
                    .count();
            each.add(nodes.get(j)
                    .figures(
                            served,
                            periodSeconds,
                            classes(id),
                            versions.of(nodes.get(j).model())));
        }
        return new Figures(
                fleet.title(), state, seconds, speed, periodSeconds, totals(all), fairness(), learnt, each, all);
    }

    private static Figures.Totals totals(List<Figures.Device> all) {
        long events = 0;
        long expected = 0;
        long dropped = 0;
        long answered = 0;
        long missed = 0;
        for (Figures.Device device : all) {
            events += device.events();
            expected += device.expected();
            dropped += device.dropped();
            answered += device.classified() + device.rejected();
            missed += device.missed();
        }
        return new Figures.Totals(events, expected, dropped, answered, missed);
    }

    private Map<String, Long> classes(String node) {
        Map<Integer, Long> ids = new TreeMap<>();
        devices.forEach(device -> device.classes(node).forEach((id, count) -> ids.merge(id, count, Long::sum)));
        Map<String, Long> named = new TreeMap<>();
        ids.forEach((id, count) -> named.merge(name(id), count, Long::sum));
        return named;
    }

    private String name(int id) {
        return id < 0 ? FALSE_ALARM : id < classNames.size() ? classNames.get(id) : Integer.toString(id);
    }

    private Figures.Fairness fairness() {
        double[] promised =
                fleet.devices().stream().mapToDouble(LiveFleet.Device::promised).toArray();
        double[] known = devices.stream()
                .map(DeviceTally::utility)
                .filter(utility -> utility != null)
                .mapToDouble(Double::doubleValue)
                .toArray();
        Double soFar = known.length < devices.size() ? null : logUtility();
        return new Figures.Fairness(fleet.promised(), soFar, Figures.jain(promised), Figures.jain(known));
    }

    /** Null while a device has found nothing: the logarithm is of a number above 0. */
    private Double logUtility() {
        double sum = 0;
        for (int n = 0; n < devices.size(); n++) {
            double utility = devices.get(n).utility();
            if (utility == 0) {
                return null;
            }
            sum += fleet.devices().get(n).weight() * Math.log(utility);
        }
        return sum;
    }

    /** Whether every node said its figures when it was asked last. */
    boolean complete() {
        return nodes.stream().noneMatch(NodeTally::away);
    }
}
