package org.qexit.tier.live.http;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.qexit.common.Checks;

/**
 * Server-sent events (HTML standard, section 9.2) to whoever asks: every reader is told the last message at once, then each new one. A
 * reader who is slow misses messages but never the last. As the endpoint of a {@link Route} it holds no thread; safe for use by several
 * threads.
 */
public final class EventStream implements Endpoint, AutoCloseable {
    static final String TYPE = "text/event-stream";

    private static final String AGAIN = "retry: 1000\n";

    private final int most;
    private final Predicate<HttpCall> welcome;
    private final Set<EventReader> readers = new HashSet<>();
    private String last;
    private boolean ended;

    /**
     * @param most readers at a time
     * @param welcome whether a request is answered; others are told 403
     */
    public EventStream(int most, Predicate<HttpCall> welcome) {
        this.most = Checks.within("most", most, 1, 1 << 12);
        this.welcome = Checks.present("welcome", welcome);
    }

    /** Tells all readers a message of one line. */
    public void send(String message) {
        if (message.indexOf('\n') >= 0 || message.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("the message has several lines; expected one");
        }
        List<EventReader> all;
        synchronized (this) {
            last = message;
            all = List.copyOf(readers);
        }
        byte[] bytes = framed(message);
        all.forEach(reader -> reader.offer(bytes));
    }

    private static byte[] framed(String message) {
        return ("data: " + message + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Who reads now. */
    public synchronized int readers() {
        return readers.size();
    }

    /** What to answer instead of the stream; only what no reader is admitted for. */
    @Override
    public HttpReply answer(HttpCall call) {
        if (!welcome.test(call)) {
            return HttpReply.error(403, "this page is asked for under another name");
        }
        return HttpReply.error(503, "there are " + most + " readers, or the stream has ended")
                .with("Retry-After", "1");
    }

    /** Begins to tell a reader; false if it is not admitted, and {@link #answer} says why. */
    boolean admit(HttpCall call, Response response, Callback callback) {
        if (!welcome.test(call)) {
            return false;
        }
        EventReader reader = new EventReader(response, callback, this::gone);
        byte[] first;
        synchronized (this) {
            if (ended || readers.size() >= most) {
                return false;
            }
            readers.add(reader);
            first = last == null ? new byte[0] : framed(last);
        }
        reader.begin(AGAIN.getBytes(StandardCharsets.UTF_8), first);
        return true;
    }

    private synchronized void gone(EventReader reader) {
        readers.remove(reader);
    }

    /** Ends all streams after what is to be told. */
    @Override
    public void close() {
        List<EventReader> all;
        synchronized (this) {
            ended = true;
            all = List.copyOf(readers);
        }
        all.forEach(EventReader::end);
    }
}
