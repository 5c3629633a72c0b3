package org.qexit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples in doc comments compile from outside, seeing what their file imports and the packages that it lies in. */
class DocCommentExamplesTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\\n(.*?)\\n \\* }</pre>", Pattern.DOTALL);

    private record Example(Path file, String code) {
        @Override
        public String toString() {
            return SOURCES.relativize(file).toString();
        }
    }

    static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
                Matcher example = EXAMPLE.matcher(Files.readString(file));
                while (example.find()) {
                    examples.add(new Example(file, example.group(1).replaceAll("(?m)^ \\*", "")));
                }
            }
        }
        assertFalse(examples.isEmpty(), "no example found");
        return examples;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void compiles(Example example, @TempDir Path folder) throws IOException {
        StringBuilder imports = new StringBuilder();
        Path root = Path.of("org", "qexit");
        Path home = SOURCES.relativize(example.file()).getParent();
        for (; !home.equals(root); home = home.getParent()) {
            if (!holdsClasses(SOURCES.resolve(home))) {
                continue;
            }
            imports.append("import ")
                    .append(home.toString().replace(File.separatorChar, '.'))
                    .append(".*;\n");
        }
        imports.append(Files.readAllLines(example.file()).stream()
                .filter(l -> l.startsWith("import "))
                .collect(Collectors.joining("\n")));
        Path source = Files.writeString(
                folder.resolve("Example.java"),
                imports + "\nclass Example { void run() throws Exception {\n" + example.code() + "\n} }\n");
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        String path = Path.of("target/classes") + File.pathSeparator + System.getProperty("java.class.path");
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, errors, "-proc:none", "-cp", path, "-d", folder.toString(), source.toString());
        assertEquals(0, result, errors + example.code());
    }

    private static boolean holdsClasses(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(f -> f.toString().endsWith(".java"));
        }
    }
}
