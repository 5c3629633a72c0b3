package org.qexit.tier.live.http;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** One reader of an {@link EventStream}: at most one write on its way and one message that waits, the newest. */
final class EventReader {
    private final Response response;
    private final Callback callback;
    private final Consumer<EventReader> gone;
    private byte[] next;
    private boolean writing;
    private boolean ending;
    private boolean over;

    EventReader(Response response, Callback callback, Consumer<EventReader> gone) {
        this.response = response;
        this.callback = callback;
        this.gone = gone;
    }

    void begin(byte[] head, byte[] first) {
        byte[] both = new byte[head.length + first.length];
        System.arraycopy(head, 0, both, 0, head.length);
        System.arraycopy(first, 0, both, head.length, first.length);
        synchronized (this) {
            // A message that came in between is newer than the first.
            if (next == null) {
                next = both;
            }
        }
        pump();
    }

    void offer(byte[] message) {
        synchronized (this) {
            next = message;
        }
        pump();
    }

    void end() {
        synchronized (this) {
            ending = true;
        }
        pump();
    }

    private void pump() {
        byte[] now;
        boolean last;
        synchronized (this) {
            if (writing || over || next == null && !ending) {
                return;
            }
            now = next == null ? new byte[0] : next;
            next = null;
            last = ending;
            over = last;
            writing = true;
        }
        response.write(last, ByteBuffer.wrap(now), Callback.from(() -> written(last), this::failed));
    }

    private void written(boolean last) {
        synchronized (this) {
            writing = false;
        }
        if (last) {
            gone.accept(this);
            callback.succeeded();
        } else {
            pump();
        }
    }

    /** The reader is gone. */
    private void failed(Throwable failure) {
        synchronized (this) {
            over = true;
        }
        gone.accept(this);
        callback.failed(failure);
    }
}
