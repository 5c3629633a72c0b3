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
import org.qexit.simulation.Calendar;
import org.qexit.simulation.RandomStream;
import umontreal.ssj.simevents.Event;
import umontreal.ssj.simevents.Simulator;

/**
 * Many events pending, each of which schedules its successor after an exponential time, beside SSJ with the same generator: the hold model
 * (Vaucher and Duval, CACM 18(4), 1975).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(3)
public class CalendarBenchmark {
    private static final int EVENTS = 10_000;

    @Param({"10000"})
    public int pending;

    /** The kernel, or SSJ with one of its event lists; splay is its default. */
    @Param({"calendar", "ssj-splay", "ssj-binary", "ssj-henriksen"})
    public String kernel;

    private Runnable events;

    @Setup
    public void prepare() {
        RandomStream random = RandomStream.of(RandomStreams.of(1), "hold", 0);
        if (kernel.equals("calendar")) {
            Calendar calendar = new Calendar();
            for (int i = 0; i < pending; i++) {
                calendar.schedule(random.exponential(), 0, i, 0);
            }
            events = () -> calendar.runEvents(
                    (kind, entity, item) -> calendar.scheduleAfter(random.exponential(), kind, entity, item), EVENTS);
        } else {
            Held held = new Held(new Simulator(SimulationBenchmark.list(kernel)), random);
            held.simulator.init();
            for (int i = 0; i < pending; i++) {
                new Tick(held, i).schedule(random.exponential());
            }
            events = held::run;
        }
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void hold() {
        events.run();
    }

    private static final class Held {
        private final Simulator simulator;
        private final RandomStream random;
        private int left;

        Held(Simulator simulator, RandomStream random) {
            this.simulator = simulator;
            this.random = random;
        }

        void run() {
            left = EVENTS;
            simulator.start();
        }
    }

    private static final class Tick extends Event {
        private final Held held;
        private final int entity;

        Tick(Held held, int entity) {
            super(held.simulator);
            this.held = held;
            this.entity = entity;
        }

        @Override
        public void actions() {
            new Tick(held, entity).schedule(held.random.exponential());
            if (--held.left == 0) {
                held.simulator.stop();
            }
        }
    }
}
