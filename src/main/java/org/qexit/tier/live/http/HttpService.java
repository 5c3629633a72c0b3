package org.qexit.tier.live.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.qexit.common.UserError;

/** A running HTTP/1.1 server. */
public final class HttpService implements AutoCloseable {
    private final Server server;
    private final ServerConnector connector;
    private final Dispatch dispatch;
    private final boolean secure;

    private HttpService(Server server, ServerConnector connector, Dispatch dispatch, boolean secure) {
        this.server = server;
        this.connector = connector;
        this.dispatch = dispatch;
        this.secure = secure;
    }

    /**
     * Starts a server.
     *
     * @param address where; port 0 is any free one
     * @param tls for TLS 1.3 in which clients must show a certificate; null for none, on loopback only
     * @param routes the first that fits answers
     * @throws UserError if the address cannot be had, or is not this machine's own without TLS
     */
    public static HttpService start(
            InetSocketAddress address, SSLContext tls, HttpLimits limits, List<Route> routes, HttpWatch watch) {
        if (tls == null) {
            checkLoopback(address);
        }
        QueuedThreadPool threads = new QueuedThreadPool(limits.threads(), Math.min(8, limits.threads()));
        threads.setName("http");
        Server server = new Server(threads);
        HttpConnectionFactory http = new HttpConnectionFactory(configuration(limits));
        ServerConnector connector = tls == null
                ? new ServerConnector(server, 1, 1, http)
                : new ServerConnector(server, 1, 1, new SslConnectionFactory(tls(tls), http.getProtocol()), http);
        connector.setHost(address.getAddress().getHostAddress());
        connector.setPort(address.getPort());
        connector.setIdleTimeout((long) (1000 * limits.idleSeconds()));
        HeadTimer heads = new HeadTimer(limits);
        connector.addEventListener(heads);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(limits.connections(), connector));
        Dispatch dispatch = new Dispatch(routes, limits, watch, heads);
        server.setHandler(dispatch);
        server.setErrorHandler(new PlainErrors());
        server.setStopAtShutdown(false);
        try {
            server.start();
            heads.start(server.getScheduler());
        } catch (IOException e) {
            stop(server);
            throw new UserError(
                    "cannot serve at " + address.getHostString() + ":" + address.getPort() + ": " + reason(e));
        } catch (Exception e) {
            stop(server);
            throw new IllegalStateException("the HTTP server does not start", e);
        }
        return new HttpService(server, connector, dispatch, tls != null);
    }

    /** @throws UserError if others than this machine could reach a server there */
    public static void checkLoopback(InetSocketAddress address) {
        if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
            throw new UserError("plain services are for this machine alone; found the address "
                    + address.getHostString() + ", expected 127.0.0.1");
        }
    }

    private static HttpConfiguration configuration(HttpLimits limits) {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setRequestHeaderSize(HttpLimits.HEAD_BYTES);
        configuration.setIdleTimeout((long) (1000 * limits.idleSeconds()));
        return configuration;
    }

    private static SslContextFactory.Server tls(SSLContext context) {
        SslContextFactory.Server factory = new SslContextFactory.Server();
        factory.setSslContext(context);
        factory.setNeedClientAuth(true);
        factory.setIncludeProtocols("TLSv1.3");
        return factory;
    }

    private static String reason(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage());
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP server does not stop", e);
        }
    }

    /** The port that it listens at. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Such as {@code https://127.0.0.1:8443}. */
    public String address() {
        return (secure ? "https://" : "http://") + connector.getHost() + ":" + port();
    }

    /** Requests that are being answered. */
    public int running() {
        return dispatch.running();
    }

    /** From now on new requests are told 503; returns when those that run are answered, or after so long. */
    public boolean drain(Duration atMost) {
        return dispatch.drain(atMost);
    }

    /** Ends at once. */
    @Override
    public void close() {
        stop(server);
    }
}
