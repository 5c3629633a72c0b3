package org.qexit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** docs/extending.md names the true files: each list is that of all sources which know the section's example. */
class ExtendingPageTest {
    private static final Path PAGE = Path.of("docs/extending.md");
    private static final Path SOURCES = Path.of("src/main/java/org/qexit");

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }

    @TestFactory
    Stream<DynamicTest> listsAreComplete() throws IOException {
        return Stream.of(page().split("(?m)^## "))
                .skip(1)
                .map(section ->
                        DynamicTest.dynamicTest(section.lines().findFirst().orElseThrow(), () -> {
                            Matcher example =
                                    Pattern.compile("(?m)^Example: `([^`]+)`").matcher(section);
                            assertTrue(example.find(), "no example in: " + section);
                            Set<String> listed = Pattern.compile("(?m)^- `([^`]+)`")
                                    .matcher(section)
                                    .results()
                                    .map(m -> m.group(1))
                                    .collect(Collectors.toCollection(TreeSet::new));
                            assertEquals(knowing(example.group(1)), listed);
                        }));
    }

    private static Set<String> knowing(String example) throws IOException {
        // A nested type is known where it is named, with its outer type or without.
        String word = example.replaceFirst("^.*\\.", "");
        Pattern pattern = Pattern.compile("(?<!\\w)" + Pattern.quote(word) + "(?!\\w)");
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            Set<String> files = new TreeSet<>();
            for (Path file : sources.filter(f -> f.toString().endsWith(".java")).toList()) {
                if (pattern.matcher(Files.readString(file)).find()) {
                    files.add(SOURCES.relativize(file).toString().replace('\\', '/'));
                }
            }
            assertFalse(files.isEmpty(), example);
            return files;
        }
    }

    @Test
    void filesAndTestsExist() throws IOException {
        Matcher file = Pattern.compile("`([\\w/]+\\.java)`").matcher(page());
        while (file.find()) {
            assertTrue(Files.exists(SOURCES.resolve(file.group(1))), file.group());
        }
        Set<String> tests;
        try (Stream<Path> below = Files.walk(Path.of("src/test/java"))) {
            tests = below.map(f -> f.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        Matcher test = Pattern.compile("`(\\w+(?:Test|Targets|Contract))`").matcher(page());
        while (test.find()) {
            assertTrue(tests.contains(test.group(1)), test.group());
        }
    }
}
