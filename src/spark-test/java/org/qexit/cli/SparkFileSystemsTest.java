package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qexit.trace.TraceWriter;

/** Paths on file systems of Hadoop's other than this machine's. */
class SparkFileSystemsTest {
    @TempDir
    private Path folder;

    /** This machine's files as another file system has them; made by Hadoop, by its name. */
    public static final class Elsewhere extends RawLocalFileSystem {
        @Override
        public String getScheme() {
            return "elsewhere";
        }

        @Override
        public URI getUri() {
            return URI.create("elsewhere:///");
        }
    }

    private Path traces() {
        Path directory = folder.resolve("traces");
        SplittableRandom random = new SplittableRandom(8);
        for (int part = 0; part < 2; part++) {
            TraceWriter.write(directory.resolve("part-" + part + ".parquet"), 2, null, out -> {
                for (int k = 0; k < 200; k++) {
                    float[] scores = {random.nextInt(100) / 100f, random.nextInt(1000) / 1000f};
                    out.append("ue" + random.nextInt(7), k, random.nextInt(4) == 0 ? 1 : 0, scores);
                }
            });
        }
        return directory;
    }

    @Test
    void anyFileSystemOfHadoopsIsReadAndWritten() throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "spark",
                "thresholds",
                "elsewhere:" + traces(),
                "--budget",
                "0.1",
                "--out",
                "elsewhere:" + folder.resolve("out"),
                "--master",
                "local[2]",
                "--conf",
                "spark.hadoop.fs.elsewhere.impl=" + Elsewhere.class.getName(),
                "--json"));
        for (int again = 0; again < 2; again++) {
            Ended ended = Ended.run(words.toArray(String[]::new));
            assertEquals(0, ended.code(), ended.err());
            assertTrue(ended.out().contains("\"devices\":7"), ended.out());
            try (var files = Files.list(folder.resolve("out"))) {
                assertTrue(files.anyMatch(file -> file.getFileName().toString().startsWith("part-")));
            }
        }
        try (var files = Files.list(folder)) {
            assertEquals(2, files.count(), "nothing unfinished stays");
        }
    }

    /** The same rows in however many files, of which both commands say the same. */
    @Test
    void tracesAreMadeInAnyNumberOfFiles() throws Exception {
        List<String> said = new ArrayList<>();
        for (String way : List.of("1 local[1]", "3 local[3]")) {
            Path made = folder.resolve("made" + way.charAt(0));
            Ended ended = Ended.run(
                    "spark",
                    "make-traces",
                    "--devices",
                    "7",
                    "--events",
                    "31000",
                    "--largest",
                    "12000",
                    "--exits",
                    "2",
                    "--files",
                    way.substring(0, 1),
                    "--master",
                    way.substring(2),
                    "--out",
                    made.toString());
            assertEquals(0, ended.code(), ended.err());
            try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                    Statement statement = connection.createStatement()) {
                Path one = folder.resolve("one" + way.charAt(0) + ".parquet");
                statement.execute("COPY (SELECT * FROM read_parquet('" + made + "/part-*.parquet')) TO '" + one
                        + "' (FORMAT parquet)");
                Ended local = Ended.run("thresholds", one.toString(), "--budget", "0.1", "--cross-fit", "0", "--json");
                assertEquals(0, local.code(), local.err());
                said.add(local.out().replace("made" + way.charAt(0), ""));
            }
        }
        assertEquals(said.get(0), said.get(1));
        assertTrue(said.get(0).contains("\"events\":12000"), said.get(0));
        Ended few =
                Ended.run("spark", "make-traces", "--devices", "7", "--events", "6", "--out", folder.resolve("x") + "");
        assertEquals(2, few.code());
        assertTrue(few.err().contains("--events is 6; expected 7"), few.err());
    }

    @ParameterizedTest
    @CsvSource({
        "s3a, org.apache.hadoop:hadoop-aws:3.",
        "s3, s3a:// in the place of s3://",
        "abfss, org.apache.hadoop:hadoop-azure:3.",
        "gs, com.google.cloud.bigdataoss:gcs-connector",
        "nowhere, 'file, hdfs, or one whose package'",
    })
    void aMissingPackageIsNamedInALine(String scheme, String message) {
        String there = scheme + "://bucket/there";
        String here = folder.resolve("out").toString();
        for (String[] words : new String[][] {
            {"spark", "thresholds", there, "--budget", "0.1", "--out", here},
            {"spark", "thresholds", folder.toString(), "--budget", "0.1", "--out", there},
            {"spark", "optimize", there, "--out", here},
        }) {
            List<String> all = new ArrayList<>(List.of(words));
            all.addAll(List.of("--master", "local[1]"));
            Ended ended = Ended.run(all.toArray(String[]::new));
            assertEquals(2, ended.code(), ended.err());
            assertEquals(1, ended.err().lines().count(), ended.err());
            assertTrue(
                    ended.err().contains(there + ": there is no file system for " + scheme + "://; expected "),
                    ended.err());
            assertTrue(ended.err().contains(message), ended.err());
            assertFalse(Files.exists(folder.resolve("out")));
        }
    }
}
