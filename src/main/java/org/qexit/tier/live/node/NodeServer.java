package org.qexit.tier.live.node;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.qexit.bundle.Bundle;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.http.HttpReply;
import org.qexit.tier.live.http.HttpService;
import org.qexit.tier.live.http.Route;
import org.qexit.tier.live.inference.Caller;

/** A running edge node. */
public final class NodeServer implements AutoCloseable {
    /** Of the JSON around the numbers, and of their text. */
    private static final int JSON_BYTES = 1 << 16;

    private static final int BYTES_PER_NUMBER = 16;

    private final NodeService service;
    private final HttpService http;

    private NodeServer(NodeService service, HttpService http) {
        this.service = service;
        this.http = http;
    }

    /**
     * Where and how a node is served.
     *
     * @param http address of HTTP
     * @param tls null for none
     * @param limits what it puts up with
     * @param settings how it works
     * @param log takes a line on what should not happen
     */
    public record Options(
            InetSocketAddress http,
            SSLContext tls,
            HttpLimits limits,
            NodeService.Settings settings,
            Consumer<String> log) {}

    /** @throws org.qexit.common.UserError if the bundle is no edge node's, or an address cannot be had */
    public static NodeServer start(Bundle bundle, NodePlan plan, Options options) {
        NodeMetrics metrics = new NodeMetrics(options.log());
        NodeService service = new NodeService(bundle, plan, options.settings(), metrics);
        try {
            int most = maxBodyBytes(bundle, options.settings().maxBatch());
            List<Route> routes = new ArrayList<>(new InferenceRoutes(service, NodeServer::caller, most).all());
            routes.add(Route.getAlways("/metrics", call -> HttpReply.of(200, metrics.contentType(), metrics.text())));
            HttpService http = HttpService.start(options.http(), options.tls(), options.limits(), routes, metrics);
            metrics.watchRunning(http::running);
            return new NodeServer(service, http);
        } catch (RuntimeException e) {
            service.close();
            throw e;
        }
    }

    private static Caller caller(Optional<X509Certificate> certificate) {
        return Caller.UNKNOWN;
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

    /** Takes no new requests, and waits until those that run are answered, or so long. */
    public boolean drain(Duration atMost) {
        service.end();
        return http.drain(atMost);
    }

    @Override
    public void close() {
        http.close();
        service.close();
    }
}
