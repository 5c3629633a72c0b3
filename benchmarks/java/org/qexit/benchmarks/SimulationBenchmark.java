package org.qexit.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.qexit.common.RandomStreams;
import org.qexit.simulation.queue.Durations;
import org.qexit.simulation.queue.QueueSpec;
import org.qexit.simulation.queue.SingleLine;
import org.qexit.simulation.queue.SingleQueue;
import org.qexit.simulation.queue.SsjQueue;
import umontreal.ssj.simevents.eventlist.BinaryTree;
import umontreal.ssj.simevents.eventlist.EventList;
import umontreal.ssj.simevents.eventlist.Henriksen;
import umontreal.ssj.simevents.eventlist.SplayTree;

/**
 * The simulation's kernel beside SSJ, by job: an arrival and a departure. Both draw the same numbers from the same generator, and keep the
 * same means. {@code station} has an event for each arrival and each departure, as SSJ has; {@code line} one for each arrival.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(3)
public class SimulationBenchmark {
    private static final int JOBS = 10_000;

    /** The kernel, or SSJ with one of its event lists; splay is its default. */
    @Param({"line", "station", "ssj-splay", "ssj-binary", "ssj-henriksen"})
    public String kernel;

    private Runnable jobs;

    @Setup
    public void prepare() {
        QueueSpec spec = QueueSpec.of("M/M/1", new Durations.Exponential(1), new Durations.Exponential(0.8), 1);
        RandomStreams streams = RandomStreams.of(1);
        switch (kernel) {
            case "line" -> {
                SingleLine line = new SingleLine(spec, streams, 0);
                jobs = () -> line.runJobs(JOBS);
            }
            case "station" -> {
                SingleQueue queue = new SingleQueue(spec, streams, 0);
                jobs = () -> queue.runEvents(2 * JOBS);
            }
            default -> {
                SsjQueue queue = new SsjQueue(spec, streams, 0, list(kernel));
                jobs = () -> queue.runEvents(2 * JOBS);
            }
        }
    }

    static EventList list(String kernel) {
        return switch (kernel) {
            case "ssj-splay" -> new SplayTree();
            case "ssj-binary" -> new BinaryTree();
            case "ssj-henriksen" -> new Henriksen();
            default -> throw new IllegalArgumentException("no event list " + kernel);
        };
    }

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public void mm1Job() {
        jobs.run();
    }
}
