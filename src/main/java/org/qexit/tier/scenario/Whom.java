package org.qexit.tier.scenario;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HashSet;
import java.util.List;

/**
 * The devices that something happens to.
 *
 * @param ids their ids, or null for all
 */
public record Whom(List<String> ids) {
    private static final String ALL = "all";

    public Whom {
        ids = ids == null ? null : List.copyOf(ids);
        if (ids != null && new HashSet<>(ids).size() != ids.size()) {
            throw new IllegalArgumentException("devices is " + ids + "; expected each once");
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Whom parse(Object value) {
        if (ALL.equals(value)) {
            return new Whom(null);
        }
        if (value instanceof String id) {
            return new Whom(List.of(id));
        }
        if (value instanceof List<?> list && !list.isEmpty() && list.stream().allMatch(String.class::isInstance)) {
            return new Whom(list.stream().map(String.class::cast).toList());
        }
        throw new IllegalArgumentException("devices is " + value + "; expected all, or a list of ids");
    }

    @JsonValue
    Object json() {
        return ids == null ? ALL : ids;
    }

    boolean isAll() {
        return ids == null;
    }
}
