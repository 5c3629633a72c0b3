package org.qexit.simulation.queue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;
import org.qexit.common.statistics.MeanInterval;
import org.qexit.simulation.Calendar;
import org.qexit.simulation.RandomStream;
import org.qexit.simulation.Replications;
import umontreal.ssj.simevents.eventlist.SplayTree;

class SingleQueueTest {
    private static final int REPLICATIONS = 40;
    private static final double HORIZON = 10_000;
    private static final Durations MARKOV = new Durations.Exponential(0.8);
    private static final Durations UNIT = new Durations.Exponential(1);

    /** A queue, with what theory says of its wait and loss. */
    private record Known(QueueSpec spec, double waitSeconds, double loss) {
        @Override
        public String toString() {
            return spec.name() + " at " + spec.load();
        }
    }

    static Stream<Known> known() {
        return Stream.of(
                // ρ E[S] / (1 − ρ), in plain numbers, not by the class under test elsewhere.
                new Known(QueueSpec.of("M/M/1", UNIT, MARKOV, 1), 3.2, 0),
                new Known(QueueSpec.of("M/D/1", UNIT, new Durations.Constant(0.8), 1), 1.6, 0),
                new Known(QueueSpec.of("M/E4/1", UNIT, new Durations.Erlang(4, 0.8), 1), 2.0, 0),
                // E[S²] = 2 (0.25 · 1.6² + 0.75 · 0.2²) = 1.34, E[S] = 0.55.
                new Known(
                        QueueSpec.of("M/H2/1", UNIT, new Durations.HyperExponential(0.25, 1.6, 0.2), 1),
                        1.34 / (2 * 0.45),
                        0),
                // E[S²] = 0.36 + 0.48² / 12.
                new Known(
                        QueueSpec.of("M/U/1", UNIT, new Durations.Uniform(0.36, 0.84), 1),
                        (0.36 + 0.48 * 0.48 / 12) / (2 * 0.4),
                        0),
                // C(2, a) = ρ a / (1 + ρ) / ... = 2ρ² / (1 + ρ) for c = 2; here ρ = 0.75, so C = 9/14 and W = C E[S] /
                // (2 (1 − ρ)).
                new Known(QueueSpec.of("M/M/2", UNIT, new Durations.Exponential(1.5), 2), 9.0 / 14 * 1.5 / 0.5, 0),
                // p_n = 1/4 each for K = 3 and ρ = 1: of those that get in a third meets nobody, one job, two.
                new Known(new QueueSpec("M/M/1/3", UNIT, UNIT, 1, 3), 1, 0.25),
                // ρ = 2, K = 1: p = 1/3, 2/3, no wait.
                new Known(new QueueSpec("M/M/1/1", UNIT, new Durations.Exponential(2), 1, 1), 0, 2.0 / 3));
    }

    private static List<Station> replications(QueueSpec spec, int threads) {
        return Replications.run(REPLICATIONS, threads, r -> {
            SingleQueue queue = new SingleQueue(spec, RandomStreams.of(20), r);
            queue.run(HORIZON);
            return queue.station();
        });
    }

    private static void assertWithinThreeSigma(double expected, double[] means, double bias) {
        MeanInterval interval = MeanInterval.student(means);
        double error = interval.deviation() / Math.sqrt(means.length);
        assertEquals(expected, interval.mean(), 3 * error + bias, "standard error " + error);
        // A wide interval would hide a wrong mean.
        assertTrue(error <= 0.03 * expected, "standard error " + error);
    }

    @ParameterizedTest
    @MethodSource("known")
    void waitsAndLossesAreThoseOfTheory(Known known) {
        List<Station> stations = replications(known.spec(), 2);
        double[] waits = stations.stream().mapToDouble(Station::meanWaitSeconds).toArray();
        // Starting empty costs the mean of a run about 1e-3 of itself at this length.
        assertWithinThreeSigma(known.waitSeconds(), waits, 1e-3 * known.waitSeconds());
        double[] losses = stations.stream()
                .mapToDouble(s -> s.lost() / (double) s.arrivals())
                .toArray();
        assertWithinThreeSigma(known.loss(), losses, 0);
        double utilisation = known.spec().load() * (1 - known.loss());
        assertWithinThreeSigma(
                utilisation, stations.stream().mapToDouble(Station::utilisation).toArray(), 0);
        for (Station station : stations) {
            assertTrue(station.littleGap() < 1e-11, "Little's law is missed by " + station.littleGap());
            assertEquals(station.arrivals(), station.lost() + station.departures() + station.present());
        }
    }

    /** Both see the same customers: their figures are the same to rounding. */
    @ParameterizedTest
    @MethodSource("known")
    void ssjSaysTheSame(Known known) {
        SingleQueue ours = new SingleQueue(known.spec(), RandomStreams.of(8), 3);
        SsjQueue theirs = new SsjQueue(known.spec(), RandomStreams.of(8), 3, new SplayTree());
        ours.run(5000);
        theirs.run(5000);
        Station station = ours.station();
        assertEquals(theirs.lost(), station.lost());
        assertEquals(theirs.departures(), station.departures());
        assertEquals(theirs.meanWaitSeconds(), station.meanWaitSeconds(), 1e-10);
        assertEquals(theirs.meanSojournSeconds(), station.meanSojournSeconds(), 1e-10);
        assertEquals(theirs.meanPresent(), station.meanPresent(), 1e-9);
        assertEquals(theirs.utilisation(), station.utilisation(), 1e-10);
        assertTrue(station.departures() > 1000);
    }

    @Test
    void aWarmUpIsForgottenAndTheJobsPresentStay() {
        QueueSpec spec = QueueSpec.of("M/M/1", UNIT, MARKOV, 1);
        SingleQueue queue = new SingleQueue(spec, RandomStreams.of(20), 5);
        queue.run(700);
        Station station = queue.station();
        double area = 700 * station.meanPresent();
        long went = station.departures();
        int here = station.present();
        station.restart();
        assertEquals(0, station.littleGap());
        assertEquals(here, station.present());
        SingleQueue resumed = SingleQueue.resume(spec, "test", queue.snapshot());
        queue.run(1500);
        resumed.run(1500);
        assertArrayEquals(queue.snapshot(), resumed.snapshot());
        assertTrue(station.littleGap() < 1e-11, "Little's law is missed by " + station.littleGap());
        SingleQueue whole = new SingleQueue(spec, RandomStreams.of(20), 5);
        whole.run(1500);
        assertEquals(1500 * whole.station().meanPresent(), area + 800 * station.meanPresent(), 1e-9);
        assertEquals(whole.station().departures(), went + station.departures());
    }

    @Test
    void bytesAreTheSameForAnyNumberOfThreads() {
        QueueSpec spec = QueueSpec.of("M/M/1", UNIT, MARKOV, 1);
        List<List<Byte>> first = null;
        for (int threads : new int[] {1, 2, 4}) {
            List<List<Byte>> bytes = Replications.run(8, threads, r -> {
                SingleQueue queue = new SingleQueue(spec, RandomStreams.of(20), r);
                queue.run(500);
                List<Byte> boxed = new ArrayList<>();
                for (byte b : queue.snapshot()) {
                    boxed.add(b);
                }
                return boxed;
            });
            first = first == null ? bytes : first;
            assertEquals(first, bytes);
        }
        assertNotEquals(first.get(0), first.get(1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1.5, 777, 2000})
    void aResumedRunIsTheUndisturbedOne(double stop) {
        for (Known known : known().toList()) {
            SingleQueue whole = new SingleQueue(known.spec(), RandomStreams.of(6), 0);
            whole.run(2000);
            SingleQueue first = new SingleQueue(known.spec(), RandomStreams.of(6), 0);
            first.run(stop);
            SingleQueue second = SingleQueue.resume(known.spec(), "test", first.snapshot());
            second.run(2000);
            // Means over time are kept as they were, so even rounding is the same.
            assertArrayEquals(whole.snapshot(), second.snapshot());
            assertEquals(whole.station().meanPresent(), second.station().meanPresent());
        }
    }

    @Test
    void spoiltSnapshotsGiveOneLineOrAQueue() {
        QueueSpec spec = new QueueSpec("M/M/2/9", UNIT, new Durations.Exponential(2.5), 2, 9);
        SingleQueue queue = new SingleQueue(spec, RandomStreams.of(6), 0);
        queue.run(100);
        byte[] whole = queue.snapshot();
        RandomStream random = RandomStream.of(RandomStreams.of(1), "spoil", 0);
        int refused = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] spoilt = whole.clone();
            spoilt[random.below(spoilt.length)] ^= (byte) (1 << random.below(8));
            assertThrows(UserError.class, () -> SingleQueue.resume(spec, "spoilt", spoilt));
            refused++;
        }
        assertEquals(2000, refused);
        QueueSpec other = QueueSpec.of("M/M/3", UNIT, MARKOV, 3);
        UserError error = assertThrows(UserError.class, () -> SingleQueue.resume(other, "two.snapshot", whole));
        assertEquals("snapshot two.snapshot: a station of 2 servers; expected 3", error.getMessage());
    }

    @Test
    void stationsRefuseWhatIsNoService() {
        Station station = new Station(new Calendar(), 0, 0, 1, 1);
        assertThrows(IllegalArgumentException.class, () -> station.arrive(0, -1));
        assertThrows(IllegalArgumentException.class, () -> station.arrive(0, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new QueueSpec("x", UNIT, UNIT, 2, 1));
        assertThrows(IllegalArgumentException.class, () -> new QueueSpec("x", new Durations.Constant(0), UNIT, 1, 1));
    }
}
