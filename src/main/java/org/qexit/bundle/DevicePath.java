package org.qexit.bundle;

import java.util.ArrayList;
import java.util.List;
import org.qexit.common.Checks;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.RulePath;

/**
 * {@code paths/<id>.json}: the nested path of rules that a device moves along when it keeps its offload rate at a budget, from rules that
 * offload much to
 * rules that offload little.
 *
 * @param format {@value #FORMAT}
 * @param device the device's id
 * @param fixed place of the rule of the device's settings, from 0
 * @param steps the rules in order
 */
public record DevicePath(String format, String device, int fixed, List<Step> steps) {
    public static final String FORMAT = "qexit.path/1";
    public static final String FOLDER = "paths/";

    /**
     * One rule.
     *
     * @param tau where it begins, in (0, 1): the share of the validation events that it keeps
     * @param thresholds of all exits
     */
    public record Step(double tau, ExitThresholds thresholds) {
        public Step {
            Checks.present("thresholds", thresholds);
        }
    }

    public DevicePath {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        Checks.notBlank("device", device);
        steps = List.copyOf(Checks.present("steps", steps));
        path(steps, fixed);
    }

    /** As a bundle holds it. */
    public static DevicePath of(String device, RulePath path) {
        double[] from = path.from();
        List<ExitThresholds> rules = path.rules();
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < from.length; i++) {
            steps.add(new Step(from[i], rules.get(i)));
        }
        return new DevicePath(FORMAT, device, path.fixed(), steps);
    }

    /** To move along. */
    public RulePath path() {
        return path(steps, fixed);
    }

    private static RulePath path(List<Step> steps, int fixed) {
        return RulePath.of(
                steps.stream().mapToDouble(Step::tau).toArray(),
                steps.stream().map(Step::thresholds).toList(),
                fixed);
    }
}
