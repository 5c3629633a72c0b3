package org.qexit.bundle;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.qexit.common.AtomicFiles;
import org.qexit.common.UserError;

/** New key pairs to sign bundles with. */
public final class BundleKeys {
    private BundleKeys() {}

    /**
     * Writes {@code PREFIX.key.pem} (PKCS #8, to be kept secret, readable by its owner alone where the file system can say so) and {@code
     * PREFIX.pub.pem} (X.509, for everybody).
     *
     * @return the two files
     * @throws UserError if either exists
     */
    public static Path[] create(Path prefix) {
        Path secret = prefix.resolveSibling(prefix.getFileName() + ".key.pem");
        Path open = prefix.resolveSibling(prefix.getFileName() + ".pub.pem");
        for (Path file : new Path[] {secret, open}) {
            if (Files.exists(file)) {
                throw new UserError(file + ": is there already. Maybe choose another prefix");
            }
        }
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            AtomicFiles.writeSecret(secret, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            writeOpen(open, pair, secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 15 has Ed25519", e);
        }
        return new Path[] {secret, open};
    }

    /** Writes the public half, or takes the secret one back: half a pair would only be in the way of the next try. */
    private static void writeOpen(Path open, KeyPair pair, Path secret) {
        try {
            AtomicFiles.writeString(open, pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        } catch (UserError e) {
            if (!secret.toFile().delete()) {
                throw new UserError(e.getMessage() + "; " + secret + " is left over and can be deleted", e);
            }
            throw e;
        }
    }

    private static String pem(String kind, byte[] der) {
        String lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
    }
}
