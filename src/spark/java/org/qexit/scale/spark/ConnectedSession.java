package org.qexit.scale.spark;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.qexit.common.task.TaskRunner;
import org.qexit.scale.Session;
import org.qexit.scale.SyntheticTraces;
import org.qexit.scale.ThresholdsJob;

/** A connection to Spark. */
final class ConnectedSession implements Session {
    private final SparkSession spark;
    private final boolean local;
    private final TaskProgress progress = new TaskProgress();
    private final Map<Traces, List<Footer>> footers = new HashMap<>();
    private volatile boolean ending;

    ConnectedSession(SparkSession spark, boolean local) {
        this.spark = spark;
        this.local = local;
        spark.sparkContext().addSparkListener(progress);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ending = true));
    }

    private Configuration hadoop() {
        return spark.sparkContext().hadoopConfiguration();
    }

    @Override
    public Traces traces(String path, boolean skipBad) {
        return told(path, () -> {
            TraceFooters found = TraceFooters.of(path, hadoop(), skipBad);
            progress.now("checking files");
            found = found.without(Contents.check(new JavaSparkContext(spark.sparkContext()), found.footers()), skipBad);
            footers.put(found.traces(), found.footers());
            return found.traces();
        });
    }

    @Override
    public void checkOutput(String directory) {
        new Output(directory, hadoop()).check();
    }

    @Override
    public Summary thresholds(Traces traces, Traces other, ThresholdsJob job, String directory) {
        Output output = new Output(directory, hadoop());
        output.check();
        return told(
                traces.path(),
                () -> new ThresholdsWork(spark, local, progress, job)
                        .run(traces, footers.get(traces), other, other == null ? null : footers.get(other), output));
    }

    @Override
    public void makeFleet(int devices, int nodes, long seed, String directory) {
        Output output = new Output(directory, hadoop());
        output.check();
        told(directory, () -> {
            new FleetPlanning(spark, progress).make(devices, nodes, seed, output);
            return null;
        });
    }

    @Override
    public void makeTraces(SyntheticTraces traces, int files, String directory) {
        Output output = new Output(directory, hadoop());
        output.check();
        told(directory, () -> {
            TraceMaking.make(spark, progress, traces, files, output);
            return null;
        });
    }

    @Override
    public Planned optimize(String path, String directory) {
        Output output = new Output(directory, hadoop());
        output.check();
        return told(path, () -> new FleetPlanning(spark, progress).optimize(path, output));
    }

    @Override
    public TaskRunner tasks() {
        return new SparkTasks(new JavaSparkContext(spark.sparkContext()), local, progress);
    }

    /** Does work whose failures are told as the user's where they are; a program that ends, ends. */
    private <T> T told(String what, Supplier<T> work) {
        try {
            return work.get();
        } catch (Exception e) {
            // Spark's are checked ones, which Scala does not declare.
            if (ending) {
                await();
            }
            throw SparkFailures.of(e, what);
        }
    }

    /** What fails because the program is ending is nobody's mistake: whatever is said then is noise. */
    private static void await() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        spark.stop();
    }
}
