package org.qexit.tier.live.device;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.qexit.tier.live.journal.OutboxEvent;

/** Events that wait to be sent, oldest first, and are not in anybody's hands. May be used by several threads. */
final class SendQueue {
    private static final long LONGEST_MICROS = 200_000;

    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Item> items = new PriorityQueue<>(
            Comparator.<Item>comparingLong(item -> item.dueMicros).thenComparingLong(item -> item.event.seq()));
    private int held;
    private boolean ended;

    /** An event, how often it was sent, and before when not again. */
    static final class Item {
        private final OutboxEvent event;
        private int tries;
        private long dueMicros;

        private Item(OutboxEvent event) {
            this.event = event;
        }

        OutboxEvent event() {
            return event;
        }

        int tries() {
            return tries;
        }

        void tried() {
            tries++;
        }
    }

    SendQueue(LongSupplier clock) {
        this.clock = clock;
    }

    void add(OutboxEvent event) {
        put(new Item(event));
    }

    /** Gives back what {@link #take} gave, to be tried again. */
    void giveBack(Item item, long dueMicros) {
        item.dueMicros = Math.min(dueMicros, item.event.deadlineMicros());
        lock.lock();
        try {
            held--;
            put(item);
        } finally {
            lock.unlock();
        }
    }

    /** What was taken has ended. */
    void done() {
        lock.lock();
        try {
            held--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void put(Item item) {
        lock.lock();
        try {
            items.add(item);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next event that a node may be asked about, or whose deadline is past. Waits for it; null at the end.
     *
     * @param nodes when one may be asked next
     */
    Item take(LongSupplier nodes) throws InterruptedException {
        lock.lock();
        try {
            while (!ended) {
                Item first = items.peek();
                long now = clock.getAsLong();
                long at = first == null
                        ? Long.MAX_VALUE
                        : Math.min(first.event.deadlineMicros(), Math.max(first.dueMicros, nodes.getAsLong()));
                if (at <= now) {
                    held++;
                    return items.remove();
                }
                // Clocks that are set, and nodes that others hear of, are noticed soon enough.
                changed.await(Math.min(at - now, LONGEST_MICROS), TimeUnit.MICROSECONDS);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing waits and nothing is in anybody's hands. */
    boolean isIdle() {
        lock.lock();
        try {
            return items.isEmpty() && held == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing is in anybody's hands. */
    boolean isUnheld() {
        lock.lock();
        try {
            return held == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody gets anything any more. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
