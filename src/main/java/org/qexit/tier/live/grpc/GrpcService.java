package org.qexit.tier.live.grpc;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.grpc.netty.shaded.io.netty.handler.ssl.JdkSslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.qexit.common.UserError;
import org.qexit.tier.live.inference.Caller;
import org.qexit.tier.live.inference.InferenceService;

/** A running gRPC server of the Open Inference Protocol v2. */
public final class GrpcService implements AutoCloseable {
    private static final int HEAD_BYTES = 8 << 10;
    /** Held, for the platform forgets loggers that nobody holds: a stack for every bad request would fill the log. */
    private static final Logger LIBRARY = Logger.getLogger("io.grpc");

    static {
        LIBRARY.setLevel(Level.SEVERE);
    }

    private static final int MOST_CALLS_PER_CONNECTION = 256;

    private final Server server;
    private final CallGuard guard;
    private final ExecutorService threads;
    private final ScheduledExecutorService timer;

    private GrpcService(Server server, CallGuard guard, ExecutorService threads, ScheduledExecutorService timer) {
        this.server = server;
        this.guard = guard;
        this.threads = threads;
        this.timer = timer;
    }

    /**
     * Who is served what.
     *
     * @param service answers
     * @param callers who a client is, by its certificate; may refuse
     */
    public record Served(InferenceService service, Function<Optional<X509Certificate>, Caller> callers) {}

    /**
     * Starts a server.
     *
     * @param address where; port 0 is any free one
     * @param tls for TLS 1.3 in which clients must show a certificate; null for none, on loopback only
     * @throws UserError if the address cannot be had, or is not this machine's own without TLS
     */
    public static GrpcService start(
            InetSocketAddress address, SSLContext tls, GrpcLimits limits, Served served, GrpcWatch watch) {
        if (tls == null && (address.isUnresolved() || !address.getAddress().isLoopbackAddress())) {
            throw new UserError("plain services are for this machine alone; found the address "
                    + address.getHostString() + ", expected 127.0.0.1");
        }
        ExecutorService threads = Executors.newFixedThreadPool(limits.threads(), daemons("grpc"));
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(daemons("grpc-timer"));
        CallGuard guard = new CallGuard(limits, watch, timer);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .executor(threads)
                .intercept(guard)
                .addService(new InferenceGrpc(served.service(), served.callers(), watch).definition())
                .maxInboundMessageSize(limits.messageBytes())
                .maxInboundMetadataSize(HEAD_BYTES)
                .maxConcurrentCallsPerConnection(MOST_CALLS_PER_CONNECTION)
                .maxConnectionIdle(millis(limits.idleSeconds()), TimeUnit.MILLISECONDS)
                .keepAliveTime(millis(limits.idleSeconds()), TimeUnit.MILLISECONDS)
                .handshakeTimeout(millis(limits.requestSeconds()), TimeUnit.MILLISECONDS);
        if (tls != null) {
            builder.sslContext(tls(tls));
        }
        try {
            return new GrpcService(builder.build().start(), guard, threads, timer);
        } catch (IOException e) {
            threads.shutdownNow();
            timer.shutdownNow();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UserError("cannot serve gRPC at " + address.getHostString() + ":" + address.getPort() + ": "
                    + cause.getMessage());
        }
    }

    private static long millis(double seconds) {
        return (long) (1000 * seconds);
    }

    private static ThreadFactory daemons(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private static SslContext tls(SSLContext context) {
        ApplicationProtocolConfig http2 = new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                "h2");
        return new JdkSslContext(
                context,
                false,
                null,
                IdentityCipherSuiteFilter.INSTANCE,
                http2,
                ClientAuth.REQUIRE,
                new String[] {"TLSv1.3"},
                false);
    }

    public int port() {
        return server.getPort();
    }

    /** Calls that are being answered. */
    public int running() {
        return guard.running();
    }

    /** From now on new calls are refused. */
    public void refuse() {
        server.shutdown();
    }

    /** Takes no new calls; returns when those that run are answered, or after so long. */
    public boolean drain(Duration atMost) {
        server.shutdown();
        try {
            return server.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends at once. */
    @Override
    public void close() {
        server.shutdownNow();
        threads.shutdownNow();
        timer.shutdownNow();
    }
}
