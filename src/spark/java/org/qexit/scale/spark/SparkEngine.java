package org.qexit.scale.spark;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.qexit.common.UserError;
import org.qexit.scale.Engine;
import org.qexit.scale.Session;

/** Apache Spark. */
public final class SparkEngine implements Engine {
    private static final String LOOPBACK = "127.0.0.1";

    /** How often a task may fail in all, as on a cluster; on one machine Spark gives up at once. */
    private static final int FAILURES = 4;

    /** A machine alone, with tasks that are tried again. */
    private static String again(String master) {
        return master.equals("local")
                ? "local[1," + FAILURES + "]"
                : master.replaceFirst("^local\\[\\s*([0-9]+|\\*)\\s*\\]$", "local[$1," + FAILURES + "]");
    }

    /** What workers need beside Spark: ours, and what was added to the class path here. */
    private static List<String> jars() {
        List<String> jars = new ArrayList<>();
        Path own = Path.of(System.getenv().getOrDefault("QEXIT_HOME", "."), "target", "qexit-spark.jar");
        if (Files.exists(own)) {
            jars.add(own.toUri().toString());
        }
        String more = System.getenv().getOrDefault("QEXIT_SPARK_JARS", "");
        for (String entry : more.split(File.pathSeparator)) {
            if (entry.endsWith("*")) {
                File[] files = new File(entry.substring(0, entry.length() - 1))
                        .listFiles((directory, name) -> name.endsWith(".jar"));
                Stream.of(files == null ? new File[0] : files)
                        .sorted()
                        .forEach(file -> jars.add(file.toURI().toString()));
            } else if (!entry.isBlank()) {
                jars.add(new File(entry).toURI().toString());
            }
        }
        return jars;
    }

    @Override
    public Session open(String master, Map<String, String> settings) {
        // What spark-submit says stands in system properties, which this reads.
        SparkConf conf = new SparkConf(true);
        String where = again(master != null ? master : conf.get("spark.master", "local[*]"));
        conf.setMaster(where);
        conf.setAppName("qexit");
        boolean local = where.startsWith("local");
        if (local) {
            // Nothing of this machine is open to others, and what Spark spills goes with this process's temporary
            // files.
            conf.setIfMissing("spark.driver.bindAddress", LOOPBACK);
            conf.setIfMissing("spark.driver.host", LOOPBACK);
            conf.setIfMissing("spark.local.dir", System.getProperty("java.io.tmpdir"));
            // Half of the heap is for the search in the largest device.
            conf.setIfMissing("spark.memory.fraction", "0.4");
        } else {
            conf.setIfMissing("spark.jars", String.join(",", jars()));
        }
        conf.setIfMissing("spark.ui.enabled", "false");
        conf.setIfMissing("spark.ui.showConsoleProgress", "false");
        conf.setIfMissing("spark.driver.maxResultSize", "0");
        conf.setIfMissing("spark.sql.files.maxPartitionBytes", "32m");
        conf.set(
                "spark.sql.warehouse.dir",
                Path.of(System.getProperty("java.io.tmpdir"), "warehouse")
                        .toUri()
                        .toString());
        conf.set("spark.sql.caseSensitive", "true");
        conf.set("spark.sql.ansi.enabled", "false");
        conf.set("spark.sql.session.timeZone", "UTC");
        conf.setIfMissing("spark.hadoop.parquet.page.verify-checksum.enabled", "true");
        settings.forEach(conf::set);
        try {
            return new ConnectedSession(SparkSession.builder().config(conf).getOrCreate(), local);
        } catch (Exception e) {
            throw SparkFailures.of(e, "--master " + UserError.shown(where) + ": Spark does not start");
        }
    }
}
