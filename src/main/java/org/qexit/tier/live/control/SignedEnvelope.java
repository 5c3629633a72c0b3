package org.qexit.tier.live.control;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.qexit.bundle.BundleSignature;
import org.qexit.common.UserError;

/**
 * Bytes with an Ed25519 signature (RFC 8032) over them, format {@value #FORMAT}: {@code {"format":"qexit.signed/1","payload":"BASE64",
 * "signature":"BASE64"}}, without white space. Each content has this one text, so that no byte can change unseen.
 */
public final class SignedEnvelope {
    public static final String FORMAT = "qexit.signed/1";

    /** Of an envelope. */
    public static final int MAX_BYTES = 1 << 22;

    private static final Pattern TEXT = Pattern.compile("\\{\"format\":\"" + Pattern.quote(FORMAT)
            + "\",\"payload\":\"([A-Za-z0-9+/]*+=?+=?+)\",\"signature\":\"([A-Za-z0-9+/]{86}==)\"}");

    private SignedEnvelope() {}

    /** @throws UserError if it would be longer than {@link #MAX_BYTES} */
    public static byte[] seal(byte[] payload, PrivateKey key) {
        String text = "{\"format\":\"" + FORMAT + "\",\"payload\":\""
                + Base64.getEncoder().encodeToString(payload) + "\",\"signature\":\""
                + BundleSignature.sign(payload, key).strip() + "\"}";
        if (text.length() > MAX_BYTES) {
            throw new UserError(
                    "the document has " + text.length() + " bytes when signed; expected at most " + MAX_BYTES);
        }
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * What was signed; nothing in it has been read.
     *
     * @param name stands for the envelope in messages
     * @throws UserError unless the key's owner signed it
     */
    public static byte[] open(String name, byte[] envelope, PublicKey key) {
        Matcher parts = parts(name, envelope);
        byte[] payload = payload(name, parts.group(1));
        if (!BundleSignature.verify(payload, parts.group(2) + "\n", key)) {
            throw new UserError(name + ": the signature does not fit; expected one by the trusted key");
        }
        return payload;
    }

    /** The payload, whoever signed it: for those who look at documents without the key. */
    static byte[] unverified(String name, byte[] envelope) {
        return payload(name, parts(name, envelope).group(1));
    }

    /** Whether it is what the holder of a key would make: signatures of Ed25519 have no chance in them. */
    static boolean isBy(String name, byte[] envelope, PrivateKey key) {
        return Arrays.equals(seal(unverified(name, envelope), key), envelope);
    }

    private static Matcher parts(String name, byte[] envelope) {
        if (envelope.length > MAX_BYTES) {
            throw new UserError(name + ": is longer than " + MAX_BYTES + " bytes");
        }
        Matcher parts = TEXT.matcher(new String(envelope, StandardCharsets.ISO_8859_1));
        if (!parts.matches()) {
            throw new UserError(name + ": is no signed document; expected format " + FORMAT);
        }
        return parts;
    }

    private static byte[] payload(String name, String base64) {
        try {
            byte[] payload = Base64.getDecoder().decode(base64);
            // Base64 has spare bits: only the one text that encoding gives will do.
            if (Base64.getEncoder().encodeToString(payload).equals(base64)) {
                return payload;
            }
        } catch (IllegalArgumentException e) {
            throw new UserError(name + ": the payload is not base64", e);
        }
        throw new UserError(name + ": the payload is not base64 as it is written");
    }
}
