package org.qexit.tier.live.security;

import java.util.Locale;

/** What a process is in a deployment. */
public enum Role {
    /** Sees events, offloads some of them. */
    DEVICE(true),
    /** Serves devices. */
    NODE(true),
    /** Collects, retrains, publishes. */
    CLOUD(false),
    /** A person or program that looks after the deployment. */
    OPERATOR(false);

    private final boolean levelled;

    Role(boolean levelled) {
        this.levelled = levelled;
    }

    /** Whether identities of this role state a security level. */
    public boolean levelled() {
        return levelled;
    }

    /** As it stands in an identity's URI. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
