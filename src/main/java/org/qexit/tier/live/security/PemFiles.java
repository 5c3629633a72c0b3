package org.qexit.tier.live.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.qexit.common.UserError;

/**
 * PEM files (RFC 7468), strictly: blocks of one kind, base64 in lines, nothing but white space between them. Every failure is a {@link
 * UserError} that names the file, never what is in it.
 */
public final class PemFiles {
    private static final int MAX_CERTIFICATES = 1 << 17;
    private static final int MAX_KEY = 1 << 14;
    private static final int MAX_LIST = 1 << 24;
    private static final int MAX_BLOCKS = 16;
    private static final int MIN_RSA_BITS = 2048;
    private static final int MIN_EC_BITS = 256;
    private static final String HEAD = "-----BEGIN ";
    private static final Pattern BLOCK = Pattern.compile(
            "\\s*+-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*+)-----END ([A-Z0-9 ]{1,40})-----\\s*+");

    private PemFiles() {}

    /** One or more certificates, in the file's order. */
    public static List<X509Certificate> certificates(Path file) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (byte[] der : blocks(file, "CERTIFICATE", MAX_CERTIFICATES)) {
            try (InputStream in = new ByteArrayInputStream(der)) {
                certificates.add((X509Certificate) factory().generateCertificate(in));
                checkEnd(file, in);
            } catch (GeneralSecurityException | IOException e) {
                throw new UserError(file + ": holds no readable X.509 certificate", e);
            }
        }
        return List.copyOf(certificates);
    }

    /** One certificate. */
    public static X509Certificate certificate(Path file) {
        List<X509Certificate> certificates = certificates(file);
        if (certificates.size() != 1) {
            throw new UserError(file + ": holds " + certificates.size() + " certificates; expected one");
        }
        return certificates.get(0);
    }

    /** One or more revocation lists. */
    public static List<X509CRL> revocationLists(Path file) {
        List<X509CRL> lists = new ArrayList<>();
        for (byte[] der : blocks(file, "X509 CRL", MAX_LIST)) {
            try (InputStream in = new ByteArrayInputStream(der)) {
                lists.add((X509CRL) factory().generateCRL(in));
                checkEnd(file, in);
            } catch (GeneralSecurityException | IOException e) {
                throw new UserError(file + ": holds no readable X.509 revocation list", e);
            }
        }
        return List.copyOf(lists);
    }

    /** The serial numbers in a file of revocation lists. */
    public static Set<BigInteger> revoked(Path file) {
        return revocationLists(file).stream()
                .map(X509CRL::getRevokedCertificates)
                .filter(Objects::nonNull)
                .flatMap(Set::stream)
                .map(X509CRLEntry::getSerialNumber)
                .collect(Collectors.toSet());
    }

    /** One unencrypted key of PKCS #8, on an elliptic curve of at least 256 bits or RSA of at least 2,048. */
    public static PrivateKey key(Path file) {
        List<byte[]> blocks = blocks(file, "PRIVATE KEY", MAX_KEY);
        if (blocks.size() != 1) {
            throw new UserError(file + ": holds " + blocks.size() + " keys; expected one");
        }
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(blocks.get(0));
        for (String algorithm : List.of("EC", "RSA")) {
            PrivateKey key = key(algorithm, spec);
            if (key != null) {
                checkStrength(file, key);
                return key;
            }
        }
        throw new UserError(file + ": holds no readable key; expected a private key of kind EC or RSA");
    }

    private static PrivateKey key(String algorithm, PKCS8EncodedKeySpec spec) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(spec);
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    private static void checkStrength(Path file, PrivateKey key) {
        int bits;
        int least;
        if (key instanceof ECPrivateKey curve) {
            bits = curve.getParams().getOrder().bitLength();
            least = MIN_EC_BITS;
        } else if (key instanceof RSAPrivateKey rsa) {
            bits = rsa.getModulus().bitLength();
            least = MIN_RSA_BITS;
        } else {
            throw new UserError(file + ": is a key of kind " + key.getAlgorithm() + "; expected EC or RSA");
        }
        if (bits < least) {
            throw new UserError(file + ": is a key of " + bits + " bits; expected at least " + least);
        }
    }

    private static CertificateFactory factory() throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509");
    }

    private static void checkEnd(Path file, InputStream in) throws IOException {
        if (in.read() >= 0) {
            throw new UserError(file + ": has bytes after the end of what it holds");
        }
    }

    private static List<byte[]> blocks(Path file, String kind, int most) {
        String text = read(file, most);
        if (!text.contains(HEAD)) {
            throw new UserError(file + ": no '-----BEGIN " + kind + "-----' in it; expected a PEM file");
        }
        Matcher block = BLOCK.matcher(text);
        List<byte[]> blocks = new ArrayList<>();
        int end = 0;
        while (end < text.length()) {
            block.region(end, text.length());
            if (!block.lookingAt() || !block.group(1).equals(block.group(3))) {
                throw new UserError(file + " line " + line(text, end) + ": not readable as PEM; expected '-----BEGIN "
                        + kind + "-----', base64 and its end");
            }
            checkKind(file, kind, block.group(1));
            if (blocks.size() == MAX_BLOCKS) {
                throw new UserError(file + ": holds more than " + MAX_BLOCKS + " blocks");
            }
            blocks.add(decoded(file, block.group(2)));
            end = block.end();
        }
        return blocks;
    }

    private static void checkKind(Path file, String expected, String found) {
        if (found.equals(expected)) {
            return;
        }
        boolean key = expected.equals("PRIVATE KEY") && found.endsWith(expected);
        throw new UserError(file + ": holds a block '" + found + "'; expected '" + expected + "'"
                + (key ? ". Maybe convert it: openssl pkcs8 -topk8 -nocrypt -in FILE" : ""));
    }

    private static byte[] decoded(Path file, String base64) {
        try {
            return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new UserError(file + ": holds a block that is not base64", e);
        }
    }

    private static String read(Path file, int most) {
        if (Files.isDirectory(file)) {
            throw new UserError(file + ": is a directory; expected a PEM file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new UserError(file + ": is longer than " + most + " bytes; expected a PEM file");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new UserError(file + ": no such file", e);
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static long line(String text, int at) {
        return 1 + text.substring(0, at).chars().filter(c -> c == '\n').count();
    }
}
