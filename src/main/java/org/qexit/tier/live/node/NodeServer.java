package org.qexit.tier.live.node;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.qexit.bundle.Bundle;
import org.qexit.common.UserError;
import org.qexit.tier.live.http.HttpLimits;
import org.qexit.tier.live.http.HttpReply;
import org.qexit.tier.live.http.HttpService;
import org.qexit.tier.live.http.Route;
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

    private NodeServer(NodeService service, HttpService http) {
        this.service = service;
        this.http = http;
    }

    /**
     * Where and how a node is served.
     *
     * @param http address of HTTP
     * @param credentials for mutual TLS; null for none
     * @param state directory of what it keeps, of this node alone; null to keep nothing
     * @param limits what it puts up with
     * @param settings how it works
     * @param log takes a line on what should not happen
     */
    public record Options(
            InetSocketAddress http,
            Credentials credentials,
            Path state,
            HttpLimits limits,
            NodeService.Settings settings,
            Consumer<String> log) {}

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
        AnswerBook book = options.state() == null
                ? null
                : AnswerBook.open(
                        options.state().resolve("journal"), options.settings().waitSeconds(), options.log());
        NodeService service = new NodeService(bundle, plan, options.settings(), metrics, book);
        try {
            int most = maxBodyBytes(bundle, options.settings().maxBatch());
            List<Route> routes =
                    new ArrayList<>(new InferenceRoutes(service, new Callers(credentials)::of, most).all());
            routes.add(Route.getAlways("/metrics", call -> HttpReply.of(200, metrics.contentType(), metrics.text())));
            HttpService http = HttpService.start(
                    options.http(),
                    credentials == null ? null : credentials.context(),
                    options.limits(),
                    routes,
                    metrics);
            metrics.watchRunning(http::running);
            return new NodeServer(service, http);
        } catch (RuntimeException e) {
            service.close();
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
