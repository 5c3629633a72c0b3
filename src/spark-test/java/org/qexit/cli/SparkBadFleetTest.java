package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fleets in Parquet that are not as they should be: one line that says where, exit code 2, and nothing half-written. */
class SparkBadFleetTest {
    @TempDir
    private static Path folder;

    private static Path part;

    @TempDir
    private Path own;

    private static String run(int expected, String... words) {
        Ended ended = Ended.run(words);
        assertEquals(expected, ended.code(), ended.out() + ended.err());
        return ended.err();
    }

    @BeforeAll
    static void make() throws IOException {
        Path fleet = folder.resolve("fleet");
        run(0, "spark", "make-fleet", "--devices", "60", "--nodes", "2", "--out", fleet + "", "--master", "local[1]");
        try (Stream<Path> files = Files.list(fleet)) {
            part = files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Path fleet() throws IOException {
        Path fleet = Files.createDirectories(own.resolve("fleet"));
        Files.copy(folder.resolve("fleet/fleet.json"), fleet.resolve("fleet.json"));
        return fleet;
    }

    private static void select(Path to, String what) {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (" + what.replace("PART", "'" + part + "'") + ") TO '" + to + "' (FORMAT parquet)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void refused(Path fleet, String... parts) throws IOException {
        String said = run(2, "spark", "optimize", fleet + "", "--out", own.resolve("out") + "", "--master", "local[1]");
        assertEquals(1, said.lines().count(), said);
        for (String text : parts) {
            assertTrue(said.contains(text), said);
        }
        try (Stream<Path> files = Files.list(own)) {
            assertEquals(List.of(fleet), files.toList());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "labels = list_transform(labels, (x, i) -> CASE WHEN i = 3 THEN NULL ELSE x END) | labels",
                "labels = list_transform(labels, (x, i) -> CASE WHEN i = 3 THEN -1 ELSE x END) | -1",
                "scores = list_transform(scores, (x, i) -> CASE WHEN i = 3 THEN NULL ELSE x END) | scores",
                "scores = list_transform(scores, (x, i) -> CASE WHEN i = 3 THEN 'nan'::FLOAT ELSE x END) | NaN",
                "scores = list_transform(scores, (x, i) -> CASE WHEN i = 3 THEN 1.5::FLOAT ELSE x END) | 1.5",
                "linkNodes = list_transform(linkNodes, (x, i) -> CASE WHEN i = 1 THEN NULL ELSE x END) | linkNodes",
                "linkGains = list_transform(linkGains, (x, i) -> CASE WHEN i = 1 THEN -1.0 ELSE x END) | -1",
                "linkGains = list_transform(linkGains, (x, i) -> CASE WHEN i = 1 THEN NULL ELSE x END) | linkGains",
                "labels = NULL | labels is missing",
                "weight = NULL | weight is missing",
                "weight = -1.0 | weight is -1",
                "exits = 0::INTEGER | 0 exits",
                "eventsPerPeriod = -5.0 | eventsPerPeriod is -5",
                "maxFalsePositiveRate = -0.5 | -0.5",
                "featureBits = 'inf'::DOUBLE | featureBits",
            })
    void aBadFieldIsToldWithItsDevice(String change) throws IOException {
        Path fleet = fleet();
        String[] words = change.split(" \\| ");
        String field = words[0].substring(0, words[0].indexOf(' '));
        String value = words[0].substring(words[0].indexOf("= ") + 2);
        select(
                fleet.resolve("part-0.parquet"),
                "SELECT * REPLACE (CASE WHEN id = (SELECT min(id) FROM read_parquet(PART)) THEN " + value + " ELSE "
                        + field + " END AS " + field + ") FROM read_parquet(PART)");
        refused(fleet, "device ", words[1]);
    }

    @Test
    void aDeviceInTwoPartsAndOneWithoutIdAreRefused() throws IOException {
        Path fleet = fleet();
        Files.copy(part, fleet.resolve("part-0.parquet"));
        select(fleet.resolve("part-1.parquet"), "SELECT * FROM read_parquet(PART) LIMIT 1");
        refused(fleet, "1 ids are of several devices; expected each once");
        select(
                fleet.resolve("part-1.parquet"),
                "SELECT * REPLACE (NULL::VARCHAR AS id) FROM read_parquet(PART) LIMIT 1");
        refused(fleet, "a device has no id");
    }

    @Test
    void damagedPartsAndOtherColumnsAreNamed() throws IOException {
        Path fleet = fleet();
        Files.copy(part, fleet.resolve("part-0.parquet"));
        Path bad = fleet.resolve("part-1.parquet");
        byte[] whole = Files.readAllBytes(part);
        Files.write(bad, Arrays.copyOf(whole, whole.length / 2));
        refused(fleet, bad.toString());
        select(bad, "SELECT * EXCLUDE (weight) REPLACE ('other ' || id AS id) FROM read_parquet(PART)");
        refused(fleet, "device other ", "weight is missing");
        select(bad, "SELECT * REPLACE ('heavy' AS weight, 'other ' || id AS id) FROM read_parquet(PART)");
        refused(fleet, bad.toString());
    }
}
