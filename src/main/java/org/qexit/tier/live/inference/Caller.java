package org.qexit.tier.live.inference;

import org.qexit.common.Checks;

/**
 * Who asks, by its certificate; {@link #UNKNOWN} where there are none.
 *
 * @param role "device", "node", "cloud" or "operator"; null if unknown
 * @param id of it; null if unknown
 * @param level security level, 1 is the highest; null where the role has none
 */
public record Caller(String role, String id, Integer level) {
    /** Somebody on this machine. */
    public static final Caller UNKNOWN = new Caller(null, null, null);

    public Caller {
        if ((role == null) != (id == null)) {
            throw new IllegalArgumentException("role is " + role + " and id is " + id + "; expected both or none");
        }
        if (level != null) {
            Checks.within("level", level, 1, Integer.MAX_VALUE);
        }
    }

    public boolean isKnown() {
        return role != null;
    }

    public boolean isDevice() {
        return "device".equals(role);
    }
}
