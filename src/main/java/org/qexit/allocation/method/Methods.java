package org.qexit.allocation.method;

import java.util.List;
import org.qexit.common.Suggestions;
import org.qexit.common.UserError;

/** All methods by name. */
public final class Methods {
    /** The default, which also plans anew from a plan before. */
    public static final String EXACT = "exact";

    private static final List<Allocator> ALL = List.of(
            new ExactMethod(),
            new BendersMethod(),
            new TwoStageMethod(),
            new AlternatingMethod(),
            new SumUtilityMethod(),
            new SingleDeviceMethod(),
            new NearestMethod(),
            new RandomMethod());

    private Methods() {}

    /** In the order in which help texts and comparisons list them. */
    public static List<String> names() {
        return ALL.stream().map(Allocator::name).toList();
    }

    /** @throws UserError if no method has this name */
    public static void checkName(String name) {
        byName(name);
    }

    static Allocator byName(String name) {
        return ALL.stream()
                .filter(method -> method.name().equals(name))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> known = ALL.stream().map(Allocator::name).toList();
                    return new UserError("method '" + UserError.shown(name) + "' is unknown"
                            + Suggestions.maybe(name, known) + "; expected one of: " + String.join(", ", known));
                });
    }
}
