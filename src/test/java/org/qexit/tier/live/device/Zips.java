package org.qexit.tier.live.device;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.qexit.bundle.TinyBundle;

/** Bundles with a file that their manifest does not list. */
final class Zips {
    private Zips() {}

    static byte[] with(TinyBundle bundle, String name, String content) throws IOException {
        Map<String, byte[]> all = new TreeMap<>(bundle.files);
        all.put("manifest.json", bundle.manifest().getBytes(StandardCharsets.UTF_8));
        all.put(name, content.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : all.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
