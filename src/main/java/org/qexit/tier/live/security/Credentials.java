package org.qexit.tier.live.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.qexit.common.UserError;
import org.qexit.common.Warning;

/**
 * A process's certificate and key, and whom it trusts: mutual TLS 1.3 from four PEM files. All are read anew when they change, so a new
 * certificate or revocation list needs no restart. Where there is a revocation list it must be in date (its next update): a peer whom no
 * list clears is refused.
 */
public final class Credentials {
    /** Names of the files in a directory given with {@code --tls}. */
    public static final String CERTIFICATE = "cert.pem";

    public static final String KEY = "key.pem";
    public static final String AUTHORITY = "ca.pem";
    public static final String REVOCATIONS = "crl.pem";

    private static final Duration SOON = Duration.ofDays(7);

    private final Path keyFile;
    private final Identity identity;
    private final Reread<OwnKey> own;
    private final Reread<Trust> trust;
    private final X509ExtendedKeyManager keyManager;
    private final X509ExtendedTrustManager trustManager;
    private final SSLContext context;

    private Credentials(Path chain, Path key, Path authority, Path revocations, Consumer<String> log) {
        keyFile = key;
        OwnKey first = OwnKey.read(chain, key);
        identity = first.identity();
        own = new Reread<>(List.of(chain, key), () -> sameIdentity(chain, OwnKey.read(chain, key)), log);
        trust = new Reread<>(
                revocations == null ? List.of(authority) : List.of(authority, revocations),
                () -> Trust.read(authority, revocations),
                log);
        keyManager = OwnKey.keyManager(own::get);
        trustManager = new PeerCheck(trust::get, identity.fleet());
        context = StrictTls.context(keyManager, trustManager);
    }

    /**
     * Reads four PEM files.
     *
     * @param certificateChain the process's certificate first, then those between it and the authority's
     * @param key PKCS #8, unencrypted, EC or RSA
     * @param authority one or more authorities' certificates
     * @param revocationListOrNull the authorities' revocation lists; null to know of none
     * @param log takes a line when a file is not readable after a later change
     * @throws UserError for a file that is missing, too long, not of this kind, expired or not matching the others
     */
    public static Credentials read(
            Path certificateChain, Path key, Path authority, Path revocationListOrNull, Consumer<String> log) {
        return new Credentials(certificateChain, key, authority, revocationListOrNull, log);
    }

    /** As {@link #read(Path, Path, Path, Path, Consumer)}, with warnings to standard error. */
    public static Credentials read(Path certificateChain, Path key, Path authority, Path revocationListOrNull) {
        return read(certificateChain, key, authority, revocationListOrNull, Credentials::warn);
    }

    /** The same for a directory with {@code cert.pem}, {@code key.pem}, {@code ca.pem} and maybe {@code crl.pem}. */
    public static Credentials read(Path directory) {
        return read(directory, Credentials::warn);
    }

    /** As {@link #read(Path)}, with a log. */
    public static Credentials read(Path directory, Consumer<String> log) {
        Path revocations = directory.resolve(REVOCATIONS);
        return read(
                directory.resolve(CERTIFICATE),
                directory.resolve(KEY),
                directory.resolve(AUTHORITY),
                Files.exists(revocations) ? revocations : null,
                log);
    }

    private static void warn(String line) {
        System.err.println("qexit: warning: " + line);
    }

    private OwnKey sameIdentity(Path chain, OwnKey read) {
        if (!read.identity().equals(identity)) {
            throw new UserError(chain + ": names " + read.identity() + "; expected " + identity + " as before");
        }
        return read;
    }

    /** Who this process is. */
    public Identity identity() {
        return identity;
    }

    /** TLS 1.3 only; as a server it needs the client's certificate. */
    public SSLContext context() {
        return context;
    }

    /** For libraries that make their own contexts. */
    public X509ExtendedKeyManager keyManager() {
        return keyManager;
    }

    /** For libraries that make their own contexts: no resumption of sessions, as it is not asked then. */
    public X509ExtendedTrustManager trustManager() {
        return trustManager;
    }

    /** What a client that is not {@code java.net.http} sets on its socket or engine: host names checked. */
    public SSLParameters clientParameters() {
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }

    /**
     * Who is at the other end of a connection.
     *
     * @throws UserError if it has shown no certificate
     */
    public Identity peer(SSLSession session) {
        try {
            return Identity.of((X509Certificate) session.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException | IllegalArgumentException e) {
            throw new UserError("the peer has shown no certificate of this deployment", e);
        }
    }

    /** Whether an authority has revoked a certificate, by the present list. */
    public boolean revoked(X509Certificate certificate) {
        return trust.get().revoked(certificate);
    }

    /** Whether a peer that has been let in may stay: neither revoked nor expired meanwhile. For connections that live long. */
    public boolean current(X509Certificate certificate) {
        Instant now = Instant.now();
        return !certificate.getNotAfter().toInstant().isBefore(now) && !revoked(certificate);
    }

    /** What is allowed and yet unwise: a key that others can read, a certificate or list that ends within a week. */
    public List<Warning> warnings() {
        List<Warning> warnings = new ArrayList<>();
        String mode = widerThanOwner(keyFile);
        if (mode != null) {
            warnings.add(new Warning(
                    "key-file-mode", keyFile + ": others may use this key (mode " + mode + "); expected rw-------"));
        }
        Instant soon = Instant.now().plus(SOON);
        X509Certificate leaf = own.get().chain().get(0);
        if (leaf.getNotAfter().toInstant().isBefore(soon)) {
            warnings.add(new Warning(
                    "certificate-ends-soon",
                    "the certificate of " + identity + " ends at "
                            + leaf.getNotAfter().toInstant()));
        }
        for (X509CRL list : trust.get().lists()) {
            if (list.getNextUpdate() != null && list.getNextUpdate().toInstant().isBefore(soon)) {
                warnings.add(new Warning(
                        "revocation-list-ends-soon",
                        "a revocation list ends at " + list.getNextUpdate().toInstant()
                                + "; from then on every peer is refused"));
            }
        }
        return warnings;
    }

    /** The mode of a file that others than its owner may touch; null for one that is well kept, or where systems know no modes. */
    private static String widerThanOwner(Path file) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            Set<PosixFilePermission> allowed =
                    EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            return allowed.containsAll(mode) ? null : PosixFilePermissions.toString(mode);
        } catch (UnsupportedOperationException | IOException e) {
            return null;
        }
    }
}
