package org.qexit.tier.live.http;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable;
import org.qexit.common.UserError;

/**
 * Finds the route of a request, reads its body without holding a thread, has it answered. Bodies that are too large, come too slowly, or
 * are too many at a time are refused before they cost more than their own bytes.
 */
final class Dispatch extends Handler.Abstract {
    private static final String NO_ROUTE = "none";
    /** Bytes of a body that is refused that are read all the same. */
    private static final long LET_BY_BYTES = 4 << 20;

    private final List<Route> routes;
    private final HttpLimits limits;
    private final HttpWatch watch;
    private final HeadTimer heads;
    private final Object change = new Object();
    private int running;
    private boolean draining;

    Dispatch(List<Route> routes, HttpLimits limits, HttpWatch watch, HeadTimer heads) {
        this.routes = List.copyOf(routes);
        this.limits = limits;
        this.watch = watch;
        this.heads = heads;
    }

    int running() {
        synchronized (change) {
            return running;
        }
    }

    boolean drain(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        synchronized (change) {
            draining = true;
            while (running > 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                try {
                    change.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }

    /** One request on its way. */
    private final class Exchange {
        private final Request request;
        private final Response response;
        private final Callback callback;
        private final long start = System.nanoTime();
        private String route = NO_ROUTE;
        private boolean counted;

        Exchange(Request request, Response response, Callback callback) {
            this.request = request;
            this.response = response;
            this.callback = callback;
        }

        void refuse(int status, String message) {
            HttpReply reply = HttpReply.error(status, message).with("Connection", "close");
            send(status == 503 ? reply.with("Retry-After", "1") : reply);
        }

        void send(HttpReply reply) {
            response.setStatus(reply.status());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.contentType());
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, reply.body().length);
            reply.headers().forEach(response.getHeaders()::put);
            watch.answered(route, reply.status(), (System.nanoTime() - start) * 1e-9);
            response.write(
                    true,
                    ByteBuffer.wrap(reply.body()),
                    Callback.from(
                            () -> {
                                release();
                                callback.succeeded();
                            },
                            failure -> {
                                release();
                                callback.failed(failure);
                            }));
        }

        /** Whether there is room for it; if not, it is told so. */
        boolean admit() {
            String why;
            synchronized (change) {
                if (draining) {
                    why = "the server is about to end";
                } else if (running >= limits.requests()) {
                    why = "the server is full: " + running + " requests are being answered";
                } else {
                    running++;
                    counted = true;
                    return true;
                }
            }
            refuse(503, why);
            return false;
        }

        private void release() {
            if (counted) {
                counted = false;
                synchronized (change) {
                    running--;
                    change.notifyAll();
                }
            }
        }

        private void answer(Route chosen, Map<String, String> variables, byte[] body) {
            HttpReply reply;
            try {
                HttpCall call = new HttpCall(variables, request.getHeaders()::get, body, peer());
                if (chosen.endpoint() instanceof EventStream stream && streams(stream, call)) {
                    return;
                }
                reply = chosen.endpoint().answer(call);
            } catch (RuntimeException | Error e) {
                watch.failed(chosen.pattern() + ": " + e.getClass().getSimpleName() + ": "
                        + UserError.shown(String.valueOf(e.getMessage())));
                reply = HttpReply.error(500, "internal error");
            }
            send(reply);
        }

        /** Hands the response over to a stream; false if it does not take it. */
        private boolean streams(EventStream stream, HttpCall call) {
            response.setStatus(200);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, EventStream.TYPE);
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            // A stream counts among its own readers: what comes after its first words finds this place free.
            release();
            boolean taken = stream.admit(call, response, callback);
            if (!taken) {
                response.reset();
            } else {
                watch.answered(route, 200, (System.nanoTime() - start) * 1e-9);
            }
            return taken;
        }

        private Optional<X509Certificate> peer() {
            EndPoint.SslSessionData session = request.getConnectionMetaData()
                    .getConnection()
                    .getEndPoint()
                    .getSslSessionData();
            X509Certificate[] chain = session == null ? null : session.peerCertificates();
            return chain == null || chain.length == 0 ? Optional.empty() : Optional.of(chain[0]);
        }

        private void unreadable(Route chosen, Throwable failure) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof TimeoutException) {
                refuse(408, "the request took longer than " + limits.requestSeconds() + " s to come");
            } else if (cause instanceof IllegalStateException) {
                tooLarge(chosen);
            } else {
                // The connection broke: nobody is there to be told.
                watch.answered(route, 400, (System.nanoTime() - start) * 1e-9);
                release();
                callback.failed(cause);
            }
        }

        private void tooLarge(Route chosen) {
            refuse(413, "the request's body is too large; expected at most " + chosen.maxBodyBytes() + " bytes");
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Connection connection = request.getConnectionMetaData().getConnection();
        heads.begun(connection);
        Exchange exchange = new Exchange(request, response, Callback.from(callback, () -> heads.ended(connection)));
        List<String> path = segments(Request.getPathInContext(request));
        Route chosen = null;
        Map<String, String> variables = null;
        String allowed = null;
        for (Route route : routes) {
            Map<String, String> found = chosen == null ? route.match(path) : null;
            if (found != null && route.method().equals(request.getMethod())) {
                chosen = route;
                variables = found;
            } else if (found != null) {
                allowed = allowed == null ? route.method() : allowed + ", " + route.method();
            }
        }
        if (chosen == null && allowed != null) {
            exchange.send(HttpReply.error(405, "expected the method " + allowed).with("Allow", allowed));
        } else if (chosen == null) {
            exchange.send(HttpReply.error(404, "no such path"));
        } else {
            exchange.route = chosen.pattern();
            if (chosen.always() || exchange.admit()) {
                read(exchange, chosen, variables);
            }
        }
        return true;
    }

    private static List<String> segments(String path) {
        return List.of((path.startsWith("/") ? path.substring(1) : path).split("/", -1));
    }

    private void read(Exchange exchange, Route route, Map<String, String> variables) {
        String coding = exchange.request.getHeaders().get(HttpHeader.CONTENT_ENCODING);
        if (coding != null && !coding.equals("identity")) {
            exchange.refuse(415, "the body is encoded; expected it as it is");
            return;
        }
        if (exchange.request.getLength() > route.maxBodyBytes()) {
            refuseLarge(exchange, route);
            return;
        }
        if (exchange.request.getLength() == 0) {
            exchange.answer(route, variables, new byte[0]);
            return;
        }
        CompletableFuture<byte[]> body = new CompletableFuture<>();
        Content.Source.asByteArrayAsync(
                exchange.request,
                route.maxBodyBytes(),
                Promise.Invocable.from(Invocable.InvocationType.NON_BLOCKING, (bytes, failure) -> {
                    if (failure == null) {
                        body.complete(bytes);
                    } else {
                        body.completeExceptionally(failure);
                    }
                }));
        if (body.isDone() && !body.isCompletedExceptionally()) {
            exchange.answer(route, variables, body.join());
            return;
        }
        Executor executor = exchange.request.getComponents().getExecutor();
        body.orTimeout((long) (1000 * limits.requestSeconds()), TimeUnit.MILLISECONDS)
                .whenCompleteAsync(
                        (bytes, failure) -> {
                            if (failure != null) {
                                exchange.unreadable(route, failure);
                            } else {
                                exchange.answer(route, variables, bytes);
                            }
                        },
                        executor);
    }

    /**
     * Refuses a body by its length. One of bearable length is let by first, unkept: a connection that is closed while bytes still come is reset,
     * and the client may never see why.
     */
    private void refuseLarge(Exchange exchange, Route route) {
        if (exchange.request.getLength() > Math.max(route.maxBodyBytes(), LET_BY_BYTES)) {
            exchange.tooLarge(route);
            return;
        }
        CompletableFuture<Void> gone = new CompletableFuture<>();
        Content.Source.consumeAll(
                exchange.request, Callback.from(() -> gone.complete(null), gone::completeExceptionally));
        gone.orTimeout((long) (1000 * limits.requestSeconds()), TimeUnit.MILLISECONDS)
                .whenCompleteAsync(
                        (nothing, failure) -> exchange.tooLarge(route),
                        exchange.request.getComponents().getExecutor());
    }
}
