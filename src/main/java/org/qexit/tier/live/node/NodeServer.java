package org.qexit.tier.live.node;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.qexit.bundle.Bundle;
import org.qexit.common.UserError;
import org.qexit.tier.live.control.Heartbeat;
import org.qexit.tier.live.grpc.GrpcLimits;
import org.qexit.tier.live.grpc.GrpcService;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.http.HttpService;
import org.qexit.tier.live.http.Route;
import org.qexit.tier.live.report.RecordSender;
import org.qexit.tier.live.report.ReportSettings;
import org.qexit.tier.live.report.StatusReports;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** A running edge node. */
public final class NodeServer implements AutoCloseable {
    /** Of the JSON around the numbers, and of their text. */
    private static final int JSON_BYTES = 1 << 16;

    private static final int BYTES_PER_NUMBER = 16;

    private final NodeService service;
    private final HttpService http;

    /** Null if it is not served. */
    private final GrpcService grpc;

    /** Null if nothing is followed. */
    private final NodeFollower follower;

    /** Null if nobody is told. */
    private StatusReports heartbeats;

    private NodeServer(NodeService service, HttpService http, GrpcService grpc, NodeFollower follower) {
        this.follower = follower;
        this.service = service;
        this.http = http;
        this.grpc = grpc;
    }

    /**
     * Where and how a node is served.
     *
     * @param http address of HTTP
     * @param grpc address of gRPC; null for none
     * @param credentials for mutual TLS; null for none
     * @param state directory of what it keeps, of this node alone; null to keep nothing, if nothing is followed
     * @param limits what it puts up with
     * @param settings how it works
     * @param follow which documents to follow; null for none
     * @param alerts where events of a class are told, by its name
     * @param cloud whom to tell what was answered; null for nobody
     * @param log takes a line on what should not happen
     */
    public record Options(
            InetSocketAddress http,
            InetSocketAddress grpc,
            Credentials credentials,
            Path state,
            HttpLimits limits,
            NodeService.Settings settings,
            NodeFollower.Settings follow,
            Map<String, URI> alerts,
            ReportSettings cloud,
            Consumer<String> log) {
        public Options {
            alerts = Map.copyOf(alerts);
        }

        /** Without alerts, and nobody is told. */
        public Options(
                InetSocketAddress http,
                InetSocketAddress grpc,
                Credentials credentials,
                Path state,
                HttpLimits limits,
                NodeService.Settings settings,
                NodeFollower.Settings follow,
                Consumer<String> log) {
            this(http, grpc, credentials, state, limits, settings, follow, Map.of(), null, log);
        }
    }

    /**
     * Starts to serve.
     *
     * @throws UserError if the bundle is no edge node's, the certificate is not the node's, or an address or the state cannot be had
     */
    public static NodeServer start(Bundle bundle, NodePlan plan, Options options) {
        Credentials credentials = options.credentials();
        if (credentials != null) {
            checkIdentity(credentials.identity(), plan.node());
        }
        NodeMetrics metrics = new NodeMetrics(options.log());
        NodeService service = service(bundle, plan, options, metrics);
        NodeFollower follower = options.follow() == null
                ? null
                : new NodeFollower(options.follow(), service, options.state(), options.log());
        try {
            if (follower != null) {
                follower.start();
            }
            Callers callers = new Callers(credentials);
            int most = maxBodyBytes(bundle, options.settings().maxBatch());
            InferenceRoutes protocol = new InferenceRoutes(service, callers::of, most);
            List<Route> routes = new ArrayList<>(protocol.all());
            routes.add(Route.getAlways("/metrics", protocol.known(call -> metrics.reply())));
            routes.add(protocol.rollback(service, options.log()));
            HttpService http = HttpService.start(
                    options.http(),
                    credentials == null ? null : credentials.context(),
                    options.limits(),
                    routes,
                    metrics);
            GrpcService grpc = options.grpc() == null ? null : grpc(options, most, service, callers, metrics, http);
            metrics.watchRunning(() -> http.running() + (grpc == null ? 0 : grpc.running()));
            NodeServer server = new NodeServer(service, http, grpc, follower);
            server.tell(options);
            return server;
        } catch (RuntimeException e) {
            if (follower != null) {
                follower.close();
            }
            service.close();
            throw e;
        }
    }

    private void tell(Options options) {
        if (options.cloud() != null) {
            heartbeats = new StatusReports(
                    options.cloud(),
                    () -> Heartbeat.of(follower == null ? Map.of() : follower.versions(), service.counts()),
                    options.log());
        }
    }

    private static NodeService service(Bundle bundle, NodePlan plan, Options options, NodeMetrics metrics) {
        Path state = options.state();
        for (String name : options.alerts().keySet()) {
            if (!bundle.node().classes().contains(name)) {
                throw new UserError("no class '" + UserError.shown(name) + "'; expected one of: "
                        + String.join(", ", bundle.node().classes()));
            }
        }
        AnswerBook book = null;
        Alerts alerts = null;
        RecordSender records = null;
        try {
            if (state != null) {
                book = AnswerBook.open(
                        state.resolve("journal"), options.settings().waitSeconds(), options.log());
            }
            if (state != null && !options.alerts().isEmpty()) {
                alerts = new Alerts(options.alerts(), state.resolve("alerts"), options.log());
            }
            if (state != null && options.cloud() != null) {
                records = new RecordSender(state.resolve("records"), options.cloud(), options.log());
                metrics.watchRecords(records::counts);
            }
            NodeService.Kept kept = new NodeService.Kept(book, new RollbackMark(state), alerts, records);
            NodeService service = new NodeService(bundle, plan, options.settings(), metrics, kept);
            book = null;
            alerts = null;
            records = null;
            return service;
        } finally {
            new NodeService.Kept(book, null, alerts, records).close();
        }
    }

    private static GrpcService grpc(
            Options options, int most, NodeService service, Callers callers, NodeMetrics metrics, HttpService http) {
        HttpLimits limits = options.limits();
        try {
            return GrpcService.start(
                    options.grpc(),
                    options.credentials() == null ? null : options.credentials().context(),
                    new GrpcLimits(
                            most, limits.requests(), limits.threads(), limits.requestSeconds(), limits.idleSeconds()),
                    new GrpcService.Served(service, callers::of),
                    metrics);
        } catch (RuntimeException e) {
            http.close();
            throw e;
        }
    }

    private static void checkIdentity(Identity identity, String node) {
        if (identity.role() != Role.NODE || !identity.id().equals(node)) {
            throw new UserError("the certificate is of " + identity + "; expected that of node " + node);
        }
    }

    /** Room for the numbers' text. */
    static int maxBodyBytes(Bundle bundle, int maxBatch) {
        long values = (long) bundle.manifest().input().size() * maxBatch;
        return (int) Math.min(Integer.MAX_VALUE, JSON_BYTES + BYTES_PER_NUMBER * values);
    }

    /** What requests are answered with. */
    public NodeService service() {
        return service;
    }

    /** Such as {@code http://127.0.0.1:8080}. */
    public String address() {
        return http.address();
    }

    public int httpPort() {
        return http.port();
    }

    /** The port of gRPC; 0 for none. */
    public int grpcPort() {
        return grpc == null ? 0 : grpc.port();
    }

    /** Takes no new requests, and waits until those that run are answered, or so long. */
    public boolean drain(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        service.end();
        if (grpc != null) {
            grpc.refuse();
        }
        boolean all = http.drain(atMost);
        return (grpc == null || grpc.drain(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) && all;
    }

    @Override
    public void close() {
        if (heartbeats != null) {
            heartbeats.close();
        }
        if (follower != null) {
            follower.close();
        }
        if (grpc != null) {
            grpc.close();
        }
        http.close();
        service.close();
    }
}
