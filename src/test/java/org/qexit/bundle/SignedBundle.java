package org.qexit.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.Map;
import java.util.TreeMap;

/** A small bundle as one zip file, signed or not. */
public final class SignedBundle {
    private SignedBundle() {}

    /**
     * Writes one.
     *
     * @param lower of its device: another value makes another bundle
     * @param keyOrNull null for no signature
     */
    public static Path zip(Path file, String lower, PrivateKey keyOrNull) throws IOException {
        TinyBundle bundle = new TinyBundle();
        bundle.device("ue1", lower, "0.9");
        Map<String, byte[]> all = new TreeMap<>(bundle.files);
        byte[] manifest = bundle.manifest().getBytes(StandardCharsets.UTF_8);
        all.put(Bundle.MANIFEST, manifest);
        if (keyOrNull != null) {
            all.put(Bundle.SIGNATURE, BundleSignature.sign(manifest, keyOrNull).getBytes(StandardCharsets.UTF_8));
        }
        return TinyBundle.zip(file, all);
    }
}
