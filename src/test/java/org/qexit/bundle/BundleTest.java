package org.qexit.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.common.UserError;
import org.qexit.trace.Thresholds;

class BundleTest {
    private static final String SOME_SHA = "0".repeat(64);

    @TempDir
    private Path folder;

    private final TinyBundle tiny = new TinyBundle();

    private static void refuses(Path bundle, String... expected) {
        String message =
                assertThrows(UserError.class, () -> Bundle.open(bundle)).getMessage();
        for (String part : expected) {
            assertTrue(message.contains(part), message);
        }
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void readsDirectoriesAndZipFilesAlike() throws IOException {
        Bundle directory = Bundle.open(tiny.directory(folder.resolve("d")));
        Bundle zip = Bundle.open(tiny.zip(folder.resolve("b.zip")));
        for (Bundle bundle : List.of(directory, zip)) {
            assertEquals(2, bundle.manifest().exits());
            assertEquals(4, bundle.manifest().input().size());
            assertEquals(List.of("ue1", "ue2"), bundle.devices());
            assertEquals(new Thresholds(0.3f, 0.8f), bundle.device("ue1").thresholds());
            assertFalse(bundle.device("ue2").thresholds().offloads());
            assertArrayEquals(tiny.files.get("stage-1.onnx"), bundle.bytes("stage-1.onnx"));
        }
        assertEquals(directory.sha256(), zip.sha256());
        String unknown = assertThrows(UserError.class, () -> zip.device("ue3")).getMessage();
        assertTrue(unknown.contains("no device 'ue3'; expected one of: ue1, ue2"), unknown);
    }

    @Test
    void noticesOneChangedByteOfAnyFile() throws IOException {
        Path bundle = tiny.directory(folder.resolve("d"));
        for (String name : tiny.files.keySet()) {
            Path file = bundle.resolve(name);
            byte[] good = Files.readAllBytes(file);
            byte[] bad = good.clone();
            bad[bad.length / 2] ^= 1;
            Files.write(file, bad);
            refuses(bundle, name, "SHA-256");
            Files.write(file, java.util.Arrays.copyOf(good, good.length - 1));
            refuses(bundle, name, "bytes; manifest.json says " + good.length);
            Files.write(file, java.util.Arrays.copyOf(good, good.length + 1));
            refuses(bundle, name, "has " + (good.length + 1) + " bytes; expected at most " + good.length);
            Files.delete(file);
            refuses(bundle, "'" + name + "' is missing");
            Files.write(file, good);
        }
        Bundle.open(bundle);
        Files.writeString(bundle.resolve("devices/ue9.json"), "{}");
        refuses(bundle, "'devices/ue9.json' is there, though manifest.json does not list it");
    }

    @Test
    void refusesWhatIsNoBundle() throws IOException {
        refuses(folder.resolve("none"), "no such bundle");
        refuses(Files.createDirectory(folder.resolve("empty")), "expected a file manifest.json in it");
        refuses(Files.write(folder.resolve("x.zip"), new byte[100]), "not a readable zip file");
        refuses(Files.write(folder.resolve("y.zip"), new byte[0]), "not a readable zip file");
        Path cut = tiny.zip(folder.resolve("cut.zip"));
        Files.write(cut, java.util.Arrays.copyOf(Files.readAllBytes(cut), (int) Files.size(cut) - 30));
        refuses(cut, "not a readable zip file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "format | qexit.bundle/4 | format is 'qexit.bundle/4'",
                "format | qexit.bundle/2 | expected neither in qexit.bundle/1, one of them at least in qexit.bundle/2",
                "batch | 1 | expected neither in qexit.bundle/1",
                "exits | 0 | exits is 0",
                "exits | 3 | stages has 2 names; expected 3",
                "exits | 1000000000 | expected 1 to 64",
                "opset | 16 | opset is 17; manifest.json says 16",
                "surprise | 1 | unknown field 'surprise'",
                "model | whole.onnx | files does not list 'whole.onnx'",
                "precision | '' | precision is missing",
            })
    void refusesAWrongManifest(String field, String value, String expected) throws IOException {
        tiny.manifest(field, value.matches("\\d+") ? (Object) Integer.valueOf(value) : value);
        refuses(tiny.zip(folder.resolve("b.zip")), "manifest.json", expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | 1 | [0.1, 0.2] | [0.5, 0.6] | rule is per-exit, which qexit.device/1 does not know",
                "1 | 2 | [0.1, 0.2] | [0.5, 0.6] | which a bundle of qexit.bundle/1 does not know; expected qexit.bundle/3",
                "3 | 2 | [0.1, 0.2, 0.3] | [0.5, 0.6, 0.7] | confidences of 2 exits; expected 3",
                "3 | 2 | [0.1, 0.6] | [0.5, 0.2] | thresholds of exit 2 are (0.6, 0.2)",
                "3 | 2 | [0.1, 0.6] | 0.5 | expected two numbers, or two lists",
                "3 | 3 | 0.1 | 0.5 | expected qexit.device/1 or qexit.device/2",
                "3 | 2 | 0.6 | 0.5 | expected 0 <= lower <= upper <= 1",
            })
    void refusesRulesThatAFormatDoesNotKnow(int bundle, int device, String lower, String upper, String why)
            throws IOException {
        tiny.manifest("format", "qexit.bundle/" + bundle);
        tiny.device(device, "ue1", lower, upper);
        refuses(tiny.zip(folder.resolve("b.zip")), "ue1.json", why);
    }

    @Test
    void refusesShapesThatOverflow() throws IOException {
        tiny.manifest("input", Map.of("channels", 65536, "height", 65536, "width", 1, "type", "float32", "maximum", 1));
        refuses(tiny.zip(folder.resolve("b.zip")), "65536 x 65536 x 1 values is too large");
        tiny.manifest("input", Map.of("channels", -1, "height", 2, "width", 1, "type", "float32", "maximum", 1));
        refuses(tiny.zip(folder.resolve("c.zip")), "channels is -1");
        tiny.manifest("input", Map.of("channels", 1, "height", 2, "width", 2, "type", "float16", "maximum", 1));
        refuses(tiny.zip(folder.resolve("d.zip")), "type is 'float16'");
    }

    @Test
    void refusesOperatorsThatTheManifestHides() throws IOException {
        tiny.manifest("operators", List.of("Flatten", "MatMul"));
        refuses(tiny.zip(folder.resolve("b.zip")), "field 'operators' is [Flatten, MatMul]; the graphs use [Flatten");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil.txt",
                "a/../../evil.txt",
                "/etc/evil",
                "..",
                ".",
                "a//b",
                "a/",
                "",
                "C:evil",
                "a\\..\\..\\evil",
                "a\u0000b",
                "a\nb",
                "a*",
                ".hidden",
                "a./b",
                "manifest.json",
                "manifest.sig",
            })
    void refusesPathsThatLeaveTheBundle(String path) throws IOException {
        List<Object> entries = new ArrayList<>(List.of(TinyBundle.entry(path, 1, SOME_SHA)));
        tiny.files.forEach((name, bytes) -> entries.add(TinyBundle.entry(name, bytes.length, SOME_SHA)));
        tiny.manifest("files", entries);
        refuses(tiny.zip(folder.resolve("b.zip")), "manifest.json", "files");
    }

    @ParameterizedTest
    @CsvSource({"-1, 'is -1; expected 0 to'", "9223372036854775807, expected 0 to", "268435457, expected 0 to"})
    void refusesSizesThatCannotBe(long bytes, String expected) throws IOException {
        tiny.manifest("files", List.of(TinyBundle.entry("model.onnx", bytes, SOME_SHA)));
        refuses(tiny.zip(folder.resolve("b.zip")), expected);
    }

    @Test
    void refusesClaimsThatTogetherFillTheMemory() throws IOException {
        List<Object> entries = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "model.onnx", "stage-1.onnx", "stage-2.onnx")) {
            entries.add(TinyBundle.entry(name, 1L << 28, SOME_SHA));
        }
        tiny.manifest("files", entries);
        refuses(tiny.zip(folder.resolve("b.zip")), "bytes together; expected at most");
    }

    @Test
    void refusesPathsListedTwiceOrOutOfOrder() throws IOException {
        tiny.manifest("files", List.of(TinyBundle.entry("a", 1, SOME_SHA), TinyBundle.entry("A", 1, SOME_SHA)));
        refuses(tiny.zip(folder.resolve("b.zip")), "files lists 'A' twice");
        tiny.manifest("files", List.of(TinyBundle.entry("b", 1, SOME_SHA), TinyBundle.entry("a", 1, SOME_SHA)));
        refuses(tiny.zip(folder.resolve("c.zip")), "files lists 'a' after 'b'");
        tiny.manifest("files", List.of(TinyBundle.entry("b", 1, "xyz")));
        refuses(tiny.zip(folder.resolve("d.zip")), "sha256 of 'b' is 'xyz'");
    }

    @Test
    void refusesZipEntriesThatLeaveTheBundle() throws IOException {
        Map<String, byte[]> entries = new TreeMap<>(tiny.files);
        entries.put("manifest.json", TinyBundle.text(tiny.manifest()));
        for (String evil : List.of("../../evil.txt", "/evil", "a\\b", "a/./b")) {
            Map<String, byte[]> more = new TreeMap<>(entries);
            more.put(evil, new byte[] {1});
            refuses(TinyBundle.zip(folder.resolve("evil.zip"), more), "is not a plain relative path");
        }
    }

    /** Two entries of one name show one content to one reader and the other to another. */
    @Test
    void refusesTwoEntriesOfOneName() throws IOException {
        tiny.files.put("model-care.md", TinyBundle.text("other"));
        Path zip = tiny.zip(folder.resolve("twice.zip"));
        String bytes = new String(Files.readAllBytes(zip), StandardCharsets.ISO_8859_1);
        Files.write(zip, bytes.replace("model-care.md", "model-card.md").getBytes(StandardCharsets.ISO_8859_1));
        refuses(zip, "'model-card.md' is there twice");
    }

    @Test
    void refusesZipBombsByWhatTheyClaim() throws IOException {
        byte[] zeros = new byte[1 << 24];
        tiny.files.put("golden/zeros.bin", zeros);
        refuses(tiny.zip(folder.resolve("bomb.zip")), "golden/zeros.bin", "more than 200 : 1");
    }

    /** A bomb that lies about its size is cut off at what the manifest promises. */
    @Test
    void refusesZipBombsThatLie() throws IOException {
        byte[] zeros = new byte[1 << 24];
        tiny.files.put("golden/zeros.bin", zeros);
        List<Object> entries = new ArrayList<>();
        tiny.files.forEach((name, b) -> entries.add(
                TinyBundle.entry(name, Math.min(b.length, 1 << 16), org.qexit.common.Hashing.sha256Hex(b))));
        tiny.manifest("files", entries);
        Path zip = tiny.zip(folder.resolve("lie.zip"));
        byte[] bytes = Files.readAllBytes(zip);
        // The size in the central directory, 4 bytes little endian: 2^24 becomes 2^16.
        int at = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("golden/zeros.bin") - 46 + 24;
        assertEquals(1, bytes[at + 3]);
        bytes[at + 3] = 0;
        bytes[at + 2] = 1;
        Files.write(zip, bytes);
        refuses(zip, "golden/zeros.bin");
    }

    @Test
    void refusesSymbolicLinks() throws IOException {
        Path bundle = tiny.directory(folder.resolve("d"));
        Path card = bundle.resolve("model-card.md");
        Path outside = Files.move(card, folder.resolve("outside.md"));
        Files.createSymbolicLink(card, outside);
        refuses(bundle, "'model-card.md' is a symbolic link");
        Files.delete(card);
        Files.createSymbolicLink(bundle.resolve("golden"), folder);
        refuses(bundle, "'golden' is a symbolic link");
    }

    @Test
    void refusesDevicesThatMakeNoSense() throws IOException {
        for (String[] device : new String[][] {
            {"0.9", "0.1", "thresholds (0.9, 0.1)"},
            {"-1", "0.1", "thresholds (-1.0, 0.1)"},
            {"0.1", "\"always\"", "upper is 'always'"},
            {"null", "0.5", "lower"},
            {"1e999", "0.5", "lower is 'Infinity'"}
        }) {
            tiny.device("ue1", device[0], device[1]);
            refuses(tiny.zip(folder.resolve("b.zip")), "devices/ue1.json", device[2]);
        }
        tiny.device("ue1", "0.1", "0.5");
        tiny.files.put("devices/ue3.json", tiny.files.get("devices/ue1.json"));
        refuses(tiny.zip(folder.resolve("b.zip")), "devices/ue3.json", "device 'ue1' has another file already");
    }

    @Test
    void checksSignatures() throws IOException, NoSuchAlgorithmException {
        KeyPair ours = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path bundle = tiny.directory(folder.resolve("d"));
        UserError unsigned =
                assertThrows(UserError.class, () -> Bundle.open(bundle).verifySignature(ours.getPublic()));
        assertTrue(unsigned.getMessage().contains("is not signed"), unsigned.getMessage());

        Path privateKey = pem("PRIVATE KEY", ours.getPrivate().getEncoded());
        Path publicKey = pem("PUBLIC KEY", ours.getPublic().getEncoded());
        byte[] manifest = Files.readAllBytes(bundle.resolve("manifest.json"));
        Path signature = bundle.resolve("manifest.sig");
        String text = BundleSignature.sign(manifest, BundleSignature.readPrivateKey(privateKey));
        Files.writeString(signature, text);
        Bundle signed = Bundle.open(bundle);
        assertTrue(signed.isSigned());
        signed.verifySignature(BundleSignature.readPublicKey(publicKey));
        assertThrows(UserError.class, () -> signed.verifySignature(other.getPublic()));

        for (String bad : List.of("", "not base64!", "AAAA", text.substring(4), flipped(text))) {
            Files.writeString(signature, bad);
            Bundle spoilt = Bundle.open(bundle);
            String message = assertThrows(UserError.class, () -> spoilt.verifySignature(ours.getPublic()))
                    .getMessage();
            assertTrue(message.contains("is no signature of manifest.json by this key"), message);
        }
        // One byte of white space in the manifest is enough.
        Files.writeString(signature, text);
        Files.writeString(bundle.resolve("manifest.json"), new String(manifest, StandardCharsets.UTF_8) + "\n");
        assertThrows(UserError.class, () -> Bundle.open(bundle).verifySignature(ours.getPublic()));
        assertThrows(UserError.class, () -> BundleSignature.readPublicKey(privateKey));
        assertThrows(UserError.class, () -> BundleSignature.readPrivateKey(publicKey));
        assertFalse(new String(manifest, StandardCharsets.UTF_8).contains("signature"));
    }

    private static String flipped(String base64) {
        byte[] raw = Base64.getDecoder().decode(base64.strip());
        raw[10] ^= 1;
        return Base64.getEncoder().encodeToString(raw);
    }

    private Path pem(String kind, byte[] der) throws IOException {
        return Files.writeString(
                folder.resolve(kind.replace(' ', '-') + ".pem"),
                "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + kind
                        + "-----\n");
    }
}
