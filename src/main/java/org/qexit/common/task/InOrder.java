package org.qexit.common.task;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Hands results on in the order of their numbers, from 0, whatever the order in which they come. Safe for several threads. */
public final class InOrder<R> {
    private final Consumer<R> consumer;
    private final Map<Integer, R> waiting = new HashMap<>();
    private int next;

    public InOrder(Consumer<R> consumer) {
        this.consumer = consumer;
    }

    /** Takes a result; hands on those that need not wait any longer. */
    public synchronized void put(int number, R result) {
        waiting.put(number, result);
        while (waiting.containsKey(next)) {
            consumer.accept(waiting.remove(next));
            next++;
        }
    }
}
