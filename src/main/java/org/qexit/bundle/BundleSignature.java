package org.qexit.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EncodedKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qexit.common.UserError;

/**
 * Detached Ed25519 signatures (RFC 8032) over the bytes of {@code manifest.json}, in base64. Keys are PEM files as
 * {@code openssl genpkey -algorithm ed25519} and {@code openssl pkey -pubout} write them.
 */
public final class BundleSignature {
    private static final String ALGORITHM = "Ed25519";
    private static final int MAX_KEY_BYTES = 1 << 14;
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private BundleSignature() {}

    /** A private key, PEM of PKCS #8. */
    public static PrivateKey readPrivateKey(Path file) {
        byte[] der = pem(file, "PRIVATE KEY");
        try {
            return factory().generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw new UserError(file + ": not an Ed25519 private key", e);
        }
    }

    /** A public key, PEM of X.509. */
    public static PublicKey readPublicKey(Path file) {
        EncodedKeySpec spec = new X509EncodedKeySpec(pem(file, "PUBLIC KEY"));
        try {
            return factory().generatePublic(spec);
        } catch (GeneralSecurityException e) {
            throw new UserError(file + ": not an Ed25519 public key", e);
        }
    }

    /** The text of {@code manifest.sig}. */
    public static String sign(byte[] manifest, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(manifest);
            return text(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new UserError("cannot sign: " + e.getMessage(), e);
        }
    }

    private static String text(byte[] signature) {
        return Base64.getEncoder().encodeToString(signature) + "\n";
    }

    /** Whether the text is what {@link #sign} makes with the key that belongs to this one. */
    public static boolean verify(byte[] manifest, String base64, PublicKey key) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(manifest);
            byte[] signed = Base64.getDecoder().decode(base64.strip());
            // Base64 has spare bits, and files spare white space: only the one text that sign writes will do.
            return text(signed).equals(base64) && signature.verify(signed);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Not base64, not 64 bytes, not a key of this kind: no signature by this key.
            return false;
        }
    }

    private static KeyFactory factory() throws GeneralSecurityException {
        return KeyFactory.getInstance(ALGORITHM);
    }

    private static byte[] pem(Path file, String kind) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_KEY_BYTES) {
                throw new UserError(file + ": not a key file; expected a small PEM file");
            }
            Matcher pem = PEM.matcher(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            if (!pem.find() || !pem.group(1).equals(kind)) {
                throw new UserError(file + ": no '-----BEGIN " + kind + "-----' in it; expected a PEM file");
            }
            return Base64.getMimeDecoder().decode(pem.group(2));
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError(file + ": cannot be read as a key: " + e.getMessage(), e);
        }
    }
}
