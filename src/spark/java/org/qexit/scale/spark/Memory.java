package org.qexit.scale.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.desc;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.qexit.common.UserError;
import org.qexit.scale.Session;
import org.qexit.scale.ThresholdsJob;

/** Whether the largest devices fit into the memory of the tasks that hold them, told before the work. */
final class Memory {
    /** Of the heap; the rest is Spark's. */
    private static final double SHARE = 0.5;
    /** Bytes that an event takes while its device is answered: ids, labels, scores, and what the search sorts. */
    private static final int PER_EVENT = 32;

    private static final int PER_SCORE = 24;

    private Memory() {}

    /** @param devices with the columns own and other, numbers of events */
    static void check(
            SparkSession spark, boolean local, ThresholdsJob job, Session.Traces traces, Dataset<Row> devices) {
        int tasks = local
                ? spark.sparkContext().defaultParallelism()
                : perExecutor(spark.sparkContext().conf());
        // In the worst case the largest devices meet in one process.
        List<Row> largest = devices.select(
                        col("device"), col("own").plus(col("other")).as("events"))
                .orderBy(desc("events"))
                .takeAsList(tasks);
        if (largest.isEmpty()) {
            return;
        }
        Row first = largest.get(0);
        if (job.mostEvents() > 0) {
            if (first.getLong(1) > job.mostEvents()) {
                throw tooLarge(first, "--max-events is " + job.mostEvents());
            }
            return;
        }
        long heap = local
                ? Runtime.getRuntime().maxMemory()
                : JavaUtils.byteStringAsBytes(spark.sparkContext().conf().get("spark.executor.memory", "1g"));
        long fit = (long) (SHARE * heap / (PER_EVENT + PER_SCORE * (long) traces.exits()));
        long together = largest.stream().mapToLong(row -> row.getLong(1)).sum();
        if (together > fit) {
            throw tooLarge(
                    first,
                    "at most " + fit + " events of the " + tasks + " largest devices, which have " + together
                            + ", fit into a heap of " + (heap >> 20) + " MiB at " + traces.exits() + " exits");
        }
    }

    private static UserError tooLarge(Row device, String limit) {
        return new UserError("device " + device.getString(0) + ": has " + device.getLong(1) + " events; " + limit
                + ". Maybe set another heap (QEXIT_HEAP=8g, on a cluster --conf spark.executor.memory=8g), fewer cores"
                + " (--master local[1], spark.executor.cores=1), or --max-events");
    }

    private static int perExecutor(SparkConf conf) {
        return conf.getInt("spark.executor.cores", 2);
    }
}
