package org.qexit.nn.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.Json;
import org.qexit.common.RandomStreams;
import org.qexit.data.LabelledSet;
import org.qexit.nn.Blobs;
import org.qexit.nn.EarlyExitModel;
import org.qexit.nn.TrainingConfig;
import org.qexit.nn.store.ModelDirectory;
import org.qexit.nn.store.StoredModel;
import org.qexit.nn.training.TrainedModel;
import org.qexit.nn.training.Trainer;
import org.qexit.trace.Confusion;
import org.qexit.trace.Thresholds;
import org.xml.sax.InputSource;

class CalibrationTest {
    private static final LabelledSet EVENTS = Blobs.events(300, 4);
    private static final double BUDGET = 0.25;

    private static EarlyExitModel model() {
        return EarlyExitModel.initial(Blobs.hybrid().forInput(1, Blobs.SIDE, Blobs.SIDE), RandomStreams.of(11));
    }

    /** Labels drawn at σ(z / truth): the fit finds the truth within sampling error, and what a fine grid finds within its step. */
    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 2.7})
    void temperatureAgreesWithGridSearch(double truth) {
        SplittableRandom random = new SplittableRandom(1);
        int count = 20_000;
        double[] margins = new double[count];
        byte[] labels = new byte[count];
        for (int k = 0; k < count; k++) {
            margins[k] = 3 * random.nextGaussian() - 1;
            labels[k] = (byte) (random.nextDouble() < 1 / (1 + Math.exp(-margins[k] / truth)) ? 1 : 0);
        }
        double fitted = TemperatureScaling.fit(margins, labels);
        assertEquals(truth, fitted, 0.05 * truth);
        double best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (double t = 0.8 * truth; t < 1.25 * truth; t += 0.0005 * truth) {
            double loss = 0;
            for (int k = 0; k < count; k++) {
                double p = 1 / (1 + Math.exp(-margins[k] / t));
                loss -= Math.log(labels[k] == 1 ? p : 1 - p);
            }
            if (loss < least) {
                least = loss;
                best = t;
            }
        }
        assertEquals(best, fitted, 0.0005 * truth);
        assertEquals(least / count, TemperatureScaling.loss(margins, labels, fitted), 1e-7);
    }

    @Test
    void temperatureStaysWithinItsBounds() {
        assertEquals(TemperatureScaling.LEAST, TemperatureScaling.fit(new double[] {2, -1}, new byte[] {1, 0}));
        assertEquals(TemperatureScaling.MOST, TemperatureScaling.fit(new double[] {2, -1}, new byte[] {0, 1}));
        assertEquals(TemperatureScaling.MOST, TemperatureScaling.fit(new double[] {0, 0}, new byte[] {0, 1}));
    }

    @Test
    void calibrationErrorIsTheOneByHand() {
        double[] confidences = {0.1, 0.2, 0.3, 0.6, 0.7, 0.95, 1, 0};
        byte[] labels = {0, 1, 0, 1, 0, 1, 1, 0};
        Reliability two = Reliability.of(confidences, labels, 2);
        // Below 1/2: 0.1, 0.2, 0.3, 0 with mean 0.15 and share 1/4; above: 0.6, 0.7, 0.95, 1 with mean 0.8125 and share
        // 3/4.
        assertEquals(0.5 * Math.abs(0.25 - 0.15) + 0.5 * Math.abs(0.75 - 0.8125), two.ece(), 1e-12);
        assertEquals(two.ece(), two.equalMassEce(), 1e-12);
        assertEquals((0.01 + 0.64 + 0.09 + 0.16 + 0.49 + 0.0025 + 0 + 0) / 8, two.brier(), 1e-12);
        Reliability ten = Reliability.of(confidences, labels, 10);
        // Each alone but 0.95 and 1 (1 belongs to the last bin).
        assertEquals((0.1 + 0.8 + 0.3 + 0.4 + 0.7 + 2 * 0.025 + 0) / 8, ten.ece(), 1e-12);
        assertEquals(8, ten.bins().stream().mapToInt(Reliability.Bin::events).sum());
        assertEquals(
                0, Reliability.of(new double[] {1, 0}, new byte[] {1, 0}, 15).logLoss(), 1e-11);
        assertThrows(IllegalArgumentException.class, () -> Reliability.of(new double[0], new byte[0], 15));
        assertThrows(IllegalArgumentException.class, () -> Reliability.of(new double[] {Double.NaN}, new byte[1], 15));
    }

    @Test
    void temperaturesDivideTheLogits() {
        EarlyExitModel raw = model();
        EarlyExitModel hot = raw.withTemperatures(List.of(2.0, 0.5));
        double[][] before = raw.margins(EVENTS);
        double[][] after = hot.margins(EVENTS);
        for (int k = 0; k < EVENTS.size(); k++) {
            assertEquals(before[0][k] / 2, after[0][k], 1e-5);
            assertEquals(before[1][k] * 2, after[1][k], 1e-5);
        }
        assertEquals(raw.sha256(), hot.withTemperatures(null).sha256());
        assertEquals(hot.sha256(), hot.copy().sha256());
        assertFalse(raw.sha256().equals(hot.sha256()));
        assertThrows(IllegalArgumentException.class, () -> raw.withTemperatures(List.of(1.0)));
        assertThrows(IllegalArgumentException.class, () -> raw.withTemperatures(List.of(1.0, 0.0)));
    }

    @Test
    void fittingLowersTheLossAndSwitchesOff(@TempDir Path directory) {
        EarlyExitModel raw = model();
        ModelDirectory.write(
                directory, new StoredModel(raw, TrainingConfig.DEFAULT, 1, new Thresholds(0.25f, 0.75f), null));
        StoredModel stored = ModelDirectory.read(directory);
        Calibration fitted = Calibration.fit(stored.model(), EVENTS, Blobs.EXACT, BUDGET);
        ModelDirectory.write(directory, stored.with(fitted.model(), fitted.thresholds()));
        StoredModel calibrated = ModelDirectory.read(directory);
        assertEquals(fitted.temperatures(), calibrated.model().temperatures().orElseThrow());
        assertEquals(fitted.model().sha256(), calibrated.model().sha256());
        assertEquals(stored.parametersSha256(), calibrated.parametersSha256(), "the parameters stay as trained");
        List<Reliability> before = Calibration.reliability(raw, EVENTS);
        List<Reliability> after = Calibration.reliability(calibrated.model(), EVENTS);
        for (int q = 0; q < before.size(); q++) {
            assertTrue(after.get(q).logLoss() <= before.get(q).logLoss() + 1e-9);
        }
        Confusion chosen = Confusion.of(calibrated.model().trace("ue", EVENTS), calibrated.thresholds());
        assertTrue(chosen.ofr().orThrow() <= BUDGET);
        // Fitting again starts from the parameters as trained.
        assertEquals(
                fitted.temperatures(),
                Calibration.fit(calibrated.model(), EVENTS, Blobs.EXACT, BUDGET).temperatures());
        Calibration none = Calibration.none(calibrated.model(), EVENTS, Blobs.EXACT, BUDGET);
        ModelDirectory.write(directory, calibrated.with(none.model(), none.thresholds()));
        assertEquals(raw.sha256(), ModelDirectory.read(directory).model().sha256());
        assertTrue(ModelDirectory.read(directory).model().temperatures().isEmpty());
    }

    /** What training calibrates at its end is the held-out events' fit. */
    @Test
    void trainingCalibratesWhenAsked(@TempDir Path directory) {
        TrainingConfig config = Json.parse(
                "config",
                "{\"epochs\":2,\"batch\":16,\"learningRate\":0.01,\"offloadBudget\":0.25,\"calibrate\":true}",
                TrainingConfig.class);
        TrainedModel trained = Trainer.of(Blobs.hybrid(), config, Blobs.data(), RandomStreams.of(1), Blobs.EXACT)
                .train(directory);
        Calibration again = Calibration.fit(trained.model(), Blobs.data().heldOut(), Blobs.EXACT, BUDGET);
        assertEquals(again.temperatures(), trained.model().temperatures().orElseThrow());
        assertEquals(again.thresholds(), trained.thresholds());
        assertEquals(
                trained.model().sha256(), ModelDirectory.read(directory).model().sha256());
    }

    @Test
    void picturesAreWellFormed() throws Exception {
        List<Reliability> exits = Calibration.reliability(model(), EVENTS);
        for (List<Reliability> after : java.util.Arrays.asList(exits, null)) {
            String svg = ReliabilityPlot.of("a<b>&c", exits, after);
            var document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(svg)));
            int bins = exits.stream().mapToInt(exit -> exit.bins().size()).sum();
            assertEquals(
                    after == null ? bins : 2 * bins,
                    document.getElementsByTagName("circle").getLength());
            assertFalse(svg.contains("NaN"));
        }
    }
}
