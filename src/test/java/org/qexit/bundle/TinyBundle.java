package org.qexit.bundle;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.onnx.TinyOnnx;

/** A bundle of two exits in memory, to be spoilt and written to a directory or a zip file. */
public final class TinyBundle {
    public final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, Object> changes = new LinkedHashMap<>();

    public TinyBundle() {
        files.put("stage-1.onnx", TinyOnnx.stage("input", false, 1));
        files.put("stage-2.onnx", TinyOnnx.stage("features", true, 2));
        files.put("model.onnx", TinyOnnx.stage("input", true, 1));
        files.put("model-card.md", text("# A tiny model\n"));
        device("ue1", "0.3", "0.8");
        device("ue2", "0.25", "\"never\"");
    }

    public void put(String path, byte[] content) {
        files.put(path, content);
    }

    public byte[] get(String path) {
        return files.get(path);
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public void device(String id, String lower, String upper) {
        device(1, id, lower, upper);
    }

    /** @param version of the settings' format: 2 knows thresholds per exit */
    public void device(int version, String id, String lower, String upper) {
        files.put(
                "devices/" + id + ".json",
                text("{\"format\":\"qexit.device/" + version + "\",\"device\":\"" + id
                        + "\",\"model\":\"tiny\",\"lower\":" + lower
                        + ",\"upper\":" + upper + ",\"node\":\"en1\",\"bandwidthHz\":1e6,\"powerWatts\":0.1,"
                        + "\"computeUnits\":2,\"securityLevel\":1}"));
    }

    /** Puts another value into the manifest. */
    public TinyBundle manifest(String field, Object value) {
        changes.put(field, value);
        return this;
    }

    public String manifest() {
        List<Map<String, Object>> entries = new ArrayList<>();
        files.forEach((path, bytes) -> entries.add(entry(path, bytes.length, Hashing.sha256Hex(bytes))));
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("format", "qexit.bundle/1");
        manifest.put("name", "tiny");
        manifest.put("exits", 2);
        manifest.put("input", Map.of("channels", 1, "height", 2, "width", 2, "type", "float32", "maximum", 1));
        manifest.put("opset", TinyOnnx.OPSET);
        manifest.put("operators", List.of("Flatten", "MatMul", "Relu", "Sigmoid", "Squeeze"));
        manifest.put("precision", "float32");
        manifest.put("model", "model.onnx");
        manifest.put("stages", List.of("stage-1.onnx", "stage-2.onnx"));
        manifest.put(
                "costs",
                List.of(
                        Map.of("exit", 1, "macs", 4, "memoryAccesses", 10, "parameters", 4),
                        Map.of("exit", 2, "macs", 8, "memoryAccesses", 25, "parameters", 8)));
        manifest.put("files", entries);
        manifest.putAll(changes);
        return Json.pretty(manifest);
    }

    static Map<String, Object> entry(String path, long bytes, String sha256) {
        return Map.of("path", path, "bytes", bytes, "sha256", sha256);
    }

    public Path directory(Path folder) throws IOException {
        Map<String, byte[]> all = new TreeMap<>(files);
        all.put("manifest.json", text(manifest()));
        for (Map.Entry<String, byte[]> file : all.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        return folder;
    }

    public Path zip(Path file) throws IOException {
        Map<String, byte[]> all = new TreeMap<>(files);
        all.put("manifest.json", text(manifest()));
        return zip(file, all);
    }

    static Path zip(Path file, Map<String, byte[]> entries) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }
}
