package org.qexit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.qexit.trace.TraceWriter;

/** A real cluster of two workers on loopback, of which one is killed with its executor when the first task has ended: the job ends right. */
class SparkClusterTest {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String DAEMON = "-Xmx256m";
    private static final AtomicReference<Process> VICTIM = new AtomicReference<>();

    @TempDir
    private Path folder;

    private final List<Process> started = new ArrayList<>();

    /** Made by Spark, by its name. */
    public static final class KillsAWorker extends SparkListener {
        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            Process worker = VICTIM.getAndSet(null);
            if (worker != null) {
                worker.descendants().forEach(ProcessHandle::destroyForcibly);
                worker.destroyForcibly();
            }
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.waitFor(20, TimeUnit.SECONDS);
        }
    }

    private Process start(Path home, String heap, String... words) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), heap));
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(List.of("-cp", home.resolve("jars") + "/*"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(
                folder.resolve("process-" + started.size() + ".txt").toFile());
        builder.environment().put("SPARK_HOME", home.toString());
        builder.environment().put("SPARK_LOCAL_IP", LOOPBACK);
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_CONF_DIR", home.resolve("conf").toString());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** What a distribution of Spark has: here links to the libraries of this test. */
    private Path home() throws IOException {
        Path jars = Files.createDirectories(folder.resolve("spark/jars"));
        Files.createDirectories(folder.resolve("spark/conf"));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(entry);
            if (entry.endsWith(".jar") && Files.notExists(jars.resolve(jar.getFileName()))) {
                Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar.toAbsolutePath());
            }
        }
        return folder.resolve("spark");
    }

    private Path traces() {
        Path directory = folder.resolve("traces");
        SplittableRandom random = new SplittableRandom(8);
        for (int part = 0; part < 6; part++) {
            TraceWriter.write(directory.resolve("part-" + part + ".parquet"), 2, null, out -> {
                for (int k = 0; k < 400; k++) {
                    float[] scores = {random.nextInt(100) / 100f, random.nextInt(1000) / 1000f};
                    out.append("ue" + random.nextInt(30), k, random.nextInt(4) == 0 ? 1 : 0, scores);
                }
            });
        }
        return directory;
    }

    private static String run(String... words) {
        Ended ended = Ended.run(words);
        assertEquals(0, ended.code(), ended.out() + ended.err());
        return ended.out();
    }

    private static List<String> rows(Path directory) {
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT t::VARCHAR FROM read_parquet('" + directory + "/*.parquet') AS t ORDER BY id")) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return rows;
    }

    private void awaitWorkers(Path log) throws IOException, InterruptedException {
        for (int i = 0; i < 240; i++) {
            if (Files.readString(log).split("Registering worker", -1).length > 2) {
                return;
            }
            Thread.sleep(250);
        }
        throw new IllegalStateException("no two workers: " + Files.readString(log));
    }

    /** Starts a master and two workers; the second dies with its executor when the first task has ended. */
    private String cluster() throws Exception {
        Path home = home();
        Files.writeString(home.resolve("conf/log4j2.properties"), """
                rootLogger.level = info
                rootLogger.appenderRef.out.ref = out
                appender.out.type = Console
                appender.out.name = out
                appender.out.layout.type = PatternLayout
                appender.out.layout.pattern = %m%n
                """);
        Files.writeString(home.resolve("conf/logback.xml"), """
                <configuration>
                  <appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%m%n</pattern></encoder></appender>
                  <root level="INFO"><appender-ref ref="out"/></root>
                </configuration>
                """);
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
            port = socket.getLocalPort();
        }
        String logging = "-Dlogback.configurationFile=" + home.resolve("conf/logback.xml");
        start(
                home,
                DAEMON,
                logging,
                "org.apache.spark.deploy.master.Master",
                "--host",
                LOOPBACK,
                "--port",
                "" + port,
                "--webui-port",
                "0");
        String master = "spark://" + LOOPBACK + ":" + port;
        for (String name : List.of("one", "two")) {
            Process worker = start(
                    home,
                    DAEMON,
                    logging,
                    "org.apache.spark.deploy.worker.Worker",
                    "--host",
                    LOOPBACK,
                    "--webui-port",
                    "0",
                    "--cores",
                    "1",
                    "--memory",
                    "600m",
                    "--work-dir",
                    folder.resolve(name).toString(),
                    master);
            VICTIM.set(worker);
        }
        awaitWorkers(folder.resolve("process-0.txt"));
        return master;
    }

    /** With what makes both workers take part, and one die. */
    private static List<String> settings(Path jar) {
        List<String> settings = new ArrayList<>();
        for (String setting : List.of(
                "spark.jars=" + jar,
                "spark.driver.host=" + LOOPBACK,
                "spark.driver.bindAddress=" + LOOPBACK,
                "spark.executor.memory=500m",
                "spark.executor.cores=1",
                "spark.scheduler.minRegisteredResourcesRatio=1.0",
                "spark.scheduler.maxRegisteredResourcesWaitingTime=120s",
                "spark.extraListeners=" + KillsAWorker.class.getName())) {
            settings.add("--conf");
            settings.add(setting);
        }
        return settings;
    }

    private static Path jar() {
        Path jar = Path.of("target/qexit-spark.jar").toAbsolutePath();
        assertTrue(Files.exists(jar), jar + " is missing: mvn -Pspark process-classes makes it");
        return jar;
    }

    @Test
    @Timeout(300)
    void aLostWorkerChangesNothing() throws Exception {
        Path jar = jar();
        Path traces = traces();
        String[] asked = {"--budget", "0.1", "--rule", "per-exit", "--json"};
        run(words(traces, "local", "local[1]", asked));
        String master = cluster();
        Process victim = VICTIM.get();
        List<String> words = new ArrayList<>(List.of(words(traces, "cluster", master, asked)));
        words.addAll(settings(jar));
        JsonNode summary = new ObjectMapper().readTree(run(words.toArray(String[]::new)));
        assertEquals(30, summary.get("devices").asInt());
        assertFalse(victim.isAlive());
        assertEquals(rows(folder.resolve("local")), rows(folder.resolve("cluster")));
    }

    /** Other processes make of the same files what tasks share, and the same bytes come of it. */
    @Test
    @Timeout(300)
    void aLostWorkerChangesNoBytesOfAStudy() throws Exception {
        Path jar = jar();
        Path study = Files.writeString(folder.resolve("study.yaml"), """
                format: qexit.tabular/1
                name: small
                features: 3
                families: [linearly_separable, two_curves]
                models: [svc, dressed]
                refits: 2
                grid: {layers: [1], learningRate: [0.1], gamma: [0.1, 1], C: [1, 10]}
                """);
        run("study", study.toString(), "--out", folder.resolve("local").toString());
        String master = cluster();
        Process victim = VICTIM.get();
        List<String> words = new ArrayList<>(List.of(
                "study", study.toString(), "--out", folder.resolve("cluster").toString(), "--spark", master));
        words.addAll(settings(jar));
        run(words.toArray(String[]::new));
        assertFalse(victim.isAlive());
        assertEquals(files(folder.resolve("local")), files(folder.resolve("cluster")));
    }

    private static Map<String, String> files(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(file).toString(), Files.readString(file));
            }
        }
        assertTrue(
                files.containsKey("results/bowles2024/two_curves-dressed.csv"),
                files.keySet().toString());
        return files;
    }

    /** As bin/spark-submit starts it: Spark's own program, with our jar as the application. */
    @Test
    @Timeout(300)
    void sparkSubmitRunsTheJar() throws Exception {
        Path jar = jar();
        Path traces = traces();
        run(words(traces, "local", "local[1]", "--budget", "0.1"));
        List<String> command = new ArrayList<>(List.of(
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                "local[2]",
                "--conf",
                "spark.driver.bindAddress=" + LOOPBACK,
                "--class",
                "org.qexit.cli.Main",
                jar.toString(),
                "spark",
                "thresholds",
                traces.toString(),
                "--budget",
                "0.1",
                "--out",
                folder.resolve("submitted").toString(),
                "--json"));
        Process submitted = start(home(), "-Xmx800m", command.toArray(String[]::new));
        assertTrue(submitted.waitFor(200, TimeUnit.SECONDS));
        String said = Files.readString(folder.resolve("process-0.txt"));
        assertEquals(0, submitted.exitValue(), said);
        assertTrue(said.contains("{\"devices\":30,"), said);
        assertEquals(rows(folder.resolve("local")), rows(folder.resolve("submitted")));
    }

    private String[] words(Path traces, String out, String master, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "spark",
                "thresholds",
                traces.toString(),
                "--out",
                folder.resolve(out).toString(),
                "--master",
                master));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }
}
