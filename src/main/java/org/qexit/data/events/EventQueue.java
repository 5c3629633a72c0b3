package org.qexit.data.events;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Reads a source that may block for ever, such as standard input, in a thread of its own, so that the reader can still stop. */
public final class EventQueue implements EventSource {
    private static final int CAPACITY = 64;
    private static final long POLL_MILLIS = 50;

    private final BlockingQueue<Optional<Event>> queue = new LinkedBlockingQueue<>(CAPACITY);
    private final BooleanSupplier stop;
    private final Thread reader;
    private boolean ended;

    /** @param stop when true, {@link #next} gives no more events */
    public EventQueue(EventSource source, BooleanSupplier stop) {
        this.stop = stop;
        this.reader = new Thread(() -> fill(source), "qexit-events");
        reader.setDaemon(true);
        reader.start();
    }

    private void fill(EventSource source) {
        try {
            Optional<Event> event;
            do {
                event = source.next();
                queue.put(event);
            } while (event.isPresent());
        } catch (InterruptedException e) {
            // Closed: nobody reads any more.
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            queue.offer(Optional.of(Event.bad("input", "input: " + e.getMessage())));
            queue.offer(Optional.empty());
        }
    }

    @Override
    public Optional<Event> next() {
        try {
            while (!ended && !stop.getAsBoolean()) {
                Optional<Event> event = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (event != null) {
                    ended = event.isEmpty();
                    return event;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        ended = true;
        reader.interrupt();
    }
}
