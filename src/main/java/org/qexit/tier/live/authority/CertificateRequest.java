package org.qexit.tier.live.authority;

import java.util.List;
import org.qexit.common.Checks;
import org.qexit.common.UserError;
import org.qexit.tier.live.security.Identity;
import org.qexit.tier.live.security.Role;

/**
 * What a certificate shall say.
 *
 * @param identity whose it is
 * @param validity when
 * @param hosts names and addresses under which a node or the cloud is called; empty for others, which serve nobody
 */
public record CertificateRequest(Identity identity, Validity validity, List<String> hosts) {
    /** Where servers are reached on one machine. */
    public static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1");

    private static final int MAX_HOSTS = 64;
    private static final int MAX_NAME = 253;
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

    /** @throws IllegalArgumentException for a host that is no name in small letters, no IPv4 and no IPv6 address, or one that has no use */
    public CertificateRequest {
        Checks.present("identity", identity);
        Checks.present("validity", validity);
        hosts = List.copyOf(hosts);
        boolean serves = serves(identity.role());
        if (serves == hosts.isEmpty() || hosts.size() > MAX_HOSTS) {
            throw new IllegalArgumentException(
                    "hosts are " + hosts.size() + "; expected " + (serves ? "1 to " + MAX_HOSTS : "none")
                            + " for a role like " + identity.role().word());
        }
        for (String host : hosts) {
            if (!isAddress(host) && !isName(host)) {
                throw new IllegalArgumentException("host is '" + UserError.shown(host)
                        + "'; expected a name in small letters, or an IPv4 or IPv6 address");
            }
        }
    }

    /** For a role's usual hosts: servers on loopback. */
    public static CertificateRequest of(Identity identity, Validity validity) {
        return new CertificateRequest(identity, validity, serves(identity.role()) ? LOOPBACK : List.of());
    }

    /** Whether others connect to holders of a role. */
    public static boolean serves(Role role) {
        return role == Role.NODE || role == Role.CLOUD;
    }

    static boolean isAddress(String host) {
        return host.matches(BYTE + "(\\." + BYTE + "){3}") || isIpv6(host);
    }

    /** Eight groups, of which "::" stands for one or more. */
    private static boolean isIpv6(String host) {
        if (!host.matches("[0-9a-f:]{2,39}") || host.indexOf("::") != host.lastIndexOf("::") || host.contains(":::")) {
            return false;
        }
        boolean gap = host.contains("::");
        String[] groups =
                host.replaceFirst("::", gap && !host.equals("::") ? ":0:" : "").split(":", -1);
        int count = 0;
        for (int i = 0; i < groups.length; i++) {
            if (groups[i].isEmpty()) {
                boolean edge = gap && (i == 0 || i == groups.length - 1);
                if (!edge) {
                    return false;
                }
            } else if (groups[i].length() > 4) {
                return false;
            } else {
                count++;
            }
        }
        return gap ? count <= 8 : count == 8;
    }

    private static boolean isName(String host) {
        return host.length() <= MAX_NAME && host.matches(LABEL + "(\\." + LABEL + ")*") && !host.matches("[0-9.]+");
    }
}
