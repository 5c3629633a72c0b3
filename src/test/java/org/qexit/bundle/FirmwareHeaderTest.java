package org.qexit.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.common.Json;
import org.qexit.common.UserError;
import org.qexit.trace.ExitThresholds;

/** The header of src/main/c, compiled with all warnings and, where the compiler has them, sanitisers of addresses and undefined behaviour. */
@Tag("slow")
class FirmwareHeaderTest {
    @TempDir
    private static Path folder;

    private static Path program;

    /** One text with events' confidences, as the program takes it. */
    private record Query(byte[] text, float[][] events, int exits) {
        Query(byte[] text) {
            this(text, new float[0][], 0);
        }
    }

    @BeforeAll
    static void compile() throws Exception {
        program = folder.resolve("check-device");
        String[] strict = {"cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion", "-O1"};
        String[] sanitised = {"-fsanitize=address,undefined", "-fno-sanitize-recover=all"};
        String[] files = {"-o", program.toString(), "src/test/c/check-device.c", "-lm"};
        boolean made;
        try {
            made = run(strict, sanitised, files) == 0 || run(strict, files) == 0;
        } catch (IOException e) {
            assumeTrue(false, "no C compiler: " + e.getMessage());
            return;
        }
        assertTrue(made, Files.readString(folder.resolve("cc.txt")));
    }

    private static int run(String[]... words) throws Exception {
        return new ProcessBuilder(Arrays.stream(words).flatMap(Arrays::stream).toList())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("cc.txt").toFile())
                .start()
                .waitFor();
    }

    /** What the program says of each. */
    private static List<String> ask(List<Query> queries) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Query query : queries) {
            all.write((query.text().length + " " + query.events().length + " " + query.exits() + "\n")
                    .getBytes(StandardCharsets.US_ASCII));
            all.write(query.text());
            for (float[] event : query.events()) {
                StringBuilder line = new StringBuilder();
                for (float confidence : event) {
                    line.append(Float.toHexString(confidence)).append(' ');
                }
                all.write(line.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
            }
        }
        Path in = Files.write(folder.resolve("in"), all.toByteArray());
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(program.toString())
                .redirectInput(in.toFile())
                .redirectError(errors.toFile())
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .lines()
                .toList();
        assertEquals(0, process.waitFor(), Files.readString(errors));
        assertEquals(queries.size(), lines.size());
        return lines;
    }

    private static Map<String, byte[]> bundle(Path zip) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
                files.put(e.getName(), in.readAllBytes());
            }
        }
        return files;
    }

    private static List<Map<String, byte[]>> bundles() throws IOException {
        List<Map<String, byte[]>> all = new ArrayList<>();
        try (Stream<Path> zips = Files.list(Path.of("src/test/resources/bundles"))) {
            for (Path zip :
                    zips.filter(p -> p.toString().endsWith(".zip")).sorted().toList()) {
                Map<String, byte[]> files = bundle(zip);
                if (files.keySet().stream().anyMatch(name -> name.startsWith("devices/"))) {
                    all.add(files);
                }
            }
        }
        assertTrue(all.size() >= 5);
        return all;
    }

    private static Map<String, Object> json(byte[] bytes) {
        Map<String, Object> fields = new LinkedHashMap<>();
        Map<?, ?> read = Json.parse("file", new String(bytes, StandardCharsets.UTF_8), Map.class);
        read.forEach((name, value) -> fields.put((String) name, value));
        return fields;
    }

    private static List<byte[]> settings() throws IOException {
        List<byte[]> all = new ArrayList<>();
        for (Map<String, byte[]> files : bundles()) {
            files.forEach((name, bytes) -> {
                if (name.startsWith("devices/")) {
                    all.add(bytes);
                }
            });
        }
        return all;
    }

    /** Every golden event of every bundle leaves at its exit with its decision, by the golden answers' thresholds. */
    @Test
    void goldenEventsAreDecidedAsTheyWere() throws Exception {
        List<Query> queries = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        int events = 0;
        for (Map<String, byte[]> files : bundles()) {
            Map<String, Object> golden = json(files.get("golden/golden.json"));
            Map<String, Object> device = json(files.entrySet().stream()
                    .filter(e -> e.getKey().startsWith("devices/"))
                    .findFirst()
                    .orElseThrow()
                    .getValue());
            device.put("lower", golden.get("lower"));
            device.put("upper", golden.get("upper"));
            device.put("format", golden.get("lower") instanceof List ? "qexit.device/2" : "qexit.device/1");
            List<?> rows = (List<?>) golden.get("confidences");
            float[][] confidences = rows.stream()
                    .map(row -> {
                        float[] values = new float[((List<?>) row).size()];
                        for (int q = 0; q < values.length; q++) {
                            values[q] = ((Number) ((List<?>) row).get(q)).floatValue();
                        }
                        return values;
                    })
                    .toArray(float[][]::new);
            queries.add(new Query(
                    Json.compact(device).getBytes(StandardCharsets.UTF_8), confidences, confidences[0].length));
            StringBuilder line = new StringBuilder();
            for (int k = 0; k < confidences.length; k++) {
                line.append(' ')
                        .append(((List<?>) golden.get("exits")).get(k))
                        .append(':')
                        .append(((List<?>) golden.get("decisions")).get(k));
            }
            expected.add(line.toString());
            events += confidences.length;
        }
        List<String> said = ask(queries);
        for (int i = 0; i < said.size(); i++) {
            assertTrue(said.get(i).startsWith("0 ") && said.get(i).endsWith(expected.get(i)), said.get(i));
        }
        assertTrue(events >= 160, events + " golden events");
    }

    @Test
    void settingsAreReadAsJavaReadsThem() throws Exception {
        List<byte[]> texts = settings();
        List<String> said = ask(texts.stream().map(Query::new).toList());
        for (int i = 0; i < texts.size(); i++) {
            assertSame(texts.get(i), said.get(i));
        }
        assertTrue(texts.size() >= 15);
    }

    private static void assertSame(byte[] text, String said) {
        DeviceSettings settings = Json.parse("file", new String(text, StandardCharsets.UTF_8), DeviceSettings.class);
        String[] words = said.split(" ");
        assertEquals("0", words[0], new String(text, StandardCharsets.UTF_8));
        boolean pair = words.length == 3 && !(settings.thresholds() instanceof ExitThresholds);
        ExitThresholds own = pair ? settings.thresholds().perExit(1) : (ExitThresholds) settings.thresholds();
        float[] expected = new float[2 * own.exits()];
        float[] found = new float[words.length - 1];
        for (int q = 0; q < own.exits(); q++) {
            expected[2 * q] = own.lower(q);
            expected[2 * q + 1] = own.upper(q);
        }
        for (int i = 0; i < found.length; i++) {
            found[i] = switch (words[i + 1]) {
                case "inf" -> Float.POSITIVE_INFINITY;
                case "-inf" -> Float.NEGATIVE_INFINITY;
                default -> Float.parseFloat(words[i + 1]) + 0f;
            };
        }
        assertArrayEquals(expected, found, said);
    }

    /** Spoilt texts: what the header takes, Java takes, with the same thresholds; and most are refused. */
    @Test
    void spoiltTextsAreRefusedOrReadAsJavaReadsThem() throws Exception {
        List<byte[]> seeds = new ArrayList<>(settings());
        seeds.add(
                ("{\"format\":\"qexit.device/2\",\"device\":\"d\\u00e9\\ud83d\\ude00\\n\",\"model\":\"m\",\"lower\":[0,\"always\",\"never\",1e-3],"
                                + "\"upper\":[1,\"never\",\"always\",1E-3],\"node\":\"é\",\"bandwidthHz\":1e6,\"powerWatts\":0,\"computeUnits\":0.5,"
                                + "\"securityLevel\":null}")
                        .getBytes(StandardCharsets.UTF_8));
        SplittableRandom random = new SplittableRandom(3);
        List<Query> queries = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            queries.add(new Query(spoilt(seeds.get(random.nextInt(seeds.size())), random)));
        }
        List<String> said = ask(queries);
        int taken = 0;
        for (int i = 0; i < said.size(); i++) {
            byte[] text = queries.get(i).text();
            if (said.get(i).startsWith("0")) {
                assertSame(text, said.get(i));
                taken++;
            } else {
                String plain = new String(text, StandardCharsets.UTF_8);
                if (!plain.contains("\uFFFD") && said.get(i).equals("8")) {
                    // Thresholds that cross or lie outside are refused by Java, too.
                    org.junit.jupiter.api.Assertions.assertThrows(
                            UserError.class, () -> Json.parse("file", plain, DeviceSettings.class), plain);
                }
            }
        }
        assertTrue(taken > 500 && taken < 20_000, taken + " taken");
    }

    private static final String[] TOKENS = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "null",
        "true",
        "-",
        "0",
        "1",
        "9",
        ".",
        "e",
        "1e400",
        "-1",
        "0.5",
        "01",
        "\"never\"",
        "\"always\"",
        "\"lower\"",
        "\"upper\"",
        "qexit.device/2",
        "\\u0000",
        "\\ud800",
        "\0",
        "\n",
        "/",
        "é",
        "x".repeat(300),
        "[".repeat(400),
        "0".repeat(80),
        "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]",
    };

    private static byte[] spoilt(byte[] seed, SplittableRandom random) {
        byte[] text = seed;
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            int at = random.nextInt(text.length + 1);
            int to = Math.min(text.length, at + random.nextInt(4));
            byte[] put = switch (random.nextInt(4)) {
                case 0 -> TOKENS[random.nextInt(TOKENS.length)].getBytes(StandardCharsets.UTF_8);
                case 1 -> new byte[] {(byte) random.nextInt(256)};
                case 2 -> Integer.toString(random.nextInt(10)).getBytes(StandardCharsets.UTF_8);
                default -> new byte[0];
            };
            if (random.nextInt(12) == 0) {
                text = Arrays.copyOf(text, at);
                continue;
            }
            byte[] changed = new byte[at + put.length + text.length - to];
            System.arraycopy(text, 0, changed, 0, at);
            System.arraycopy(put, 0, changed, at, put.length);
            System.arraycopy(text, to, changed, at + put.length, text.length - to);
            text = changed;
        }
        return text;
    }
}
