package org.qexit.tier.live.cloud;

import java.security.cert.X509Certificate;
import org.qexit.tier.live.control.CloudReports;
import org.qexit.tier.live.http.HttpCall;
import org.qexit.tier.live.security.Credentials;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/** Who asks: by its certificate; without TLS, by a header, as whoever is on this machine is trusted. */
final class Callers {
    private final Credentials credentials;

    /** @param credentials null without TLS */
    Callers(Credentials credentials) {
        this.credentials = credentials;
    }

    /** A caller that may not do what it asks. */
    static final class Forbidden extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Forbidden(String message) {
            super(message);
        }
    }

    /** @throws Forbidden for nobody, or somebody who may not be here any more */
    Identity of(HttpCall call) {
        try {
            if (credentials == null) {
                String stated = call.header(CloudReports.IDENTITY);
                if (stated == null) {
                    throw new Forbidden("nobody is named; expected the header " + CloudReports.IDENTITY);
                }
                return Identity.parse(stated);
            }
            X509Certificate certificate =
                    call.peer().orElseThrow(() -> new Forbidden("no certificate; expected one of this deployment"));
            // The handshake may be long ago.
            if (!credentials.current(certificate)) {
                throw new Forbidden("the certificate is revoked or expired");
            }
            return Identity.of(certificate);
        } catch (IllegalArgumentException e) {
            throw new Forbidden(e.getMessage());
        }
    }

    /** Readers need no name without TLS. */
    void checkReader(HttpCall call) {
        if (credentials != null) {
            of(call);
        }
    }

    /** Devices and nodes read what is for them, or for all. */
    void checkReader(HttpCall call, String subject) {
        if (credentials == null) {
            return;
        }
        Identity who = of(call);
        boolean own = subject.equals("*") || subject.equals(who.id());
        if (!own && (who.role() == Role.DEVICE || who.role() == Role.NODE)) {
            throw new Forbidden("this document is for another");
        }
    }

    /** Only those who look after the deployment. */
    void checkOverseer(HttpCall call) {
        if (credentials != null && of(call).role() != Role.OPERATOR && of(call).role() != Role.CLOUD) {
            throw new Forbidden("this is for operators");
        }
    }
}
