package org.qexit.tier.live.security;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.qexit.common.UserError;

/**
 * Whom the deployment's authorities vouch for, less whom they have revoked.
 *
 * @param authorities trust anchors
 * @param lists their revocation lists, or empty where none are given
 * @param manager the JDK's check of paths (PKIX, RFC 5280) with both
 */
record Trust(List<X509Certificate> authorities, List<X509CRL> lists, X509ExtendedTrustManager manager) {
    /** Root, two authorities between, a process. */
    private static final int MAX_PATH = 2;

    static Trust read(Path authorityFile, Path listFile) {
        List<X509Certificate> authorities = PemFiles.certificates(authorityFile);
        for (X509Certificate authority : authorities) {
            if (authority.getBasicConstraints() < 0) {
                throw new UserError(authorityFile + ": holds a certificate that is no authority's");
            }
        }
        List<X509CRL> lists = listFile == null ? List.of() : PemFiles.revocationLists(listFile);
        for (X509CRL list : lists) {
            if (authorities.stream().noneMatch(authority -> signed(authority, list))) {
                throw new UserError(listFile + ": holds a revocation list that is by no authority of " + authorityFile);
            }
        }
        try {
            return new Trust(authorities, lists, manager(authorities, lists, listFile != null));
        } catch (GeneralSecurityException e) {
            throw new UserError(authorityFile + ": cannot be used as a trust anchor: " + e.getMessage(), e);
        }
    }

    private static boolean signed(X509Certificate authority, X509CRL list) {
        try {
            list.verify(authority.getPublicKey());
            return list.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** With lists, a certificate passes only if a list that is not out of date clears it. */
    private static X509ExtendedTrustManager manager(
            List<X509Certificate> authorities, List<X509CRL> lists, boolean revocation)
            throws GeneralSecurityException {
        Set<TrustAnchor> anchors = authorities.stream()
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet());
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setMaxPathLength(MAX_PATH);
        parameters.setRevocationEnabled(revocation);
        if (revocation) {
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new IllegalStateException("every JDK's PKIX checks X.509 certificates");
    }

    boolean revoked(X509Certificate certificate) {
        return lists.stream()
                .anyMatch(list -> list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal())
                        && list.getRevokedCertificate(certificate.getSerialNumber()) != null);
    }
}
