package org.qexit.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java snippet compiles and runs as it stands there. */
class ReadmeSnippetTest {
    @TempDir
    private Path folder;

    @Test
    void compilesAndRuns() throws ReflectiveOperationException, IOException {
        Matcher snippet =
                Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(Path.of("README.md")));
        assertTrue(snippet.find(), "no Java snippet");
        String code = snippet.group(1);
        assertTrue(code.strip().lines().count() <= 10, code);
        String imports = String.join(
                "\n", code.lines().filter(l -> l.startsWith("import ")).toList());
        String body = String.join(
                "\n", code.lines().filter(l -> !l.startsWith("import ")).toList());
        Path source = Files.writeString(
                folder.resolve("Snippet.java"),
                imports + "\npublic class Snippet { public static void main(String[] args) throws Exception {\n" + body
                        + "\n} }\n");
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", classPath(), "-d", folder.toString(), source.toString());
        assertEquals(0, errors, code);
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            loader.loadClass("Snippet").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }
        String text = printed.toString(StandardCharsets.UTF_8);
        assertTrue(text.matches("(critical|normal) at exit [1-9]\\R"), text);
    }

    private static String classPath() {
        return Path.of("target/classes") + File.pathSeparator + System.getProperty("java.class.path");
    }
}
