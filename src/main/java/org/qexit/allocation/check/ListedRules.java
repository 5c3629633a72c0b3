package org.qexit.allocation.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.qexit.allocation.Certificate;
import org.qexit.allocation.Instance;
import org.qexit.allocation.Plan;
import org.qexit.trace.ExitThresholds;
import org.qexit.trace.Rule;
import org.qexit.trace.RuleKind;

/**
 * The thresholds per exit that devices may have beside all pairs: those that the plan's certificate lists, and those of the plan itself.
 *
 * @param byDevice by the device's id
 */
record ListedRules(Map<String, List<Rule>> byDevice) {

    /** Rules that do not fit a device's trace, or its instance, are violations and do not count. */
    static ListedRules of(Instance instance, Plan plan, List<String> violations) {
        Map<String, List<Rule>> found = new HashMap<>();
        Certificate.Rules listed =
                plan.certificate() == null ? null : plan.certificate().rules();
        Map<String, Rule> own = new HashMap<>();
        plan.devices().forEach(part -> own.put(part.id(), part.thresholds()));
        if (listed != null && instance.kind() == RuleKind.PAIR) {
            violations.add("the certificate lists thresholds per exit; the instance's rule is pair");
        }
        if (plan.rule() != null && plan.rule() != instance.kind()) {
            violations.add("the plan's rule is " + plan.rule().word() + "; the instance's is "
                    + instance.kind().word());
        }
        for (Instance.Device device : instance.devices()) {
            List<ExitThresholds> candidates = new ArrayList<>(listed == null ? List.of() : listed.of(device.id()));
            if (own.get(device.id()) instanceof ExitThresholds each) {
                candidates.add(each);
            }
            int exits = device.trace().scores()[0].length;
            for (ExitThresholds each : candidates) {
                if (each.exits() != exits) {
                    violations.add("device " + device.id() + ": thresholds of " + each.exits()
                            + " exits; its trace has " + exits);
                } else if (instance.kind() == RuleKind.PER_EXIT) {
                    found.computeIfAbsent(device.id(), id -> new ArrayList<>()).add(each);
                }
            }
        }
        return new ListedRules(found);
    }

    List<Rule> of(String device) {
        return byDevice.getOrDefault(device, List.of());
    }
}
