package org.qexit.experiment.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.Golden;
import org.qexit.common.Checks;
import org.qexit.common.statistics.Samples;
import org.qexit.device.Latencies;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.inference.InferRequest;
import org.qexit.tier.live.inference.Message;
import org.qexit.tier.live.inference.Parameters;
import org.qexit.tier.live.inference.Tensor;
import org.qexit.tier.live.node.NodePlan;
import org.qexit.tier.live.node.NodeServer;
import org.qexit.tier.live.node.NodeService;

/**
 * A node under load over loopback, in the same process: requests per second and their times with early exit and with all stages always, in
 * turn in one run, and with a journal; and the heap over many requests. Clients send one request after the other, as fast as answers come.
 */
public final class ServeBench {
    private static final String DEVICE = "bench";
    private static final double WARM_UP_SECONDS = 0.5;
    private static final int CHECKPOINTS = 10;
    /** Events per period: as many as one likes. */
    private static final double WITHOUT_END = 1e12;

    private static final float LEVELS = 255;

    private final Settings settings;
    private final String model;
    private final List<Tensor> events;
    private final ServeLoad load;
    private final AtomicLong[] sequences;

    /**
     * How it is measured.
     *
     * @param clients at a time
     * @param batch events in a request
     * @param rounds of each arm
     * @param seconds each
     * @param state directory for the journal, which is left there
     */
    public record Settings(int clients, int batch, int rounds, double seconds, Path state) {
        public Settings {
            Checks.within("clients", clients, 1, 1024);
            Checks.within("batch", batch, 1, 1024);
            Checks.within("rounds", rounds, 1, 1000);
            Checks.within("seconds", seconds, 0.01, 3600);
        }
    }

    /**
     * One way to ask.
     *
     * @param name "early exit", "all exits" or "journalled", with early exit
     * @param requests answered
     * @param requestsPerSecond median of the rounds
     * @param p50Micros median time of a request
     * @param p99Micros of a hundred requests, all but the slowest are faster
     */
    public record Arm(String name, long requests, double requestsPerSecond, double p50Micros, double p99Micros) {}

    /**
     * The whole.
     *
     * @param ratio requests per second with early exit over those without, median of the rounds
     * @param ratios of each round, ascending
     */
    public record Figures(
            String model,
            int clients,
            int batch,
            int rounds,
            double seconds,
            List<Arm> arms,
            double ratio,
            double[] ratios) {}

    /**
     * The heap over many requests.
     *
     * @param requests answered
     * @param requestsPerSecond over all
     * @param heapBytes in use after a collection, after each tenth
     */
    public record Memory(long requests, double requestsPerSecond, long[] heapBytes) {}

    private ServeBench(Bundle bundle, NodeServer server, Settings settings) {
        this.settings = settings;
        model = bundle.manifest().name();
        events = events(bundle, settings.batch());
        sequences = new AtomicLong[settings.clients()];
        Arrays.setAll(sequences, client -> new AtomicLong());
        load = new ServeLoad(server.httpPort(), settings.clients());
    }

    /** Compares early exit and all stages. */
    public static Figures compare(Bundle bundle, Settings settings) {
        try (NodeServer server = serve(bundle, settings)) {
            return new ServeBench(bundle, server, settings).compare();
        }
    }

    /** Sends many journalled requests. */
    public static Memory memory(Bundle bundle, Settings settings, long requests) {
        try (NodeServer server = serve(bundle, settings)) {
            return new ServeBench(bundle, server, settings).memory(requests);
        }
    }

    private static NodeServer serve(Bundle bundle, Settings settings) {
        Map<String, Double> grants = new HashMap<>();
        for (int client = 0; client < settings.clients(); client++) {
            grants.put(DEVICE + client, WITHOUT_END);
        }
        NodePlan plan = new NodePlan("bench", grants, Map.of());
        return NodeServer.start(
                bundle,
                plan,
                new NodeServer.Options(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        null,
                        null,
                        settings.state(),
                        HttpLimits.standard().withRequests(2 * settings.clients()),
                        new NodeService.Settings(
                                null, 1, settings.batch(), Runtime.getRuntime().availableProcessors(), 60),
                        null,
                        System.err::println));
    }

    /** The golden events in turn, as levels where the model takes those. */
    private static List<Tensor> events(Bundle bundle, int batch) {
        BundleManifest.Input shape = bundle.manifest().input();
        FloatBuffer values = ByteBuffer.wrap(bundle.bytes(Golden.INPUTS))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        int count = values.remaining() / shape.size();
        String name = bundle.node().payload().kind().equals("features") ? "features" : "input";
        boolean levels = !bundle.node().payload().unbounded() && shape.maximum() == LEVELS;
        int[] sizes = {batch, shape.channels(), shape.height(), shape.width()};
        List<Tensor> tensors = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            float[] floats = new float[batch * shape.size()];
            for (int i = 0; i < batch; i++) {
                values.get((k + i) % count * shape.size(), floats, i * shape.size(), shape.size());
            }
            tensors.add(levels ? new Tensor.Uint8(name, sizes, bytes(floats)) : new Tensor.Fp32(name, sizes, floats));
        }
        return tensors;
    }

    private static byte[] bytes(float[] floats) {
        byte[] bytes = new byte[floats.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) floats[i];
        }
        return bytes;
    }

    private byte[] http(Message message) {
        byte[] head = ("POST /v2/models/" + model + "/infer HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                        + message.contentType() + "\r\n" + Message.HEADER + ": " + message.jsonLength()
                        + "\r\nContent-Length: " + message.bytes().length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] request = Arrays.copyOf(head, head.length + message.bytes().length);
        System.arraycopy(message.bytes(), 0, request, head.length, message.bytes().length);
        return request;
    }

    /** The events in turn, with the same parameters. */
    private ServeLoad.Source cycle(Parameters parameters) {
        byte[][] requests = events.stream()
                .map(event -> http(InferRequest.of(null, parameters, event).write(true)))
                .toArray(byte[][]::new);
        AtomicLong next = new AtomicLong();
        return client -> requests[(int) (next.getAndIncrement() % requests.length)];
    }

    /** Every client is a device, which sends events with ids of their own, and settles each when it has its answer. */
    private ServeLoad.Source journalled() {
        return client -> {
            long number = sequences[client].incrementAndGet();
            Parameters parameters =
                    Parameters.NONE.with("device", DEVICE + client).with("settled", number);
            Tensor event = events.get((int) (number % events.size()));
            return http(InferRequest.of("0123456789abcdef-" + number, parameters, event)
                    .write(true));
        };
    }

    private static ServeLoad.Source first(ServeLoad.Source source, long most) {
        AtomicLong left = new AtomicLong(most);
        return client -> left.getAndDecrement() > 0 ? source.next(client) : null;
    }

    private Figures compare() {
        List<String> names = List.of("early exit", "all exits", "journalled");
        List<ServeLoad.Source> sources =
                List.of(cycle(Parameters.NONE), cycle(Parameters.NONE.with("all_exits", true)), journalled());
        sources.forEach(source -> load.load(source, Math.max(settings.seconds(), WARM_UP_SECONDS)));
        double[][] perSecond = new double[names.size()][settings.rounds()];
        Latencies[] latencies = {new Latencies(), new Latencies(), new Latencies()};
        for (int round = 0; round < settings.rounds(); round++) {
            for (int i = 0; i < names.size(); i++) {
                // Every other round the other way round.
                int arm = round % 2 == 0 ? i : names.size() - 1 - i;
                ServeLoad.Seen seen = load.load(sources.get(arm), settings.seconds());
                perSecond[arm][round] = seen.perSecond();
                latencies[arm].add(seen.latencies());
            }
        }
        List<Arm> arms = new ArrayList<>();
        for (int arm = 0; arm < names.size(); arm++) {
            arms.add(new Arm(
                    names.get(arm),
                    latencies[arm].count(),
                    Samples.median(perSecond[arm]),
                    latencies[arm].quantileMicros(0.5),
                    latencies[arm].quantileMicros(0.99)));
        }
        double[] ratios = new double[settings.rounds()];
        Arrays.setAll(ratios, round -> perSecond[0][round] / perSecond[1][round]);
        Arrays.sort(ratios);
        return new Figures(
                model,
                settings.clients(),
                settings.batch(),
                settings.rounds(),
                settings.seconds(),
                arms,
                Samples.median(ratios),
                ratios);
    }

    private Memory memory(long requests) {
        ServeLoad.Source source = journalled();
        long[] heap = new long[CHECKPOINTS];
        long answered = 0;
        double seconds = 0;
        for (int i = 0; i < CHECKPOINTS; i++) {
            long upTo = requests * (i + 1) / CHECKPOINTS;
            ServeLoad.Seen seen = load.load(first(source, upTo - answered), Double.POSITIVE_INFINITY);
            answered += seen.requests();
            seconds += seen.seconds();
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            heap[i] = runtime.totalMemory() - runtime.freeMemory();
        }
        return new Memory(answered, answered / seconds, heap);
    }
}
