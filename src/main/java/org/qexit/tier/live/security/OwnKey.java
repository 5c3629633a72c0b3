package org.qexit.tier.live.security;

import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.qexit.common.UserError;

/**
 * A process's own certificate chain, the leaf first, and the key that goes with it.
 *
 * @param chain each issued by the next
 * @param key of the first
 * @param identity whom the first names
 */
record OwnKey(List<X509Certificate> chain, PrivateKey key, Identity identity) {
    private static final int PROBE_BYTES = 32;

    /** Reads and checks both files: they go together, and the certificate is valid now. */
    static OwnKey read(Path chainFile, Path keyFile) {
        List<X509Certificate> chain = PemFiles.certificates(chainFile);
        PrivateKey key = PemFiles.key(keyFile);
        X509Certificate leaf = chain.get(0);
        if (!matches(key, leaf.getPublicKey())) {
            throw new UserError(keyFile + ": is not the key of the certificate " + chainFile);
        }
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (!issued(chain.get(i + 1), chain.get(i))) {
                throw new UserError(chainFile + ": certificate " + (i + 1)
                        + " is not issued by the next; expected a chain, the process's own first");
            }
        }
        Instant now = Instant.now();
        if (leaf.getNotAfter().toInstant().isBefore(now)) {
            throw new UserError(chainFile + ": expired at " + leaf.getNotAfter().toInstant());
        }
        if (leaf.getNotBefore().toInstant().isAfter(now)) {
            throw new UserError(chainFile + ": is valid from "
                    + leaf.getNotBefore().toInstant() + " only. Maybe this machine's clock is wrong");
        }
        try {
            return new OwnKey(chain, key, Identity.of(leaf));
        } catch (IllegalArgumentException e) {
            throw new UserError(chainFile + ": " + e.getMessage(), e);
        }
    }

    static boolean issued(X509Certificate issuer, X509Certificate certificate) {
        try {
            certificate.verify(issuer.getPublicKey());
            return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Whether a signature by one is the other's. */
    private static boolean matches(PrivateKey secret, PublicKey open) {
        if (!secret.getAlgorithm().equals(open.getAlgorithm())) {
            return false;
        }
        try {
            byte[] probe = new byte[PROBE_BYTES];
            new SecureRandom().nextBytes(probe);
            String algorithm = secret.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(secret);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Offers the key that the files hold at the time of each handshake. */
    static X509ExtendedKeyManager keyManager(Supplier<OwnKey> present) {
        return new Offer(present);
    }

    /** Aliases hold the serial number, so that chain and key of one handshake are of one reading. */
    private static final class Offer extends X509ExtendedKeyManager {
        private final Supplier<OwnKey> present;
        private volatile OwnKey last;

        Offer(Supplier<OwnKey> present) {
            this.present = present;
            this.last = present.get();
        }

        private String alias(String keyType) {
            OwnKey own = present.get();
            last = own;
            // Server key types of TLS 1.3 are EC and RSASSA-PSS or RSA.
            return keyType.startsWith(own.key().getAlgorithm()) ? serial(own) : null;
        }

        private String alias(String[] keyTypes) {
            for (String type : keyTypes) {
                String alias = alias(type);
                if (alias != null) {
                    return alias;
                }
            }
            return null;
        }

        private OwnKey named(String alias) {
            OwnKey own = last;
            return serial(own).equals(alias) ? own : null;
        }

        private static String serial(OwnKey own) {
            return own.chain().get(0).getSerialNumber().toString();
        }

        @Override
        public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
            return alias(keyTypes);
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return alias(keyType);
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return alias(keyTypes);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return alias(keyType);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return aliases(keyType);
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return aliases(keyType);
        }

        private String[] aliases(String keyType) {
            String alias = alias(keyType);
            return alias == null ? null : new String[] {alias};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            OwnKey own = named(alias);
            return own == null ? null : own.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            OwnKey own = named(alias);
            return own == null ? null : own.key();
        }
    }
}
