package org.qexit.tier.live.authority;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.qexit.common.Checks;
import org.qexit.tier.live.security.Identity;

/**
 * What an authority has issued, format {@value #FORMAT}. An entry is written before the certificate is given out, so none is unknown.
 *
 * @param format must be {@value #FORMAT}
 * @param fleet the deployment
 * @param listNumber of the last revocation list, ascending
 * @param issued in the order of their making
 */
record CertificateIndex(String format, String fleet, long listNumber, List<Issued> issued) {
    static final String FORMAT = "qexit.certificates/1";
    static final int MAX_ISSUED = 1_000_000;

    CertificateIndex {
        if (!FORMAT.equals(format)) {
            throw new IllegalArgumentException("format is '" + format + "'; expected " + FORMAT);
        }
        if (fleet == null || !fleet.matches(Identity.NAME)) {
            throw new IllegalArgumentException("fleet is '" + fleet + "'; expected a name");
        }
        if (listNumber < 0) {
            throw new IllegalArgumentException("listNumber is " + listNumber + "; expected 0 or more");
        }
        issued = List.copyOf(Checks.present("issued", issued));
        if (issued.size() > MAX_ISSUED) {
            throw new IllegalArgumentException("issued has more than " + MAX_ISSUED + " entries");
        }
        Set<String> serials = new HashSet<>();
        for (Issued one : issued) {
            if (!serials.add(one.serial())) {
                throw new IllegalArgumentException("issued: the serial " + one.serial() + " is listed twice");
            }
        }
    }

    static CertificateIndex empty(String fleet) {
        return new CertificateIndex(FORMAT, fleet, 0, List.of());
    }

    CertificateIndex with(Issued one) {
        List<Issued> more = new ArrayList<>(issued);
        more.add(one);
        return new CertificateIndex(format, fleet, listNumber, more);
    }

    /** Marks those that are not revoked yet. */
    CertificateIndex revoked(Predicate<Issued> which, Instant when) {
        List<Issued> after = issued.stream()
                .map(one -> one.revoked() == null && which.test(one) ? one.revokedAt(when) : one)
                .toList();
        return new CertificateIndex(format, fleet, listNumber, after);
    }

    CertificateIndex nextList() {
        return new CertificateIndex(format, fleet, listNumber + 1, issued);
    }

    /** @throws IllegalArgumentException unless {@code text} is an instant as Java writes it */
    static Instant instant(String field, String text) {
        try {
            return Instant.parse(Checks.notBlank(field, text));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    field + " is '" + text + "'; expected a time such as 2026-01-31T12:00:00Z", e);
        }
    }
}
