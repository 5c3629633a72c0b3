package org.qexit.tier.live.authority;

import java.math.BigInteger;
import java.time.Instant;
import org.qexit.common.UserError;
import org.qexit.tier.live.security.Identity;

/**
 * One certificate that an authority has issued.
 *
 * @param serial its serial number, hexadecimal
 * @param name the identity, as it stands in the certificate
 * @param from first moment of validity, as {@link Instant} writes it
 * @param to last moment
 * @param revoked when it was revoked, or null
 */
public record Issued(String serial, String name, String from, String to, String revoked) {
    private static final String SERIAL = "[1-9a-f][0-9a-f]{0,39}";

    /** @throws IllegalArgumentException for a part that is missing or not as described */
    public Issued {
        if (serial == null || !serial.matches(SERIAL)) {
            throw new IllegalArgumentException(
                    "serial is '" + (serial == null ? "" : UserError.shown(serial)) + "'; expected hexadecimal digits");
        }
        if (name == null) {
            throw new IllegalArgumentException("name is missing");
        }
        Identity.parse(name);
        CertificateIndex.instant("from", from);
        CertificateIndex.instant("to", to);
        if (revoked != null) {
            CertificateIndex.instant("revoked", revoked);
        }
    }

    Issued revokedAt(Instant when) {
        return new Issued(serial, name, from, to, when.toString());
    }

    /** Whose it is. */
    public Identity identity() {
        return Identity.parse(name);
    }

    /** {@code valid}, {@code revoked} or {@code expired}. */
    public String state() {
        if (revoked != null) {
            return "revoked";
        }
        return Instant.parse(to).isBefore(Instant.now()) ? "expired" : "valid";
    }

    BigInteger number() {
        return new BigInteger(serial, 16);
    }
}
