package org.qexit.threshold;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.qexit.common.Progress;
import org.qexit.common.Waiting;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.TraceReader;

/**
 * Answers a {@link ThresholdQuery} for every device of a trace file, on all cores, in the order of the file. Memory for a few
 * devices, not for the file; a bad device is reported and the others go on.
 */
public final class FleetThresholds {
    private FleetThresholds() {}

    /**
     * One device's answer.
     *
     * @param id the device
     * @param thresholds the answer, or null
     * @param trace the device's events, or null
     * @param problem what is wrong with the device's rows, or null
     */
    public record DeviceAnswer(String id, DeviceThresholds thresholds, DeviceTrace trace, String problem) {}

    /** Hands the outcomes to {@code sink} in order, on the calling thread. */
    public static void answer(TraceReader reader, ThresholdQuery query, Consumer<DeviceAnswer> sink) {
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "qexit-thresholds");
            thread.setDaemon(true);
            return thread;
        });
        try (Progress progress = Progress.start("thresholds", reader.devices())) {
            Deque<Future<DeviceAnswer>> running = new ArrayDeque<>();
            for (Optional<TraceReader.Reading> next = reader.next(); next.isPresent(); next = reader.next()) {
                TraceReader.Reading device = next.get();
                running.add(pool.submit(() -> answer(device, query)));
                if (running.size() > 2 * threads) {
                    sink.accept(Waiting.resultOf(running.remove()));
                    progress.step();
                }
            }
            while (!running.isEmpty()) {
                sink.accept(Waiting.resultOf(running.remove()));
                progress.step();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static DeviceAnswer answer(TraceReader.Reading device, ThresholdQuery query) {
        return device.problem() != null
                ? new DeviceAnswer(device.device(), null, null, device.problem().getMessage())
                : new DeviceAnswer(device.device(), DeviceThresholds.of(device.trace(), query), device.trace(), null);
    }
}
