package org.qexit.allocation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.qexit.common.Checks;
import org.qexit.common.RandomStreams;
import org.qexit.edge.Eavesdropper;
import org.qexit.edge.EdgeNode;
import org.qexit.edge.Link;
import org.qexit.edge.Radio;

/**
 * A fleet of any size over a city: nodes about every 400 m, of three security levels; each device hears the 16 nearest. Channels, traces and
 * capacities as of {@link FleetGenerator.Family#GEO}: a fifth more bandwidth than a planted assignment needs, compute for 65 % of the critical
 * events. Every device has a stream of its own, so that it is the same wherever it is made.
 */
public final class CityGenerator {
    /** Nodes that a device hears. */
    public static final int HEARD = 16;

    private static final double SPACING = 400;
    private static final double JITTER = 100;
    private static final double LISTENER = 900;
    private static final double SPARE = 0.2;
    private static final double COMPUTE = 0.65;
    private static final int LEVELS = 3;

    private final RandomStreams streams;
    private final Radio radio = new Radio(20e6, 0.2, FleetGenerator.NOISE);
    private final double[][] places;
    private final List<EdgeNode> unlimited = new ArrayList<>();
    private final int side;

    public CityGenerator(int nodes, long seed) {
        Checks.within("nodes", nodes, 1, 100_000);
        streams = RandomStreams.of(seed);
        side = (int) Math.ceil(Math.sqrt(nodes));
        places = new double[nodes][];
        for (int j = 0; j < nodes; j++) {
            SplittableRandom random = streams.stream("node/" + j);
            places[j] = new double[] {
                SPACING * (j % side + 0.5) + random.nextDouble(-JITTER, JITTER),
                SPACING * (j / side + 0.5) + random.nextDouble(-JITTER, JITTER)
            };
            unlimited.add(new EdgeNode("en" + (j + 1), 1e12, 1e12, 1 + j % LEVELS, null));
        }
    }

    public Radio radio() {
        return radio;
    }

    /**
     * A device, the links to the nodes that it hears, and where it is planted: the node at which capacities reckon with it.
     *
     * @param node its number
     * @param hertz its bandwidth there
     * @param positives its critical events
     */
    public record Drawn(Instance.Device device, List<Link> links, int node, double hertz, int positives) {}

    /** Device number n, from 0. */
    public Drawn device(int n) {
        String id = "ue" + (n + 1);
        for (int attempt = 0; attempt < FleetGenerator.TRIES; attempt++) {
            Drawn drawn = draw(id, streams.stream("device/" + id + "/" + attempt));
            if (drawn != null) {
                return drawn;
            }
        }
        throw new IllegalStateException("no place in the city where a node can serve device " + id);
    }

    private Drawn draw(String id, SplittableRandom random) {
        int rows = (places.length + side - 1) / side;
        double[] at = {random.nextDouble(SPACING * side), random.nextDouble(SPACING * rows)};
        double direction = 2 * Math.PI * random.nextDouble();
        double[] listener = {at[0] + LISTENER * Math.cos(direction), at[1] + LISTENER * Math.sin(direction)};
        Instance.Device device = new Instance.Device(
                id,
                new double[] {0.5, 1, 1, 2}[random.nextInt(4)],
                random.nextInt(1, LEVELS + 1),
                random.nextInt(1, 9) * 98304,
                new double[] {0.1, 0.2, 0.5}[random.nextInt(3)],
                null,
                null,
                new Eavesdropper(0.3 * random.nextExponential() * FleetGenerator.pathGain(at, listener), null),
                FleetGenerator.trace(
                        random.nextInt(60, 181), 3, random.nextDouble(0.08, 0.35), random.nextDouble(0.9, 2.4), random),
                null,
                null);
        FleetGenerator.Site site = new FleetGenerator.Site(radio, unlimited, places, listener, LEVELS);
        double secondShare = FleetGenerator.secondShare(FleetGenerator.Family.GEO);
        FleetGenerator.Drawn drawn = FleetGenerator.planted(device, at, site, nearest(at), secondShare, random);
        if (drawn == null) {
            return null;
        }
        int positives = Arrays.stream(device.trace().labels()).sum();
        return new Drawn(device, drawn.links(), drawn.node(), drawn.hertz(), positives);
    }

    private List<Integer> nearest(double[] at) {
        List<Integer> near = new ArrayList<>();
        int column = (int) (at[0] / SPACING);
        int row = (int) (at[1] / SPACING);
        for (int reach = 3; near.size() < Math.min(HEARD, places.length); reach *= 2) {
            near.clear();
            for (int r = Math.max(0, row - reach); r <= row + reach; r++) {
                for (int c = Math.max(0, column - reach); c <= Math.min(side - 1, column + reach); c++) {
                    int j = r * side + c;
                    if (j < places.length) {
                        near.add(j);
                    }
                }
            }
        }
        near.sort(Comparator.comparingDouble(j -> Math.hypot(places[j][0] - at[0], places[j][1] - at[1])));
        return near.subList(0, Math.min(HEARD, near.size()));
    }

    /**
     * The nodes with their capacities.
     *
     * @param hertz sums of what is planted at each node
     * @param positives sums of critical events
     * @param planted devices
     */
    public List<EdgeNode> nodes(double[] hertz, double[] positives, long[] planted) {
        List<EdgeNode> limited = new ArrayList<>();
        for (int j = 0; j < places.length; j++) {
            limited.add(new EdgeNode(
                    "en" + (j + 1),
                    Math.ceil(hertz[j] * (1 + SPARE)),
                    Math.max(4 * planted[j], Math.rint(COMPUTE * positives[j])),
                    1 + j % LEVELS,
                    null));
        }
        return limited;
    }
}
