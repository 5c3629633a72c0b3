package org.qexit.tier.live.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections on which the head of a request, or the TLS handshake before it, does not come to its end: bytes that come one by one
 * keep the idle timeout from ever being reached. Connections that are idle between two requests are closed by that timeout first.
 */
final class HeadTimer implements Connection.Listener {
    /** Looks per limit. */
    private static final int LOOKS = 4;

    private final long mostNanos;
    private final Map<Connection, Wait> waits = new ConcurrentHashMap<>();

    /** Whether a request is being answered, else since when none has been. */
    private record Wait(boolean answering, long since) {
        static Wait begun() {
            return new Wait(false, System.nanoTime());
        }
    }

    HeadTimer(HttpLimits limits) {
        mostNanos = (long) (1e9 * (limits.idleSeconds() + limits.requestSeconds()));
    }

    @Override
    public void onOpened(Connection connection) {
        // Of a secured connection the one within is told, too, and before the handshake.
        if (!(connection instanceof SslConnection)) {
            waits.put(connection, Wait.begun());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        waits.remove(connection);
    }

    /** A request's head has come. */
    void begun(Connection connection) {
        waits.replace(connection, new Wait(true, 0));
    }

    /** Its answer has gone. */
    void ended(Connection connection) {
        waits.replace(connection, Wait.begun());
    }

    /** Looks from now on, until the scheduler ends. */
    void start(Scheduler scheduler) {
        scheduler.schedule(
                () -> {
                    look();
                    start(scheduler);
                },
                mostNanos / LOOKS,
                TimeUnit.NANOSECONDS);
    }

    private void look() {
        long now = System.nanoTime();
        waits.forEach((connection, wait) -> {
            if (!wait.answering() && now - wait.since() > mostNanos) {
                waits.remove(connection);
                connection.getEndPoint().close(new TimeoutException("the head of a request took too long"));
            }
        });
    }
}
