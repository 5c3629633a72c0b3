package org.qexit.allocation;

import java.util.List;
import java.util.stream.Collectors;
import org.qexit.common.UserError;

/** All methods by name. */
public final class Methods {
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

    public static List<Allocator> all() {
        return ALL;
    }

    public static Allocator byName(String name) {
        return ALL.stream()
                .filter(method -> method.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UserError("method '" + name + "' is unknown; expected one of: "
                        + ALL.stream().map(Allocator::name).collect(Collectors.joining(", "))));
    }
}
