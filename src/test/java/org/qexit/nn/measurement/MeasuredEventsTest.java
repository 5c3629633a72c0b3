package org.qexit.nn.measurement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.RandomStreams;
import org.qexit.data.LabelledSet;
import org.qexit.nn.Blobs;
import org.qexit.nn.BlockConfig;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.ModelConfig;
import org.qexit.nn.head.HeadConfig;
import org.qexit.nn.head.HeadNoise;
import org.qexit.nn.head.QuantumHead;
import org.qexit.nn.training.Trainer;
import org.qexit.quantum.Ansatz;
import org.qexit.quantum.noise.NoiseModel;
import org.qexit.quantum.shots.Bound;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;

class MeasuredEventsTest {
    private static final LabelledSet EVENTS = Blobs.events(120, 3);
    private static EarlyExitModel model;

    private static ModelConfig config(QuantumHead last) {
        return new ModelConfig(
                "measured",
                1,
                Blobs.SIDE,
                Blobs.SIDE,
                null,
                List.of(BlockConfig.of(2), BlockConfig.of(2), BlockConfig.of(2)),
                List.of(HeadConfig.quantum(2, 1), HeadConfig.linear(), last));
    }

    @BeforeAll
    static void train() {
        QuantumHead last = HeadConfig.quantum(3, 2).with(Ansatz.Encoding.RX).uploading(true, true);
        model = Trainer.of(config(last), Blobs.training(2), Blobs.data(), RandomStreams.of(4), Blobs.EXACT)
                .train()
                .model()
                .withTemperatures(List.of(1.0, 1.3, 0.8));
    }

    private static MeasuredEvents measured() {
        return MeasuredEvents.of(model, "ue1", EVENTS, NoiseModel.NONE);
    }

    private static Thresholds pair() {
        float[] scores = model.confidences(EVENTS)[0].clone();
        Arrays.sort(scores);
        return new Thresholds(scores[30], scores[100]);
    }

    @Test
    void infinitelyManyShotsSayWhatTheModelSays() {
        DeviceTrace trace = measured().trace();
        float[][] expected = model.confidences(EVENTS);
        for (int q = 0; q < 3; q++) {
            assertArrayEquals(expected[q], trace.scores()[q], 2e-6f, "exit " + (q + 1));
        }
    }

    /** The network's own layers run the circuits with noise by another path. */
    @Test
    void noiseIsThatOfTheNetwork() {
        QuantumHead head = HeadConfig.quantum(3, 2);
        HeadNoise noise = new HeadNoise(0.02, 0.01, 0.03, 0.04);
        EarlyExitModel exact = EarlyExitModel.initial(config(head), RandomStreams.of(1));
        EarlyExitModel noisy = EarlyExitModel.of(config(head.measured(null, noise)), exact.tensors());
        assertArrayEquals(
                noisy.confidences(EVENTS)[2],
                MeasuredEvents.of(exact, "ue1", EVENTS, noise.model()).trace().scores()[2],
                2e-6f);
    }

    @Test
    void decisionsAreThoseOfTheRule() {
        MeasuredEvents events = measured();
        DeviceTrace trace = events.trace();
        ExitThresholds each = ExitThresholds.of(
                new float[] {pair().lower(), ExitThresholds.BELOW_ALL, 0.1f},
                new float[] {ExitThresholds.ABOVE_ALL, pair().upper(), 0.3f});
        for (Rule rule : List.of(pair(), each)) {
            Thresholds.Decision[] decisions = events.decisions(rule);
            for (int k = 0; k < EVENTS.size(); k++) {
                assertEquals(rule.decide(trace.scores(), k), decisions[k]);
            }
        }
    }

    /** δ is kept event by event over many seeds, and the many shots of hard events are spent on these alone. */
    @ParameterizedTest
    @CsvSource({"BETTING, 0.0", "EMPIRICAL_BERNSTEIN, 0.0", "BETTING, 0.02"})
    void eventsDecidedBeforeTheCapAreSeldomWrong(Bound bound, double readout) {
        MeasuredEvents events = MeasuredEvents.of(model, "ue1", EVENTS, new NoiseModel(0, 0, 0, readout));
        double delta = 0.1;
        Thresholds pair = pair();
        Thresholds.Decision[] truth = events.decisions(pair);
        int[] wrong = new int[EVENTS.size()];
        int runs = 12;
        long shots = 0;
        for (int run = 0; run < runs; run++) {
            ShotDecisions measured = events.sequential(pair, bound, delta, 300, RandomStreams.of(run));
            for (int k = 0; k < wrong.length; k++) {
                wrong[k] += !measured.capped()[k] && !measured.decisions()[k].equals(truth[k]) ? 1 : 0;
            }
            shots += measured.totalShots();
            assertEquals(measured.wrong(truth, true) + overThrown(measured, truth), measured.wrong(truth, false));
        }
        int most = Arrays.stream(wrong).max().orElseThrow();
        assertTrue(most <= runs * delta + 5 * Math.sqrt(runs * delta * (1 - delta)), "one event: " + most);
        assertTrue(
                Arrays.stream(wrong).sum() <= delta * runs * wrong.length,
                "all: " + Arrays.stream(wrong).sum());
        assertTrue(shots < runs * wrong.length * 2 * 300L && shots > runs * wrong.length, "shots: " + shots);
    }

    private static int overThrown(ShotDecisions measured, Thresholds.Decision[] truth) {
        int count = 0;
        for (int k = 0; k < truth.length; k++) {
            count += measured.capped()[k] && !measured.decisions()[k].equals(truth[k]) ? 1 : 0;
        }
        return count;
    }

    @Test
    void fixedShotsAreTheFirstOfMoreAndComeNearTheTruth() {
        MeasuredEvents events = measured();
        List<ShotDecisions> several = events.fixed(pair(), new long[] {5, 50, 5000}, RandomStreams.of(1));
        ShotDecisions alone =
                events.fixed(pair(), new long[] {50}, RandomStreams.of(1)).get(0);
        assertArrayEquals(alone.decisions(), several.get(1).decisions());
        Thresholds.Decision[] truth = events.decisions(pair());
        assertTrue(several.get(0).wrong(truth, false) > several.get(2).wrong(truth, false));
        int looked = 0;
        for (Thresholds.Decision decision : alone.decisions()) {
            looked += decision.exit() == 2 ? 2 : 1;
        }
        assertEquals(50L * looked, alone.totalShots());
        assertEquals((double) alone.totalShots() / EVENTS.size(), alone.meanShots(), 1e-12);
        int first = events.gates()[0];
        int last = events.gates()[2];
        assertEquals(0, events.gates()[1]);
        assertEquals(
                50.0 * (first * EVENTS.size() + last * (looked - EVENTS.size())) / EVENTS.size(),
                alone.meanGates(events.gates()),
                1e-9);
    }

    @Test
    void whatCannotBeMeasuredIsRefused() {
        EarlyExitModel linear = EarlyExitModel.initial(
                config(HeadConfig.quantum(2, 1))
                        .withHeads(List.of(HeadConfig.linear(), HeadConfig.linear(), HeadConfig.linear())),
                RandomStreams.of(1));
        assertThrows(IllegalArgumentException.class, () -> MeasuredEvents.of(linear, "ue1", EVENTS, NoiseModel.NONE));
        MeasuredEvents events = measured();
        assertThrows(
                IllegalArgumentException.class, () -> events.fixed(pair(), new long[] {10, 10}, RandomStreams.of(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> events.decisions(ExitThresholds.of(new float[] {0}, new float[] {1})));
        assertThrows(IllegalArgumentException.class, () -> model.preAngles(1, EVENTS));
    }
}
