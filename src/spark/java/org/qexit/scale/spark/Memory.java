package org.qexit.scale.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.desc;
import static org.apache.spark.sql.functions.greatest;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.qexit.common.UserError;
import org.qexit.scale.Session;
import org.qexit.scale.ThresholdsJob;
import org.qexit.threshold.Budget;

/** Whether the largest devices fit into the memory of the tasks that hold them, told before the work. */
final class Memory {
    /** Of the heap; the rest is Spark's. */
    private static final double SHARE = 0.5;
    /** Bytes that an event takes while its device is answered: ids, labels, scores, and what the search sorts. */
    private static final int PER_EVENT = 32;

    private static final int PER_SCORE = 24;
    /** Of an event that a search within a budget does not sort; it sorts those whose scores come near what the budget admits. */
    private static final int PER_EVENT_UNSORTED = 22;

    private static final int PER_SCORE_UNSORTED = 4;
    /** Error of the quantile that tells which events those are, and what is taken off it for that. */
    private static final double QUANTILE_ERROR = 0.001;

    private Memory() {}

    /**
     * Refuses what does not fit.
     *
     * @param rows of {@link TraceTable}
     * @param devices with the columns own and other, numbers of events
     */
    static void check(
            SparkSession spark,
            boolean local,
            ThresholdsJob job,
            Session.Traces traces,
            Dataset<Row> rows,
            Dataset<Row> devices) {
        long heap = local
                ? Runtime.getRuntime().maxMemory()
                : JavaUtils.byteStringAsBytes(spark.sparkContext().conf().get("spark.executor.memory", "1g"));
        int tasks = local
                ? spark.sparkContext().defaultParallelism()
                : perExecutor(spark.sparkContext().conf());
        check(heap, tasks, job, traces, rows, devices);
    }

    /** @param tasks in a process of so large a heap */
    static void check(
            long heap, int tasks, ThresholdsJob job, Session.Traces traces, Dataset<Row> rows, Dataset<Row> devices) {
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
        long room = (long) (SHARE * heap);
        long each = PER_EVENT + PER_SCORE * (long) traces.exits();
        long together = largest.stream().mapToLong(row -> row.getLong(1)).sum();
        if (together <= room / each) {
            return;
        }
        if (!job.sortsLittle()) {
            throw tooLarge(
                    first,
                    "at most " + room / each + " events of the " + tasks + " largest devices, which have " + together
                            + ", fit into a heap of " + (heap >> 20) + " MiB at " + traces.exits() + " exits");
        }
        long needed = 0;
        for (Row device : largest) {
            needed += needed(rows, device.getString(0), device.getLong(1), job, traces.exits());
        }
        if (needed > room) {
            throw tooLarge(
                    first,
                    "the " + tasks + " largest devices, which have " + together + ", need some " + (needed >> 20)
                            + " MiB at this budget; half of the heap, for them, is " + (room >> 20) + " MiB");
        }
    }

    /** Bytes that the search within a budget takes for a device of so many events. */
    private static long needed(Dataset<Row> rows, String device, long events, ThresholdsJob job, int exits) {
        Dataset<Row> own = rows.filter(col(TraceTable.DEVICE).equalTo(device));
        double admitted = Budget.parse(job.budget()).rate(events);
        double rank = Math.max(0, 1 - admitted - 2 * QUANTILE_ERROR);
        double near = own.stat().approxQuantile("c1", new double[] {rank}, QUANTILE_ERROR)[0];
        Column best = exits == 1
                ? col("c1")
                : greatest(IntStream.rangeClosed(1, exits)
                        .mapToObj(q -> col("c" + q))
                        .toArray(Column[]::new));
        long sorted = own.filter(best.geq(near)).count();
        return events * (PER_EVENT_UNSORTED + PER_SCORE_UNSORTED * exits) + sorted * (PER_EVENT + PER_SCORE * exits);
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
