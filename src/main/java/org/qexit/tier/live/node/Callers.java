package org.qexit.tier.live.node;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.qexit.tier.live.inference.Caller;
import org.qexit.tier.live.inference.Refusal;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Identity;

/** Who a client is. TLS has checked its certificate when it connected; what has happened since is looked at here. */
final class Callers {
    private final Credentials credentials;

    /** @param credentials null without TLS: clients are unknown */
    Callers(Credentials credentials) {
        this.credentials = credentials;
    }

    /** @throws Refusal if the certificate names nobody, has been revoked or has expired */
    Caller of(Optional<X509Certificate> certificate) {
        if (credentials == null) {
            return Caller.UNKNOWN;
        }
        if (certificate.isEmpty()) {
            throw Refusal.of(Refusal.Reason.FORBIDDEN, "the client has shown no certificate");
        }
        if (!credentials.current(certificate.get())) {
            throw Refusal.of(Refusal.Reason.FORBIDDEN, "the client's certificate is revoked or has expired");
        }
        try {
            Identity identity = Identity.of(certificate.get());
            return new Caller(identity.role().word(), identity.id(), identity.level());
        } catch (IllegalArgumentException e) {
            throw Refusal.of(Refusal.Reason.FORBIDDEN, e.getMessage());
        }
    }
}
