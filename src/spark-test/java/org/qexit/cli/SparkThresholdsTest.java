package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.qexit.trace.TraceMetadata;
import org.qexit.trace.TraceMetadata.CumulativeCost;
import org.qexit.trace.TraceWriter;

/** {@code qexit spark thresholds} says what {@code qexit thresholds} says, to the last bit, and the same of bad input. */
class SparkThresholdsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EXITS = 3;

    @TempDir
    private static Path folder;

    @TempDir
    private Path own;

    /** One row of a trace. */
    private record Event(String device, long event, int label, float[] scores) {}

    private static Ended spark(Path traces, Path out, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "spark", "thresholds", traces.toString(), "--out", out.toString(), "--master", "local[2]", "--json"));
        words.addAll(List.of(more));
        return Ended.run(words.toArray(String[]::new));
    }

    /** Devices of all sizes whose events are dealt at random; scores with ties, zeros, ones and negative zeros. */
    private static List<Event> events(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Event> events = new ArrayList<>();
        String[] devices = {"ue1", "ue2", "\u00e9t\u00e9 3", "ue10", "tiny", "never critical"};
        for (int k = 0; k < count; k++) {
            int at = Math.min(devices.length - 1, (int) (random.nextDouble() * random.nextDouble() * devices.length));
            int label = !devices[at].equals("never critical") && random.nextDouble() < 0.25 ? 1 : 0;
            float[] scores = new float[EXITS];
            for (int q = 0; q < EXITS; q++) {
                double x = 1 / (1 + Math.exp(-(label == 1 ? 1 : -1) * (q + 1) * 0.7 - 2 * (random.nextDouble() - 0.5)));
                scores[q] = random.nextInt(4) == 0 ? Math.round(x * 10) / 10f : (float) x;
                scores[q] = random.nextInt(50) == 0 ? -0f : scores[q];
            }
            events.add(new Event(devices[at], k, label, scores));
        }
        return events;
    }

    private static void write(Path file, List<Event> events) {
        TraceMetadata metadata = TraceMetadata.of(
                "m",
                "a".repeat(64),
                List.of(new CumulativeCost(10, 1, 1), new CumulativeCost(25, 2, 2), new CumulativeCost(70, 3, 3)),
                "validation",
                null);
        TraceWriter.write(
                file,
                EXITS,
                metadata,
                out -> events.forEach(e -> out.append(e.device(), e.event(), e.label(), e.scores())));
    }

    /** The same events in one file, and in parts of several sizes and depths. */
    private static void parts(String name, long seed, int count) throws IOException {
        List<Event> events = events(seed, count);
        write(folder.resolve(name + ".parquet"), events);
        Path directory = Files.createDirectories(folder.resolve(name).resolve("c=3"));
        int[] cuts = {0, count / 7, count / 2, count / 2 + 1, count};
        String[] names = {"../a 0.parquet", "../b%20{1}.parquet", "part-00001.parquet", "part-00002.parquet"};
        for (int i = 0; i + 1 < cuts.length; i++) {
            write(directory.resolve(names[i]).normalize(), events.subList(cuts[i], cuts[i + 1]));
        }
        Files.writeString(folder.resolve(name).resolve("_SUCCESS"), "");
        Files.writeString(folder.resolve(name).resolve("notes.txt"), "not a trace");
    }

    @BeforeAll
    static void traces() throws IOException {
        parts("one", 5, 700);
        parts("two", 6, 500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--budget 0.1",
                "--budget 7 --max-fpr 0.02 --cross-fit 2",
                "--budget 20% --guarantee 0.2 --seed 4",
                "--guarantee 0.1 --budget 0.2 --max-inconsistency 0.3 --path-from two",
                "",
                "--budget 0.3 --all --baselines",
                "--budget 0.1 --rule per-exit --max-fpr 0.1",
                "--budget 0.2 --max-cost 40",
                "--rule per-exit --max-cost 30.5 --costs 10,30.25,70",
                "--budget 0.1 --monitor two",
                "--budget 0.1 --bootstrap 12 --cross-fit 0 --seed 9",
                "--max-cost 40 --bootstrap 3",
            })
    void saysWhatTheLocalCommandSays(String options) throws IOException {
        List<String> words = options.isEmpty() ? List.of() : Arrays.asList(options.split(" "));
        List<String> local = new ArrayList<>(
                List.of("thresholds", folder.resolve("one.parquet").toString(), "--json"));
        local.addAll(named(words, ".parquet"));
        Ended expected = Ended.run(local.toArray(String[]::new));
        assertEquals(0, expected.code(), expected.err());
        Ended found = spark(
                folder.resolve("one"), own.resolve("out"), named(words, "").toArray(String[]::new));
        assertEquals(0, found.code(), found.err());
        assertEquals("", found.err());

        assertEquals(700, JSON.readTree(found.out()).get("events").asInt());
        assertSame(expected, found);
    }

    private void assertSame(Ended expected, Ended found) throws IOException {
        Map<String, JsonNode> devices = new HashMap<>();
        JSON.readTree(expected.out())
                .get("devices")
                .forEach(node -> devices.put(node.get("id").asText(), node));
        JsonNode summary = JSON.readTree(found.out());
        assertEquals(devices.size(), summary.get("devices").asInt());
        assertEquals(0, summary.get("bad").asInt());
        List<Row> rows = read(own.resolve("out"));
        assertEquals(devices.size(), rows.size());
        for (Row row : rows) {
            String id = row.getAs("id");
            same(id, row.schema(), row, devices.remove(id));
        }
        assertTrue(devices.isEmpty());
    }

    /** As other programs write partitions: the column is in the directories' names alone. */
    @Test
    void directoriesOfPartitionsTellTheDevice() throws IOException {
        String rows =
                "SELECT ['007', '7', 'a/b %41=ü', 'x'][1 + i % 4] AS device, i AS event, (i * 7919 % 10 < 3)::INT AS label,"
                        + " (i * 31 % 100 / 200.0 + label * 0.4)::FLOAT AS c1, (i * 37 % 100 / 250.0 + label * 0.5)::FLOAT AS c2"
                        + " FROM range(400) AS r(i) ORDER BY i";
        Path flat = own.resolve("flat.parquet");
        sql("COPY (" + rows + ") TO '" + flat + "' (FORMAT parquet)");
        Path parted = own.resolve("day=1");
        sql("COPY (" + rows + ") TO '" + parted + "' (FORMAT parquet, PARTITION_BY (device))");
        Ended expected = Ended.run("thresholds", flat.toString(), "--budget", "0.1", "--json");
        assertEquals(0, expected.code(), expected.err());
        Ended found = spark(parted, own.resolve("out"), "--budget", "0.1");
        assertEquals(0, found.code(), found.err());
        assertSame(expected, found);

        Files.move(parted.resolve("device=x"), parted.resolve("device=__HIVE_DEFAULT_PARTITION__"));
        refused("holds rows without a device", parted, "--budget", "0.1");
    }

    private static List<String> named(List<String> words, String ending) {
        return words.stream()
                .map(word -> word.equals("two") ? folder.resolve("two" + ending).toString() : word)
                .toList();
    }

    private static List<Row> read(Path directory) {
        SparkSession session = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
        try {
            return session.read().parquet(directory.toString()).collectAsList();
        } finally {
            session.stop();
        }
    }

    /** A row has the names of the JSON, in its order, and its numbers bit by bit. */
    private static void same(String where, StructType schema, Row row, JsonNode json) {
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        List<String> there = new ArrayList<>();
        for (StructField field : schema.fields()) {
            if (!row.isNullAt(schema.fieldIndex(field.name()))) {
                there.add(field.name());
            }
        }
        assertEquals(names, there, where);
        for (String name : names) {
            same(where + "." + name, row.get(row.fieldIndex(name)), json.get(name));
        }
    }

    private static void same(String where, Object value, JsonNode json) {
        if (value instanceof Row row) {
            same(where, row.schema(), row, json);
        } else if (value instanceof scala.collection.Seq<?> seq) {
            assertEquals(json.size(), seq.size(), where);
            Iterator<?> elements = scala.jdk.javaapi.CollectionConverters.asJava(seq.iterator());
            for (int i = 0; elements.hasNext(); i++) {
                same(where + "[" + i + "]", elements.next(), json.get(i));
            }
        } else if (value instanceof Float number && json.isTextual()) {
            boolean upper = where.contains("upper") || where.contains("thresholds[1]");
            float expected = upper == json.asText().equals("never") ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
            assertEquals(expected, number, where);
        } else if (value instanceof Float number) {
            assertEquals(Float.parseFloat(json.asText()), number, where);
        } else if (value instanceof Double number) {
            assertEquals(json.doubleValue(), number, where);
        } else {
            assertEquals(json.asText(), String.valueOf(value), where);
        }
    }

    private void refused(String message, Path traces, String... more) throws IOException {
        Path out = own.resolve("results");
        Ended ended = spark(traces, out, more);
        assertEquals(2, ended.code(), ended.out() + ended.err());
        assertEquals(1, ended.err().lines().count(), ended.err());
        assertTrue(ended.err().contains(message), ended.err());
        assertEquals("", ended.out());
        nothingIn(own, out);
    }

    /** Neither the result nor anything unfinished. */
    private static void nothingIn(Path directory, Path out) throws IOException {
        assertFalse(Files.exists(out));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(
                    List.of(),
                    files.filter(f -> f.getFileName().toString().startsWith("."))
                            .toList());
        }
    }

    private Path copyOfOne() throws IOException {
        Path copy = Files.createDirectories(own.resolve("traces"));
        Files.copy(folder.resolve("one/a 0.parquet"), copy.resolve("a.parquet"));
        Files.copy(folder.resolve("one/c=3/part-00002.parquet"), copy.resolve("z.parquet"));
        return copy;
    }

    private static void sql(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void select(Path file, String columns) {
        sql("COPY (SELECT " + columns + " FROM range(20) AS r(i)) TO '" + file + "' (FORMAT parquet)");
    }

    @Test
    void damagedPartsAreNamedOrSkippedAndCounted() throws IOException {
        Path traces = copyOfOne();
        Path cut = traces.resolve("cut.parquet");
        byte[] whole = Files.readAllBytes(traces.resolve("z.parquet"));
        Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
        refused(cut + ": is not a Parquet file, or cut off", traces, "--budget", "0.1");
        // A bit within the pages, which only the digest tells.
        Path flipped = traces.resolve("flipped.parquet");
        Files.write(flipped, whole);
        try (RandomAccessFile file = new RandomAccessFile(flipped.toFile(), "rw")) {
            file.seek(whole.length / 3);
            int b = file.read();
            file.seek(whole.length / 3);
            file.write(b ^ 16);
        }
        Files.delete(cut);
        refused(flipped + ": is damaged", traces, "--budget", "0.1");
        // Pages of other programs, which have no digest: the reader stumbles.
        Path other = traces.resolve("other.parquet");
        select(
                other,
                "'d' || (i % 3) AS device, i AS event, i % 2 AS label, 0.5::FLOAT AS c1, random()::FLOAT AS c2, 0.5::FLOAT AS c3");
        Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
        Path empty = traces.resolve("empty.parquet");
        Files.createFile(empty);
        Ended skipped = spark(traces, own.resolve("out"), "--budget", "0.1", "--skip-bad");
        assertEquals(0, skipped.code(), skipped.err());
        JsonNode summary = JSON.readTree(skipped.out());
        assertEquals(3, summary.get("files").asInt());
        List<String> names = new ArrayList<>();
        summary.get("skippedFiles")
                .forEach(name -> names.add(Path.of(name.asText()).getFileName().toString()));
        assertEquals(
                List.of("cut.parquet", "empty.parquet", "flipped.parquet"),
                names.stream().sorted().toList());
    }

    @Test
    void damagedPagesOfOtherProgramsAreNamedOrSkipped() throws IOException {
        Path traces = Files.createDirectories(own.resolve("traces"));
        String columns = "'d' || (i % 3) AS device, i AS event, i % 2 AS label, random()::FLOAT AS c1";
        select(traces.resolve("a.parquet"), columns);
        Path bad = traces.resolve("b.parquet");
        select(bad, columns);
        byte[] bytes = Files.readAllBytes(bad);
        // The first page's header.
        Arrays.fill(bytes, 4, 40, (byte) 0x7f);
        Files.write(bad, bytes);
        refused(bad + ": is damaged", traces, "--budget", "0.1");
        Ended skipped = spark(traces, own.resolve("out"), "--budget", "0.1", "--skip-bad");
        assertEquals(0, skipped.code(), skipped.err());
        assertEquals(1, JSON.readTree(skipped.out()).get("files").asInt());
        assertEquals(20, JSON.readTree(skipped.out()).get("events").asInt());
    }

    @Test
    void partsMustAgree() throws IOException {
        Path traces = copyOfOne();
        Path part = traces.resolve("part.parquet");
        select(part, "'d' AS device, i AS event, 1 AS label, 0.5::FLOAT AS c1, 0.5::FLOAT AS c2");
        refused(part + ": has 2 exits; expected 3 as in ", traces, "--budget", "0.1");
        select(part, "'d' AS device, i AS event, 'x' AS label, 0.5::FLOAT AS c1, 0.5::FLOAT AS c2, 0.5::FLOAT AS c3");
        refused(part + ": column 'label' is of type BINARY STRING; expected a whole number", traces);
        select(part, "'d' AS device, i AS event, 0.5::FLOAT AS c1, 0.5::FLOAT AS c2, 0.5::FLOAT AS c3");
        refused(part + ": column 'label' is missing", traces, "--budget", "0.1");
        // Other widths of the same numbers are no drift.
        select(
                part,
                "'d' AS device, i::UINTEGER AS event, 1::TINYINT AS label, 0.5::DOUBLE AS c1, 0.5::FLOAT AS c2, 0.5::DOUBLE AS c3");
        Ended ended = spark(traces, own.resolve("out"), "--budget", "0.1");
        assertEquals(0, ended.code(), ended.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NULL|1|0.5|: a row has no device",
                "'d'|-1|0.5|: device d, event 7, column 'label': is '-1'; expected 0 or 1",
                "'d'|NULL|0.5|: device d, event 7, column 'label': is missing; expected 0 or 1",
                "'d'|1|NULL|: device d, event 7, column 'c1': is missing; expected a number from 0 to 1",
                "'d'|0|'nan'::FLOAT|: device d, event 7, column 'c1': is 'NaN'; expected a number from 0 to 1",
                "'d'|0|-0.25|: device d, event 7, column 'c1': is '-0.25'; expected a number from 0 to 1",
            })
    void badRowsAreToldAsLocally(String row) throws IOException {
        String[] cells = row.split("\\|");
        Path traces = Files.createDirectories(own.resolve("traces"));
        String good = "'g' AS device, i AS event, i % 2 AS label, random()::FLOAT AS c1";
        select(traces.resolve("a.parquet"), good);
        Path bad = traces.resolve("b.parquet");
        select(
                bad,
                "CASE WHEN i = 7 THEN " + cells[0] + " ELSE 'd' END AS device, i AS event, CASE WHEN i = 7 THEN "
                        + cells[1] + " ELSE 1 END AS label, (CASE WHEN i = 7 THEN " + cells[2]
                        + " ELSE 0.5 END)::FLOAT AS c1");
        refused(bad + cells[3], traces, "--budget", "0.1");
        Ended local = Ended.run("thresholds", bad.toString(), "--budget", "0.1", "--json");
        assertTrue(
                local.err()
                        .toLowerCase(java.util.Locale.ROOT)
                        .contains((bad + cells[3]).toLowerCase(java.util.Locale.ROOT)),
                local.err());
        Ended skipped = spark(traces, own.resolve("out"), "--budget", "0.1", "--skip-bad");
        assertEquals(0, skipped.code(), skipped.err());
        assertEquals(1, JSON.readTree(skipped.out()).get("bad").asInt());
    }

    @Test
    void whatCannotBeIsToldInALine() throws IOException {
        refused(own.resolve("none") + ": no such file or directory", own.resolve("none"));
        refused("has no files", Files.createDirectories(own.resolve("empty")));
        Path csv = Files.writeString(own.resolve("t.csv"), "device,event,label,c1\nd,1,0,0.5\n");
        refused("is CSV; expected Parquet", csv);
        refused("--budget is 'x'", folder.resolve("one"), "--budget", "x");
        refused("--rule per-exit needs --budget", folder.resolve("one"), "--rule", "per-exit");
        refused("--conf x: expected a name that begins with spark.", folder.resolve("one"), "--conf", "x=1");
        refused("events; --max-events is 100. Maybe", folder.resolve("one"), "--max-events", "100");
        refused(
                "is missing in",
                folder.resolve("one"),
                "--guarantee",
                "0.1",
                "--budget",
                "0.1",
                "--path-from",
                folder.resolve("two/c=3/part-00001.parquet").toString());
    }

    @Test
    void anEarlierResultIsReplacedAndNothingElse() throws IOException {
        Path out = Files.createDirectories(own.resolve("out"));
        Files.writeString(out.resolve("thesis.txt"), "years of work");
        Ended ended = spark(folder.resolve("one"), out, "--budget", "0.1");
        assertEquals(2, ended.code());
        assertTrue(ended.err().contains("holds thesis.txt"), ended.err());
        Files.delete(out.resolve("thesis.txt"));
        assertEquals(0, spark(folder.resolve("one"), out, "--budget", "0.1").code());
        long rows = read(out).size();
        assertEquals(0, spark(folder.resolve("one"), out, "--budget", "0.2").code());
        assertEquals(rows, read(out).size());
        assertEquals(0, own.toFile().list((f, name) -> name.startsWith(".")).length);
    }
}
