package org.qexit.tier.live.up;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.qexit.bundle.BundleEvents;
import org.qexit.tier.live.device.DeviceOptions;
import org.qexit.tier.live.device.DeviceProcess;
import org.qexit.tier.live.device.DeviceSummary;
import org.qexit.tier.live.device.EventFeed;
import org.qexit.tier.live.device.InForce;
import org.qexit.tier.live.device.Pace;

/** A device as a thread: sees its events, then waits for the answers to all that it has sent. */
final class RunningDevice {
    private final DeviceProcess process;
    private final Thread thread;
    private final AtomicBoolean noMore = new AtomicBoolean();
    private final AtomicBoolean stop = new AtomicBoolean();
    private volatile RuntimeException failure;
    private volatile boolean closed;

    /**
     * What a device sees.
     *
     * @param events in order
     * @param pace in which they come
     * @param disturbed what the device sees of an event
     */
    record Sight(BundleEvents events, Pace pace, UnaryOperator<float[]> disturbed) {}

    RunningDevice(InForce begun, DeviceOptions options, Sight sight, DeviceProcess.Offloads offloads) {
        process = DeviceProcess.start(begun, options, offloads);
        thread = new Thread(() -> work(sight), "device-" + options.id());
        thread.setDaemon(true);
    }

    void begin() {
        thread.start();
    }

    private void work(Sight sight) {
        try {
            process.run(feed(sight.events(), sight.disturbed()), sight.pace(), () -> noMore.get() || stop.get());
            // What it has taken is answered, or missed, before it ends.
            process.run(Optional::empty, Pace.asFastAsPossible(), stop::get);
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private static EventFeed feed(BundleEvents events, UnaryOperator<float[]> seen) {
        int size = events.size() == 0 ? 0 : events.values().length / events.size();
        int[] next = {0};
        return () -> {
            int k = next[0]++;
            return k < events.size()
                    ? Optional.of(new EventFeed.Item(
                            seen.apply(Arrays.copyOfRange(events.values(), k * size, (k + 1) * size)), null))
                    : Optional.empty();
        };
    }

    /** Whether it has nothing to do any more. */
    boolean isDone() {
        return !thread.isAlive();
    }

    /** What went wrong, or null. */
    RuntimeException failure() {
        return failure;
    }

    /** Takes no more events. */
    void noMore() {
        noMore.set(true);
    }

    /** Waits for no more answers. */
    void stop() {
        stop.set(true);
    }

    /** Lets go of the outbox; to be called once it was told to stop. */
    void close() {
        stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!closed) {
            closed = true;
            process.close();
        }
    }

    DeviceSummary summary() {
        return process.summary();
    }
}
