package org.qexit.scale.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.storage.StorageLevel;
import org.qexit.common.UserError;
import org.qexit.scale.Session;
import org.qexit.scale.ThresholdsJob;

/**
 * Every device's answer: a first look counts rows and finds what is bad, then rows go to their device's task, sorted as they stand in the
 * files, and each device is answered as on one machine.
 */
final class ThresholdsWork {
    /** Rows of a task, about; more make it spill, fewer cost more than they spread. */
    private static final long ROWS_PER_TASK = 1_000_000;

    private static final int MOST_TASKS = 20_000;

    private final SparkSession spark;
    private final boolean local;
    private final TaskProgress progress;
    private final ThresholdsJob job;

    ThresholdsWork(SparkSession spark, boolean local, TaskProgress progress, ThresholdsJob job) {
        this.spark = spark;
        this.local = local;
        this.progress = progress;
        this.job = job;
    }

    Session.Summary run(
            Session.Traces traces,
            List<Footer> footers,
            Session.Traces other,
            List<Footer> otherFooters,
            Output output) {
        long start = System.nanoTime();
        if (other != null) {
            if (other.exits() != traces.exits()) {
                throw new UserError(other.path() + ": has " + other.exits() + " exits; expected " + traces.exits()
                        + " as in " + traces.path());
            }
            if (traces.metadata().isPresent() && other.metadata().isPresent()) {
                TraceFooters.checkSameModel(
                        traces.metadata().get(), other.metadata().get(), other.path());
            }
        }
        List<String> skipped = new ArrayList<>(traces.skipped());
        List<Footer> kept = new ArrayList<>(footers);
        List<Footer> otherKept = other == null ? null : new ArrayList<>(otherFooters);
        if (other != null) {
            skipped.addAll(other.skipped());
        }
        while (true) {
            long inFooters = kept.stream().mapToLong(Footer::rows).sum()
                    + (other == null
                            ? 0
                            : otherKept.stream().mapToLong(Footer::rows).sum());
            spark.conf().set("spark.sql.shuffle.partitions", tasks(inFooters, Long.MAX_VALUE));
            try {
                Dataset<Row> rows = TraceTable.read(spark, kept, 0);
                if (other != null) {
                    rows = rows.unionByName(TraceTable.read(spark, otherKept, 1));
                }
                FirstLook look = look(rows, traces, kept, other, otherKept);
                write(rows, look, traces.exits(), output);
                return new Session.Summary(
                        look.devices,
                        look.bad,
                        look.events,
                        kept.size() + (otherKept == null ? 0 : otherKept.size()),
                        skipped,
                        (System.nanoTime() - start) * 1e-9);
            } catch (Exception e) {
                RuntimeException told = SparkFailures.of(e, traces.path());
                if (!(told instanceof SparkFailures.DamagedFile damaged)
                        || !job.skipBad()
                        || !leftOut(damaged.file(), kept, otherKept)) {
                    throw told;
                }
                skipped.add(damaged.file());
            }
        }
    }

    private static boolean leftOut(String file, List<Footer> kept, List<Footer> otherKept) {
        boolean out = kept.removeIf(footer -> TraceFiles.shown(footer.file()).equals(file))
                | (otherKept != null
                        && otherKept.removeIf(
                                footer -> TraceFiles.shown(footer.file()).equals(file)));
        if (kept.isEmpty() || otherKept != null && otherKept.isEmpty()) {
            throw new UserError(file + ": is damaged, and no other file is left");
        }
        return out;
    }

    /** @param events of the devices that are answered */
    private record FirstLook(long devices, long bad, long events, int tasks) {}

    private FirstLook look(
            Dataset<Row> rows,
            Session.Traces traces,
            List<Footer> footers,
            Session.Traces other,
            List<Footer> otherFooters) {
        progress.now("first look");
        Dataset<Row> devices = rows.groupBy(col(TraceTable.DEVICE))
                .agg(
                        sum(when(col(TraceTable.TAG).equalTo(0), 1L).otherwise(0L))
                                .as("own"),
                        sum(when(col(TraceTable.TAG).equalTo(1), 1L).otherwise(0L))
                                .as("other"),
                        sum(when(TraceTable.bad(traces.exits()), 1L).otherwise(0L))
                                .as("badRows"))
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Column missing = job.compare() == ThresholdsJob.Compare.NOTHING
                    ? lit(false)
                    : job.compare() == ThresholdsJob.Compare.PATH
                            ? col("other").equalTo(0)
                            : col("other").equalTo(0).or(col("own").equalTo(0));
            // What the path's trace has beside the devices asked for is none of theirs.
            Column asked =
                    job.compare() == ThresholdsJob.Compare.PATH ? col("own").gt(0) : lit(true);
            Column bad = asked.and(col("badRows").gt(0).or(missing));
            Row counts = devices.agg(
                            count(when(asked, 1)),
                            count(when(bad, 1)),
                            sum(when(bad, 0L).otherwise(col("own"))),
                            sum(col("own").plus(col("other"))))
                    .first();
            if (counts.getLong(0) == 0) {
                throw new UserError(traces.path() + ": has no events");
            }
            if (counts.getLong(1) > 0 && !job.skipBad()) {
                throw firstProblem(rows, devices.filter(bad), traces, footers, other, otherFooters);
            }
            Memory.check(spark, local, job, traces, rows, devices);
            return new FirstLook(
                    counts.getLong(0) - counts.getLong(1),
                    counts.getLong(1),
                    counts.getLong(2),
                    tasks(counts.getLong(3), counts.getLong(0)));
        } finally {
            devices.unpersist();
        }
    }

    private int tasks(long rows, long most) {
        long least = 2L * spark.sparkContext().defaultParallelism();
        return (int) Math.max(1, Math.min(most, Math.min(MOST_TASKS, Math.max(least, rows / ROWS_PER_TASK))));
    }

    private UserError firstProblem(
            Dataset<Row> rows,
            Dataset<Row> bad,
            Session.Traces traces,
            List<Footer> footers,
            Session.Traces other,
            List<Footer> otherFooters) {
        List<Row> worst = rows.filter(TraceTable.bad(traces.exits()))
                .orderBy(TraceTable.TAG, TraceTable.PLACE)
                .takeAsList(1);
        if (!worst.isEmpty()) {
            return BadRow.told(worst.get(0), traces.exits(), worst.get(0).getByte(1) == 0 ? footers : otherFooters);
        }
        Row missing = bad.orderBy(TraceTable.DEVICE).first();
        String device = "device " + missing.getString(0) + ": ";
        return new UserError(
                missing.getLong(1) == 0
                        ? other.path() + ": " + device + "is new: no thresholds were chosen for it"
                        : device + "is missing in " + other.path() + "; expected the same devices as in "
                                + traces.path());
    }

    private void write(Dataset<Row> rows, FirstLook look, int exits, Output output) {
        progress.now("thresholds");
        Dataset<Row> sorted = rows.repartition(look.tasks, col(TraceTable.DEVICE))
                .sortWithinPartitions(TraceTable.DEVICE, TraceTable.TAG, TraceTable.PLACE);
        JavaRDD<InternalRow> raw = sorted.queryExecution().toRdd().toJavaRDD();
        ThresholdsJob asked = job;
        JavaRDD<Row> answers = raw.mapPartitions(partition -> new AnswerIterator(partition, asked, exits));
        Dataset<Row> table = spark.createDataFrame(answers, new RecordColumns(job.answerType()).schema());
        output.write(directory -> table.write().option("compression", "zstd").parquet(directory));
    }
}
