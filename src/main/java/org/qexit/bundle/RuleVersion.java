package org.qexit.bundle;

import org.qexit.common.Checks;
import org.qexit.trace.Rule;
import org.qexit.trace.RuleKind;

/** Versions of the formats that hold a rule: 1 knows pairs alone, 2 thresholds per exit too. The lowest that knows the rule is written. */
final class RuleVersion {
    private RuleVersion() {}

    /** @param base such as "qexit.device" */
    static String of(String base, RuleKind kind) {
        return base + "/" + (kind == RuleKind.PAIR ? 1 : 2);
    }

    /** @throws IllegalArgumentException unless the format is a version of {@code base} that knows the rule */
    static void check(String base, String format, Rule rule) {
        Checks.present("thresholds", rule);
        String first = of(base, RuleKind.PAIR);
        String second = of(base, RuleKind.PER_EXIT);
        if (!first.equals(format) && !second.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + first + " or " + second);
        }
        if (first.equals(format) && rule.kind() == RuleKind.PER_EXIT) {
            throw new IllegalArgumentException(
                    "rule is per-exit, which " + first + " does not know; expected " + second);
        }
    }
}
