package org.qexit.experiment.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.common.Json;
import org.qexit.common.Warning;
import org.qexit.data.Dataset;
import org.qexit.data.LabelledSet;
import org.qexit.data.TestData;
import org.qexit.data.catalog.DatasetCatalog;
import org.qexit.data.streams.DeviceStream;
import org.qexit.nn.training.EpochRecord;
import org.qexit.nn.training.Trainer;
import org.qexit.nn.training.TrainingData;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Thresholds;

class ModelWarningsTest {
    private static List<String> ids(List<Warning> warnings) {
        for (Warning warning : warnings) {
            assertEquals(1, warning.text().lines().count());
        }
        return warnings.stream().map(Warning::id).toList();
    }

    /** Events of which the first are critical. */
    private static LabelledSet events(int size, int positives) {
        Dataset data = TestData.blank(2, size);
        int[] samples = new int[size];
        byte[] labels = new byte[size];
        int[] classes = new int[size];
        for (int k = 0; k < size; k++) {
            samples[k] = k;
            labels[k] = (byte) (k < positives ? 1 : 0);
            classes[k] = data.classOf(k);
        }
        return new LabelledSet(data, samples, labels, classes);
    }

    @ParameterizedTest
    @CsvSource({
        "100, 10, 0.12, ''",
        "100, 10, 0.05, ''",
        "100, 10, 0.04, budget-below-critical",
        "100, 10, 0.009, budget-below-one-event",
        "100, 10, 0.01, budget-below-critical",
        "100, 4, 0.12, few-critical-events",
        "100, 5, 0.12, ''",
        "20, 1, 0.04, budget-below-one-event few-critical-events",
    })
    void positivesAndBudgetAreComparedBeforeTraining(int size, int positives, double budget, String expected) {
        TrainingData data = new TrainingData(events(50, 5), events(size, positives));
        assertEquals(expected, String.join(" ", ids(ModelWarnings.beforeTraining(data, budget))));
    }

    @Test
    void devicesWithoutCriticalEventsAreNamedWithTheirSplit() {
        LabelledSet good = events(50, 6);
        LabelledSet none = events(50, 0);
        LabelledSet empty = events(50, 6).select(new int[0]);
        assertEquals(List.of(), ModelWarnings.ofDevices(List.of(new DeviceStream("a", good, empty, good))));
        List<Warning> warnings = ModelWarnings.ofDevices(
                List.of(new DeviceStream("b", none, good, none), new DeviceStream("c", events(9, 2), none, good)));
        assertEquals(
                "device b: none of its 50 validation events is critical",
                warnings.get(0).text());
        assertEquals(
                List.of(
                        "device-without-critical-events",
                        "device-without-critical-events",
                        "device-without-critical-events",
                        "few-critical-events"),
                ids(warnings));
    }

    private static EpochRecord epoch(int number, double crossEntropy, double tpr, String upper) {
        return Json.parse(
                "epoch",
                "{\"epoch\":" + number + ",\"loss\":" + crossEntropy + ",\"crossEntropies\":[" + crossEntropy + ","
                        + crossEntropy + "],\"lower\":0.1,\"upper\":" + upper + ",\"heldOutLoss\":" + crossEntropy
                        + ",\"heldOutAccuracies\":[0.9],\"seconds\":1,\"heldOutTruePositiveRate\":" + tpr + "}",
                EpochRecord.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.3 0.2 0.25 0.4 | 0.5 | 0.6 | ''",
                "0.3 0.31 0.3 0.9 | 0.5 | 0.6 | loss-not-falling",
                "0.3 0.4 | 0.5 | 0.6 | ''",
                "0.3 0.2 0.1 | 0 | null | no-critical-event-found",
                "0.3 0.2 0.1 | 0.5 | null | never-offloads",
                "0.3 0.4 0.4 | 0 | 0.7 | loss-not-falling no-critical-event-found",
            })
    void aTrainingThatLearnedNothingIsTold(String losses, double tpr, String upper, String expected) {
        double[] values = Arrays.stream(losses.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        EpochRecord[] history = new EpochRecord[values.length];
        for (int i = 0; i < history.length; i++) {
            history[i] = epoch(i + 1, values[i], tpr, upper);
        }
        assertEquals(expected, String.join(" ", ids(ModelWarnings.ofTraining("m", List.of(history), 1))));
    }

    @Test
    void exitsThatSayTheSameOfAllEventsAreTold() {
        float[][] scores = {{0.1f, 0.2f, 0.1f}, {0.5f, 0.5f, 0.5f}};
        DeviceTrace one = new DeviceTrace("a", new long[] {0, 1, 2}, new byte[] {0, 1, 0}, scores);
        List<Warning> warnings = ModelWarnings.ofTraces("m", List.of(one, one));
        assertEquals(
                "model m: exit 2 gives all 6 events the confidence 0.5",
                warnings.get(0).text());
        assertEquals(1, warnings.size());
        DeviceTrace other = new DeviceTrace("b", new long[] {0}, new byte[] {0}, new float[][] {{0.1f}, {0.6f}});
        assertEquals(List.of(), ModelWarnings.ofTraces("m", List.of(one, other)));
        assertEquals(List.of(), ModelWarnings.ofTraces("m", List.of()));
    }

    @Test
    void neverIsTold() {
        assertEquals(
                List.of("never-offloads"),
                ids(ModelWarnings.ofThresholds("m", "ue1", new Thresholds(0.1f, Thresholds.NEVER))));
        assertEquals(List.of(), ModelWarnings.ofThresholds("m", "ue1", new Thresholds(0.1f, 0.5f)));
    }

    /** Warnings that come with good runs are soon read by nobody. */
    @Test
    void theQuickstartHasNone() {
        RunConfig quickstart = RunConfig.read(Path.of("experiments/quickstart.yaml"));
        RunData data = RunData.of(quickstart, DatasetCatalog.of(List.of(Path.of("datasets"))));
        assertEquals(List.of(), data.warnings(quickstart.training(), true));
        List<EpochRecord> history = Trainer.history(Path.of("models/quickstart-hybrid"));
        assertTrue(history.size() > 3);
        assertEquals(List.of(), ModelWarnings.ofTraining("hybrid", history, history.size()));
        assertEquals(List.of(), Trainer.history(Path.of("datasets")));
    }
}
