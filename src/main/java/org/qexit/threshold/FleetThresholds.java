package org.qexit.threshold;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.qexit.common.Progress;
import org.qexit.common.Waiting;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.TraceReader;

/**
 * Answers for every device of a trace file, on all cores, in the order of the file. Memory for a few
 * devices, not for the file; a bad device is reported and the others go on.
 */
public final class FleetThresholds {
    private FleetThresholds() {}

    /**
     * One device's answer.
     *
     * @param <T> what is answered
     * @param id the device
     * @param thresholds the answer, or null
     * @param trace the device's events, or null
     * @param problem what is wrong with the device's rows, or null
     */
    public record DeviceAnswer<T>(String id, T thresholds, DeviceTrace trace, String problem) {}

    /** Answers a query; hands the outcomes to {@code sink} in order, on the calling thread. */
    public static void answer(TraceReader reader, ThresholdQuery query, Consumer<DeviceAnswer<DeviceThresholds>> sink) {
        each(reader, trace -> DeviceThresholds.of(trace, query), sink);
    }

    /**
     * The same with the path of a guarantee from another trace. A device that is bad or missing there is reported.
     *
     * @param paths whose devices come in the order of {@code reader}'s: both from {@link TraceReader#openByDevice}
     */
    public static void answer(
            TraceReader reader,
            TraceReader paths,
            ThresholdQuery query,
            Consumer<DeviceAnswer<DeviceThresholds>> sink) {
        PathReader path = new PathReader(paths);
        submit(
                reader,
                device -> {
                    TraceReader.Reading other = path.of(device.device());
                    return () -> other.problem() == null
                            ? answered(device, trace -> DeviceThresholds.of(trace, other.trace(), query))
                            : new DeviceAnswer<>(
                                    device.device(), null, null, other.problem().getMessage());
                },
                sink);
    }

    /** Any answer of each device's trace. */
    public static <T> void each(TraceReader reader, Function<DeviceTrace, T> answer, Consumer<DeviceAnswer<T>> sink) {
        submit(reader, device -> () -> answered(device, answer), sink);
    }

    private static <T> void submit(
            TraceReader reader,
            Function<TraceReader.Reading, Callable<DeviceAnswer<T>>> work,
            Consumer<DeviceAnswer<T>> sink) {
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "qexit-thresholds");
            thread.setDaemon(true);
            return thread;
        });
        try (Progress progress = Progress.start("thresholds", reader.devices())) {
            Deque<Future<DeviceAnswer<T>>> running = new ArrayDeque<>();
            for (Optional<TraceReader.Reading> next = reader.next(); next.isPresent(); next = reader.next()) {
                running.add(pool.submit(work.apply(next.get())));
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

    private static <T> DeviceAnswer<T> answered(TraceReader.Reading device, Function<DeviceTrace, T> answer) {
        return device.problem() != null
                ? new DeviceAnswer<>(
                        device.device(), null, null, device.problem().getMessage())
                : new DeviceAnswer<>(device.device(), answer.apply(device.trace()), device.trace(), null);
    }
}
