package org.qexit.tier.live.security;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.qexit.common.UserError;

/**
 * Who a certificate's holder is: its subject alternative name of type URI, {@code qexit://FLEET/ROLE/ID}, for devices and nodes with {@code
 * ?level=L}.
 *
 * @param fleet the deployment
 * @param role what the holder is in it
 * @param id distinct within fleet and role
 * @param level security level of a device or node, 1 is the highest; null for other roles
 */
public record Identity(String fleet, Role role, String id, Integer level) {
    /** Names of fleets, devices and nodes: such as stand in URIs, files and logs as they are. */
    public static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";

    private static final String SCHEME = "qexit://";
    private static final int MAX_LEVEL = 1_000_000;
    /** Type of a URI among subject alternative names, RFC 5280 section 4.2.1.6. */
    private static final int URI_NAME = 6;

    private static final Map<String, Role> ROLES =
            Arrays.stream(Role.values()).collect(Collectors.toUnmodifiableMap(Role::word, Function.identity()));
    private static final Pattern URI = Pattern.compile("qexit://(" + NAME + ")/(" + String.join("|", ROLES.keySet())
            + ")/(" + NAME + ")(?:\\?level=([1-9][0-9]{0,6}))?");

    /** @throws IllegalArgumentException for a name that is not as {@link #NAME}, or a level where there should be none, or the reverse */
    public Identity {
        checkName("fleet", fleet);
        checkName("id", id);
        if (role == null) {
            throw new IllegalArgumentException("role is missing");
        }
        if (role.levelled() != (level != null)) {
            throw new IllegalArgumentException("level is " + (level == null ? "missing" : level) + "; expected "
                    + (role.levelled() ? "1 or more for a " : "none for a role like ") + role.word());
        }
        if (level != null && (level < 1 || level > MAX_LEVEL)) {
            throw new IllegalArgumentException("level is " + level + "; expected 1 to " + MAX_LEVEL);
        }
    }

    private static void checkName(String field, String name) {
        if (name == null || !name.matches(NAME)) {
            throw new IllegalArgumentException(
                    field + " is " + (name == null ? "missing" : "'" + UserError.shown(name) + "'")
                            + "; expected up to 63 letters, digits, '.', '_' and '-', the first a letter or digit");
        }
    }

    /**
     * Who a certificate names.
     *
     * @throws IllegalArgumentException unless it has exactly one name of ours, and is no authority's
     */
    public static Identity of(X509Certificate certificate) {
        if (certificate.getBasicConstraints() >= 0) {
            throw new IllegalArgumentException("the certificate is an authority's; expected a process's");
        }
        List<String> ours = alternativeNames(certificate).stream()
                .filter(name -> name.get(0) instanceof Integer type && type == URI_NAME)
                .map(name -> String.valueOf(name.get(1)))
                .filter(uri -> uri.startsWith(SCHEME))
                .toList();
        if (ours.size() != 1) {
            throw new IllegalArgumentException(
                    "the certificate has " + ours.size() + " names of the form qexit://FLEET/ROLE/ID; expected one");
        }
        return parse(ours.get(0));
    }

    private static Collection<List<?>> alternativeNames(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException e) {
            throw new IllegalArgumentException("the certificate's alternative names are not readable", e);
        }
    }

    /** @throws IllegalArgumentException for any other text than {@link #toUri} writes */
    public static Identity parse(String uri) {
        Matcher parts = URI.matcher(uri);
        if (!parts.matches()) {
            throw new IllegalArgumentException("name is '" + UserError.shown(uri)
                    + "'; expected qexit://FLEET/ROLE/ID, with ?level=L for devices and nodes");
        }
        String level = parts.group(4);
        return new Identity(
                parts.group(1),
                ROLES.get(parts.group(2)),
                parts.group(3),
                level == null ? null : Integer.valueOf(level));
    }

    /** As it stands in a certificate. */
    public String toUri() {
        return SCHEME + fleet + "/" + role.word() + "/" + id + (level == null ? "" : "?level=" + level);
    }

    @Override
    public String toString() {
        return toUri();
    }
}
