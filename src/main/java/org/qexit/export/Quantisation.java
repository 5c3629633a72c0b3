package org.qexit.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.DeviceSettings;
import org.qexit.bundle.StagedRun;
import org.qexit.common.ThreadClock;
import org.qexit.common.UserError;
import org.qexit.threshold.BudgetSearch;
import org.qexit.threshold.exits.ExitSearch;
import org.qexit.trace.Confusion;
import org.qexit.trace.DeviceTrace;
import org.qexit.trace.Rule;
import org.qexit.trace.RuleKind;
import org.qexit.trace.Thresholds;

/**
 * A bundle with convolutions in 8-bit integers ({@link IntegerConvolutions}): calibrated on validation events, every device's thresholds
 * chosen anew on the quantised model's own confidences of its validation events, within the number of offloads that its thresholds in
 * single precision cause there. Heads stay in single precision.
 */
public final class Quantisation {
    /** Of golden confidences on another processor: a level of rounding here and there. */
    static final double TOLERANCE = 0.01;

    private static final int CALIBRATION_EVENTS = 512;
    private static final int ROUNDS = 5;

    private final BundleSpec single;
    private BundleSpec spec;
    private final Map<String, byte[]> files;
    private Report report;

    /**
     * What it changed, on the test events.
     *
     * @param events how many
     * @param sameDecisions events that both models, each with its own thresholds, decide alike
     * @param sameExits events that leave both at the same exit
     * @param singleBytes of the stages in single precision
     * @param int8Bytes of the stages in integers
     * @param singleMicros processor time of all stages per event, one at a time, least of {@value #ROUNDS} rounds
     * @param int8Micros the same in integers, rounds of both in turn
     * @param single counts in single precision
     * @param int8 counts in integers
     */
    public record Report(
            int events,
            int sameDecisions,
            int sameExits,
            long singleBytes,
            long int8Bytes,
            double singleMicros,
            double int8Micros,
            Confusion single,
            Confusion int8) {
        /** For people. */
        public List<String> lines() {
            return List.of(
                    String.format(
                            Locale.ROOT,
                            "int8 against float32: stages %,d against %,d bytes, %.0f against %.0f us of processor time per event through all stages",
                            int8Bytes,
                            singleBytes,
                            int8Micros,
                            singleMicros),
                    String.format(
                            Locale.ROOT,
                            "  each with its own thresholds, %d test events: %d decisions equal (%.2f %%), %d exits equal",
                            events,
                            sameDecisions,
                            100.0 * sameDecisions / events,
                            sameExits),
                    "  TPR " + int8.tpr() + " against " + single.tpr() + ", FPR " + int8.fpr() + " against "
                            + single.fpr());
        }
    }

    private Quantisation(BundleSpec single) {
        this.single = single;
        if (single.events().validation().isEmpty() || single.events().test().isEmpty()) {
            throw new UserError("--int8 needs events to calibrate on: give a configuration with --config");
        }
        NetworkLowering network = new NetworkLowering(
                single.network().model(), 1 / single.network().inputMaximum(), NetworkLowering.ConvolutionWriter.PLAIN);
        IntegerConvolutions integers = calibrate(network);
        List<byte[]> plain = stages(NetworkLowering.ConvolutionWriter.PLAIN);
        List<byte[]> quantised = stages(integers);
        BundleManifest.Input input = BundleWriter.input(single);
        List<String> names = new ArrayList<>();
        for (int q = 0; q < plain.size(); q++) {
            names.add("stage-" + (q + 1) + ".onnx");
        }
        try (StagedRun floats = new StagedRun(names, plain, input);
                StagedRun ints = new StagedRun(names, quantised, input)) {
            spec = single.withDevices(settings(ints));
            GoldenEvents golden = GoldenEvents.of(spec);
            float[][] scores = ints.confidences(golden.values(), golden.count());
            compare(floats, ints, plain, quantised);
            String card = ModelCard.of(spec, events -> trace(ints, events), section());
            files = BundleWriter.quantised(
                    spec, integers, golden, scores, test -> ints.confidences(test.values(), test.size()), card);
        }
    }

    static Quantisation of(BundleSpec single) {
        return new Quantisation(single);
    }

    Map<String, byte[]> files() {
        return files;
    }

    Report report() {
        return report;
    }

    private IntegerConvolutions calibrate(NetworkLowering network) {
        int features = single.network().model().config().features();
        int devices = single.events().validation().size();
        int each = Math.max(1, CALIBRATION_EVENTS / devices);
        List<float[]> parts = new ArrayList<>();
        int length = 0;
        for (BundleEvents events : single.events().validation()) {
            float[] part = java.util.Arrays.copyOf(events.values(), Math.min(each, events.size()) * features);
            parts.add(part);
            length += part.length;
        }
        float[] values = new float[length];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, values, at, part.length);
            at += part.length;
        }
        return IntegerConvolutions.calibrate(network, values, length / features);
    }

    private List<byte[]> stages(NetworkLowering.ConvolutionWriter convolutions) {
        List<byte[]> stages = new ArrayList<>();
        for (int q = 0; q < single.network().model().config().exits(); q++) {
            NetworkLowering network = new NetworkLowering(
                    single.network().model(), 1 / single.network().inputMaximum(), convolutions.fresh());
            stages.add(new ModelGraphs(network).stage(q).toBytes());
        }
        return stages;
    }

    private static DeviceTrace trace(StagedRun stages, BundleEvents events) {
        return ModelCard.trace(events, stages.confidences(events.values(), events.size()));
    }

    /** Thresholds with the most true positives within the offloads that the device has now. */
    private List<DeviceSettings> settings(StagedRun ints) {
        List<DeviceSettings> settings = new ArrayList<>(single.settings().devices());
        for (BundleEvents events : single.events().validation()) {
            DeviceSettings old = single.settings().of(events.device());
            int offloads = Confusion.of(ModelCard.trace(single, events), old.thresholds())
                    .offloads();
            settings.set(
                    settings.indexOf(old),
                    old.withThresholds(chosen(old.thresholds().kind(), trace(ints, events), offloads)));
        }
        return settings;
    }

    private static Rule chosen(RuleKind kind, DeviceTrace trace, int offloads) {
        return switch (kind) {
            case PAIR -> BudgetSearch.of(trace).within(offloads).thresholds();
            case PER_EXIT ->
                ExitSearch.of(trace, new ExitSearch.Limits(offloads, Integer.MAX_VALUE, null), 0)
                        .thresholds();
        };
    }

    private void compare(StagedRun floats, StagedRun ints, List<byte[]> plain, List<byte[]> quantised) {
        int events = 0;
        int decisions = 0;
        int exits = 0;
        List<Confusion> before = new ArrayList<>();
        List<Confusion> after = new ArrayList<>();
        for (BundleEvents device : single.events().test()) {
            Rule old = single.settings().of(device.device()).thresholds();
            Rule now = spec.settings().of(device.device()).thresholds();
            DeviceTrace one = trace(floats, device);
            DeviceTrace two = trace(ints, device);
            before.add(Confusion.of(one, old));
            after.add(Confusion.of(two, now));
            for (int k = 0; k < device.size(); k++) {
                Thresholds.Decision a = old.decide(one.scores(), k);
                Thresholds.Decision b = now.decide(two.scores(), k);
                events++;
                decisions += a.critical() == b.critical() ? 1 : 0;
                exits += a.exit() == b.exit() ? 1 : 0;
            }
        }
        double[] micros = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        for (int round = 0; round < ROUNDS; round++) {
            micros[0] = Math.min(micros[0], micros(floats));
            micros[1] = Math.min(micros[1], micros(ints));
        }
        report = new Report(
                events,
                decisions,
                exits,
                plain.stream().mapToLong(b -> b.length).sum(),
                quantised.stream().mapToLong(b -> b.length).sum(),
                micros[0],
                micros[1],
                Confusion.sum(before),
                Confusion.sum(after));
    }

    /** Processor time per event, one event at a time: ONNX Runtime works on the calling thread. */
    private double micros(StagedRun stages) {
        BundleEvents device = single.events().test().get(0);
        int features = single.network().model().config().features();
        int events = Math.min(200, device.size());
        long start = ThreadClock.nanos();
        for (int k = 0; k < events; k++) {
            stages.confidences(java.util.Arrays.copyOfRange(device.values(), k * features, (k + 1) * features), 1);
        }
        return (ThreadClock.nanos() - start) / 1e3 / events;
    }

    /** What the model card says; no times, which differ from run to run. */
    private List<String> section() {
        return List.of(
                "## Integers",
                "",
                "Convolutions run in 8-bit integers: weights and activations uint8, weights with a scale per output channel, activations with"
                        + " ranges calibrated on at most " + CALIBRATION_EVENTS
                        + " validation events. Heads are in float32. Thresholds"
                        + " were chosen anew on this model's own confidences, within each device's offloads; `plan.json` keeps"
                        + " those of the model in float32, and its nodes, links and loads hold for both.",
                "",
                String.format(
                        Locale.ROOT,
                        "Stages: %,d bytes; in float32 %,d. Test decisions equal to the float32 model's, each with its own"
                                + " thresholds: %d of %d (%.2f %%). TPR %s, in float32 %s; FPR %s, in float32 %s.",
                        report.int8Bytes(),
                        report.singleBytes(),
                        report.sameDecisions(),
                        report.events(),
                        100.0 * report.sameDecisions() / report.events(),
                        report.int8().tpr(),
                        report.single().tpr(),
                        report.int8().fpr(),
                        report.single().fpr()),
                "");
    }
}
