package org.qexit.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.qexit.common.RandomStreams;
import org.qexit.common.UserError;

/**
 * Spoils good files at random and reads them: a reader succeeds, or ends in a {@link UserError} or IllegalArgumentException of one line.
 * Nothing else may come out, no file may appear outside, no small file may fill the memory, and no reader may hang.
 *
 * <p>By default each reader gets the same {@value #CASES} cases (fewer where one is dear). {@code mvn -Pfuzz verify} gives all readers
 * together half of {@code fuzz.seconds}, with cases of the seed {@code fuzz.seed}. A failing case is kept in {@code target/fuzz}.
 */
class FuzzTest {
    private static final int CASES = 100;
    private static final int CASES_BETWEEN_LOOKS = 20;
    private static final int HANG_SECONDS = 60;
    private static final long MOST_BYTES = 400L << 20;
    private static final double SECONDS = Double.parseDouble(System.getProperty("fuzz.seconds", "0")) / 2;
    private static final long SEED = Long.getLong("fuzz.seed", 1);

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static ExecutorService reader = Executors.newSingleThreadExecutor(FuzzTest::thread);
    private static final StringBuilder REPORT = new StringBuilder();
    private static List<FuzzTarget> targets;
    private static long inputs;

    @TempDir
    private static Path seeds;

    @TempDir
    private Path sandbox;

    private int runs;

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "fuzz");
        thread.setDaemon(true);
        return thread;
    }

    static List<FuzzTarget> targets() throws IOException {
        if (targets == null) {
            targets = FuzzTargets.all(seeds).stream()
                    .filter(target -> isWanted(target.name()))
                    .toList();
        }
        return targets;
    }

    /** All targets, or with {@code fuzz.only} those whose names hold it. */
    static boolean isWanted(String target) {
        return target.contains(System.getProperty("fuzz.only", ""));
    }

    @AfterAll
    static void stop() {
        reader.shutdownNow();
        if (SECONDS > 0) {
            System.out.println(REPORT + "bytes: " + inputs + " inputs");
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everySeedIsGood(FuzzTarget target) throws IOException {
        for (byte[] seed : target.seeds()) {
            Path work = Files.createTempDirectory(sandbox, "w");
            target.reader().read(Files.write(work.resolve("seed" + target.extension()), seed));
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void spoiltFilesEndInOneLine(FuzzTarget target) throws Exception {
        long end = System.nanoTime() + (long) (SECONDS / targets.size() * 1e9);
        int cases = 0;
        int refused = 0;
        for (; SECONDS > 0 ? System.nanoTime() < end : cases < count(target); cases++) {
            String purpose = target.name() + "/" + cases;
            Mutator mutator = new Mutator(RandomStreams.of(SEED).stream(purpose));
            byte[] seed = target.seeds().get(cases % target.seeds().size());
            byte[] spoilt = mutator.mutate(seed, target.text());
            refused += run(target, spoilt, purpose) ? 1 : 0;
        }
        inputs += cases;
        REPORT.append(target.name() + ": " + cases + " inputs, " + refused + " refused\n");
        if (cases >= 100) {
            // Mutations that nobody notices, or that all die at the door, would test nothing.
            assertFalse(refused == 0, cases + " cases, none refused");
        }
    }

    /** DuckDB is opened anew for every trace. */
    private static int count(FuzzTarget target) {
        return target.name().startsWith("trace") ? CASES / 4 : CASES;
    }

    /** Whether the file was refused. */
    private boolean run(FuzzTarget target, byte[] spoilt, String purpose) throws Exception {
        Path work = Files.createDirectories(sandbox.resolve("a/b/c"));
        Path file = Files.write(work.resolve("case" + target.extension()), spoilt);
        long[] allocated = new long[1];
        Callable<Throwable> reading = () -> {
            long id = Thread.currentThread().getId();
            long before = THREADS.getThreadAllocatedBytes(id);
            try {
                target.reader().read(file);
                return null;
            } catch (Throwable e) {
                return e;
            } finally {
                allocated[0] = THREADS.getThreadAllocatedBytes(id) - before;
            }
        };
        Future<Throwable> result = reader.submit(reading);
        Throwable thrown;
        try {
            thrown = result.get(HANG_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            reader = Executors.newSingleThreadExecutor(FuzzTest::thread);
            throw new AssertionError(keep(target, spoilt, purpose) + " is still being read", e);
        } catch (ExecutionException e) {
            thrown = e.getCause();
        }
        if (thrown != null) {
            if (!(thrown instanceof UserError) && !(thrown instanceof IllegalArgumentException)) {
                throw new AssertionError(keep(target, spoilt, purpose) + " ends in " + thrown, thrown);
            }
            try {
                checkOneLine(thrown);
            } catch (AssertionError e) {
                throw new AssertionError(keep(target, spoilt, purpose) + ": " + e.getMessage(), thrown);
            }
        }
        if (allocated[0] > MOST_BYTES) {
            fail(keep(target, spoilt, purpose) + " of " + spoilt.length + " bytes made the reader allocate "
                    + allocated[0] + " bytes");
        }
        checkNothingOutside(target, purpose, work);
        return thrown != null;
    }

    /** What the case made is removed; now and then, that there is nothing beside it. */
    private void checkNothingOutside(FuzzTarget target, String purpose, Path work) throws IOException {
        try (Stream<Path> all = Files.walk(work)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        if (++runs % CASES_BETWEEN_LOOKS != 0) {
            return;
        }
        try (Stream<Path> all = Files.walk(sandbox)) {
            all.filter(path -> !work.startsWith(path)
                            && !path.getFileName().toString().startsWith("w"))
                    .findAny()
                    .map(Path::toString)
                    .ifPresent(path -> fail(target + " " + purpose + ", or one of the " + CASES_BETWEEN_LOOKS
                            + " before it, made " + path));
        }
    }

    /** What the user would see: commands turn either kind into a {@link UserError}. */
    static void checkOneLine(Throwable e) {
        String message = e instanceof UserError || e.getMessage() == null
                ? e.getMessage()
                : new UserError(e.getMessage()).getMessage();
        if (message == null || message.isBlank() || message.lines().count() != 1) {
            throw new AssertionError("message is not one line: " + message, e);
        }
    }

    private static String keep(FuzzTarget target, byte[] spoilt, String purpose) throws IOException {
        Path folder = Files.createDirectories(Path.of("target/fuzz"));
        String name = "seed" + SEED + "-" + purpose.replaceAll("[^A-Za-z0-9]+", "-");
        Path file = Files.write(folder.resolve(name + target.extension()), spoilt);
        assertEquals(spoilt.length, Files.size(file));
        return file.toString();
    }
}
