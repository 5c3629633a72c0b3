package org.qexit.tier.live.authority;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.qexit.tier.live.security.Identity;

/** Certificates and lists after RFC 5280: ECDSA on P-256 with SHA-256, random serial numbers of 127 bits. */
final class CertificateMaker {
    private static final int SERIAL_BITS = 127;
    private static final int LINE = 64;
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final SecureRandom RANDOM = new SecureRandom();

    private CertificateMaker() {}

    static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /** Not zero, and not guessable: nobody can prepare a collision. */
    static BigInteger serial() {
        return new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1);
    }

    /** An authority's own certificate: it may sign processes' certificates and lists, no further authorities. */
    static byte[] authority(String fleet, KeyPair pair, Validity validity) {
        X500Principal name = new X500Principal("CN=qexit authority,O=" + fleet);
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name, serial(), Date.from(validity.from()), Date.from(validity.to()), name, pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            return builder.build(signer(pair.getPrivate())).getEncoded();
        } catch (GeneralSecurityException | IOException e) {
            throw failed(e);
        }
    }

    /** A process's certificate: it may sign handshakes, as client, and as server if others connect to it. */
    static byte[] process(
            CertificateRequest request, BigInteger serial, KeyPair pair, X509Certificate authority, PrivateKey key) {
        Identity identity = request.identity();
        X500Principal name = new X500Principal(
                "CN=" + identity.id() + ",OU=" + identity.role().word() + ",O=" + identity.fleet());
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    authority.getSubjectX500Principal(),
                    serial,
                    Date.from(request.validity().from()),
                    Date.from(request.validity().to()),
                    name,
                    pair.getPublic());
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, purposes(request));
            builder.addExtension(Extension.subjectAlternativeName, false, names(request));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(pair.getPublic()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    extensions.createAuthorityKeyIdentifier(authority.getPublicKey()));
            return builder.build(signer(key)).getEncoded();
        } catch (GeneralSecurityException | IOException e) {
            throw failed(e);
        }
    }

    private static ExtendedKeyUsage purposes(CertificateRequest request) {
        return new ExtendedKeyUsage(
                CertificateRequest.serves(request.identity().role())
                        ? new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}
                        : new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth});
    }

    private static GeneralNames names(CertificateRequest request) {
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(
                GeneralName.uniformResourceIdentifier, request.identity().toUri()));
        for (String host : request.hosts()) {
            names.add(new GeneralName(
                    CertificateRequest.isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host));
        }
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    /** A list of the revoked, signed by the authority. */
    static byte[] revocationList(CertificateIndex index, Validity validity, X509Certificate authority, PrivateKey key) {
        try {
            X509v2CRLBuilder builder =
                    new JcaX509v2CRLBuilder(authority.getSubjectX500Principal(), Date.from(validity.from()));
            builder.setNextUpdate(Date.from(validity.to()));
            for (Issued one : index.issued()) {
                if (one.revoked() != null) {
                    builder.addCRLEntry(one.number(), Date.from(Instant.parse(one.revoked())), CRLReason.unspecified);
                }
            }
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(index.listNumber())));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority.getPublicKey()));
            return builder.build(signer(key)).getEncoded();
        } catch (GeneralSecurityException | IOException e) {
            throw failed(e);
        }
    }

    static String pem(String kind, byte[] der) {
        String lines = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
    }

    private static ContentSigner signer(PrivateKey key) throws CertIOException {
        try {
            return new JcaContentSignerBuilder(SIGNATURE).build(key);
        } catch (OperatorCreationException e) {
            throw new CertIOException("the authority's key cannot sign", e);
        }
    }

    private static IllegalStateException failed(Exception e) {
        return new IllegalStateException("a certificate cannot be made: " + e.getMessage(), e);
    }
}
