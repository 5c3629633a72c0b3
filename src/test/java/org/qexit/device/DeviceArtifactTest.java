package org.qexit.device;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.bundle.TinyBundle;
import org.qexit.tier.live.device.FakeNode;

/**
 * The artefact qexit-device is enough for a device: the README's Java snippet, as it stands there, in a Java of its own with that jar and
 * the libraries of its POM on the class path and nothing else.
 */
class DeviceArtifactTest {
    private static final Path JAR = Path.of("target/qexit-device.jar");
    private static final Path POM = Path.of("target/device/pom.xml");
    private static final List<String> NOT_ON_DEVICES = List.of(
            "org.deeplearning4j.",
            "org.nd4j.",
            "org.bytedeco.",
            "org.duckdb.",
            "org.ojalgo.",
            "org.redfx.",
            "org.webjars.",
            "picocli.",
            "me.tongfei.",
            "org.eclipse.jetty.",
            "io.grpc.",
            "io.prometheus.",
            "org.bouncycastle.",
            "com.fasterxml.jackson.dataformat.",
            "org.snakeyaml.",
            "org.qexit.common.Yaml");

    @TempDir
    private Path folder;

    @BeforeEach
    void compileTheSnippet() throws IOException {
        Matcher snippet =
                Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(Path.of("README.md")));
        assertTrue(snippet.find(), "no Java snippet");
        String code = snippet.group(1);
        assertTrue(code.strip().lines().count() <= 10, code);
        String source = code.lines().filter(l -> l.startsWith("import ")).collect(Collectors.joining("\n"))
                + "\npublic class Snippet { public static void main(String[] args) throws Exception {\n"
                + code.lines().filter(l -> !l.startsWith("import ")).collect(Collectors.joining("\n"))
                + "\n} }\n";
        Path file = Files.writeString(folder.resolve("Snippet.java"), source);
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", JAR.toString(), "-d", folder.toString(), file.toString());
        assertEquals(0, errors, code);
    }

    @Test
    void runsTheSnippetWithTheArtefactAlone() throws IOException, InterruptedException {
        List<String> artefact = new ArrayList<>(List.of(JAR.toString()));
        artefact.addAll(libraries());
        assertEquals(6, artefact.size(), artefact.toString());
        Path log = folder.resolve("classes.log");
        String answer = run(artefact, "-Xlog:class+load=info:file=" + log);
        assertTrue(answer.matches("(critical|normal) at exit [1-9]\\R"), answer);
        String whole = System.getProperty("java.class.path");
        assertEquals(run(List.of("target/classes", whole)), answer);
        List<String> loaded = Files.readAllLines(log);
        assertTrue(loaded.stream()
                .anyMatch(l -> l.contains("org.qexit.device.EdgeRuntime source: ") && l.endsWith("qexit-device.jar")));
        for (String library : NOT_ON_DEVICES) {
            assertEquals(
                    List.of(),
                    loaded.stream().filter(l -> l.contains(" " + library)).toList());
        }
    }

    /** ONNX Runtime may be left out: the engine is Java alone. */
    @ParameterizedTest
    @ValueSource(strings = {"-Dnothing=said", "--add-modules=jdk.incubator.vector"})
    void runsTheSnippetWithoutOnnxRuntime(String option) throws IOException, InterruptedException {
        List<String> artefact = new ArrayList<>(List.of(JAR.toString()));
        libraries().stream().filter(jar -> !jar.contains("onnxruntime")).forEach(artefact::add);
        assertEquals(5, artefact.size(), artefact.toString());
        String answer = run(artefact, option);
        assertTrue(answer.lines().anyMatch(l -> l.matches("(critical|normal) at exit [1-9]")), answer);
    }

    private static final String SENDER = """
            import java.nio.file.Path;
            import java.util.List;
            import java.util.Optional;
            import org.qexit.bundle.Bundle;
            import org.qexit.tier.live.device.*;

            public class Sender {
                public static void main(String[] words) throws Exception {
                    InForce begun = InForce.of(Bundle.open(Path.of(words[0])), "ue1");
                    PayloadFormat format = PayloadFormat.events("tiny-node", begun.bundle().manifest().input());
                    DeviceOptions options = new DeviceOptions("ue1", List.of(NodeAddress.parse(words[1], true)), format,
                            "numbers", Path.of(words[2]), null, 60, 2, 5, null, 1, null, 10, System.err::println);
                    DeviceProcess device = DeviceProcess.start(begun, options);
                    int[] next = {0};
                    try (device) {
                        device.run(
                                () -> next[0] == 40 ? Optional.empty() : Optional.of(new EventFeed.Item(event(next[0]++), null)),
                                Pace.asFastAsPossible(),
                                () -> false);
                    }
                    System.out.println(device.summary());
                }

                private static float[] event(int k) {
                    return new float[] {k % 7 / 7f, k % 5 / 5f, k % 3 / 3f, 0.3f};
                }
            }
            """;

    /** A device that offloads through its outbox to a node of a few lines. */
    @Test
    void offloadsWithTheArtefactAlone() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("Sender.java"), SENDER);
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", JAR.toString(), "-d", folder.toString(), file.toString());
        assertEquals(0, errors);
        List<String> artefact = new ArrayList<>(List.of(JAR.toString()));
        artefact.addAll(libraries());
        Path bundle = new TinyBundle().zip(folder.resolve("tiny.zip"));
        AtomicInteger requests = new AtomicInteger();
        try (FakeNode node = new FakeNode(0, request -> {
            requests.incrementAndGet();
            return FakeNode.classified(request);
        })) {
            Path log = folder.resolve("classes.log");
            String answer = runMain(
                    artefact,
                    List.of("-Xlog:class+load=info:file=" + log),
                    List.of(
                            "Sender",
                            bundle.toString(),
                            node.url(),
                            folder.resolve("outbox").toString()));
            assertTrue(requests.get() > 5, requests + "");
            assertTrue(
                    answer.contains("events=40, ")
                            && answer.contains("offloaded=" + requests + ",")
                            && answer.contains("missed=0, ")
                            && answer.contains("waiting=0, "),
                    answer);
            List<String> loaded = Files.readAllLines(log);
            for (String library : NOT_ON_DEVICES) {
                assertEquals(
                        List.of(),
                        loaded.stream().filter(l -> l.contains(" " + library)).toList());
            }
        }
    }

    /** Not only what the snippet runs: no class of the artefact needs one that is not there, but where YAML is read. */
    @Test
    void isClosed() throws IOException {
        JavaClasses artefact;
        try (JarFile jar = new JarFile(JAR.toFile())) {
            artefact = new ClassFileImporter().importJar(jar);
        }
        assertTrue(artefact.size() > 40, "only " + artefact.size() + " classes");
        classes()
                .should()
                .onlyDependOnClassesThat(
                        DescribedPredicate.describe(
                                "are there",
                                (JavaClass c) -> artefact.contain(
                                                c.getBaseComponentType().getName())
                                        || c.getBaseComponentType().isPrimitive()
                                        || c.getName().equals("org.qexit.common.YamlTree")
                                        || c.getPackageName()
                                                .matches(
                                                        "(java|javax|jdk\\.incubator\\.vector|com\\.google\\.protobuf|ai\\.onnxruntime)(\\..*)?"
                                                                + "|com\\.fasterxml\\.jackson\\.(annotation|core|databind)(\\..*)?")))
                .check(artefact);
    }

    /** The jars of the POM's libraries, which name all that they need themselves. */
    private static List<String> libraries() throws IOException {
        String pom = Files.readString(POM);
        assertTrue(!pom.contains("${"), pom);
        String[] classPath = System.getProperty("java.class.path").split(File.pathSeparator);
        Matcher names = Pattern.compile("<artifactId>([\\w-]+)</artifactId>")
                .matcher(pom.substring(pom.indexOf("</dependencyManagement>")));
        List<String> jars = new ArrayList<>();
        while (names.find()) {
            Pattern jar = Pattern.compile(names.group(1) + "-\\d[^/\\\\]*\\.jar");
            jars.add(Stream.of(classPath)
                    .filter(p ->
                            jar.matcher(Path.of(p).getFileName().toString()).matches())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + jar + " in " + Arrays.toString(classPath))));
        }
        return jars;
    }

    private String run(List<String> classPath, String... options) throws IOException, InterruptedException {
        return runMain(classPath, List.of(options), List.of("Snippet"));
    }

    private String runMain(List<String> classPath, List<String> options, List<String> words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath) + File.pathSeparator + folder));
        command.addAll(words);
        Path out = folder.resolve("out.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertTrue(process.waitFor(2, TimeUnit.MINUTES), "still running");
            assertEquals(0, process.exitValue(), Files.readString(out));
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(out, StandardCharsets.UTF_8);
    }
}
