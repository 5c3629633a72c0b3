package org.qexit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;

/** Thresholds as commands print them. */
final class RuleText {
    private RuleText() {}

    /** l and u of a pair, or of exit after exit. */
    static String of(Rule rule) {
        if (!(rule instanceof ExitThresholds each)) {
            return "l = " + shown(rule.lowerEntry()) + ", u = " + shown(rule.upperEntry());
        }
        List<String> exits = new ArrayList<>();
        for (int q = 0; q < each.exits(); q++) {
            exits.add("l = " + shown(each.lowerEntry().get(q)) + ", u = "
                    + shown(each.upperEntry().get(q)) + " at exit " + (q + 1));
        }
        return String.join("; ", exits);
    }

    private static String shown(Object threshold) {
        return threshold instanceof Float number ? String.format(Locale.ROOT, "%.4g", number) : upper(threshold);
    }

    /** An upper threshold of a pair, "never", or "always". */
    private static String upper(Object threshold) {
        String text = threshold.toString();
        return text.matches("[0-9].*") ? String.format(Locale.ROOT, "%.4g", Float.parseFloat(text)) : text;
    }
}
