package org.qexit.bundle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.common.Warning;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;
import org.qexit.trace.Thresholds;
import org.qexit.trace.ThresholdsFile;

/**
 * Proves a bundle: runs every stage and the whole graph in ONNX Runtime and compares with the golden files and, where the model is at hand,
 * with what the trained network says of events. Hashes are proved by {@link Bundle#open}.
 */
public final class BundleVerification {
    private final Bundle bundle;
    private final List<Check> checks = new ArrayList<>();

    private BundleVerification(Bundle bundle) {
        this.bundle = bundle;
    }

    /** The trained network that a bundle was made of. */
    public interface Reference {
        /** SHA-256 of its parameters. */
        String sha256();

        /**
         * Confidences {@code [exit][event]}, or probabilities {@code [exit][event * K + class]}, of {@code [event][value]}, flattened, the
         * values being as the network sees them.
         */
        float[][] confidences(float[] values, int events);

        /**
         * The same of events as the graphs take them.
         *
         * @param maximum of the graphs' input
         */
        default float[][] confidences(BundleEvents events, float maximum) {
            return confidences(events.scaled(maximum), events.size());
        }
    }

    /**
     * What was found on one set of events.
     *
     * @param on which events
     * @param device whose thresholds were used
     * @param events how many
     * @param maxDifferenceStages largest difference of a confidence, stages against the reference
     * @param maxDifferenceWhole the same of the whole graph, at exits that the event reached
     * @param differentDecisions events that the stages or the whole graph decide otherwise
     * @param differentExits events that leave elsewhere
     * @param tolerance allowed difference
     */
    public record Check(
            String on,
            String device,
            int events,
            double maxDifferenceStages,
            double maxDifferenceWhole,
            int differentDecisions,
            int differentExits,
            double tolerance) {
        public boolean passed() {
            return maxDifferenceStages <= tolerance
                    && maxDifferenceWhole <= tolerance
                    && differentDecisions == 0
                    && differentExits == 0;
        }
    }

    /**
     * The whole finding.
     *
     * @param bundle its name
     * @param manifestSha256 names its content
     * @param signature "verified", "not checked" or "none"
     * @param opset version of the standard operators
     * @param operators all that are used
     * @param files bytes of each file
     * @param checks one for each set of events and device
     * @param passed whether all of them passed
     * @param warnings what will hardly do about the model, as the manifest says
     */
    public record Report(
            String bundle,
            String manifestSha256,
            String signature,
            int opset,
            List<String> operators,
            Map<String, Long> files,
            List<Check> checks,
            boolean passed,
            List<Warning> warnings) {
        public double maxDifference() {
            return checks.stream()
                    .mapToDouble(c -> Math.max(c.maxDifferenceStages(), c.maxDifferenceWhole()))
                    .max()
                    .orElse(0);
        }
    }

    /**
     * Verifies a bundle that was opened, and its signature where it has been verified already.
     *
     * @param signature what to report of it
     * @param reference the trained network, or null: golden files only
     * @param events of devices, taken only with the reference
     */
    public static Report verify(Bundle bundle, String signature, Reference reference, List<BundleEvents> events) {
        BundleVerification verification = new BundleVerification(bundle);
        try (StagedRun stages = StagedRun.of(bundle)) {
            if (bundle.manifest().forEdgeNode()) {
                verification.nodeGolden(stages);
            } else {
                verification.golden(stages);
            }
            if (reference != null) {
                verification.checkReference(reference);
                for (BundleEvents device : events) {
                    if (bundle.manifest().forEdgeNode() || bundle.devices().contains(device.device())) {
                        verification.device(stages, reference, device);
                    }
                }
            }
        }
        return verification.report(signature);
    }

    private void golden(StagedRun stages) {
        Golden golden = parse(Golden.PATH, Golden.class);
        ThresholdsFile thresholds = thresholds();
        int exits = bundle.manifest().exits();
        float[] values = Golden.floats(
                bundle.shared(Golden.INPUTS),
                (long) golden.events() * bundle.manifest().input().size());
        float[][] expected = new float[exits][golden.events()];
        for (int k = 0; k < golden.events(); k++) {
            for (int q = 0; q < exits; q++) {
                expected[q][k] = golden.confidences()[k][q];
            }
        }
        DecisionRule rule = rule(golden.thresholds());
        Subject subject = new Subject("golden", thresholds.graph(), rule, golden.tolerance(), values, expected);
        checks.add(check(subject, stages, Map.of()));
        // The decisions written down are those of the confidences written down.
        for (int k = 0; k < golden.events(); k++) {
            Thresholds.Decision decision = golden.thresholds().decide(expected, k);
            if (decision.exit() + 1 != golden.exits()[k] || (decision.critical() ? 1 : 0) != golden.decisions()[k]) {
                throw new UserError(bundle.origin() + ": " + Golden.PATH + ": event " + k
                        + " does not decide as its own confidences do");
            }
        }
        if (!thresholds.of(thresholds.graph()).equals(Optional.of(golden.thresholds()))) {
            throw new UserError(bundle.origin() + ": " + Golden.PATH + " has other thresholds than " + Bundle.THRESHOLDS
                    + " has for device " + thresholds.graph());
        }
        for (ThresholdsFile.Device device : thresholds.devices()) {
            if (!bundle.device(device.id()).thresholds().equals(device.thresholds())) {
                throw new UserError(bundle.origin() + ": the file of device " + device.id()
                        + " has other thresholds than " + Bundle.THRESHOLDS);
            }
            checkPath(device.id());
        }
    }

    /** A device that follows a budget begins at its own thresholds. */
    private void checkPath(String device) {
        ExitThresholds own =
                bundle.device(device).thresholds().perExit(bundle.manifest().exits());
        if (bundle.path(device)
                .filter(path -> !path.at(path.fixedTau()).equals(own))
                .isPresent()) {
            throw new UserError(
                    bundle.origin() + ": the path of device " + device + " does not run through its thresholds");
        }
    }

    private DecisionRule rule(Rule thresholds) {
        BundleManifest manifest = bundle.manifest();
        try {
            return new DecisionRule.OfDevice(
                    manifest.perExit() ? thresholds.perExit(manifest.exits()) : thresholds,
                    manifest.perExit() ? manifest.exits() : 0);
        } catch (IllegalArgumentException e) {
            throw new UserError(bundle.origin() + ": " + Golden.PATH + ": " + e.getMessage(), e);
        }
    }

    private void nodeGolden(StagedRun stages) {
        NodeGolden golden = parse(Golden.PATH, NodeGolden.class);
        NodeSettings node = bundle.node();
        float[][] expected;
        try {
            expected = golden.scores(bundle.manifest().exits(), node.classes().size());
        } catch (IllegalArgumentException e) {
            throw new UserError(bundle.origin() + ": " + Golden.PATH + ": " + e.getMessage(), e);
        }
        float[] values = Golden.floats(
                bundle.shared(Golden.INPUTS),
                (long) golden.events() * bundle.manifest().input().size());
        DecisionRule rule = new DecisionRule.OfNode(node);
        checks.add(check(new Subject("golden", null, rule, golden.tolerance(), values, expected), stages, Map.of()));
        // The decisions written down are those of the probabilities written down.
        for (int k = 0; k < golden.events(); k++) {
            DecisionRule.Verdict verdict = rule.of(expected, k);
            if (verdict.exit() + 1 != golden.exits()[k] || verdict.decision() != golden.classes()[k]) {
                throw new UserError(bundle.origin() + ": " + Golden.PATH + ": event " + k
                        + " does not decide as its own probabilities do");
            }
        }
    }

    private void checkReference(Reference reference) {
        String wanted = bundle.manifest().forEdgeNode()
                ? bundle.node().modelSha256()
                : thresholds().modelSha256();
        if (!reference.sha256().equals(wanted)) {
            throw new UserError(bundle.origin() + ": was made of the parameters " + wanted
                    + ", but the model given has " + reference.sha256());
        }
    }

    private void device(StagedRun stages, Reference reference, BundleEvents events) {
        boolean node = bundle.manifest().forEdgeNode();
        DecisionRule rule = node
                ? new DecisionRule.OfNode(bundle.node())
                : rule(bundle.device(events.device()).thresholds());
        // Integers answer otherwise than the network, as their model card says: there the stages are the whole graph's
        // reference.
        boolean integers = bundle.manifest().precision().equals(BundleManifest.INTEGERS);
        float[][] expected = integers
                ? stages.confidences(events.values(), events.size())
                : reference.confidences(events, bundle.manifest().input().maximum());
        double tolerance = node
                ? parse(Golden.PATH, NodeGolden.class).tolerance()
                : parse(Golden.PATH, Golden.class).tolerance();
        Subject subject = new Subject("test events", events.device(), rule, tolerance, events.values(), expected);
        checks.add(check(subject, stages, rule.constants()));
    }

    /**
     * A set of events to compare on.
     *
     * @param on which
     * @param device whose thresholds are used
     * @param rule decides
     * @param tolerance allowed difference of confidences
     * @param values as the graphs take them
     * @param expected what the reference says, {@code [exit][event * width]}
     */
    private record Subject(
            String on, String device, DecisionRule rule, double tolerance, float[] values, float[][] expected) {}

    /**
     * Compares stages and whole graph with the reference's confidences and with each other.
     *
     * @param constants what the whole graph holds in the place of its own thresholds
     */
    private Check check(Subject subject, StagedRun stages, Map<String, Float> constants) {
        DecisionRule rule = subject.rule();
        int width = rule.width();
        float[][] expected = subject.expected();
        int events = expected[0].length / width;
        float[][] staged = stages.confidences(subject.values(), events);
        double worstStages = 0;
        double worstWhole = 0;
        int differentDecisions = 0;
        int differentExits = 0;
        WholeRun whole = WholeRun.of(bundle, rule, constants, subject.values(), events);
        for (int k = 0; k < events; k++) {
            DecisionRule.Verdict decision = rule.of(expected, k);
            DecisionRule.Verdict inStages = rule.of(staged, k);
            if (decision.decision() != inStages.decision() || decision.decision() != whole.decisions()[k]) {
                differentDecisions++;
            }
            if (decision.exit() != inStages.exit() || decision.exit() + 1 != whole.exits()[k]) {
                differentExits++;
            }
            for (int q = 0; q < expected.length; q++) {
                for (int i = k * width; i < (k + 1) * width; i++) {
                    worstStages = worse(worstStages, expected[q][i], staged[q][i]);
                    float wanted = q <= decision.exit() ? expected[q][i] : GraphNames.NOT_REACHED;
                    worstWhole = worse(worstWhole, wanted, whole.confidences()[q][i]);
                }
            }
        }
        return new Check(
                subject.on(),
                subject.device(),
                events,
                worstStages,
                worstWhole,
                differentDecisions,
                differentExits,
                subject.tolerance());
    }

    /** NaN is infinitely far from everything. */
    private static double worse(double worst, float wanted, float found) {
        double difference = Math.abs((double) wanted - found);
        return difference <= worst ? worst : Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
    }

    private ThresholdsFile thresholds() {
        return parse(Bundle.THRESHOLDS, ThresholdsFile.class);
    }

    private <T> T parse(String path, Class<T> type) {
        return Json.parse(bundle.origin().resolve(path).toString(), bundle.text(path), type);
    }

    private Report report(String signature) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        bundle.manifest().files().forEach(file -> sizes.put(file.path(), file.bytes()));
        return new Report(
                bundle.manifest().name(),
                bundle.sha256(),
                signature,
                bundle.manifest().opset(),
                bundle.manifest().operators(),
                sizes,
                checks,
                checks.stream().allMatch(Check::passed),
                bundle.manifest().warnings() == null
                        ? List.of()
                        : bundle.manifest().warnings());
    }
}
