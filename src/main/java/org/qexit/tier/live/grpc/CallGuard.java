package org.qexit.tier.live.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Counts calls, refuses those that are too many or come too slowly, and says whose certificate a call has. */
final class CallGuard implements ServerInterceptor {
    static final Context.Key<Optional<X509Certificate>> PEER = Context.keyWithDefault("peer", Optional.empty());

    private final GrpcLimits limits;
    private final GrpcWatch watch;
    private final ScheduledExecutorService timer;
    private final AtomicInteger running = new AtomicInteger();

    CallGuard(GrpcLimits limits, GrpcWatch watch, ScheduledExecutorService timer) {
        this.limits = limits;
        this.watch = watch;
        this.timer = timer;
    }

    int running() {
        return running.get();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Watched<Q, A> watched = new Watched<>(call);
        if (running.incrementAndGet() > limits.calls()) {
            watched.close(Status.UNAVAILABLE.withDescription("the server is full"), new Metadata());
            return watched.new Ears(new ServerCall.Listener<>() {});
        }
        Context context = Context.current().withValue(PEER, peer(call));
        ServerCall.Listener<Q> inner = Contexts.interceptCall(context, watched, headers, next);
        return watched.new Ears(inner);
    }

    private static Optional<X509Certificate> peer(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        try {
            Certificate[] chain = session == null ? new Certificate[0] : session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate first
                    ? Optional.of(first)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    /** A call that is counted until it ends, and ended if its request does not come in time. */
    private final class Watched<Q, A> extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
        private final long start = System.nanoTime();
        private final ScheduledFuture<?> alarm;
        private boolean complete;
        private boolean closed;
        private boolean ended;

        Watched(ServerCall<Q, A> call) {
            super(call);
            alarm = timer.schedule(this::late, (long) (1000 * limits.requestSeconds()), TimeUnit.MILLISECONDS);
        }

        private void late() {
            synchronized (this) {
                if (complete || closed) {
                    return;
                }
                complete = true;
            }
            close(
                    Status.DEADLINE_EXCEEDED.withDescription(
                            "the request took longer than " + limits.requestSeconds() + " s to come"),
                    new Metadata());
        }

        /** Whether the request is there in time. */
        private synchronized boolean complete() {
            boolean first = !complete && !closed;
            complete = true;
            return first;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
            }
            alarm.cancel(false);
            watch.called(
                    getMethodDescriptor().getBareMethodName(),
                    status.getCode().name(),
                    (System.nanoTime() - start) * 1e-9);
            super.close(status, trailers);
        }

        private void end() {
            alarm.cancel(false);
            synchronized (this) {
                if (ended) {
                    return;
                }
                ended = true;
                closed = true;
            }
            running.decrementAndGet();
        }

        /** Hears what the client does. */
        private final class Ears extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
            Ears(ServerCall.Listener<Q> inner) {
                super(inner);
            }

            @Override
            public void onHalfClose() {
                if (complete()) {
                    super.onHalfClose();
                }
            }

            @Override
            public void onComplete() {
                end();
                super.onComplete();
            }

            @Override
            public void onCancel() {
                end();
                super.onCancel();
            }
        }
    }
}
