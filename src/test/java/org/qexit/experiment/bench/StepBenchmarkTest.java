package org.qexit.experiment.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.nn.Blobs;
import org.qexit.nn.Twin;
import org.qexit.nn.loss.CoupledLoss;
import org.qexit.nn.loss.LossTerm;
import org.qexit.nn.loss.Objective;

class StepBenchmarkTest {
    @Test
    void everyModelStepsAsOftenAndRatiosAreTheHybridsOverTheTwins() {
        StepBenchmark benchmark = new StepBenchmark(
                Blobs.hybrid().forInput(1, 8, 8), List.of(Twin.MATCHED, Twin.CLASSICAL, Twin.LINEAR), 8, 2, 1);
        StepBenchmark.StepTimes result = benchmark.run(2, 11);
        assertEquals(11, result.rounds());
        List<String> names = List.of("hybrid", "hybrid-matched", "hybrid-classical", "hybrid-linear");
        assertEquals(
                names,
                result.times().stream().limit(4).map(StepBenchmark.Times::model).toList());
        assertEquals(
                "[QEXIT 1, QEXIT 1, QEXIT 1, QEXIT 1, DL4J 1, DL4J 1, DL4J 1, DL4J 1, QEXIT 2, QEXIT 2, QEXIT 2, QEXIT 2]",
                result.times().stream()
                        .map(each -> each.engine() + " " + each.threads())
                        .toList()
                        .toString());
        assertEquals(8, result.engines().size());
        for (StepBenchmark.EngineRatio ratio : result.engines()) {
            assertTrue(ratio.low() <= ratio.ratio() && ratio.ratio() <= ratio.high(), ratio.toString());
            assertTrue(names.contains(ratio.model()));
        }
        assertEquals(3, result.ratios().size());
        for (StepBenchmark.Ratio ratio : result.ratios()) {
            assertTrue(ratio.low() <= ratio.ratio() && ratio.ratio() <= ratio.high(), ratio.toString());
            assertTrue(ratio.ratio() > 0);
        }
        assertThrows(IllegalArgumentException.class, () -> benchmark.run(0, 9));
    }

    /** The exact binomial probability that the interval covers the median. */
    @Test
    void medianIntervalCoversNinetyFivePercent() {
        for (int n = 10; n <= 1000; n++) {
            int[] ranks = StepBenchmark.medianInterval(n);
            assertEquals(n - 1, ranks[0] + ranks[1]);
            double term = Math.pow(0.5, n);
            double below = 0;
            for (int k = 0; k <= ranks[0]; k++) {
                below += term;
                term *= (double) (n - k) / (k + 1);
            }
            assertTrue(1 - 2 * below >= 0.95, "n = " + n + ": " + (1 - 2 * below));
            assertTrue(n < 100 || 1 - 2 * below < 0.98, "n = " + n + " is too wide: " + (1 - 2 * below));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true, org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu.execCustomOp2, NATIVE_KERNEL",
        "true, org.bytedeco.openblas.global.openblas.cblas_sgemm, NATIVE_KERNEL",
        "true, org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu.shapeBuffer, NATIVE_OTHER",
        "true, org.bytedeco.javacpp.Pointer.physicalBytesInaccurate, NATIVE_OTHER",
        "true, java.lang.Object.wait, NATIVE_OTHER",
        "false, jdk.incubator.vector.Double256Vector.add|org.qexit.quantum.statevector.LayeredEngine.forward, VECTOR_KERNEL",
        "false, org.qexit.quantum.statevector.DoubleKernels.rotate|org.qexit.engine.CircuitUnit.forward, VECTOR_KERNEL",
        "false, jdk.incubator.vector.Float512Vector.fma|org.qexit.engine.vector.VectorKernels.four, ENGINE_KERNEL",
        "false, java.lang.Math.fma|org.qexit.engine.PlainKernels.dense|org.qexit.engine.Head.dense, ENGINE_KERNEL",
        "false, java.util.Arrays.fill|org.qexit.engine.Worker.backward, ENGINE",
        "false, org.qexit.engine.Adam.step|org.qexit.nn.EngineNetwork.fit, UPDATER",
        "false, org.qexit.quantum.statevector.Segment.prepare|org.qexit.engine.CircuitUnit.forward, CIRCUIT",
        "false, java.util.Arrays.fill|org.qexit.nn.layer.RunningLayer.activate|org.deeplearning4j.nn.graph.ComputationGraph.fit, LAYERS",
        "false, java.lang.Math.exp|org.qexit.nn.loss.CoupledLoss.sigmoid, LOSS",
        "false, java.util.HashMap.get|org.nd4j.linalg.factory.Nd4j.exec|org.deeplearning4j.nn.graph.ComputationGraph.fit, ND4J",
        "false, java.util.HashMap.get|org.deeplearning4j.nn.updater.UpdaterBlock.update, UPDATER",
        "false, java.util.HashMap.get|org.deeplearning4j.nn.graph.ComputationGraph.fit, DL4J",
        "false, java.lang.Thread.run, OTHER",
    })
    void samplesBelongToTheInnermostKnownPlace(boolean inNative, String frames, StepProfile.Place place) {
        assertEquals(place, StepProfile.place(Arrays.asList(frames.split("\\|")), inNative));
    }

    @Test
    void profileCountsPlacesAndTheHottestMethodsOutsideKernels() {
        StepProfile.Sample kernel = new StepProfile.Sample(true, List.of("org.nd4j.linalg.cpu.Nd4jCpu.execReduce"));
        StepProfile.Sample loss = new StepProfile.Sample(false, List.of("java.lang.Math.exp", "org.qexit.nn.loss.L.f"));
        StepProfile.Sample other = new StepProfile.Sample(false, List.of("java.lang.Thread.run"));
        StepProfile profile = StepProfile.of(List.of(loss, kernel, other, loss));
        assertEquals(4, profile.samples());
        assertEquals(0.25, profile.kernelShare());
        assertEquals(
                "{native kernels (oneDNN, OpenBLAS, libnd4j)=0.25, coupled loss=0.5, everything else=0.25}",
                profile.shares().toString());
        assertEquals(
                "{java.lang.Math.exp=0.5, java.lang.Thread.run=0.25}",
                profile.hottest().toString());
        assertTrue(Double.isNaN(StepProfile.of(List.of()).kernelShare()));
    }

    /** Goes on until a sample falls into the work: only a recorder that never sees this thread there runs out of time. */
    @Test
    void recorderSamplesTheThreadAtItsWork() {
        CoupledLoss loss = new CoupledLoss();
        Objective objective = Objective.crossEntropy(1).with(List.of(new LossTerm.Path(null)));
        double[] logits = new double[2 * 4096];
        byte[] labels = new byte[4096];
        labels[7] = 1;
        long end = System.nanoTime() + 60_000_000_000L;
        boolean seen = false;
        while (!seen && System.nanoTime() < end) {
            StepProfile profile = StepProfile.record(() -> {
                for (int i = 0; i < 500; i++) {
                    loss.evaluate(objective, logits, labels, labels.length);
                }
            });
            seen = profile.shares().containsKey("coupled loss");
        }
        assertTrue(seen, "no sample in the coupled loss within a minute of work there");
    }
}
