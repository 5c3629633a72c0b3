package org.qexit.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.edge.BandwidthNeed;
import org.qexit.edge.Eavesdropper;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.edge.Radio;
import org.qexit.edge.SecrecyLink;

/**
 * Synthetic fleets with traces, for benchmarks and for trying the planner. Every device draws from a stream of its own, so that a
 * larger fleet begins with the same devices. Devices are drawn anew until some node can serve them.
 */
public final class FleetGenerator {
    /** −174 dBm/Hz. */
    static final double NOISE = 3.981071705534969e-21;

    static final int TRIES = 1000;

    private FleetGenerator() {}

    /** What a fleet looks like. */
    public enum Family {
        /**
         * A cell of 500 m, path loss 128.1 + 37.6 log10(d/km) dB, three exits, about 120 events per device; nodes have a fifth more
         * bandwidth than a planted assignment needs, and compute for 65 % of the critical events.
         */
        GEO,
        /** Four exits, 60 to 300 events; a planted assignment close to the least bandwidth leaves 0 to 15 % of each node's spare. */
        MID,
        /** As mid, with almost no spare bandwidth. */
        TIGHT,
        /**
         * Bandwidth and compute both scarce: four exits, 60 to 300 events, weights 0.5, 1 and 2; every node has 0 to 2 % more bandwidth
         * than a planted assignment needs (each device at its cheapest node, one in five at its second), and compute for 0.5 to 1.1 times
         * the planted devices' critical events.
         */
        SCARCE
    }

    /** How many devices are planted at their second cheapest node. */
    static double secondShare(Family family) {
        return switch (family) {
            case GEO -> 0.5;
            case MID, TIGHT -> 0.15;
            case SCARCE -> 0.2;
        };
    }

    private static double weight(Family family, SplittableRandom random) {
        return switch (family) {
            case GEO -> new double[] {0.5, 1, 1, 2}[random.nextInt(4)];
            case MID, TIGHT -> random.nextDouble(0.5, 2);
            case SCARCE -> new double[] {0.5, 1, 2}[random.nextInt(3)];
        };
    }

    /** What a node has more than its planted devices need, as a share of their bandwidth. */
    private static double spare(Family family, SplittableRandom random) {
        return switch (family) {
            case GEO -> 0.2;
            case MID -> random.nextDouble(0, 0.15);
            case TIGHT -> random.nextDouble(0, 0.002);
            case SCARCE -> random.nextDouble(0, 0.02);
        };
    }

    /** A node's compute as a share of its planted devices' critical events. */
    private static double computeShare(Family family, SplittableRandom random) {
        return switch (family) {
            case GEO -> 0.65;
            case MID, TIGHT -> 1.3 * random.nextDouble(0.3, 0.7);
            case SCARCE -> random.nextDouble(0.5, 1.1);
        };
    }

    /** A fleet of {@code devices} devices at {@code nodes} nodes of three security levels in turn. */
    public static Instance fleet(Family family, int devices, int nodes, long seed) {
        Checks.within("devices", devices, 1, 1_000_000);
        Checks.within("nodes", nodes, 1, 100_000);
        RandomStreams streams = RandomStreams.of(seed);
        boolean geo = family == Family.GEO;
        int levels = Math.min(3, nodes);
        Radio radio = new Radio(geo ? 20e6 : 2e6, geo ? 0.2 : 0.25, NOISE);
        double[][] places = new double[nodes][];
        List<EdgeNode> unlimited = new ArrayList<>();
        for (int j = 0; j < nodes; j++) {
            places[j] = inDisc(streams.stream("node/" + j), 500);
            unlimited.add(new EdgeNode("en" + (j + 1), 1e12, 1e12, 1 + j % levels, null));
        }
        double direction = 2 * Math.PI * streams.stream("eavesdropper").nextDouble();
        double[] listener = {900 * Math.cos(direction), 900 * Math.sin(direction)};
        List<Instance.Device> users = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        double[] plannedHz = new double[nodes];
        double[] positives = new double[nodes];
        int[] planned = new int[nodes];
        for (int n = 0; n < devices; n++) {
            String id = "ue" + (n + 1);
            Drawn drawn = null;
            for (int attempt = 0; drawn == null; attempt++) {
                if (attempt == TRIES) {
                    throw new IllegalStateException("no place in the cell where a node can serve device " + id);
                }
                SplittableRandom random = streams.stream("device/" + id + "/" + attempt);
                drawn = draw(id, family, new Site(radio, unlimited, places, listener, levels), random);
            }
            users.add(drawn.device());
            links.addAll(drawn.links());
            plannedHz[drawn.node()] += drawn.hertz();
            positives[drawn.node()] +=
                    Arrays.stream(drawn.device().trace().labels()).sum();
            planned[drawn.node()]++;
        }
        List<EdgeNode> limited = new ArrayList<>();
        for (int j = 0; j < nodes; j++) {
            SplittableRandom random = streams.stream("capacity/" + j);
            double spare = spare(family, random);
            double share = computeShare(family, random);
            limited.add(new EdgeNode(
                    "en" + (j + 1),
                    Math.ceil(plannedHz[j] * (1 + spare)),
                    Math.max(4 * planned[j], Math.rint(share * positives[j])),
                    1 + j % levels,
                    null));
        }
        String name = String.format(Locale.ROOT, "%s_%dx%d_s%d", name(family), devices, nodes, seed);
        return new Instance(Instance.FORMAT, name, radio, users, limited, links, null, null);
    }

    static String name(Family family) {
        return family.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Where devices are drawn.
     *
     * @param nodes with capacities that forbid nothing yet, or their final ones
     * @param places {@code [node]}: x and y in metres
     * @param listener x and y of the eavesdropper, metres
     * @param levels security levels
     */
    record Site(Radio radio, List<EdgeNode> nodes, double[][] places, double[] listener, int levels) {}

    private record Placed(Instance.Device device, List<Link> links) {}

    /**
     * A device, its links, and where it is planted: the node at which capacities reckon with it.
     *
     * @param node its number
     * @param hertz its bandwidth there
     */
    record Drawn(Instance.Device device, List<Link> links, int node, double hertz) {}

    /** One device; null if no node can serve it where it landed. */
    private static Drawn draw(String id, Family family, Site site, SplittableRandom random) {
        boolean geo = family == Family.GEO;
        double[] at = inDisc(random, 500);
        Instance.Device device = new Instance.Device(
                id,
                weight(family, random),
                random.nextInt(1, site.levels() + 1),
                geo ? random.nextInt(1, 9) * 98304 : random.nextInt(100_000, 1_000_000),
                geo ? new double[] {0.1, 0.2, 0.5}[random.nextInt(3)] : random.nextDouble(0.25, 1),
                geo ? null : random.nextDouble(0.15, 0.25),
                null,
                new Eavesdropper(0.3 * random.nextExponential() * pathGain(at, site.listener()), null),
                trace(
                        geo ? random.nextInt(60, 181) : random.nextInt(60, 301),
                        geo ? 3 : 4,
                        random.nextDouble(0.08, 0.35),
                        random.nextDouble(0.9, 2.4),
                        random),
                null,
                null);
        return planted(
                device,
                at,
                site,
                IntStream.range(0, site.nodes().size()).boxed().toList(),
                secondShare(family),
                random);
    }

    /**
     * Plants a device at the cheapest of the nodes that it hears and that can serve it, or at the second.
     *
     * @param at x and y of the device in metres
     * @param heard numbers of nodes
     * @param secondShare of devices that are planted at their second node
     * @return null if none of them can serve it
     */
    static Drawn planted(
            Instance.Device device,
            double[] at,
            Site site,
            List<Integer> heard,
            double secondShare,
            SplittableRandom random) {
        Radio radio = site.radio();
        Instance shell =
                new Instance(Instance.FORMAT, "one", radio, List.of(device), site.nodes(), List.of(), null, null);
        List<Link> links = new ArrayList<>();
        List<double[]> fits = new ArrayList<>();
        for (int j : heard) {
            EdgeNode node = site.nodes().get(j);
            double gain = pathGain(at, site.places()[j]) * random.nextExponential();
            links.add(new Link(device.id(), node.id(), gain));
            BandwidthNeed need = SecrecyLink.need(shell.userDevice(device), node, gain / radio.noiseWattsPerHz());
            if (need instanceof BandwidthNeed.Least least) {
                fits.add(new double[] {least.hz(), j});
            }
        }
        if (fits.isEmpty()) {
            return null;
        }
        fits.sort(Comparator.comparingDouble(fit -> fit[0]));
        boolean second = fits.size() > 1 && random.nextDouble() < secondShare;
        double[] chosen = fits.get(second ? 1 : 0);
        return new Drawn(device, links, (int) chosen[1], chosen[0]);
    }

    /**
     * A fleet in the setting of FREDI (arXiv 2609.15847): three nodes at the corners of a triangle of 70 m, devices inside, path loss
     * d⁻⁴, Rayleigh fading, −174 dBm/Hz, 0.2 W, 128 KiB per event within 100 ms, 100 events per device; 20 MHz · N/9 of bandwidth
     * and 100 · N/(3 load) offloads per node. Ours, since not stated there: scores and an eavesdropper at 140 m from the centre.
     *
     * @param load offloads wanted, if every event were sent, over offloads possible
     * @param levels security levels: node j has level 1 + j mod levels, devices are spread evenly over them
     */
    public static Instance fredi(int devices, double load, int levels, long seed) {
        Checks.within("devices", devices, 1, 1_000_000);
        Checks.positive("load", load);
        Checks.within("levels", levels, 1, 3);
        RandomStreams streams = RandomStreams.of(seed);
        double[][] corners = {{0, 0}, {70, 0}, {35, 35 * Math.sqrt(3)}};
        double direction = 2 * Math.PI * streams.stream("eavesdropper").nextDouble();
        double[] listener = {35 + 140 * Math.cos(direction), 35 / Math.sqrt(3) + 140 * Math.sin(direction)};
        List<EdgeNode> nodes = new ArrayList<>();
        for (int j = 0; j < corners.length; j++) {
            nodes.add(new EdgeNode(
                    "en" + (j + 1),
                    20e6 * devices / 9,
                    Math.floor(100.0 * devices / 3 / load + 1e-9),
                    1 + j % levels,
                    null));
        }
        Site site = new Site(new Radio(20e6, 0.2, NOISE), nodes, corners, listener, levels);
        List<Instance.Device> users = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        for (int n = 0; n < devices; n++) {
            String id = "ue" + (n + 1);
            SplittableRandom random = streams.stream("device/" + id);
            // Folding the square over its diagonal spreads the points evenly over the triangle.
            double a = random.nextDouble();
            double b = random.nextDouble();
            if (a + b > 1) {
                a = 1 - a;
                b = 1 - b;
            }
            double[] at = {70 * a + 35 * b, 35 * Math.sqrt(3) * b};
            int level = 1 + n % levels;
            Placed placed = null;
            // A deep fade may leave a device without secrecy at every node it may use: then it fades anew.
            for (int attempt = 0; placed == null; attempt++) {
                if (attempt == TRIES) {
                    throw new IllegalStateException("no fading that lets a node serve device " + id);
                }
                placed = frediDevice(id, level, at, site, random);
            }
            users.add(placed.device());
            links.addAll(placed.links());
        }
        String name = String.format(Locale.ROOT, "fredi_%d_load%.2f_levels%d_s%d", devices, load, levels, seed);
        return new Instance(Instance.FORMAT, name, site.radio(), users, nodes, links, null, null);
    }

    /** One device with its links; null if its fading lets no node serve it. */
    private static Placed frediDevice(String id, int level, double[] at, Site site, SplittableRandom random) {
        List<EdgeNode> nodes = site.nodes();
        Instance.Device device = new Instance.Device(
                id,
                1,
                level,
                128 * 1024 * 8,
                0.1,
                null,
                null,
                new Eavesdropper(random.nextExponential() * fourthPower(at, site.listener()), null),
                trace(100, 4, random.nextDouble(0.08, 0.35), random.nextDouble(0.9, 2.4), random),
                null,
                null);
        Instance shell =
                new Instance(Instance.FORMAT, "one", site.radio(), List.of(device), nodes, List.of(), null, null);
        List<Link> own = new ArrayList<>();
        boolean served = false;
        for (int j = 0; j < nodes.size(); j++) {
            double gain = random.nextExponential() * fourthPower(at, site.places()[j]);
            own.add(new Link(id, nodes.get(j).id(), gain));
            served |= SecrecyLink.need(shell.userDevice(device), nodes.get(j), gain / NOISE)
                            instanceof BandwidthNeed.Least least
                    && least.hz() <= nodes.get(j).bandwidthHz();
        }
        return served ? new Placed(device, own) : null;
    }

    private static double[] inDisc(SplittableRandom random, double radiusMetres) {
        double radius = radiusMetres * Math.sqrt(random.nextDouble());
        double angle = 2 * Math.PI * random.nextDouble();
        return new double[] {radius * Math.cos(angle), radius * Math.sin(angle)};
    }

    private static double distance(double[] p, double[] q, double least) {
        return Math.max(least, Math.hypot(p[0] - q[0], p[1] - q[1]));
    }

    static double pathGain(double[] p, double[] q) {
        return Math.pow(10, -(128.1 + 37.6 * Math.log10(distance(p, q, 10) / 1000)) / 10);
    }

    private static double fourthPower(double[] p, double[] q) {
        return Math.pow(distance(p, q, 1), -4);
    }

    /** Scores of later exits part the classes better; hard events are hard at every exit. */
    static Instance.Trace trace(int events, int exits, double critical, double quality, SplittableRandom random) {
        int[] labels = new int[events];
        float[][] scores = new float[events][exits];
        for (int k = 0; k < events; k++) {
            labels[k] = random.nextDouble() < critical ? 1 : 0;
            double hard = random.nextGaussian();
            for (int q = 0; q < exits; q++) {
                double apart = quality * (q + 1) / exits * (labels[k] == 1 ? 1 : -1);
                double z = apart + 0.8 * hard * (1 - 0.5 * q / exits) + 0.6 * random.nextGaussian() - 0.8;
                scores[k][q] = (float) (Math.rint(1e4 / (1 + Math.exp(-1.6 * z))) / 1e4);
            }
        }
        if (Arrays.stream(labels).sum() == 0) {
            labels[0] = 1;
        }
        return new Instance.Trace(labels, scores, null);
    }
}
