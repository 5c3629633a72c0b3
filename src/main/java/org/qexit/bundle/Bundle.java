package org.qexit.bundle;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.qexit.common.Hashing;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.onnx.OnnxScan;
import org.qexit.trace.Rule;
import org.qexit.trace.RuleKind;
import org.qexit.trace.RulePath;

/**
 * A bundle, read whole and checked: a directory or a zip file with {@code manifest.json}, the graphs and everything else that the
 * manifest lists, no more and no less (docs/bundle-format.md). Immutable and safe for use by several threads.
 *
 * <p>Bundles are taken for hostile until proved otherwise: every file has the length and SHA-256 that the manifest says, and is
 * used from the very bytes that were hashed; every ONNX graph is scanned ({@link OnnxScan}) before anything else sees it. Who made
 * the bundle is only known after {@link #verifySignature}.
 */
public final class Bundle {
    public static final String MANIFEST = "manifest.json";
    public static final String SIGNATURE = "manifest.sig";
    public static final String THRESHOLDS = "thresholds.json";
    private static final int MAX_MANIFEST_BYTES = 1 << 24;
    private static final int MAX_SIGNATURE_BYTES = 1 << 10;

    private final Path origin;
    private final BundleManifest manifest;
    private final byte[] manifestBytes;
    private final String signature;
    private final Map<String, byte[]> files;
    private final Map<String, DeviceSettings> devices;

    private Bundle(
            Path origin, BundleManifest manifest, byte[] manifestBytes, String signature, Map<String, byte[]> files) {
        this.origin = origin;
        this.manifest = manifest;
        this.manifestBytes = manifestBytes;
        this.signature = signature;
        this.files = files;
        checkGraphs();
        this.devices = parseDevices();
        if (manifest.forEdgeNode() && !files.containsKey(NodeSettings.PATH)) {
            throw new UserError(origin + ": is an edge node's bundle without " + NodeSettings.PATH);
        }
    }

    /**
     * Reads and checks a bundle.
     *
     * @param origin a directory or a zip file
     * @throws UserError naming the file that is wrong and how
     */
    public static Bundle open(Path origin) {
        try (BundleFiles source = BundleFiles.of(origin)) {
            if (!source.names().contains(MANIFEST)) {
                throw new UserError(origin + ": not a bundle; expected a file " + MANIFEST + " in it");
            }
            byte[] manifestBytes = source.read(MANIFEST, MAX_MANIFEST_BYTES);
            BundleManifest manifest = Json.parse(
                    origin.resolve(MANIFEST).toString(),
                    new String(manifestBytes, StandardCharsets.UTF_8),
                    BundleManifest.class);
            checkNames(source, manifest);
            Map<String, byte[]> files = new TreeMap<>();
            for (BundleManifest.FileEntry file : manifest.files()) {
                files.put(file.path(), checked(source, file));
            }
            String signature = source.names().contains(SIGNATURE)
                    ? new String(source.read(SIGNATURE, MAX_SIGNATURE_BYTES), StandardCharsets.ISO_8859_1)
                    : null;
            return new Bundle(origin, manifest, manifestBytes, signature, files);
        }
    }

    private static void checkNames(BundleFiles source, BundleManifest manifest) {
        Set<String> extra = new TreeSet<>(source.names());
        extra.remove(MANIFEST);
        extra.remove(SIGNATURE);
        for (BundleManifest.FileEntry file : manifest.files()) {
            if (!extra.remove(file.path())) {
                throw source.refused(file.path(), "is missing, though " + MANIFEST + " lists it");
            }
        }
        if (!extra.isEmpty()) {
            throw source.refused(extra.iterator().next(), "is there, though " + MANIFEST + " does not list it");
        }
    }

    private static byte[] checked(BundleFiles source, BundleManifest.FileEntry file) {
        byte[] bytes = source.read(file.path(), file.bytes());
        if (bytes.length != file.bytes()) {
            throw source.refused(file.path(), "has " + bytes.length + " bytes; " + MANIFEST + " says " + file.bytes());
        }
        String found = Hashing.sha256Hex(bytes);
        if (!found.equals(file.sha256())) {
            throw source.refused(file.path(), "has SHA-256 " + found + "; " + MANIFEST + " says " + file.sha256());
        }
        return bytes;
    }

    private void checkGraphs() {
        Set<String> operators = new TreeSet<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (file.getKey().endsWith(".onnx") || manifest.graphs().contains(file.getKey())) {
                OnnxScan scan = OnnxScan.of(origin.resolve(file.getKey()).toString(), file.getValue());
                if (scan.opset() != manifest.opset()) {
                    throw new UserError(origin.resolve(file.getKey()) + ": opset is " + scan.opset() + "; " + MANIFEST
                            + " says " + manifest.opset());
                }
                operators.addAll(scan.operators().keySet());
            }
        }
        if (!List.copyOf(operators).equals(manifest.operators())) {
            throw new UserError(origin.resolve(MANIFEST) + ": field 'operators' is " + manifest.operators()
                    + "; the graphs use " + operators);
        }
    }

    private Map<String, DeviceSettings> parseDevices() {
        Map<String, DeviceSettings> found = new LinkedHashMap<>();
        for (String name : files.keySet()) {
            if (name.startsWith(DeviceSettings.FOLDER) && name.endsWith(".json")) {
                DeviceSettings device = Json.parse(origin.resolve(name).toString(), text(name), DeviceSettings.class);
                checkRule(origin.resolve(name), device.thresholds());
                if (found.put(device.device(), device) != null) {
                    throw new UserError(
                            origin.resolve(name) + ": device '" + device.device() + "' has another file already");
                }
            }
        }
        return found;
    }

    private void checkRule(Path file, Rule thresholds) {
        if (thresholds.kind() == RuleKind.PER_EXIT && !manifest.perExit()) {
            throw new UserError(file + ": rule is per-exit, which a bundle of " + manifest.format()
                    + " does not know; expected " + BundleManifest.PER_EXIT_FORMAT);
        }
        try {
            thresholds.perExit(manifest.exits());
        } catch (IllegalArgumentException e) {
            throw new UserError(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * The path of rules by which a device may follow a budget; empty where there is none, as in bundles of before.
     *
     * @throws UserError if it is damaged, or another device's
     */
    public Optional<RulePath> path(String device) {
        // As a rule the file is called as the device is.
        String likely = DevicePath.FOLDER + device + ".json";
        for (String name : files.containsKey(likely) ? Set.of(likely) : files.keySet()) {
            if (name.startsWith(DevicePath.FOLDER) && name.endsWith(".json")) {
                DevicePath found = Json.parse(origin.resolve(name).toString(), text(name), DevicePath.class);
                if (found.device().equals(device)) {
                    return Optional.of(found.path());
                }
            }
        }
        return Optional.empty();
    }

    /** Where it was read from. */
    public Path origin() {
        return origin;
    }

    public BundleManifest manifest() {
        return manifest;
    }

    /** SHA-256 of the manifest, which names the whole content. */
    public String sha256() {
        return Hashing.sha256Hex(manifestBytes);
    }

    /**
     * A copy of a file's bytes.
     *
     * @throws UserError if the bundle has no such file
     */
    public byte[] bytes(String path) {
        return shared(path).clone();
    }

    /** The bytes themselves, for readers in this package. */
    byte[] shared(String path) {
        byte[] bytes = files.get(path);
        if (bytes == null) {
            throw new UserError(origin + ": has no file '" + UserError.shown(path) + "'");
        }
        return bytes;
    }

    /** A file as UTF-8 text. */
    public String text(String path) {
        return new String(shared(path), StandardCharsets.UTF_8);
    }

    /** Ids of all devices that the bundle has settings for. */
    public List<String> devices() {
        return new ArrayList<>(devices.keySet());
    }

    /** @throws UserError if the bundle has no settings for the device */
    public DeviceSettings device(String id) {
        DeviceSettings device = devices.get(id);
        if (device == null) {
            throw new UserError(origin + ": no device '" + id + "'; expected one of: "
                    + String.join(", ", devices.keySet().stream().limit(12).toList())
                    + (devices.size() > 12 ? ", ... (" + devices.size() + " devices)" : ""));
        }
        return device;
    }

    /**
     * What an edge node needs beside the graphs.
     *
     * @throws UserError if the bundle is a device's
     */
    public NodeSettings node() {
        if (!manifest.forEdgeNode()) {
            throw new UserError(origin + ": is a device's bundle; expected an edge node's");
        }
        return Json.parse(origin.resolve(NodeSettings.PATH).toString(), text(NodeSettings.PATH), NodeSettings.class);
    }

    /** @throws UserError if the bundle is an edge node's */
    public void checkForDevice() {
        if (manifest.forEdgeNode()) {
            throw new UserError(origin + ": is an edge node's bundle; expected a device's");
        }
    }

    public boolean isSigned() {
        return signature != null;
    }

    /** Whether the holder of a private key signed it: signatures of Ed25519 have no chance in them. */
    public boolean isSignedBy(PrivateKey key) {
        return signature != null && BundleSignature.sign(manifestBytes, key).equals(signature);
    }

    /** @throws UserError unless the manifest carries a signature that this key's owner made */
    public void verifySignature(PublicKey key) {
        if (signature == null) {
            throw new UserError(origin + ": is not signed; expected " + SIGNATURE);
        }
        if (!BundleSignature.verify(manifestBytes, signature, key)) {
            throw new UserError(origin.resolve(SIGNATURE) + ": is no signature of " + MANIFEST + " by this key");
        }
    }
}
