package org.qexit.tier.live.control;

import java.security.PublicKey;
import org.qexit.common.Checks;
import org.qexit.common.UserError;
import org.qexit.tier.live.security.Identity;

/**
 * Whose documents are taken.
 *
 * @param fleet the deployment that they must be for
 * @param key of who signs them, and the bundles that they name
 */
public record ControlTrust(String fleet, PublicKey key) {
    public ControlTrust {
        if (fleet == null || !fleet.matches(Identity.NAME)) {
            throw new IllegalArgumentException("fleet is '" + fleet + "'; expected a name");
        }
        Checks.present("key", key);
    }

    /**
     * Verifies, then reads, one document.
     *
     * @throws UserError unless it is signed by the key, for this fleet, and of this kind and subject
     */
    public ControlDocument open(ControlKind kind, String subject, byte[] envelope) {
        String name = kind.word() + " for " + subject;
        ControlDocument document = ControlDocument.read(name, SignedEnvelope.open(name, envelope, key));
        check(name, "fleet", document.fleet(), fleet);
        check(name, "kind", document.kind().word(), kind.word());
        check(name, "subject", document.subject(), subject);
        return document;
    }

    private static void check(String name, String field, String found, String expected) {
        if (!found.equals(expected)) {
            throw new UserError(name + ": field '" + field + "' is '" + found + "'; expected '" + expected + "'");
        }
    }
}
