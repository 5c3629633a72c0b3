package org.qexit.tier.live.control;

import java.util.Map;
import java.util.TreeMap;
import org.qexit.common.Checks;

/**
 * What devices and nodes post to {@code /v1/heartbeats}, format {@value #FORMAT}.
 *
 * @param format must be {@value #FORMAT}
 * @param versions of the control documents in force, by kind
 * @param counts figures by name, such as events seen
 */
public record Heartbeat(String format, Map<String, Long> versions, Map<String, Long> counts) {
    public static final String FORMAT = "qexit.heartbeat/1";
    private static final int MOST = 64;

    public Heartbeat {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        versions = checked("versions", versions);
        counts = checked("counts", counts);
    }

    private static Map<String, Long> checked(String field, Map<String, Long> given) {
        Map<String, Long> copy = new TreeMap<>(Checks.present(field, given));
        Checks.within("number of " + field, copy.size(), 0, MOST);
        copy.forEach((name, value) -> {
            if (!name.matches("[A-Za-z][A-Za-z0-9_.]{0,62}") || value == null || value < 0) {
                throw new IllegalArgumentException(field + ": expected names with numbers of at least 0");
            }
        });
        return copy;
    }

    public static Heartbeat of(Map<String, Long> versions, Map<String, Long> counts) {
        return new Heartbeat(FORMAT, versions, counts);
    }
}
