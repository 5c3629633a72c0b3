package org.qexit.experiment.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where a thread's time goes, from samples of the flight recorder of the JVM: {@code jdk.NativeMethodSample} while it is in native code,
 * {@code jdk.ExecutionSample} while it is in Java, both every 10 ms.
 *
 * @param samples how many there are
 * @param kernelShare the share in native kernels, the engine's or the circuit simulator's
 * @param shares of all places, kernels first, then the rest by what it is for, each in descending order
 * @param hottest the rest's most frequent innermost methods, with their shares
 */
public record StepProfile(int samples, double kernelShare, Map<String, Double> shares, Map<String, Double> hottest) {
    private static final String JAVA_SAMPLE = "jdk.ExecutionSample";
    private static final String NATIVE_SAMPLE = "jdk.NativeMethodSample";
    private static final Duration PERIOD = Duration.ofMillis(10);
    private static final int HOTTEST = 12;

    /** What a sample's time was for. */
    enum Place {
        NATIVE_KERNEL("native kernels (oneDNN, OpenBLAS, libnd4j)", true),
        VECTOR_KERNEL("vector kernels of the circuit simulator", true),
        ENGINE_KERNEL("kernels of the engine", true),
        NATIVE_OTHER("native bookkeeping (op contexts, shapes, memory)", false),
        CIRCUIT("circuit simulator outside its kernels", false),
        ENGINE("engine outside its kernels", false),
        LAYERS("quantum and ring layers: copies in and out", false),
        LOSS("coupled loss", false),
        UPDATER("Adam and the bookkeeping of gradients", false),
        ND4J("ND4J: preparing operations", false),
        DL4J("DL4J: walking the graph", false),
        OTHER("everything else", false);

        private final String label;
        private final boolean kernel;

        Place(String label, boolean kernel) {
            this.label = label;
            this.kernel = kernel;
        }
    }

    /** Runs the work on this thread and samples it. */
    static StepProfile record(Runnable work) {
        Path file = null;
        try (Recording recording = new Recording()) {
            file = Files.createTempFile("qexit-steps", ".jfr");
            recording.enable(JAVA_SAMPLE).withPeriod(PERIOD);
            recording.enable(NATIVE_SAMPLE).withPeriod(PERIOD);
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
            return of(samples(
                    RecordingFile.readAllEvents(file), Thread.currentThread().getId()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot profile: " + e.getMessage(), e);
        } finally {
            if (file != null) {
                file.toFile().delete();
            }
        }
    }

    /**
     * What the thread was doing at one moment.
     *
     * @param inNative whether in native code
     * @param frames innermost method first, written {@code package.Class.method}
     */
    record Sample(boolean inNative, List<String> frames) {}

    private static List<Sample> samples(List<RecordedEvent> events, long thread) {
        List<Sample> samples = new ArrayList<>();
        for (RecordedEvent event : events) {
            String type = event.getEventType().getName();
            boolean inNative = type.equals(NATIVE_SAMPLE);
            RecordedStackTrace stack = event.getStackTrace();
            if (!inNative && !type.equals(JAVA_SAMPLE)
                    || stack == null
                    || event.getThread("sampledThread") == null
                    || event.getThread("sampledThread").getJavaThreadId() != thread) {
                continue;
            }
            List<String> frames = new ArrayList<>();
            for (RecordedFrame frame : stack.getFrames()) {
                frames.add(frame.getMethod().getType().getName() + "."
                        + frame.getMethod().getName());
            }
            samples.add(new Sample(inNative, frames));
        }
        return samples;
    }

    static StepProfile of(List<Sample> samples) {
        Map<Place, Integer> counts = new TreeMap<>();
        Map<String, Integer> methods = new LinkedHashMap<>();
        for (Sample sample : samples) {
            Place place = place(sample.frames(), sample.inNative());
            counts.merge(place, 1, Integer::sum);
            if (!place.kernel && !sample.frames().isEmpty()) {
                methods.merge(sample.frames().get(0), 1, Integer::sum);
            }
        }
        int all = samples.size();
        double inKernels = counts.entrySet().stream()
                .filter(e -> e.getKey().kernel)
                .mapToInt(Map.Entry::getValue)
                .sum();
        Map<String, Double> shares = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted((a, b) -> a.getKey().kernel != b.getKey().kernel
                        ? Boolean.compare(b.getKey().kernel, a.getKey().kernel)
                        : b.getValue() - a.getValue())
                .forEach(e -> shares.put(e.getKey().label, (double) e.getValue() / all));
        Map<String, Double> hottest = new LinkedHashMap<>();
        methods.entrySet().stream()
                .sorted((a, b) -> b.getValue() - a.getValue())
                .limit(HOTTEST)
                .forEach(e -> hottest.put(e.getKey(), (double) e.getValue() / all));
        return new StepProfile(all, all == 0 ? Double.NaN : inKernels / all, shares, hottest);
    }

    /**
     * The place of a stack, innermost method first, written {@code package.Class.method}. In native code it is a kernel if the method
     * called is one that computes; in Java the innermost frame of a known package decides.
     */
    static Place place(List<String> frames, boolean inNative) {
        if (inNative) {
            return !frames.isEmpty() && computes(frames.get(0)) ? Place.NATIVE_KERNEL : Place.NATIVE_OTHER;
        }
        boolean inVector = false;
        for (String frame : frames) {
            if (frame.startsWith("jdk.incubator.vector.")) {
                inVector = true;
            } else if (frame.startsWith("org.qexit.quantum.statevector.vector.")
                    || inVector && frame.startsWith("org.qexit.quantum.")) {
                return Place.VECTOR_KERNEL;
            } else if (frame.startsWith("org.qexit.engine.") && (inVector || frame.contains("Kernels."))) {
                return Place.ENGINE_KERNEL;
            } else if (frame.startsWith("org.qexit.engine.Adam.")) {
                return Place.UPDATER;
            } else if (frame.startsWith("org.qexit.engine.") || frame.startsWith("org.qexit.common.Team")) {
                return Place.ENGINE;
            } else if (frame.startsWith("org.qexit.quantum.statevector.") && frame.contains("Kernels.")) {
                // The plain kernels, where there is no vector module.
                return Place.VECTOR_KERNEL;
            } else if (frame.startsWith("org.qexit.quantum.")) {
                return Place.CIRCUIT;
            } else if (frame.startsWith("org.qexit.nn.layer.")) {
                return Place.LAYERS;
            } else if (frame.startsWith("org.qexit.nn.loss.")) {
                return Place.LOSS;
            } else if (frame.startsWith("org.deeplearning4j.nn.updater.")
                    || frame.startsWith("org.nd4j.linalg.learning.")) {
                return Place.UPDATER;
            } else if (frame.startsWith("org.nd4j.") || frame.startsWith("org.bytedeco.")) {
                return Place.ND4J;
            } else if (frame.startsWith("org.deeplearning4j.")) {
                return Place.DL4J;
            }
        }
        return Place.OTHER;
    }

    /** Whether a native method computes on arrays, as against preparing to. */
    private static boolean computes(String method) {
        String name = method.substring(method.lastIndexOf('.') + 1);
        return name.startsWith("exec") || name.startsWith("cblas_") || name.startsWith("memcpy");
    }
}
