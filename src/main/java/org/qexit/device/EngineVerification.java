package org.qexit.device;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.qexit.bundle.Bundle;
import org.qexit.bundle.BundleEvents;
import org.qexit.bundle.BundleManifest;
import org.qexit.bundle.DecisionRule;
import org.qexit.bundle.Golden;
import org.qexit.bundle.GraphNames;
import org.qexit.bundle.NodeGolden;
import org.qexit.common.Json;
import org.qexit.device.graph.UnsupportedGraph;
import org.qexit.engine.event.Walk;

/**
 * Proves the engine on a bundle: every event goes through all exits in both runtimes, and what they say is compared. That ONNX Runtime says
 * what the bundle claims is for {@link org.qexit.bundle.BundleVerification} to prove.
 */
public final class EngineVerification {
    private final Bundle bundle;
    private final StageRunner engine;
    private final StageRunner onnx;
    private final double tolerance;
    private final List<Check> checks = new ArrayList<>();

    private EngineVerification(Bundle bundle, StageRunner engine, StageRunner onnx, double tolerance) {
        this.bundle = bundle;
        this.engine = engine;
        this.onnx = onnx;
        this.tolerance = tolerance;
    }

    /**
     * What was found on one set of events.
     *
     * @param on which events
     * @param device whose thresholds were used, or null for the golden events
     * @param events how many
     * @param maxDifference largest difference of a confidence or probability, at any exit
     * @param differentDecisions events that the engine decides otherwise
     * @param differentExits events that leave elsewhere
     * @param tolerance allowed difference
     */
    public record Check(
            String on,
            String device,
            int events,
            double maxDifference,
            int differentDecisions,
            int differentExits,
            double tolerance) {
        @JsonProperty
        public boolean passed() {
            return maxDifference <= tolerance && differentDecisions == 0 && differentExits == 0;
        }
    }

    /**
     * The whole finding.
     *
     * @param backend what ran, in words, or null if the engine does not run the bundle
     * @param notRun why it does not, or null
     * @param checks one for each set of events and device
     * @param passed whether all of them passed; so it is where there are none, and ONNX Runtime runs the bundle
     */
    public record Report(String backend, String notRun, List<Check> checks, boolean passed) {
        public double maxDifference() {
            return checks.stream().mapToDouble(Check::maxDifference).max().orElse(0);
        }
    }

    /**
     * Compares the two runtimes on the golden events and others.
     *
     * @param events of devices; those that the bundle has no settings for are passed over
     */
    public static Report of(Bundle bundle, List<BundleEvents> events) {
        boolean node = bundle.manifest().forEdgeNode();
        String answer = node ? GraphNames.PROBABILITIES : GraphNames.CONFIDENCE;
        int width = node ? bundle.node().classes().size() : 1;
        try (EngineRunner engine = EngineRunner.open(bundle, answer, width);
                StageRunner onnx = OnnxRunner.open(bundle, answer, 1)) {
            return of(bundle, engine, onnx, events);
        } catch (UnsupportedGraph e) {
            return new Report(null, e.getMessage(), List.of(), true);
        }
    }

    /** As {@link #of(Bundle, List)}, of any two runtimes. */
    static Report of(Bundle bundle, StageRunner engine, StageRunner onnx, List<BundleEvents> events) {
        boolean node = bundle.manifest().forEdgeNode();
        String path = bundle.origin().resolve(Golden.PATH).toString();
        String text = bundle.text(Golden.PATH);
        double tolerance;
        int count;
        DecisionRule rule;
        if (node) {
            NodeGolden golden = Json.parse(path, text, NodeGolden.class);
            tolerance = golden.tolerance();
            count = golden.events();
            rule = new DecisionRule.OfNode(bundle.node());
        } else {
            Golden golden = Json.parse(path, text, Golden.class);
            tolerance = golden.tolerance();
            count = golden.events();
            rule = new DecisionRule.OfDevice(golden.thresholds(), 0);
        }
        EngineVerification verification = new EngineVerification(bundle, engine, onnx, tolerance);
        long values = (long) count * bundle.manifest().input().size();
        verification.check("golden", null, rule, Golden.floats(bundle.bytes(Golden.INPUTS), values), count);
        for (BundleEvents device : events) {
            if (node || bundle.devices().contains(device.device())) {
                DecisionRule own = node
                        ? rule
                        : new DecisionRule.OfDevice(
                                bundle.device(device.device()).thresholds(), 0);
                verification.check("test events", device.device(), own, device.values(), device.size());
            }
        }
        List<Check> checks = verification.checks;
        return new Report(engine.name(), null, checks, checks.stream().allMatch(Check::passed));
    }

    private void check(String on, String device, DecisionRule rule, float[] values, int events) {
        BundleManifest manifest = bundle.manifest();
        int size = manifest.input().size();
        double worst = 0;
        int differentDecisions = 0;
        int differentExits = 0;
        for (int k = 0; k < events; k++) {
            float[] event = Arrays.copyOfRange(values, k * size, (k + 1) * size);
            float[][] expected = said(onnx, event, manifest.exits());
            float[][] found = said(engine, event, manifest.exits());
            DecisionRule.Verdict wanted = rule.of(expected, 0);
            DecisionRule.Verdict verdict = rule.of(found, 0);
            differentDecisions += verdict.decision() == wanted.decision() ? 0 : 1;
            differentExits += verdict.exit() == wanted.exit() ? 0 : 1;
            for (int q = 0; q < expected.length; q++) {
                for (int i = 0; i < expected[q].length; i++) {
                    double difference = Math.abs((double) expected[q][i] - found[q][i]);
                    // NaN is infinitely far from everything.
                    worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
                }
            }
        }
        checks.add(new Check(on, device, events, worst, differentDecisions, differentExits, tolerance));
    }

    /** What all exits say of an event, {@code [exit][number]}. */
    private static float[][] said(StageRunner stages, float[] event, int exits) {
        float[][] said = new float[exits][];
        Walk walk = stages.begin(event);
        try {
            for (int q = 0; q < exits; q++) {
                said[q] = walk.next().clone();
            }
            return said;
        } finally {
            walk.leave();
        }
    }
}
