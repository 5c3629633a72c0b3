package org.qexit.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;

/**
 * Valid texts with one token changed, lost, doubled, exchanged or added: refused in one line, or read as an independent reader reads them.
 * {@code mvn -Pfuzz verify} gives all readers together half of {@code fuzz.seconds}.
 */
class TokenFuzzTest {
    private static final double SECONDS = Double.parseDouble(System.getProperty("fuzz.seconds", "0")) / 2;
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final StringBuilder REPORT = new StringBuilder();
    private static List<TextTarget> targets;
    private static long inputs;

    @TempDir
    private static Path folder;

    static List<TextTarget> targets() throws IOException {
        if (targets == null) {
            targets = TextTargets.all(folder).stream()
                    .filter(target -> FuzzTest.isWanted(target.name()))
                    .toList();
        }
        return targets;
    }

    @AfterAll
    static void report() {
        if (SECONDS > 0) {
            System.out.println(REPORT + "tokens: " + inputs + " inputs");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everySeedIsReadAsByTheIndependentReader(TextTarget target) throws IOException {
        for (String seed : target.seeds()) {
            target.independent().compare(seed, target.reader().read(seed));
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void oneChangedTokenIsRefusedOrReadRightly(TextTarget target) throws IOException {
        long end = System.nanoTime() + (long) (SECONDS / targets.size() * 1e9);
        int cases = 0;
        int refused = 0;
        for (; SECONDS > 0 ? System.nanoTime() < end : cases < target.cases(); cases++) {
            String purpose = target.name() + "/token" + cases;
            String seed = target.seeds().get(cases % target.seeds().size());
            String changed = new TokenMutator(RandomStreams.of(SEED).stream(purpose), target.grammar()).mutate(seed);
            refused += isRefused(target, changed, purpose) ? 1 : 0;
        }
        inputs += cases;
        REPORT.append(target.name() + ": " + cases + " inputs, " + refused + " refused\n");
        // Changes that nobody notices, or that all die at the door, would test nothing.
        assertTrue(cases < 50 || refused > 0 && refused < cases, refused + " of " + cases + " refused");
    }

    private static boolean isRefused(TextTarget target, String text, String purpose) throws IOException {
        Object read;
        try {
            read = target.reader().read(text);
        } catch (UserError | IllegalArgumentException e) {
            try {
                FuzzTest.checkOneLine(e);
            } catch (AssertionError wrong) {
                throw new AssertionError(keep(text, purpose) + ": " + wrong.getMessage(), e);
            }
            return true;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError(keep(text, purpose) + " ends in " + e, e);
        }
        try {
            target.independent().compare(text, read);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(keep(text, purpose) + " is read, but: " + e, e);
        }
        return false;
    }

    private static String keep(String text, String purpose) throws IOException {
        Path kept = Files.createDirectories(Path.of("target/fuzz"))
                .resolve("seed" + SEED + "-" + purpose.replaceAll("[^A-Za-z0-9]+", "-") + ".txt");
        return Files.write(kept, text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** The independent readers by themselves. */
    @Test
    void theIndependentReadersKnowTheirFormats() {
        assertEquals(
                "{a=[1.0, x\n], b=null}",
                PlainJson.read(" {\"a\":[1e0,\"x\\n\"] ,\"b\":null}").toString());
        assertEquals(
                "{a=8.0, b=[8.0, 10.0, yes, null], c={a=1.0, k=2.0}}",
                PlainYaml.read("a: &x 0o10\nb: [*x, 010, yes, ~]\nc: {<<: {a: 0, k: 2}, a: 1}")
                        .toString());
        assertEquals(List.of(List.of("a", "b\"\n,"), List.of("", "c")), PlainCsv.read("a,\"b\"\"\n,\"\r\n\n,c"));
    }
}
